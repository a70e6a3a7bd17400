// Plays inventory and booking to a search service: their snapshots with as many rooms and bookings
// as asked for, and then, on demand, new bookings at a steady rate. It tells how long search takes
// to follow: it asks search again and again, and each answer says up to which fact it is.
//
//   preau-bench-feeds PORT ROOMS BOOKINGS DATA      inventory on PORT, booking on PORT + 1
//
// Commands on standard input: "lag URL RATE SECONDS" prints "p50 p99 facts" in milliseconds.

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <mutex>
#include <sstream>
#include <thread>

#include "shared/net/client.hpp"
#include "shared/net/server.hpp"
#include "shared/net/signal.hpp"
#include "shared/wire/calendar.hpp"
#include "tests/bench/search/town.hpp"
#include "tests/unit/shared/rules/real_calendars.hpp"

namespace {

using namespace preau;
using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kRoomsPerCollege = 12;
constexpr std::size_t kSeriesOneIn = 40;  // a weekly series of 36 dates; the others are one date
constexpr std::size_t kStep = 20'000;     // bookings made at once
constexpr std::size_t kEventsMax = 500;   // in one answer
constexpr std::int32_t kDaysBack = 7;

json event_of(const char* type, const std::string& id, json data) {
    return {{"seq", 0},     {"event_id", ""},   {"type", type},           {"aggregate_id", id},
            {"version", 1}, {"occurred_at", 0}, {"data", std::move(data)}};
}

/// Only what search reads: half a million of these are one answer.
json occupancy_of(const search::Occupancy& booking) {
    json intervals = json::array();
    for (const auto& one : booking.occupations) {
        intervals.push_back({{"part_id", one.part.str()},
                             {"start", one.interval.start.seconds},
                             {"end", one.interval.end.seconds}});
        if (one.buffer_after_s > 0) intervals.back()["buffer_after_s"] = one.buffer_after_s;
    }
    return event_of("occupancy_changed.v1", booking.id,
                    {{"hold", "taken"}, {"intervals", std::move(intervals)}});
}

net::Response lines(std::string body) {
    net::Response out;
    out.content_type = "application/x-ndjson";
    out.body = std::move(body);
    return out;
}

std::uint64_t number_in(const net::Request& request, std::string_view name) {
    const auto text = request.query.get(name);
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// One feed on a port of its own: a snapshot, then events.
class Feed {
public:
    /// `facts`: the lines of the snapshot behind its first.
    Feed(std::string id, int port, std::string facts)
        : id_(std::move(id)),
          facts_(json{{"feed_id", id_}, {"as_of_seq", 0}}.dump() + "\n" + std::move(facts)),
          signal_(std::make_shared<net::Signal>()) {
        router_.add(net::Method::get, "/snapshot", "snapshot",
                    [this](const net::Request&) { return lines(facts_); });
        net::RouteOptions poll;
        poll.signal = signal_;
        poll.after = [](const net::Request& request) { return number_in(request, "after"); };
        poll.wait_ms = [](const net::Request& request) {
            return static_cast<std::uint32_t>(number_in(request, "wait_ms"));
        };
        router_.add(
            net::Method::get, "/events", "events",
            [this](const net::Request& request) { return events(number_in(request, "after")); },
            poll);
        net::ServerOptions options;
        options.port = static_cast<std::uint16_t>(port);
        options.io_threads = 1;
        options.access_log = false;
        options.write_time_max = std::chrono::minutes{2};
        server_ = std::make_unique<net::Server>(options, router_, pool_, metrics_);
        if (const auto started = server_->start(); !started) {
            std::fprintf(stderr, "preau-bench-feeds: %s\n", started.error().c_str());
            std::exit(1);
        }
    }

    std::uint64_t append(json event) {
        const std::lock_guard lock(mutex_);
        event["seq"] = events_.size() + 1;
        events_.push_back(event.dump());
        signal_->raise(events_.size());
        return events_.size();
    }

private:
    net::Response events(std::uint64_t after) {
        const std::lock_guard lock(mutex_);
        std::string body = "{\"feed_id\":\"" + id_ + "\",\"events\":[";
        const std::size_t end = std::min<std::size_t>(events_.size(), after + kEventsMax);
        for (std::size_t n = after; n < end; ++n)
            body += (n > after ? "," : "") + events_[n];
        body += "],\"last_seq\":" + std::to_string(events_.size()) + "}";
        net::Response out;
        out.content_type = "application/json";
        out.body = std::move(body);
        return out;
    }

    std::string id_;
    std::string facts_;
    std::shared_ptr<net::Signal> signal_;
    net::Router router_;
    exec::WorkerPool pool_{{.threads = 2, .queue_length_max = 64}};
    observe::Registry metrics_;
    std::unique_ptr<net::Server> server_;
    std::mutex mutex_;
    std::vector<std::string> events_;
};

class Town {
public:
    Town(std::size_t rooms, std::size_t bookings, const std::string& data)
        : bookings_(bookings),
          first_day_(time::Zone::paris().local(base::MachineClock().now()).date - kDaysBack) {
        std::mt19937_64 random{20261128};
        rooms_ = bench::rooms_of(bench::colleges(data), kRoomsPerCollege, rooms, random);
    }

    std::string rooms() const {
        std::string out;
        auto school = wire::to_json(rules::testing::school('A'));
        school["calendar_id"] = "school:A";
        school["version"] = 1;
        auto holidays = wire::to_json(rules::testing::metropole());
        holidays["calendar_id"] = "public:metropole";
        holidays["version"] = 1;
        out += event_of("calendar_changed.v1", "school:A", std::move(school)).dump() + "\n";
        out +=
            event_of("calendar_changed.v1", "public:metropole", std::move(holidays)).dump() + "\n";
        for (const auto& room : rooms_) {
            out += event_of("space_changed.v1", room.id.str(), wire::to_json(room)).dump() + "\n";
        }
        return out;
    }

    std::string bookings() const {
        std::string out;
        std::mt19937_64 random{20261129};
        for (std::size_t done = 0; done < bookings_; done += kStep) {
            const auto some = bench::bookings_of(rooms_, done, std::min(kStep, bookings_ - done),
                                                 kSeriesOneIn, first_day_, random);
            for (const auto& booking : some)
                out += occupancy_of(booking).dump() + "\n";
        }
        return out;
    }

    json another() {
        return occupancy_of(
            bench::bookings_of(rooms_, bookings_ + ++more_, 1, 0, first_day_, random_).front());
    }

private:
    std::size_t bookings_;
    time::Date first_day_;
    std::vector<wire::Space> rooms_;
    std::size_t more_ = 0;
    std::mt19937_64 random_{20261130};
};

double percentile(std::vector<double> values, double part) {
    const auto at = static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
    std::ranges::nth_element(values, values.begin() + at);
    return values[static_cast<std::size_t>(at)];
}

/// Tells facts at a rate; the caller's thread asks search up to which one it answers. What is
/// measured ends when the answer is here, so that it holds the time of one question besides.
void measure_lag(Feed& booking, Town& town, const std::string& url, int rate, int seconds) {
    std::mutex mutex;
    std::vector<Clock::time_point> told;  // by seq − first
    const std::uint64_t first = booking.append(town.another()) + 1;
    const int facts = rate * seconds;
    std::thread teller([&] {
        const auto start = Clock::now();
        for (int n = 0; n < facts; ++n) {
            std::this_thread::sleep_until(start + n * std::chrono::microseconds(1'000'000 / rate));
            json fact = town.another();
            const std::lock_guard lock(mutex);
            told.push_back(Clock::now());
            booking.append(std::move(fact));
        }
    });
    const net::Client client;
    net::ClientRequest question;
    question.url = url;
    std::vector<double> lags;
    const auto give_up = Clock::now() + std::chrono::seconds(seconds + 30);
    while (lags.size() < static_cast<std::size_t>(facts) && Clock::now() < give_up) {
        const auto answer = client.send(question);
        const auto now = Clock::now();
        const auto body = answer && answer->ok() ? answer->json() : base::fail("internal");
        if (!body) continue;
        const auto seen = (*body)["as_of"]["booking"].get<std::uint64_t>();
        const std::lock_guard lock(mutex);
        while (lags.size() < told.size() && first + lags.size() <= seen) {
            lags.push_back(
                std::chrono::duration<double, std::milli>(now - told[lags.size()]).count());
        }
    }
    teller.join();
    if (lags.empty()) lags.push_back(1e9);
    std::printf("%.1f %.1f %zu\n", percentile(lags, 0.5), percentile(lags, 0.99), lags.size());
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        std::fprintf(stderr, "usage: preau-bench-feeds PORT ROOMS BOOKINGS DATA\n");
        return 2;
    }
    const int port = std::atoi(argv[1]);
    Town town(static_cast<std::size_t>(std::atoi(argv[2])),
              static_cast<std::size_t>(std::atoi(argv[3])), argv[4]);
    Feed inventory("bench-inventory", port, town.rooms());
    Feed booking("bench-booking", port + 1, town.bookings());
    std::puts("ready");
    std::fflush(stdout);
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string command;
        std::string url;
        int rate = 0;
        int seconds = 0;
        if (words >> command >> url >> rate >> seconds && command == "lag" && rate > 0) {
            measure_lag(booking, town, url, rate, seconds);
        }
    }
    return 0;
}
