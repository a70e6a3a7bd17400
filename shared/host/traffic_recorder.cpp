#include "shared/host/traffic_recorder.hpp"

#include <cstdio>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <utility>

#include <nlohmann/json.hpp>

namespace preau::host {
namespace {

class Recorder {
public:
    explicit Recorder(const std::string& file) : out_(std::fopen(file.c_str(), "ae")) {
        if (!out_) throw std::runtime_error("cannot write " + file);
    }

    void write(const std::string& operation, const net::Request& request,
               const net::Response& response) {
        const nlohmann::json line = {{"operation", operation},
                                     {"method", net::to_string(request.method)},
                                     {"target", request.target},
                                     {"status", response.status},
                                     {"content_type", response.content_type},
                                     {"request", request.body},
                                     {"response", response.body}};
        // Bytes that are not UTF-8 are an exchange too: they are replaced, never refused.
        const std::string text =
            line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
        const std::lock_guard lock(mutex_);
        std::fputs(text.c_str(), out_.get());
        std::fflush(out_.get());
    }

private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    std::mutex mutex_;
    std::unique_ptr<std::FILE, Close> out_;
};

}  // namespace

void record_traffic(net::Router& router, const std::string& folder, const std::string& service) {
    const auto recorder = std::make_shared<Recorder>(folder + "/" + service + ".jsonl");
    router.wrap([recorder](const net::Route& route) -> net::Handler {
        const bool documented =
            route.pattern.starts_with("/v1/") || route.pattern.starts_with("/api/");
        if (!documented) return route.handler;
        return [recorder, operation = route.operation,
                handler = route.handler](const net::Request& request) {
            net::Response response = handler(request);
            recorder->write(operation, request, response);
            return response;
        };
    });
}

}  // namespace preau::host
