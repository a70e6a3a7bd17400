#include "shared/exec/library.hpp"

#include <stdexcept>

#include <dlfcn.h>

namespace preau::exec {

Library::Library(const char* soname)
    : soname_(soname), handle_(::dlopen(soname, RTLD_NOW | RTLD_LOCAL)) {
    if (handle_ == nullptr) throw std::runtime_error(::dlerror());
}

void* Library::address(const char* name) const {
    void* const found = ::dlsym(handle_, name);
    if (found == nullptr) throw std::runtime_error(soname_ + " has no " + name);
    return found;
}

}  // namespace preau::exec
