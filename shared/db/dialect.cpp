#include "shared/db/dialect.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

namespace preau::db {
namespace {

struct Word {
    std::string_view name;
    std::string_view sqlite;
    std::string_view mariadb;
};

constexpr std::string_view kInnoDb = "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";

constexpr std::array kWords = {
    Word{"id", "TEXT", "CHAR(26) CHARACTER SET ascii COLLATE ascii_bin"},
    Word{"key", "TEXT", "VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin"},
    Word{"text", "TEXT", "VARCHAR(500)"},
    Word{"json", "TEXT", "MEDIUMTEXT"},
    Word{"bigauto", "INTEGER PRIMARY KEY AUTOINCREMENT", "BIGINT AUTO_INCREMENT PRIMARY KEY"},
    Word{"table", "", kInnoDb},
    Word{"clustered", "WITHOUT ROWID", kInnoDb},
    Word{"refuse", "BEGIN SELECT RAISE(ABORT, 'append only'); END",
         "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'append only'"},
};

std::string join(Columns names, std::string_view prefix = {}) {
    std::string out;
    for (const auto name : names) {
        if (!out.empty()) out += ", ";
        out.append(prefix).append(name);
    }
    return out;
}

std::string insert(std::string_view table, Columns columns) {
    std::string out = "INSERT INTO ";
    out.append(table).append(" (").append(join(columns)).append(") VALUES (");
    return out.append(join(columns, ":")).append(")");
}

std::string on_conflict(Columns key) {
    return " ON CONFLICT (" + join(key) + ") DO ";
}

}  // namespace

std::string translate(std::string_view sql, Engine engine) {
    std::string out;
    out.reserve(sql.size() + 256);
    bool quoted = false;
    for (std::size_t i = 0; i < sql.size(); ++i) {
        if (sql[i] == '\'') quoted = !quoted;
        if (quoted || sql[i] != '{') {
            out += sql[i];
            continue;
        }
        const auto end = sql.find('}', i);
        const auto name = sql.substr(i + 1, end == sql.npos ? sql.npos : end - i - 1);
        const auto word = std::ranges::find(kWords, name, &Word::name);
        if (end == sql.npos || word == kWords.end())
            throw std::invalid_argument("unknown word {" + std::string(name.substr(0, 40)) +
                                        "} in SQL");
        out += engine == Engine::sqlite ? word->sqlite : word->mariadb;
        i = end;
    }
    return out;
}

std::string_view for_update(Engine engine) {
    return engine == Engine::mariadb ? " FOR UPDATE" : "";
}

std::string upsert(Engine engine, std::string_view table, Columns columns, Columns key,
                   Columns updated) {
    const bool sqlite = engine == Engine::sqlite;
    std::string out = insert(table, columns);
    out += sqlite ? on_conflict(key) + "UPDATE SET " : " ON DUPLICATE KEY UPDATE ";
    for (std::size_t i = 0; i < updated.size(); ++i) {
        const std::string name(updated[i]);
        if (i > 0) out += ", ";
        out += name + (sqlite ? " = excluded." + name : " = VALUES(" + name + ")");
    }
    return out;
}

std::string upsert_if_newer(Engine engine, std::string_view table, Columns columns, Columns key,
                            std::string_view version) {
    // The version comes last: MariaDB assigns from left to right, and the conditions before it must
    // still see the stored one.
    std::vector<std::string_view> updated;
    for (const auto column : columns)
        if (column != version && std::ranges::find(key, column) == key.end())
            updated.push_back(column);
    updated.push_back(version);
    if (engine == Engine::sqlite) {
        std::string out = upsert(engine, table, columns, key, updated);
        return out.append(" WHERE excluded.")
            .append(version)
            .append(" > ")
            .append(table)
            .append(".")
            .append(version);
    }
    const std::string number(version);
    std::string out = insert(table, columns) + " ON DUPLICATE KEY UPDATE ";
    for (std::size_t i = 0; i < updated.size(); ++i) {
        const std::string name(updated[i]);
        if (i > 0) out += ", ";
        out += name + " = IF(VALUES(" + number + ") > " + number + ", VALUES(" + name + "), " +
               name + ")";
    }
    return out;
}

std::string insert_unless_exists(Engine engine, std::string_view table, Columns columns,
                                 Columns key) {
    std::string out = insert(table, columns);
    if (engine == Engine::sqlite) return out + on_conflict(key) + "NOTHING";
    const std::string first(key.front());
    return out + " ON DUPLICATE KEY UPDATE " + first + " = " + first;
}

}  // namespace preau::db
