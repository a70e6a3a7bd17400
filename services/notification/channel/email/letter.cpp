#include "services/notification/channel/email/letter.hpp"

#include <algorithm>
#include <utility>

#include "services/notification/channel/email/calendar.hpp"
#include "services/notification/channel/email/encoding.hpp"
#include "services/notification/channel/email/letter_facts.hpp"
#include "shared/words/format.hpp"

namespace preau::notification::email {

namespace {

using nlohmann::json;
using words::Fill;

bool to_managers(Kind kind) {
    return kind == Kind::received || kind == Kind::cancelled_notice ||
           kind == Kind::documents_provided || kind == Kind::proposal_declined ||
           kind == Kind::expired_notice || kind == Kind::answer_due ||
           kind == Kind::answer_overdue || kind == Kind::endorsed;
}

/// Kinds whose dates are listed one by one; the others name first and last.
bool lists_dates(Kind kind) {
    return kind == Kind::submitted || kind == Kind::received || kind == Kind::accepted ||
           kind == Kind::confirmed || kind == Kind::counter_proposed ||
           kind == Kind::dates_cancelled;
}

/// A proposal lists its own dates, everything else those of the booking.
const json& dated(const Situation& situation) {
    if (situation.message.kind == Kind::counter_proposed && situation.booking.is_object()) {
        const auto it = situation.booking.find("proposal");
        if (it != situation.booking.end() && it->is_object()) return *it;
    }
    return situation.booking;
}

/// Writes the view model of one letter.
class Draft {
public:
    Draft(const Situation& situation, const words::Catalogue& words, const House& house)
        : s_(situation),
          words_(words),
          format_(words),
          house_(house),
          key_("mail." + std::string(to_string(situation.message.kind)) + "."),
          zone_(zone_of(situation.booking)),
          slots_(slots_of(dated(situation))) {
        collect();
    }

    std::string subject() const { return words_.fill(key_ + "subject", values_); }

    json model() {
        const auto name = one_line(s_.reader.name);
        model_ = {{"language", std::string(words::to_string(words_.language()))},
                  {"title", subject()},
                  {"greeting", name.empty() ? words_.text("mail.greeting_plain")
                                            : words_.fill("mail.greeting", {{"name", name}})},
                  {"paragraphs", json::array()},
                  {"button", false},
                  {"facts", json::array()},
                  {"dates", false},
                  {"left_out", false},
                  {"notes", json::array()},
                  {"footer", json::array()}};
        lead();
        button();
        facts();
        dates();
        footer();
        return std::move(model_);
    }

    Calendar calendar() const;

private:
    void collect();
    void lead();
    void lead_of_money();
    void button();
    void facts();
    void facts_of_reason();
    void facts_of_words();
    void facts_of_payment();
    void dates();
    void footer();

    std::string fact(const char* name) const {
        auto out = text_at(s_.facts, {name});
        return out.empty() ? text_at(s_.booking, {name}) : out;
    }
    std::string reference() const {
        const auto own = text_at(s_.booking, {"reference"});
        return own.empty() ? fact("reference") : own;
    }
    /// Of what the letter is about: a proposal has its own.
    std::optional<std::int64_t> price() const {
        if (s_.message.kind == Kind::counter_proposed) return price_of(json(), dated(s_));
        return price_of(s_.facts, s_.booking);
    }
    std::string euros(std::optional<std::int64_t> cents) const {
        return cents ? format_.money(*cents) : std::string{};
    }
    void say(const std::string& key) {
        model_["paragraphs"].push_back({{"text", words_.fill(key, values_)}});
    }
    void note(const std::string& text) { model_["notes"].push_back({{"text", text}}); }
    /// What people typed stays on its line: it cannot pass for one of ours.
    void row(const char* label, const std::string& typed) {
        const auto value = one_line(typed);
        if (value.empty()) return;
        const auto name = words_.text("mail.label." + std::string(label));
        model_["facts"].push_back(
            {{"label", name},
             {"value", value},
             {"line", words_.fill("mail.label_value", {{"label", name}, {"value", value}})}});
    }
    std::string span() const;

    const Situation& s_;
    const words::Catalogue& words_;
    words::Format format_;
    const House& house_;
    std::string key_;
    time::Zone zone_;
    std::vector<Slot> slots_;
    std::vector<Fill> values_;
    std::string amount_;
    json model_;
};

void Draft::collect() {
    const auto& kind = s_.message.kind;
    auto cents = price();
    if (kind == Kind::paid) cents = integer_at(s_.facts, {"amount"});
    if (kind == Kind::refunded) cents = integer_at(s_.facts, {"refund_amount"});
    amount_ = euros(cents);
    const auto pay_by = pay_by_of(s_.facts, s_.booking);
    const auto answer_by = words::parse_moment(text_at(s_.booking, {"answer_by"}));
    const auto deadline = words::parse_moment(text_at(s_.booking, {"proposal", "deadline"}));
    values_ = {{"reference", reference()},
               {"room", one_line(fact("space_name"))},
               {"organisation", one_line(s_.organisation_name)},
               {"amount", amount_},
               {"pay_by", pay_by ? format_.moment(*pay_by, zone_) : std::string{}},
               {"answer_by", answer_by ? format_.moment(*answer_by, zone_) : std::string{}},
               {"deadline", deadline ? format_.moment(*deadline, zone_) : std::string{}}};
}

void Draft::lead() {
    const auto kind = s_.message.kind;
    if (kind == Kind::expired) {
        const auto code = text_at(s_.facts, {"reason_code"});
        const auto otherwise = pay_by_of(s_.facts, s_.booking) ? "unpaid" : "unanswered";
        say(key_ + (words_.has(key_ + code) ? code : otherwise));
    } else {
        say(key_ + "lead");
    }
    if (kind == Kind::confirmed || kind == Kind::accepted) lead_of_money();
    if (kind == Kind::confirmed) say("mail.attached");
    if (kind == Kind::refused) note(words_.text(key_ + "appeal"));
    if (kind == Kind::cancelled_by_body && text_at(s_.booking, {"payment", "status"}) == "paid") {
        say(key_ + "refund");
    }
    if (kind == Kind::refunded) {
        const auto route = text_at(s_.facts, {"route"});
        if (words_.has(key_ + route)) say(key_ + route);
    }
}

void Draft::lead_of_money() {
    if (s_.message.kind == Kind::accepted) return say(key_ + "after");
    const auto cents = price_of(s_.facts, s_.booking);
    const auto payment = text_at(s_.booking, {"requirement", "payment"});
    if (cents && *cents == 0) say(key_ + "free");
    if (cents && *cents > 0 && payment == "later") say(key_ + "later");
}

void Draft::button() {
    const auto& id = s_.message.booking_id;
    std::string label;
    std::string path = "/suivi/" + id;
    switch (s_.message.kind) {
        case Kind::received:
        case Kind::documents_provided:
        case Kind::answer_due:
        case Kind::answer_overdue:
        case Kind::endorsed:
            label = "decide";
            path = "/gestion/a-traiter/" + id;
            break;
        case Kind::cancelled_notice:
        case Kind::proposal_declined:
        case Kind::expired_notice:
            label = "see";
            path = "/gestion/a-traiter/" + id;
            break;
        case Kind::documents_asked:
        case Kind::counter_proposed:
            label = "answer";
            break;
        case Kind::suspended:
        case Kind::resumed:
        case Kind::dates_cancelled:
        case Kind::submitted:
            label = "follow";
            break;
        case Kind::accepted:
            label = "pay";
            break;
        case Kind::confirmed:
        case Kind::paid:
            label = "booking";
            break;
        case Kind::refused:
        case Kind::cancelled_by_body:
        case Kind::not_retaken:
            label = "search";
            path = "/recherche";
            break;
        case Kind::expired:
        case Kind::cancelled_by_hirer:
        case Kind::refunded:
            label = "see";
            break;
    }
    model_["button"] = {{"label", words_.fill("mail.button." + label, values_)},
                        {"url", house_.public_url + path}};
}

void Draft::facts() {
    row("reference", reference());
    row("room", fact("space_name"));
    row("establishment", fact("establishment_name"));
    row("organisation", s_.organisation_name);
    row("purpose", text_at(s_.booking, {"purpose"}));
    if (to_managers(s_.message.kind)) {
        const auto people = integer_at(s_.booking, {"headcount"});
        if (people) row("headcount", format_.number(*people));
    }
    if (!lists_dates(s_.message.kind)) row("when", span());
    facts_of_reason();
    facts_of_words();
    facts_of_payment();
}

/// What the two sides wrote to one another; a letter that comes late says what holds now.
void Draft::facts_of_words() {
    const auto kind = s_.message.kind;
    if (kind == Kind::documents_asked) row("asked", text_at(s_.booking, {"asked"}));
    if (kind == Kind::documents_provided) row("answered", text_at(s_.booking, {"answered"}));
    if (kind == Kind::proposal_declined) {
        row("explanation", text_at(s_.booking, {"decision", "reason_text"}));
    }
    if (kind != Kind::counter_proposed) return;
    row("message", text_at(s_.booking, {"proposal", "message"}));
    const auto offer = text_at(s_.booking, {"proposal", "offer_name"});
    const auto space = text_at(s_.booking, {"proposal", "space_name"});
    if (!offer.empty()) row("offered", space + " – " + offer);
}

void Draft::facts_of_reason() {
    const auto kind = s_.message.kind;
    const bool granted = kind == Kind::accepted || kind == Kind::confirmed;
    if (granted) {
        // Words that came with an acceptance tell why some dates were left out.
        return row("explanation", text_at(s_.booking, {"decision", "reason_text"}));
    }
    if (kind != Kind::refused && kind != Kind::cancelled_by_body &&
        kind != Kind::cancelled_notice) {
        return;
    }
    auto code = text_at(s_.facts, {"reason_code"});
    if (code.empty()) code = text_at(s_.booking, {"decision", "reason_code"});
    if (!code.empty()) {
        row("reason", words_.text_or("refusal." + code, words_.text_or("reason." + code, {})));
    }
    row("explanation", text_at(s_.booking, {"decision", "reason_text"}));
}

void Draft::facts_of_payment() {
    const auto kind = s_.message.kind;
    if (kind == Kind::paid || kind == Kind::refunded) {
        row("payment", text_at(s_.facts, {"public_ref"}));
        row(kind == Kind::paid ? "paid" : "refunded", amount_);
    } else if (const auto cents = price(); cents && *cents > 0) {
        row("price", euros(cents));
    }
    if (kind == Kind::paid) {
        if (const auto at = integer_at(s_.facts, {"paid_at"})) {
            row("paid_on", format_.moment({*at}, zone_));
        }
        const auto method = text_at(s_.facts, {"method"});
        if (!method.empty()) row("method", words_.text_or("mail.method." + method, {}));
    }
    if (kind == Kind::accepted) {
        if (const auto at = pay_by_of(s_.facts, s_.booking)) {
            row("pay_by", format_.moment(*at, zone_));
        }
    }
}

std::string Draft::span() const {
    std::vector<Slot> all;
    std::ranges::copy_if(slots_, std::back_inserter(all), [](const Slot& slot) {
        return slot.state != "left_out" && slot.state != "skipped";
    });
    if (all.empty()) return {};
    if (all.size() == 1) return slot_text(format_, all.front());
    const auto first = time::Date::parse(all.front().date);
    const auto last = time::Date::parse(all.back().date);
    if (!first || !last) return {};
    return words_.fill("mail.span", {{"count", std::to_string(all.size())},
                                     {"first", format_.day_month_year(*first)},
                                     {"last", format_.day_month_year(*last)}});
}

void Draft::dates() {
    if (!lists_dates(s_.message.kind)) return;
    json planned = json::array();
    json left_out = json::array();
    json cancelled = json::array();
    for (const auto& slot : slots_) {
        const auto text = slot_text(format_, slot);
        if (slot.state == "planned") planned.push_back({{"text", text}});
        if (slot.state == "cancelled") cancelled.push_back({{"text", text}});
        if (slot.state == "left_out") {
            const auto reason = words_.text_or("reason." + slot.reason,
                                               words_.text_or("refusal." + slot.reason, {}));
            left_out.push_back(
                {{"text", reason.empty() ? text
                                         : words_.fill("mail.left_out_line",
                                                       {{"date", text}, {"reason", reason}})}});
        }
    }
    const auto boxed = [&](const char* key, json items) -> json {
        if (items.empty()) return false;
        return {{"title", words_.count(key, std::ssize(items))}, {"items", std::move(items)}};
    };
    model_["dates"] = boxed("mail.dates", std::move(planned));
    model_["left_out"] = s_.message.kind == Kind::dates_cancelled
                             ? boxed("mail.cancelled", std::move(cancelled))
                             : boxed("mail.left_out", std::move(left_out));
}

void Draft::footer() {
    if (!s_.contact.empty()) note(words_.fill("mail.contact", {{"contact", s_.contact}}));
    auto& lines = model_["footer"];
    const bool manager = to_managers(s_.message.kind);
    lines.push_back({{"text", words_.text(manager ? "mail.why_manager" : "mail.why_requester")}});
    lines.push_back({{"text", words_.text("mail.no_reply")}});
    if (house_.demonstration) lines.push_back({{"text", words_.text("demo.banner")}});
}

Calendar Draft::calendar() const {
    Calendar out;
    const auto domain = house_.from.address.substr(house_.from.address.rfind('@') + 1);
    for (const auto& slot : slots_) {
        if (slot.state != "planned") continue;
        out.events.push_back({slot.occurrence_id + "@" + domain, slot.start, slot.end});
    }
    out.zone = zone_;
    out.stamp = s_.message.created_at;
    out.sequence = integer_at(s_.facts, {"version"}).value_or(0);
    const auto purpose = text_at(s_.booking, {"purpose"});
    out.summary = purpose.empty() ? fact("space_name") : purpose + " – " + fact("space_name");
    const auto room = fact("space_name");
    const auto school = fact("establishment_name");
    out.location = school.empty() ? room : room + ", " + school;
    out.description =
        words_.fill("mail.label_value",
                    {{"label", words_.text("mail.label.reference")}, {"value", reference()}});
    out.url = house_.public_url + "/suivi/" + s_.message.booking_id;
    out.organiser_name = school.empty() ? house_.from.name : school;
    out.organiser_address = house_.from.address;
    return out;
}

/// Sections that are absent leave their empty lines behind: one is enough.
std::string without_gaps(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\n' && out.ends_with("\n\n")) continue;
        out += c;
    }
    return out;
}

std::string file_name(const std::string& reference) {
    return "preau-" + reference + ".ics";
}

}  // namespace

Letters::Letters(words::Renderer renderer, words::Catalogue fr, words::Catalogue en, House house)
    : renderer_(std::move(renderer)), house_(std::move(house)) {
    words_.emplace(words::Language::fr, std::move(fr));
    words_.emplace(words::Language::en, std::move(en));
}

base::Result<Letters> Letters::load(const std::filesystem::path& home, House house) {
    auto renderer = words::Renderer::load(home / "frontend" / "templates" / "mail");
    if (!renderer) return std::unexpected(renderer.error());
    const auto messages = home / "frontend" / "messages";
    auto fr = words::Catalogue::load(words::Language::fr, messages / "fr.json");
    if (!fr) return std::unexpected(fr.error());
    auto en = words::Catalogue::load(words::Language::en, messages / "en.json");
    if (!en) return std::unexpected(en.error());
    for (const auto* name : {"text", "html"}) {
        if (!renderer->has(name)) return base::fail("internal", std::string("no template ") + name);
    }
    return Letters(std::move(*renderer), std::move(*fr), std::move(*en), std::move(house));
}

Mail Letters::write(const Situation& situation) const {
    const auto& words = words_.at(situation.reader.language);
    Draft draft(situation, words, house_);
    const auto model = draft.model();
    Mail out;
    out.id = situation.message.id;
    out.thread = situation.message.booking_id;
    out.date = situation.message.created_at;
    out.from = house_.from;
    out.to = {situation.reader.name, situation.reader.address};
    out.subject = draft.subject();
    out.language = std::string(words::to_string(words.language()));
    out.text = without_gaps(renderer_.render("text", words.language(), model));
    out.html = without_gaps(renderer_.render("html", words.language(), model));
    if (situation.message.kind == Kind::confirmed) {
        const auto calendar = draft.calendar();
        if (!calendar.events.empty()) {
            const auto reference = text_at(situation.booking, {"reference"});
            out.attachments.push_back({file_name(reference),
                                       "text/calendar; method=PUBLISH; charset=UTF-8",
                                       to_ics(calendar)});
        }
    }
    return out;
}

}  // namespace preau::notification::email
