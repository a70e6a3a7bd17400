#pragma once
// A shared library that is loaded when it is first needed. Linked in, libcurl and libmariadb bring
// forty libraries into every process, and each writes its own copy of their tables (about 1 MB a
// process) though most services never call them.

#include <string>

namespace preau::exec {

class Library {
public:
    /// `soname` as in the run-time package ("libcurl.so.4"). It stays loaded until the process
    /// ends. Throws std::runtime_error with the linker's words when it cannot be loaded.
    explicit Library(const char* soname);

    /// Sets `function` to the library's function of that name. Throws when it has none.
    template <class Function>
    void find(const char* name, Function*& function) const {
        function = reinterpret_cast<Function*>(address(name));
    }

private:
    void* address(const char* name) const;

    std::string soname_;
    void* handle_;
};

}  // namespace preau::exec
