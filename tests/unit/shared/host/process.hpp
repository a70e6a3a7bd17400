#pragma once
// Runs a program in a directory of its own and looks at what it says.

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace preau::host {

/// A directory that is removed with all it holds.
class Scratch {
public:
    Scratch();
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    std::string path(const std::string& name = "") const;
    void write(const std::string& name, const std::string& content) const;

private:
    std::string path_;
};

class Process {
public:
    /// The child has only this environment; its output goes to files in `scratch`.
    Process(const std::string& program, const std::vector<std::string>& arguments,
            const std::map<std::string, std::string>& environment, const Scratch& scratch);
    ~Process();  // kills
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    void signal(int number) const;
    /// The exit code; -1 when it still runs after `patience`, 128 + number when a signal ended it.
    int wait(std::chrono::milliseconds patience = std::chrono::seconds{20});
    std::string out() const;
    std::string err() const;

private:
    pid_t id_ = -1;
    std::string out_file_;
    std::string err_file_;
};

/// A port that was free a moment ago.
int free_port();

}  // namespace preau::host
