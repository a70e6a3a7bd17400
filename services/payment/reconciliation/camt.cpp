// CAMT.053 (ISO 20022), versions 2 to 8. A batch entry becomes one line for each transaction in it
// where the bank gives their amounts. pugixml reads no DTD and expands no entity of the file's own;
// a file that brings a DOCTYPE is refused unread.

#include <algorithm>
#include <string>

#include <pugixml.hpp>

#include "services/payment/reconciliation/sheet.hpp"

namespace preau::payment::reconciliation {

namespace {

using Node = pugi::xml_node;

/// The name without its namespace prefix ("ns2:Ntry").
std::string_view name_of(const Node& node) {
    const std::string_view name = node.name();
    const auto colon = name.find(':');
    return colon == name.npos ? name : name.substr(colon + 1);
}

Node child(const Node& node, std::string_view name) {
    for (const auto& one : node.children()) {
        if (name_of(one) == name) return one;
    }
    return {};
}

Node at(Node node, std::initializer_list<std::string_view> path) {
    for (const auto name : path)
        node = child(node, name);
    return node;
}

std::string text_of(const Node& node) {
    return node.text().get();
}

template <class Take>
void each(const Node& node, std::string_view name, Take take) {
    for (const auto& one : node.children()) {
        if (name_of(one) == name) take(one);
    }
}

void append(std::string& to, const std::string& more) {
    if (more.empty() || to.find(more) != to.npos) return;
    if (!to.empty()) to += ' ';
    to += more;
}

class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    base::Result<ParsedStatement> read() {
        if (const auto found = text_.find("<!DOCTYPE"); found != text_.npos) {
            sheet_.fault(line_at(text_, found), "doctype");
            return sheet_.finish();
        }
        pugi::xml_document document;
        const auto parsed = document.load_buffer(text_.data(), text_.size(), pugi::parse_default,
                                                 pugi::encoding_utf8);
        if (!parsed) {
            sheet_.fault(line_at(text_, static_cast<std::size_t>(parsed.offset)), "xml",
                         parsed.description());
            return sheet_.finish();
        }
        const Node message = at(document, {"Document", "BkToCstmrStmt"});
        if (!message) {
            sheet_.fault(1, "unknown_format");
            return sheet_.finish();
        }
        each(message, "Stmt", [&](const Node& one) { statement(one); });
        return sheet_.finish();
    }

private:
    /// Nodes come in the order of the file: newlines are counted on from the last one.
    std::size_t line_of(const Node& node) {
        const auto offset =
            static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, node.offset_debug()));
        if (offset < counted_) return line_at(text_, offset);
        line_ += static_cast<std::size_t>(
            std::ranges::count(text_.substr(counted_, offset - counted_), '\n'));
        counted_ = offset;
        return line_;
    }

    std::optional<std::int64_t> amount(const Node& amount, const Node& side) {
        const auto where = line_of(amount ? amount : side);
        const std::string currency = amount.attribute("Ccy").value();
        if (!currency.empty() && currency != "EUR") {
            sheet_.fault(where, "currency");
            return std::nullopt;
        }
        const auto cents = parse_amount(text_of(amount));
        const auto direction = text_of(child(side, "CdtDbtInd"));
        if (!cents || *cents < 0 || (direction != "CRDT" && direction != "DBIT")) {
            sheet_.fault(where, "amount");
            return std::nullopt;
        }
        return direction == "CRDT" ? *cents : -*cents;
    }

    static std::optional<time::Date> day(const Node& holder) {
        const auto date = text_of(child(holder, "Dt"));
        return parse_day(date.empty() ? text_of(child(holder, "DtTm")).substr(0, 10) : date);
    }

    void balance(const Node& statement, std::initializer_list<std::string_view> codes, bool first) {
        bool done = false;
        for (const auto code : codes) {
            each(statement, "Bal", [&](const Node& one) {
                if (done || text_of(at(one, {"Tp", "CdOrPrtry", "Cd"})) != code) return;
                const auto where = line_of(one);
                done = true;
                const auto cents = amount(child(one, "Amt"), one);
                if (!cents) return;
                if (first) return sheet_.opening(*cents, {}, where);
                sheet_.closing(*cents, day(child(one, "Dt")), where);
            });
        }
    }

    void statement(const Node& statement) {
        if (sheet_.full()) return;
        const Node account = at(statement, {"Acct", "Id"});
        const auto iban = text_of(child(account, "IBAN"));
        sheet_.account(account_key(iban.empty() ? text_of(at(account, {"Othr", "Id"})) : iban),
                       line_of(account ? account : statement));
        balance(statement, {"OPBD", "PRCD"}, true);
        each(statement, "Ntry", [&](const Node& one) { entry(one); });
        balance(statement, {"CLBD"}, false);
    }

    void entry(const Node& entry) {
        if (sheet_.full()) return;
        const auto where = line_of(entry);
        const Node state = child(entry, "Sts");
        const auto code = child(state, "Cd") ? text_of(child(state, "Cd")) : text_of(state);
        if (code == "PDNG" || code == "INFO") return;  // not booked: no money yet
        const auto cents = amount(child(entry, "Amt"), entry);
        if (!cents) return;
        auto booked = day(child(entry, "BookgDt"));
        if (!booked) booked = day(child(entry, "ValDt"));
        if (!booked) return sheet_.fault(where, "date");
        StatementLine line;
        line.day = *booked;
        line.amount = *cents;
        line.bank_ref = text_of(child(entry, "AcctSvcrRef"));
        append(line.label, text_of(child(entry, "AddtlNtryInf")));
        std::vector<Node> parts;
        each(entry, "NtryDtls", [&](const Node& details) {
            each(details, "TxDtls", [&](const Node& one) { parts.push_back(one); });
        });
        if (parts.size() > 1 && own_amounts(parts)) return batch(line, parts, where);
        for (const auto& one : parts)
            describe(line, one);
        sheet_.line(std::move(line), where);
    }

    static Node amount_in(const Node& details) {
        if (const Node direct = child(details, "Amt")) return direct;  // from version 8 on
        return at(details, {"AmtDtls", "TxAmt", "Amt"});
    }
    static bool own_amounts(const std::vector<Node>& parts) {
        return std::ranges::all_of(parts, [](const Node& one) { return bool(amount_in(one)); });
    }

    void batch(const StatementLine& whole, const std::vector<Node>& parts, std::size_t where) {
        std::int64_t sum = 0;
        std::vector<StatementLine> lines;
        for (const auto& one : parts) {
            auto line = whole;
            const auto cents = child(one, "CdtDbtInd") ? amount(amount_in(one), one)
                                                       : parse_amount(text_of(amount_in(one)));
            if (!cents) return sheet_.fault(line_of(one), "amount");
            line.amount = child(one, "CdtDbtInd") || whole.amount > 0 ? *cents : -*cents;
            sum += line.amount;
            describe(line, one);
            lines.push_back(std::move(line));
        }
        if (sum != whole.amount) return sheet_.fault(where, "batch");
        for (auto& line : lines)
            sheet_.line(std::move(line), where);
    }

    static void describe(StatementLine& line, const Node& details) {
        const Node references = child(details, "Refs");
        if (const auto own = text_of(child(references, "AcctSvcrRef")); !own.empty()) {
            append(line.bank_ref, own);
        }
        const auto given = text_of(child(references, "EndToEndId"));
        if (given != "NOTPROVIDED") append(line.reference, given);
        const Node parties = child(details, "RltdPties");
        for (const auto side : {"Dbtr", "Cdtr"}) {
            const Node party = child(parties, side);
            append(line.label, text_of(child(party, "Nm")));
            append(line.label, text_of(at(party, {"Pty", "Nm"})));
        }
        const Node told = child(details, "RmtInf");
        each(told, "Ustrd", [&](const Node& one) { append(line.label, text_of(one)); });
        each(told, "Strd", [&](const Node& one) {
            append(line.reference, text_of(at(one, {"CdtrRefInf", "Ref"})));
        });
        append(line.label, text_of(child(details, "AddtlTxInf")));
    }

    std::string_view text_;
    Sheet sheet_{Format::camt053};
    std::size_t line_ = 1;
    std::size_t counted_ = 0;
};

}  // namespace

base::Result<ParsedStatement> read_camt053(std::string_view text) {
    return Reader(text).read();
}

}  // namespace preau::payment::reconciliation
