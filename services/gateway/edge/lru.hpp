#pragma once
// A bounded map whose entries end after a while; the least recently used one makes room. Safe to
// use from several threads.

#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace preau::gateway {

template <class Value>
class LruCache {
public:
    using Time = std::chrono::steady_clock::time_point;

    explicit LruCache(std::size_t entries_max) : entries_max_(entries_max) {}

    std::optional<Value> find(const std::string& key, Time now) {
        const std::lock_guard lock(mutex_);
        const auto at = index_.find(key);
        if (at == index_.end()) return std::nullopt;
        if (at->second->until <= now) {
            entries_.erase(at->second);
            index_.erase(at);
            return std::nullopt;
        }
        entries_.splice(entries_.begin(), entries_, at->second);
        return at->second->value;
    }

    void put(const std::string& key, Value value, Time until) {
        const std::lock_guard lock(mutex_);
        drop(key);
        entries_.push_front(Entry{key, std::move(value), until});
        index_[key] = entries_.begin();
        if (entries_.size() > entries_max_) {
            index_.erase(entries_.back().key);
            entries_.pop_back();
        }
    }

    void erase(const std::string& key) {
        const std::lock_guard lock(mutex_);
        drop(key);
    }

    std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return entries_.size();
    }

private:
    struct Entry {
        std::string key;
        Value value;
        Time until;
    };

    void drop(const std::string& key) {
        const auto at = index_.find(key);
        if (at == index_.end()) return;
        entries_.erase(at->second);
        index_.erase(at);
    }

    const std::size_t entries_max_;
    mutable std::mutex mutex_;
    std::list<Entry> entries_;
    std::unordered_map<std::string, typename std::list<Entry>::iterator> index_;
};

}  // namespace preau::gateway
