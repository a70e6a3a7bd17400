// Files for other programs, and the months that are closed.

#include <charconv>

#include "services/payment/exports/books.hpp"
#include "services/payment/exports/lists.hpp"
#include "services/payment/exports/pain001.hpp"
#include "services/payment/exports/text.hpp"
#include "services/payment/http/access.hpp"
#include "services/payment/http/render.hpp"
#include "shared/json/fields.hpp"
#include "shared/security/digest.hpp"

namespace preau::payment::http {

namespace {

using net::Request;
using net::Response;
using nlohmann::json;
using security::Identity;

constexpr std::size_t kNoteMax = 300;
constexpr std::int64_t kYear_s = std::int64_t{366} * 86'400;

struct File {
    std::string name;
    std::string type;
    std::string body;
};

Response answer_with(const base::Result<File>& file) {
    if (!file) return Response::problem(file.error());
    Response out;
    out.content_type = file->type;
    out.body = file->body;
    out.with("Content-Disposition", "attachment; filename=\"" + file->name + "\"");
    return out;
}

constexpr const char* kCsv = "text/csv; charset=utf-8";

time::Zone zone_of(const Establishment& at) {
    return time::Zone::find(at.zone).value_or(time::Zone::paris());
}

std::string month_text(const Month& month) {
    return month.first.iso().substr(0, 7);
}

std::optional<Period> period_of(Tx& tx, const Establishment& at, const std::string& month) {
    for (auto& one : tx.book().periods(at.id)) {
        if (one.month == month) return std::move(one);
    }
    return std::nullopt;
}

/// Numbers as they were when the month was closed: a plan of accounts that changes changes no file
/// of the past.
exports::Books books_of(const Api& api, Tx& tx, const Establishment& at, const std::string& month) {
    exports::Books out;
    out.uai = at.uai;
    out.numbers = api.numbers;
    out.zone = zone_of(at);
    const auto period = period_of(tx, at, month);
    const auto kept = period ? json::parse(period->numbers, nullptr, false) : json();
    for (auto& [account, number] : out.numbers) {
        const std::string name(ledger::to_string(account));
        if (kept.is_object()) number = kept.value(name, number);
    }
    return out;
}

std::vector<ledger::Written> entries_of(Tx& tx, const Establishment& at,
                                        const std::optional<Month>& month) {
    EntryFilter filter;
    filter.establishment = at.id;
    if (month) {
        filter.from = month->first;
        filter.until = month->last;
    }
    std::vector<ledger::Written> out;
    each_entry(tx, filter, [&](const ledger::Written& one) { out.push_back(one); });
    return out;
}

base::Result<File> journal_file(const Api& api, Tx& tx, const Establishment& at,
                                const std::optional<Month>& month) {
    const auto books = books_of(api, tx, at, month ? month_text(*month) : "");
    return File{"journal-" + at.uai + (month ? "-" + month_text(*month) : "") + ".csv", kCsv,
                exports::journal_csv(books, entries_of(tx, at, month))};
}

base::Result<File> fec_file(const Api& api, Tx& tx, const Establishment& at,
                            const std::optional<Month>& asked) {
    if (!asked) {
        return std::unexpected(base::Error{"invalid", {}, {{"/query/month", "required", {}}}});
    }
    exports::Numbering numbering;
    EntryFilter before;
    before.establishment = at.id;
    before.from = time::Date::of(asked->first.year(), 1, 1);
    before.until = asked->first - 1;
    if (*before.until >= *before.from) {
        each_entry(tx, before, [&](const ledger::Written& one) { numbering.pass(one.entry); });
    }
    const auto books = books_of(api, tx, at, month_text(*asked));
    return File{exports::fec_name(books, asked->last), "text/plain; charset=utf-8",
                exports::fec_head() + exports::fec(books, entries_of(tx, at, asked), numbering)};
}

std::pair<base::Instant, base::Instant> span_of(const Establishment& at, const Month& month) {
    const auto zone = zone_of(at);
    return {zone.instant_or_jump(month.first, 0), zone.instant_or_jump(month.last + 1, 0)};
}

std::vector<Payment> payments_of(Tx& tx, const Establishment& at, const Month& month) {
    const auto [from, until] = span_of(at, month);
    std::vector<Payment> out;
    for (const auto& id : tx.book().payments_between(at.id, from, until)) {
        if (auto payment = tx.find(id)) out.push_back(*std::move(payment));
    }
    return out;
}

std::vector<exports::PayoutDetail> payouts_of(Tx& tx, const Establishment& at, const Month& month) {
    const auto [from, until] = span_of(at, month);
    std::vector<exports::PayoutDetail> out;
    for (const auto& payout : tx.book().payouts_since(at.id, from + -kYear_s)) {
        if (payout.created < from || payout.created >= until) continue;
        exports::PayoutDetail one{payout, tx.payout_lines(payout.id), {}};
        for (const auto& id : tx.book().lines_of_payout(payout.id)) {
            if (const auto line = tx.book().line(id)) one.bank_day = line->second.day.iso();
        }
        out.push_back(std::move(one));
    }
    return out;
}

/// All time, for lists that nobody asked a month of.
Month month_or_all(const Api& api, const std::optional<Month>& month) {
    const auto today = time::Zone::paris().local(api.cashier.now()).date;
    return month.value_or(Month{time::Date::of(2020, 1, 1), today + 366});
}

base::Result<File> orders_file(const Api& api, Tx& tx, const Establishment& at,
                               const std::optional<Month>& month) {
    return File{"ordres-de-recette-" + at.uai + ".csv", kCsv,
                exports::orders_csv(at, payments_of(tx, at, month_or_all(api, month)),
                                    api.numbers.at(ledger::Account::revenue))};
}

base::Result<File> payouts_file(const Api& api, Tx& tx, const Establishment& at,
                                const std::optional<Month>& month) {
    return File{"virements-" + at.uai + ".csv", kCsv,
                exports::payouts_csv(at, payouts_of(tx, at, month_or_all(api, month)))};
}

/// The year of the month that is asked, or of today.
base::Result<File> mandate_file(const Api& api, Tx& tx, const Establishment& at,
                                const std::optional<Month>& month) {
    exports::MandateYear out;
    const auto today = zone_of(at).local(api.cashier.now()).date;
    out.year = (month ? month->first : today).year();
    const Month all{time::Date::of(out.year, 1, 1), time::Date::of(out.year, 12, 31)};
    out.payments = payments_of(tx, at, all);
    out.payouts = payouts_of(tx, at, all);
    const auto end = span_of(at, all).second;
    out.at_provider_cents = tx.book().provider_net(at.id, {0}, end);
    return File{"mandat-" + at.uai + "-" + std::to_string(out.year) + ".csv", kCsv,
                exports::mandate_csv(at, out)};
}

base::Result<File> refunds_file(const Api& api, Tx& tx, const Establishment& at,
                                const std::optional<Month>&) {
    const auto account = tx.bank_account(at.id);
    const auto iban = account ? exports::iban_of(account->account) : std::nullopt;
    if (!iban) return base::fail("unknown_account", "no account to pay from");
    exports::TransferOrder order;
    order.made_at = api.cashier.now();
    order.on = zone_of(at).local(order.made_at).date + 1;
    order.debtor_name = at.name;
    order.debtor_iban = *iban;
    std::string ids;
    for (const auto& [payment_id, refund_id] : tx.book().transfers_to_order(at.id)) {
        const auto payee = tx.book().payee(refund_id);
        auto payment = tx.find(payment_id);
        const auto* refund = payment ? payment->refund(refund_id) : nullptr;
        if (!payee || refund == nullptr)
            continue;  // on the list until somebody tells whose account
        ids += refund_id.str();
        order.transfers.push_back({payment->public_ref, payee->first, payee->second, refund->amount,
                                   "Remboursement " + payment->label()});
    }
    if (order.transfers.empty())
        return base::fail("nothing_to_export", "no refund with an account");
    // The same refunds give the same message: a bank refuses the second.
    order.id = "PREAU-" + security::sha256_hex(ids).substr(0, 24);
    return File{"remboursements-" + at.uai + ".xml", "application/xml", exports::pain001(order)};
}

Response save_payee(const Api& api, const Request& request) {
    return run_unsafe(
        api, request, "saveRefundPayee", [&](Tx& tx, const Identity& who) -> base::Result<Done> {
            const auto id = path_id<RefundId>(request);
            if (!id) return std::unexpected(id.error());
            const auto owner = tx.owner_of_refund(*id);
            if (!owner) return base::fail("not_found", "refund");
            const auto payment = payment_for(tx, who, *owner);
            if (!payment) return std::unexpected(payment.error());
            if (!is_finance(who, payment->body, payment->establishment)) {
                return base::fail("forbidden", "finance");
            }
            const auto body = request.json();
            if (!body) return std::unexpected(body.error());
            preau::json::Fields in(*body);
            const auto name = in.text("name", {.length_min = 1, .length_max = 70});
            const auto iban = exports::read_iban(in.text("iban", {.length_max = 42}));
            if (!iban) in.refuse("iban", "format");
            if (auto bad = in.errors()) return std::unexpected(*bad);
            tx.book().save_payee(*id, name, *iban);
            return Done{
                200, {{"refund_id", id->str()}, {"account", "…" + iban->substr(iban->size() - 4)}}};
        });
}

// ── Months ──────────────────────────────────────────────────────────────────────────────────────

json to_json(const Period& period) {
    return {{"month", period.month},
            {"closed_at", moment(period.closed_at)},
            {"note", text_or_null(period.note)},
            {"sha256", json::parse(period.hashes, nullptr, false)}};
}

base::Result<json> periods(const Api&, Tx& tx, const Identity& who, const Request& request) {
    const auto at = establishment_for(tx, who, request, Need::read);
    if (!at) return std::unexpected(at.error());
    json items = json::array();
    for (const auto& one : tx.book().periods(at->id))
        items.push_back(to_json(one));
    return json{{"items", std::move(items)}, {"next", nullptr}};
}

/// What stands in the way: lines of the month that nobody has decided about, or money that does not
/// agree.
std::int64_t open_items(Tx& tx, const Establishment& at, const Month& month) {
    std::int64_t out = 0;
    for (const auto& line : tx.book().open_lines(at.id)) {
        const bool concerns = line.state != "unmatched" && line.amount > 0;
        if (concerns && line.day >= month.first && line.day <= month.last) ++out;
    }
    const auto [from, until] = span_of(at, month);
    return out + static_cast<std::int64_t>(tx.book().differences(at.id, from, until).size());
}

/// Months are closed one after the other: a number of an entry stands when those before it do.
base::Result<void> may_close(Tx& tx, const Establishment& at, const Month& month,
                             time::Date today) {
    if (month.last >= today) return base::fail("period_not_over", month.last.iso());
    EntryFilter before;
    before.establishment = at.id;
    before.from = time::Date::of(2020, 1, 1);
    before.until = month.first - 1;
    std::optional<std::string> open;
    each_entry(tx, before, [&](const ledger::Written& one) {
        const auto of = one.entry.day.iso().substr(0, 7);
        if (!open && !tx.book().is_closed(at.id, of)) open = of;
    });
    if (open) return base::fail("period_before_open", *open);
    return {};
}

base::Result<Done> close_month(const Api& api, Tx& tx, const Identity& who,
                               const Request& request) {
    const auto at = establishment_for(tx, who, request, Need::finance);
    if (!at) return std::unexpected(at.error());
    const auto first = time::Date::parse(std::string(request.params.get("month")) + "-01");
    const auto next = first ? first->plus_months(1) : std::nullopt;
    if (!next) return base::fail("not_found", "month");
    const Month month{*first, *next - 1};
    const auto body = request.json();
    if (!body) return std::unexpected(body.error());
    preau::json::Fields in(*body);
    const auto note = in.optional_text("note", {.length_max = kNoteMax}).value_or("");
    if (auto bad = in.errors()) return std::unexpected(*bad);
    const auto now = api.cashier.now();
    if (auto may = may_close(tx, *at, month, zone_of(*at).local(now).date); !may) {
        return std::unexpected(may.error());
    }
    const auto open = open_items(tx, *at, month);
    if (open > 0 && note.empty()) return base::fail("period_open_items", std::to_string(open));
    json numbers;
    for (const auto& [account, number] : api.numbers)
        numbers[std::string(ledger::to_string(account))] = number;
    const auto journal = journal_file(api, tx, *at, month);
    const auto fec = fec_file(api, tx, *at, month);
    if (!journal || !fec) return base::fail("internal", "files of the month");
    const Period period{month_text(month),
                        now,
                        who.actor,
                        note,
                        numbers.dump(),
                        json{{"journal", security::sha256_hex(journal->body)},
                             {"fec", security::sha256_hex(fec->body)}}
                            .dump()};
    if (!tx.book().close(at->id, period)) return base::fail("invalid_transition", "closed already");
    return Done{201, to_json(period)};
}

}  // namespace

void add_export_routes(net::Router& router, const Api& api) {
    using net::Method;
    using Make =
        base::Result<File> (*)(const Api&, Tx&, const Establishment&, const std::optional<Month>&);
    const auto file = [&](const char* path, const char* operation, Make make) {
        router.add(Method::get, path, operation, [api, make](const Request& request) {
            const auto at = allowed(api, request, Need::finance);
            if (!at) return Response::problem(at.error());
            const auto month = month_of(request);
            if (!month) return Response::problem(month.error());
            return answer_with(api.store.read(
                [&](Tx& tx) -> base::Result<File> { return make(api, tx, *at, *month); }));
        });
    };
    file("/v1/exports/journal.csv", "exportJournal", journal_file);
    file("/v1/exports/fec.txt", "exportFec", fec_file);
    file("/v1/exports/titres.csv", "exportOrders", orders_file);
    file("/v1/exports/payouts.csv", "exportPayouts", payouts_file);
    file("/v1/exports/mandate.csv", "exportMandateYear", mandate_file);
    file("/v1/exports/sepa-refunds.xml", "exportRefunds", refunds_file);
    router.add(Method::put, "/v1/refunds/{id}/payee", "saveRefundPayee",
               [api](const Request& request) { return save_payee(api, request); });
    router.add(Method::get, "/v1/periods", "listPeriods", [api](const Request& request) {
        return run_read(api, request, [&](Tx& tx, const Identity& who) {
            return periods(api, tx, who, request);
        });
    });
    router.add(Method::post, "/v1/periods/{month}/close", "closePeriod",
               [api](const Request& request) {
                   return run_unsafe(api, request, "closePeriod", [&](Tx& tx, const Identity& who) {
                       return close_month(api, tx, who, request);
                   });
               });
}

}  // namespace preau::payment::http
