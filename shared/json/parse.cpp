#include "shared/json/parse.hpp"

#include <string>
#include <utility>
#include <vector>

namespace preau::json {
namespace {

using nlohmann::json;

// Builds the value while the text is read, so that a limit stops the work at the first byte too
// many. The open containers are held by pointer: a container is moved into its parent before it is
// filled, and std::map nodes and a vector's last element do not move while something deeper is
// filled.
class Builder final : public nlohmann::json_sax<json> {
public:
    explicit Builder(ParseLimits limits) : limits_(limits) {}

    bool null() override { return put(json()) != nullptr; }
    bool boolean(bool value) override { return put(json(value)) != nullptr; }
    bool number_integer(number_integer_t value) override { return put(json(value)) != nullptr; }
    bool number_unsigned(number_unsigned_t value) override { return put(json(value)) != nullptr; }
    bool number_float(number_float_t value, const string_t& /*text*/) override {
        return put(json(value)) != nullptr;
    }
    bool string(string_t& value) override { return put(json(std::move(value))) != nullptr; }
    bool binary(binary_t& /*value*/) override { return stop("binary value"); }

    bool start_object(std::size_t /*size*/) override { return open(json::object()); }
    bool start_array(std::size_t /*size*/) override { return open(json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override {
        if (open_.back()->contains(name)) return stop("duplicate key");
        key_ = std::move(name);
        return true;
    }

    // The exception's own text quotes the input, which may be personal: only the place is told.
    bool parse_error(std::size_t position, const std::string& /*last_token*/,
                     const nlohmann::detail::exception& /*error*/) override {
        return stop("syntax error at byte " + std::to_string(position));
    }

    json take() { return std::move(root_); }
    const std::string& fault() const { return fault_; }

private:
    bool stop(std::string fault) {
        if (fault_.empty()) fault_ = std::move(fault);
        return false;
    }

    json* put(json value) {
        if (++nodes_ > limits_.nodes_max) {
            stop("more than " + std::to_string(limits_.nodes_max) + " values");
            return nullptr;
        }
        if (open_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        json& parent = *open_.back();
        if (parent.is_array()) {
            parent.push_back(std::move(value));
            return &parent.back();
        }
        return &(parent[key_] = std::move(value));
    }

    bool open(json container) {
        if (open_.size() >= limits_.depth_max) {
            return stop("deeper than " + std::to_string(limits_.depth_max) + " levels");
        }
        json* placed = put(std::move(container));
        if (placed == nullptr) return false;
        open_.push_back(placed);
        return true;
    }

    bool close() {
        open_.pop_back();
        return true;
    }

    ParseLimits limits_;
    json root_;
    std::vector<json*> open_;
    std::string key_;
    std::string fault_;
    std::size_t nodes_ = 0;
};

}  // namespace

base::Result<nlohmann::json> parse(std::string_view text, ParseLimits limits) {
    Builder builder(limits);
    // Non-finite numbers ("1e999") and broken UTF-8 reach parse_error by themselves.
    if (!json::sax_parse(text, &builder)) return base::fail("bad_json", builder.fault());
    return builder.take();
}

}  // namespace preau::json
