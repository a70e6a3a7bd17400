#pragma once
// A SELECT whose conditions are put together at run time, with every value that a person may have
// typed bound, never pasted.

#include <deque>
#include <string>
#include <string_view>

#include <soci/soci.h>

namespace preau::inventory {

class Query {
public:
    Query(soci::session& sql, std::string select) : statement_(sql), text_(std::move(select)) {}

    /// Appends " AND <condition>" (or WHERE for the first one).
    Query& where(std::string_view condition) {
        text_ += conditions_++ == 0 ? " WHERE " : " AND ";
        text_ += condition;
        return *this;
    }
    Query& then(std::string_view tail) {
        text_ += tail;
        return *this;
    }
    Query& bind(const char* name, std::string value) {
        values_.push_back(std::move(value));
        statement_.exchange(soci::use(values_.back(), name));
        return *this;
    }
    template <class T>
    Query& into(T& target) {
        statement_.exchange(soci::into(target));
        return *this;
    }
    template <class T>
    Query& into(T& target, soci::indicator& indicator) {
        statement_.exchange(soci::into(target, indicator));
        return *this;
    }
    /// Calls `row` for each row, after filling the into() targets.
    template <class Row>
    void each(Row&& row) {
        statement_.alloc();
        statement_.prepare(text_);
        statement_.define_and_bind();
        statement_.execute(false);
        while (statement_.fetch())
            row();
    }

private:
    soci::statement statement_;
    std::string text_;
    std::deque<std::string> values_;
    int conditions_ = 0;
};

}  // namespace preau::inventory
