#pragma once
// One thread that calls a function again and again until it is stopped: timers and projectors. The
// function gives the pause before its next call; wake() cuts the pause short.

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace preau::exec {

class Ticker {
public:
    Ticker(std::string name, std::function<std::chrono::milliseconds()> step);
    ~Ticker();  // stops
    Ticker(const Ticker&) = delete;
    Ticker& operator=(const Ticker&) = delete;

    void wake();
    /// Returns when the step under way has ended.
    void stop();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace preau::exec
