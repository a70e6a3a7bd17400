#pragma once
// What comes on top of the room: extras, deposits, a down payment; what is let for nothing and what
// it would have cost; the tax of a price by rate.

#include <optional>
#include <string>
#include <vector>

#include "shared/rules/pricing.hpp"

namespace preau::rules {

struct ExtraChoice {
    std::string code;
    int count = 1;
};

struct PriceQuestion {
    std::vector<Slot> slots;  // at least one
    std::string tariff_kind;
    char category = 'C';
    time::Date requested_on;
    std::vector<ExtraChoice> extras = {};
};

/// The vote by which extras, deposits and free uses of a request go: that of its first date.
const TariffVersion* vote_of(const PriceQuestion& question,
                             const std::vector<TariffVersion>& versions);

/// The extras of a vote that go with a kind of room.
std::vector<const Extra*> extras_for(const TariffVersion& vote, const std::string& tariff_kind);

/// The room as `asked_price`, a line for each extra, the deposits, and the reference price: what
/// another association (category C) would pay where the hirer's category is favoured (A, B), else
/// the total. Category A pays for no extra and leaves no deposit. Errors: as `price`; `invalid`
/// with /extras/<n>/code (unknown, or named twice) or /extras/<n>/count (out of range).
base::Result<Price> full_price(const PriceQuestion& question,
                               const std::vector<TariffVersion>& versions,
                               const Calendar& calendar = {});

/// The part of `total` that is due at once (half up) and when the rest is; nothing where the vote
/// asks for none, the total is not above its bound, or the day of the balance has come.
std::optional<DownPaymentDue> down_payment_of(base::Cents total, const DownPayment& voted,
                                              time::Date first_date, time::Date today);

/// Which free use a request could be: one date from Monday to Friday, or dates of one weekend
/// (Saturday and Sunday, Friday evening with them). A series is none.
std::optional<UseKind> use_kind(const std::vector<Slot>& slots);

/// How many free uses of a kind the vote grants for rooms of this kind.
int granted_uses(const TariffVersion& vote, const std::string& tariff_kind, UseKind kind);

/// The price with the room for nothing: one line of zero that has its ground, and the extras.
Price with_free_use(Price price, const FreeUse& use);

/// The price lowered to `total` (0 to what it is): each line and supplement in proportion, so that
/// tax and dates keep their shares; the cents that are left go to the first lines. Unit prices stay
/// as voted, deposits too; the down payment was a share of another total.
Price lowered(Price price, base::Cents total, std::string ground);

/// Net amount and tax of the lines with one rate and note: net + tax = their amounts.
struct VatShare {
    Vat vat;
    base::Cents net;
    base::Cents tax;
};
std::vector<VatShare> vat_shares(const Price& price);

}  // namespace preau::rules
