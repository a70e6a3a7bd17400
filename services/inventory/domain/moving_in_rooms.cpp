// Rooms and their division.

#include <algorithm>
#include <array>
#include <set>

#include "services/inventory/domain/moving_in.hpp"
#include "shared/base/import_ids.hpp"
#include "shared/text/french.hpp"

namespace preau::inventory::moving_in {
namespace {

constexpr std::size_t kPartsMax = 12;
constexpr int kMinutesMax = 1'440;
constexpr int kDaysMax = 730;

/// What the offers of a room have in common.
struct Terms {
    std::string whole;  // tariff kinds
    std::string part;
    std::string group;
    rules::Offer common;
};

class RoomReader {
public:
    RoomReader(text::SheetLine& line, const Vocabulary& words) : line_(line), words_(words) {}

    void read(const EstablishmentFacts& at, Space& out) {
        out.body = at.establishment.body;
        out.establishment = at.establishment.id;
        out.site = at.site.id;
        out.name = line_.required("salle");
        std::string code = text::slug(line_.text("code"));
        if (code.empty()) code = text::slug(out.name);
        uai_ = at.establishment.uai;
        code_ = code;
        out.id = base::imported::space_id(uai_, code_);
        out.slug = text::slug(out.name) + "-" + at.establishment.slug;
        const auto kind = one_of("type", words_.kinds);
        if (kind) out.kind = space_kind_from(*kind).value_or(SpaceKind::classroom);
        out.capacity_seated = line_.whole("places_assises", 0, capacity_max, 0);
        out.capacity_standing = line_.whole("places_debout", 0, capacity_max, 0);
        if (line_.sound() && out.capacity() == 0) line_.fault("required", "places_assises");
        out.area_m2 = line_.whole("surface_m2", 0, 100'000, 0);
        out.step_free = line_.yes("accessible", false);
        out.equipment = several("equipements", words_.equipment);
        out.purposes = several("usages", words_.purposes);
        out.published = line_.yes("publiee", false);
        out.opening.open_on_public_holidays = line_.yes("ouvert_jours_feries", false);
        divide(out);
    }

private:
    std::optional<std::string> one_of(std::string_view column, const Words& words) {
        const std::string typed = line_.required(column);
        if (typed.empty()) return std::nullopt;
        const auto found = words.find(text::folded(typed));
        if (found != words.end()) return found->second;
        line_.fault("unknown_word", column, typed);
        return std::nullopt;
    }

    std::vector<std::string> several(std::string_view column, const Words& words) {
        std::set<std::string> out;
        for (const std::string& typed : text::split_list(line_.text(column))) {
            const auto found = words.find(text::folded(typed));
            if (found == words.end()) {
                line_.fault("unknown_word", column, typed);
            } else {
                out.insert(found->second);
            }
        }
        return {out.begin(), out.end()};
    }

    Terms terms(const Space& space) {
        const std::string kind(to_string(space.kind));
        const auto named = [&](std::string_view column, const std::string& otherwise) {
            const std::string typed = line_.text(column);
            return typed.empty() ? otherwise : typed;
        };
        Terms out;
        out.whole = named("tarif", kind);
        out.part = named("tarif_partie", kind + "_part");
        out.group = named("tarif_ensemble", kind + "_two_parts");
        rules::Offer& offer = out.common;
        offer.grid_min = line_.whole("pas_min", 15, 60, offer.grid_min);
        if (offer.grid_min % 15 != 0) line_.fault("quarter", "pas_min");
        offer.duration_min_min =
            line_.whole("duree_min", 15, kMinutesMax, std::max(60, offer.grid_min));
        offer.duration_max_min = line_.whole("duree_max", 15, kMinutesMax, 720);
        if (offer.duration_max_min < offer.duration_min_min) line_.fault("order", "duree_max");
        offer.notice_days = line_.whole("prevenance_jours", 0, kDaysMax, offer.notice_days);
        offer.horizon_days = line_.whole("horizon_jours", 1, kDaysMax, offer.horizon_days);
        offer.buffer_before_min = line_.whole("battement_avant_min", 0, 240, 0);
        offer.buffer_after_min = line_.whole("battement_apres_min", 0, 240, 0);
        offer.instant = line_.yes("reservation_immediate", false);
        return out;
    }

    void add_offer(Space& space, const rules::Offer& common, const std::string& name,
                   std::vector<base::PartId> parts, const std::string& tariff_kind) const {
        rules::Offer offer = common;
        offer.id =
            base::imported::id<base::OfferId>("offer", uai_ + ":" + code_ + ":" + text::slug(name));
        offer.name = name;
        offer.capacity = space.capacity() * static_cast<int>(parts.size()) /
                         static_cast<int>(space.parts.size());
        offer.tariff_kind = tariff_kind;
        std::ranges::sort(parts);
        offer.parts = std::move(parts);
        space.offers.push_back(std::move(offer));
    }

    void divide(Space& space) {
        const Terms terms = this->terms(space);
        auto names = text::split_list(line_.text("parties"));
        if (names.size() > kPartsMax) {
            line_.fault("too_many_parts", "parties", std::to_string(kPartsMax));
            return;
        }
        const bool divided = names.size() > 1;
        const std::string whole =
            space.kind == SpaceKind::gym && divided ? "Gymnase entier" : "Salle entière";
        if (!divided) names = {whole};
        std::map<std::string, base::PartId> parts;
        for (const std::string& name : names) {
            const std::string key = text::slug(name);
            const auto id = base::imported::id<base::PartId>(
                "part", uai_ + ":" + code_ + ":" + (divided ? key : "entier"));
            if (!parts.emplace(key, id).second) line_.fault("part_twice", "parties", name);
            space.parts.push_back({id, name});
        }
        std::vector<base::PartId> all;
        for (const Part& part : space.parts)
            all.push_back(part.id);
        add_offer(space, terms.common, whole, all, terms.whole);
        if (!divided) return;
        for (const Part& part : space.parts)
            add_offer(space, terms.common, part.name, {part.id}, terms.part);
        for (const std::string& group : text::split_list(line_.text("ensembles")))
            add_group(space, terms, group, parts);
    }

    void add_group(Space& space, const Terms& terms, const std::string& group,
                   const std::map<std::string, base::PartId>& parts) {
        std::vector<base::PartId> ids;
        std::string name;
        for (const std::string& one : text::split_list(group, '+')) {
            const auto found = parts.find(text::slug(one));
            if (found == parts.end()) {
                line_.fault("unknown_part", "ensembles", one);
                return;
            }
            if (std::ranges::find(ids, found->second) == ids.end()) ids.push_back(found->second);
            name += (name.empty() ? "" : " et ") + one;
        }
        if (ids.size() < 2 || ids.size() >= parts.size()) {
            line_.fault("unknown_part", "ensembles", group);
            return;
        }
        add_offer(space, terms.common, name, std::move(ids), terms.group);
    }

    text::SheetLine& line_;
    const Vocabulary& words_;
    std::string uai_;
    std::string code_;
};

}  // namespace

std::span<const text::SheetColumn> room_columns() {
    static constexpr std::array<text::SheetColumn, 5> kColumns{{{"uai", true},
                                                                {"salle", true},
                                                                {"type", true},
                                                                {"places_assises", true},
                                                                {"places_debout", true}}};
    return kColumns;
}

Read<Space> read_rooms(const text::Sheet& sheet, const Establishments& establishments,
                       const Vocabulary& words) {
    Read<Space> out;
    out.faults = sheet.faults();
    std::map<base::SpaceId, std::size_t> lines;
    std::set<std::string> slugs;
    for (const text::CsvRow& row : sheet.rows()) {
        text::SheetLine line(sheet, row);
        const std::string uai = line.required("uai");
        const auto at = establishments.find(uai);
        Space space;
        if (at != establishments.end()) {
            RoomReader(line, words).read(at->second, space);
            const auto [known, first] = lines.emplace(space.id, line.number());
            if (!first) line.fault("twice", "code", std::to_string(known->second));
        } else if (!uai.empty()) {
            line.fault("unknown_uai", "uai", uai);
        }
        if (!line.sound()) {
            std::ranges::move(line.faults(), std::back_inserter(out.faults));
            continue;
        }
        if (!slugs.insert(space.slug).second) {
            space.slug += "-" + text::slug(line.text("code"));
            slugs.insert(space.slug);
        }
        out.records.push_back({line.number(), std::move(space)});
    }
    return out;
}

}  // namespace preau::inventory::moving_in
