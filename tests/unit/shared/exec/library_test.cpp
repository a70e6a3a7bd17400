#include "shared/exec/library.hpp"

#include <cmath>
#include <stdexcept>

#include <gtest/gtest.h>

namespace preau::exec {
namespace {

TEST(Library, function__is_found_by_name) {
    const Library library("libm.so.6");
    double (*cube_root)(double) = nullptr;
    library.find("cbrt", cube_root);
    EXPECT_DOUBLE_EQ(cube_root(27), 3);
}

TEST(Library, what_is_not_there__throws) {
    EXPECT_THROW(Library("libpreau-none.so.1"), std::runtime_error);
    const Library library("libm.so.6");
    void (*none)() = nullptr;
    EXPECT_THROW(library.find("preau_no_such_function", none), std::runtime_error);
}

}  // namespace
}  // namespace preau::exec
