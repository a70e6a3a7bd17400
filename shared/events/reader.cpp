#include "shared/events/reader.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <random>
#include <string_view>
#include <utility>

#include "shared/json/parse.hpp"
#include "shared/observe/log.hpp"

namespace preau::events {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kBackOffMin{100};
constexpr milliseconds kBackOffMax{5'000};
constexpr milliseconds kIdlePauseMin{100};  // against a peer that does not hold the poll
constexpr milliseconds kAnswerTime{10'000};
constexpr std::size_t kAnswerBytesMax = 256U * 1024 * 1024;  // a snapshot of everything
constexpr json::ParseLimits kBatchLimits{.depth_max = 32, .nodes_max = 2'000'000};
constexpr json::ParseLimits kLineLimits{.depth_max = 32, .nodes_max = 200'000};

/// Doubles with each failure; the second half is random, so that readers do not come back together.
milliseconds back_off(int failures) {
    thread_local std::minstd_rand random(std::random_device{}());
    const auto full = std::min(kBackOffMax, kBackOffMin * (1 << std::min(failures - 1, 10)));
    const std::uniform_int_distribution<long long> half(0, full.count() / 2);
    return full - milliseconds(std::uniform_int_distribution<long long>(half)(random));
}

struct Batch {
    std::string feed_id;
    std::uint64_t last_seq = 0;
    std::vector<Event> events;
};

/// Throws nlohmann::json::exception when a member is missing or of another type.
Batch read_batch(const nlohmann::json& body) {
    Batch batch;
    body.at("feed_id").get_to(batch.feed_id);
    body.at("last_seq").get_to(batch.last_seq);
    for (const auto& event : body.at("events"))
        batch.events.push_back(event_from_json(event));
    return batch;
}

bool follows_densely(const Cursor& cursor, const std::vector<Event>& events) {
    std::uint64_t expected = cursor.seq;
    return std::ranges::all_of(events, [&](const Event& event) { return event.seq == ++expected; });
}

}  // namespace

struct Reader::State {
    ReaderOptions options;
    std::unique_ptr<Sink> sink;
    observe::Registry& metrics;
    std::optional<Cursor> cursor;  // of the reading thread
    int failures = 0;
    bool fresh_snapshot = false;  // no event read since the last snapshot
    std::atomic<bool> stopping{false};
    std::atomic<bool> ready{false};
    std::atomic<Clock::rep> end_known_at;
    mutable std::mutex mutex;
    Cursor position;  // of all threads
    std::unique_ptr<exec::Ticker> ticker;

    State(ReaderOptions options_of, std::unique_ptr<Sink> sink_of, observe::Registry& metrics_of)
        : options(std::move(options_of)),
          sink(std::move(sink_of)),
          metrics(metrics_of),
          end_known_at(Clock::now().time_since_epoch().count()) {}

    double lag_s() const {
        const Clock::time_point known{Clock::duration(end_known_at.load())};
        return std::chrono::duration<double>(Clock::now() - known).count();
    }

    Cursor shown_position() const {
        const std::lock_guard lock(mutex);
        return position;
    }

    void arrived_at(const Cursor& at, bool end) {
        cursor = at;
        if (end) end_known_at = Clock::now().time_since_epoch().count();
        ready = true;
        const std::lock_guard lock(mutex);
        position = at;
    }

    base::Result<std::string> get(const std::string& target, milliseconds patience) {
        net::ClientRequest request;
        request.url = options.base_url + target;
        request.cancelled = &stopping;
        if (options.bearer)
            request.headers.emplace_back("Authorization", "Bearer " + options.bearer());
        const auto answer = options.send ? options.send(request)
                                         : net::Client({.total_timeout = patience + kAnswerTime,
                                                        .response_bytes_max = kAnswerBytesMax})
                                               .send(request);
        if (!answer) return base::fail("upstream_unavailable", answer.error().detail);
        if (!answer->ok())
            return base::fail("upstream_unavailable",
                              "the feed answers " + std::to_string(answer->status));
        return answer->body;
    }

    base::Result<void> read_snapshot(std::string_view reason) {
        const auto body = get("/snapshot", kAnswerTime * 6);
        if (!body) return std::unexpected(body.error());
        std::optional<Cursor> as_of;
        std::vector<Event> events;
        for (std::size_t from = 0; from < body->size();) {
            const auto end = std::min(body->find('\n', from), body->size());
            const auto line =
                json::parse(std::string_view(*body).substr(from, end - from), kLineLimits);
            if (!line) return std::unexpected(line.error());
            if (as_of)
                events.push_back(event_from_json(*line));
            else
                as_of = Cursor{line->at("feed_id"), line->at("as_of_seq")};
            from = end + 1;
        }
        if (!as_of) return base::fail("upstream_unavailable", "the snapshot is empty");
        const auto count = events.size();
        sink->replace(std::move(events), *as_of);
        arrived_at(*as_of, false);
        fresh_snapshot = true;
        count_snapshot(reason);
        observe::log(observe::Level::info, "feed.snapshot",
                     {{"feed", std::string_view(options.feed)},
                      {"reason", reason},
                      {"events", static_cast<unsigned long>(count)},
                      {"as_of_seq", static_cast<unsigned long>(as_of->seq)}});
        return {};
    }

    void count_snapshot(std::string_view reason) {
        metrics
            .counter("preau_feed_snapshots_total", "Snapshots read, by feed and reason.",
                     {{"feed", options.feed}, {"reason", std::string(reason)}})
            .add();
    }

    /// True when the feed has nothing after what is applied now.
    base::Result<bool> read_events(std::uint32_t wait_ms) {
        const auto body = get("/events?after=" + std::to_string(cursor->seq) +
                                  "&limit=" + std::to_string(options.batch_max) +
                                  "&wait_ms=" + std::to_string(wait_ms),
                              milliseconds(wait_ms));
        if (!body) return std::unexpected(body.error());
        const auto parsed = json::parse(*body, kBatchLimits);
        if (!parsed) return std::unexpected(parsed.error());
        const Batch batch = read_batch(*parsed);
        std::string_view lost;
        if (batch.feed_id != cursor->feed_id)
            lost = "feed_id";  // the owner's database was restored
        else if (batch.last_seq < cursor->seq)
            lost = "behind";  // restored as well, and nobody renewed the feed_id
        else if (!follows_densely(*cursor, batch.events) ||
                 (batch.events.empty() && batch.last_seq > cursor->seq))
            lost = "hole";  // pruned before we came, or a defect of the owner
        if (!lost.empty()) {
            // A snapshot that leads to no event is the owner's defect; it must not be read in a
            // loop.
            if (std::exchange(fresh_snapshot, false))
                return base::fail("upstream_unavailable",
                                  "the feed does not go on where its snapshot ends");
            if (auto read = read_snapshot(lost); !read) return std::unexpected(read.error());
            return false;
        }
        Cursor after = *cursor;
        if (!batch.events.empty()) {
            after.seq = batch.events.back().seq;
            sink->apply(batch.events, after);
        }
        fresh_snapshot = false;
        const bool end = after.seq >= batch.last_seq;
        arrived_at(after, end);
        return end;
    }

    base::Result<bool> advance(std::uint32_t wait_ms) {
        try {
            if (!cursor) cursor = sink->cursor();
            if (cursor) return read_events(wait_ms);
            if (auto read = read_snapshot("first"); !read) return std::unexpected(read.error());
            return false;
        } catch (const CursorMoved&) {
            cursor.reset();
            return false;
        } catch (const std::exception& thrown) {
            // A sink that failed, or an answer that is not what we expect. The cursor is asked for
            // again: it moved or not, together with the effect.
            cursor.reset();
            return base::fail("internal", thrown.what());
        }
    }

    milliseconds step() {
        if (stopping) return kBackOffMax;
        const auto start = Clock::now();
        const auto end = advance(options.wait_ms);
        if (!end) return failed(end.error());
        if (!fresh_snapshot && std::exchange(failures, 0) > 0)
            observe::log(observe::Level::info, "feed.recovered",
                         {{"feed", std::string_view(options.feed)}});
        const bool held = Clock::now() - start >= kIdlePauseMin;
        return *end && !held ? kIdlePauseMin : milliseconds{0};
    }

    milliseconds failed(const base::Error& error) {
        ++failures;
        if (failures == 1)
            observe::log(observe::Level::warn, "feed.failed",
                         {{"feed", std::string_view(options.feed)},
                          {"code", std::string_view(error.code)},
                          {"detail", std::string_view(error.detail)}});
        return back_off(failures);
    }
};

Reader::Reader(ReaderOptions options, std::unique_ptr<Sink> sink, observe::Registry& metrics)
    : state_(std::make_shared<State>(std::move(options), std::move(sink), metrics)) {
    // The registry may outlive this object, so it holds it weakly.
    const std::weak_ptr<State> weak = state_;
    const observe::Labels labels = {{"feed", state_->options.feed}};
    metrics.gauge(
        "preau_feed_lag_seconds", "Seconds since the feed was last known to be read to its end.",
        [weak] {
            const auto state = weak.lock();
            return state ? state->lag_s() : 0.0;
        },
        labels);
    metrics.gauge(
        "preau_feed_seq", "Number of the last event of the feed that was applied.",
        [weak] {
            const auto state = weak.lock();
            return state ? static_cast<double>(state->shown_position().seq) : 0.0;
        },
        labels);
}

Reader::~Reader() {
    stop();
}

void Reader::start() {
    if (state_->ticker) return;
    State* const state = state_.get();
    state->ticker = std::make_unique<exec::Ticker>("feed-" + state->options.feed,
                                                   [state] { return state->step(); });
}

void Reader::begin_stop() {
    state_->stopping = true;
    if (state_->ticker) state_->ticker->wake();
}

void Reader::stop() {
    begin_stop();
    if (state_->ticker) state_->ticker->stop();
}

base::Result<void> Reader::catch_up() {
    while (true) {
        const auto end = state_->advance(0);
        if (!end) return std::unexpected(end.error());
        if (*end) return {};
    }
}

bool Reader::ready() const {
    return state_->ready;
}
Cursor Reader::position() const {
    return state_->shown_position();
}
double Reader::lag_s() const {
    return state_->lag_s();
}

}  // namespace preau::events
