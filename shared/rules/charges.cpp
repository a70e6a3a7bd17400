#include "shared/rules/charges.hpp"

#include <algorithm>
#include <utility>

namespace preau::rules {
namespace {

using base::Cents;
using time::Date;

constexpr std::int64_t kQuarter_s = 900;
constexpr std::int64_t kQuartersPerUnit = 4;  // of any unit, as a line counts it
constexpr std::int64_t kPercent = 100;
constexpr char kLocalCategory = 'B';  // favoured like A
constexpr char kReferenceCategory = 'C';

bool favoured(char category) {
    return category == free_category || category == kLocalCategory;
}

/// Of one extra, as a line counts it: hours in quarters, else 4 × its number.
std::int64_t quantity_of(const Extra& extra, const std::vector<Slot>& slots) {
    if (extra.per == Unit::booking) return kQuartersPerUnit;
    if (extra.per == Unit::date) {
        return kQuartersPerUnit * static_cast<std::int64_t>(slots.size());
    }
    std::int64_t quarters = 0;
    for (const Slot& slot : slots)
        quarters += (slot.interval.seconds() + kQuarter_s - 1) / kQuarter_s;
    return quarters;
}

PriceLine line_of(const Extra& extra, int count, const PriceQuestion& question,
                  const TariffVersion& vote) {
    PriceLine out;
    out.kind = LineKind::extra;
    out.unit = extra.per;
    out.code = extra.code;
    out.label = extra.label;
    out.quantity_quarters = count * quantity_of(extra, question.slots);
    out.unit_price = question.category == free_category ? Cents{} : extra.amount;
    out.amount = base::scaled(out.unit_price, out.quantity_quarters, kQuartersPerUnit);
    out.tariff_id = vote.id;
    out.vat = {extra.vat.basis_points, extra.vat.note.empty() ? vote.vat_note : extra.vat.note};
    for (const Slot& slot : question.slots)
        out.dates.push_back(slot.local_date);
    return out;
}

base::Error fault(std::size_t index, std::string_view member, std::string code,
                  std::string detail) {
    const std::string pointer = "/extras/" + std::to_string(index) + "/" + std::string(member);
    return {"invalid", {}, {{pointer, std::move(code), std::move(detail)}}};
}

/// The extra that a choice means, or what is wrong with the choice.
base::Result<const Extra*> chosen(const PriceQuestion& question, std::size_t index,
                                  const std::vector<const Extra*>& offered) {
    const ExtraChoice& choice = question.extras[index];
    const auto extra =
        std::ranges::find_if(offered, [&](const Extra* e) { return e->code == choice.code; });
    const auto before = question.extras.begin() + static_cast<std::ptrdiff_t>(index);
    const bool twice = std::any_of(question.extras.begin(), before, [&](const ExtraChoice& other) {
        return other.code == choice.code;
    });
    if (extra == offered.end() || twice) {
        return std::unexpected(fault(index, "code", "unknown", choice.code));
    }
    if (choice.count < 1 || choice.count > (*extra)->count_max) {
        return std::unexpected(
            fault(index, "count", "range", "1.." + std::to_string((*extra)->count_max)));
    }
    return *extra;
}

/// Adds lines and deposits of the extras; gives what they cost without any favour.
base::Result<Cents> add_extras(const PriceQuestion& question, const TariffVersion* vote,
                               Price& price) {
    const auto offered =
        vote == nullptr ? std::vector<const Extra*>{} : extras_for(*vote, question.tariff_kind);
    Cents full;
    for (std::size_t i = 0; i < question.extras.size(); ++i) {
        const auto extra = chosen(question, i, offered);
        if (!extra) return std::unexpected(extra.error());
        PriceLine line = line_of(**extra, question.extras[i].count, question, *vote);
        full += base::scaled((*extra)->amount, line.quantity_quarters, kQuartersPerUnit);
        price.total += line.amount;
        price.by_the_hour += line.amount;
        if ((*extra)->deposit > Cents{} && question.category != free_category) {
            price.deposits.push_back({line.code, line.label, (*extra)->deposit});
        }
        price.lines.push_back(std::move(line));
    }
    return full;
}

void add_room_deposits(const PriceQuestion& question, const TariffVersion* vote, Price& price) {
    if (vote == nullptr || question.category == free_category) return;
    for (const Deposit& deposit : vote->deposits) {
        const bool due = deposit.tariff_kind == question.tariff_kind &&
                         std::ranges::any_of(price.lines, [&](const PriceLine& line) {
                             return line.kind == LineKind::room && line.unit == deposit.unit;
                         });
        if (due)
            price.deposits.push_back({std::string(to_string(deposit.unit)), {}, deposit.amount});
    }
}

}  // namespace

const TariffVersion* vote_of(const PriceQuestion& question,
                             const std::vector<TariffVersion>& versions) {
    return version_in_force(question.slots.front().local_date, versions, question.requested_on);
}

std::vector<const Extra*> extras_for(const TariffVersion& vote, const std::string& tariff_kind) {
    std::vector<const Extra*> out;
    for (const Extra& extra : vote.extras) {
        if (std::ranges::find(extra.tariff_kinds, tariff_kind) != extra.tariff_kinds.end()) {
            out.push_back(&extra);
        }
    }
    return out;
}

base::Result<Price> full_price(const PriceQuestion& question,
                               const std::vector<TariffVersion>& versions,
                               const Calendar& calendar) {
    const auto room = [&](char category) {
        return asked_price(question.slots, question.tariff_kind, category, versions,
                           question.requested_on, calendar);
    };
    auto out = room(question.category);
    if (!out) return out;
    Cents reference = out->total;
    if (favoured(question.category)) {
        if (const auto others = room(kReferenceCategory)) {
            reference = std::max(reference, others->total);
        }
    }
    const TariffVersion* vote = vote_of(question, versions);
    add_room_deposits(question, vote, *out);
    const auto extras = add_extras(question, vote, *out);
    if (!extras) return std::unexpected(extras.error());
    out->reference = reference + *extras;
    return out;
}

std::optional<DownPaymentDue> down_payment_of(Cents total, const DownPayment& voted,
                                              Date first_date, Date today) {
    if (voted.percent <= 0 || total <= voted.above) return std::nullopt;
    const Date balance_by = first_date + -voted.balance_days;
    if (balance_by <= today) return std::nullopt;
    const Cents now = base::scaled(total, voted.percent, kPercent);
    return DownPaymentDue{now, total - now, balance_by};
}

std::optional<UseKind> use_kind(const std::vector<Slot>& slots) {
    const auto at_weekend = [](const Slot& slot) {
        return slot.local_date.weekday() >= time::Weekday::sat;
    };
    if (slots.empty()) return std::nullopt;
    if (slots.size() == 1) return at_weekend(slots.front()) ? UseKind::weekend : UseKind::weekday;
    const Date monday = slots.front().local_date.monday();
    const bool one_weekend = std::ranges::all_of(slots, [&](const Slot& slot) {
        return slot.local_date.monday() == monday && (at_weekend(slot) || weekend_of(slot));
    });
    return one_weekend ? std::optional(UseKind::weekend) : std::nullopt;
}

int granted_uses(const TariffVersion& vote, const std::string& tariff_kind, UseKind kind) {
    const FreeUses& uses = vote.free_uses;
    if (std::ranges::find(uses.tariff_kinds, tariff_kind) == uses.tariff_kinds.end()) return 0;
    return kind == UseKind::weekday ? uses.weekday : uses.weekend;
}

Price with_free_use(Price price, const FreeUse& use) {
    PriceLine line;
    line.kind = LineKind::free_use;
    line.unit = Unit::date;
    Cents extras;
    std::vector<PriceLine> kept;
    for (PriceLine& old : price.lines) {
        if (old.kind != LineKind::room) {
            extras += old.amount;
            kept.push_back(std::move(old));
            continue;
        }
        if (line.tariff_id.empty()) {
            line.tariff_id = old.tariff_id;
            line.vat = old.vat;
        }
        line.dates.insert(line.dates.end(), old.dates.begin(), old.dates.end());
    }
    std::ranges::sort(line.dates);
    const auto same = std::ranges::unique(line.dates);
    line.dates.erase(same.begin(), same.end());
    line.quantity_quarters = kQuartersPerUnit * static_cast<std::int64_t>(line.dates.size());
    price.lines = {std::move(line)};
    price.lines.insert(price.lines.end(), kept.begin(), kept.end());
    price.total = price.by_the_hour = extras;
    price.free_use = use;
    return price;
}

Price lowered(Price price, Cents total, std::string ground) {
    const Cents before = price.total;
    const auto part = [&](Cents amount) {
        return Cents{before == Cents{} ? 0 : amount.value * total.value / before.value};
    };
    Cents given;
    for (PriceLine& line : price.lines) {
        for (Supplement& one : line.supplements)
            one.amount = part(one.amount);
        line.amount = part(line.amount);
        given += line.amount;
    }
    for (PriceLine& line : price.lines) {
        if (given == total) break;
        line.amount += Cents{1};
        given += Cents{1};
    }
    price.total = price.by_the_hour = total;
    price.down_payment.reset();
    price.lowered = {before, std::move(ground)};
    return price;
}

std::vector<VatShare> vat_shares(const Price& price) {
    std::vector<VatShare> out;
    for (const PriceLine& line : price.lines) {
        auto share =
            std::ranges::find_if(out, [&](const VatShare& s) { return s.vat == line.vat; });
        if (share == out.end()) share = out.insert(share, {line.vat, {}, {}});
        share->tax += line.tax();
        share->net += line.amount - line.tax();
    }
    return out;
}

}  // namespace preau::rules
