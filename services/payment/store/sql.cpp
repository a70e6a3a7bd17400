#include "services/payment/store/sql.hpp"

#include <type_traits>

#include "shared/db/dialect.hpp"

namespace preau::payment {

Query::Query(soci::session& sql, std::string_view text, const Cells& cells) : statement_(sql) {
    int n = 0;
    for (const char c : text) {
        if (c == '?') {
            text_ += ":p" + std::to_string(++n);
        } else {
            text_ += c;
        }
    }
    for (const auto& cell : cells) {
        cell.visit([this](const auto& value) {
            if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Number>) {
                statement_.exchange(soci::use(numbers_.emplace_back(value)));
            } else {
                statement_.exchange(soci::use(texts_.emplace_back(value)));
            }
        });
    }
}

void Query::prepare() {
    statement_.alloc();
    statement_.prepare(text_);
    statement_.define_and_bind();
}

std::int64_t Query::run() {
    prepare();
    statement_.execute(true);
    return statement_.get_affected_rows();
}

bool Query::open(std::string_view kinds) {
    out_texts_.resize(kinds.size());
    out_numbers_.resize(kinds.size());
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        if (kinds[i] == 'n') {
            statement_.exchange(soci::into(out_numbers_[i]));
        } else {
            statement_.exchange(soci::into(out_texts_[i]));
        }
    }
    prepare();
    return statement_.execute(true);
}

namespace {

std::vector<std::string_view> names_of(const Columns& columns, std::size_t from, std::size_t to) {
    std::vector<std::string_view> out;
    for (std::size_t i = from; i < to; ++i)
        out.push_back(columns[i].first);
    return out;
}

void run_with(db::Session& session, const std::string& text, const Columns& columns) {
    Cells cells;
    for (const auto& [name, cell] : columns)
        cells.push_back(cell);
    Query(session.sql(), text, cells).run();
}

}  // namespace

void put_row(db::Session& session, std::string_view table, const Columns& columns,
             std::size_t key_count) {
    const auto all = names_of(columns, 0, columns.size());
    const auto key = names_of(columns, 0, key_count);
    const auto rest = names_of(columns, key_count, columns.size());
    run_with(session, db::upsert(session.engine(), table, all, key, rest), columns);
}

void insert_row(db::Session& session, std::string_view table, const Columns& columns) {
    std::string text = "INSERT INTO " + std::string(table) + " (";
    std::string values;
    for (const auto& [name, cell] : columns) {
        if (!values.empty()) {
            text += ", ";
            values += ", ";
        }
        text += name;
        values += '?';
    }
    run_with(session, text + ") VALUES (" + values + ")", columns);
}

}  // namespace preau::payment
