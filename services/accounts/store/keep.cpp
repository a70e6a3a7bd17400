// Keeping records: insert, or change under the version that was read, with the fact in the same
// transaction.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "services/accounts/store/facts.hpp"
#include "services/accounts/store/nullable.hpp"
#include "services/accounts/store/rows.hpp"
#include "services/accounts/store/sql_store.hpp"
#include "shared/events/outbox.hpp"

namespace preau::accounts {
namespace {

// What keep() does for every kind of record. `found` holds the stored record, if any; `write`
// inserts (first version) or updates where the version is still that of `stored`, and gives the
// rows changed.
enum class Kept { unchanged, written };

template <class Record, class Write>
base::Result<Kept> keep_record(const std::vector<Record>& found, Record& record, Write&& write) {
    record.version = found.empty() ? 0 : found.front().version;
    if (!found.empty() && record == found.front()) return Kept::unchanged;
    ++record.version;
    if (write(found.empty()) != 1) return base::fail("stale_version");
    return Kept::written;
}

long long run(soci::statement statement) {
    statement.execute(true);
    return statement.get_affected_rows();
}

long long flag(bool value) {
    return value ? 1 : 0;
}

std::string where_person(const base::PersonId& person) {
    return "WHERE active = 1 AND person_id = " + quoted_id(person.str());
}

// A person with more would need an identity token that no request can carry.
bool too_many_memberships(db::Session& session, const Membership& it) {
    const auto held = read_memberships(session, where_person(it.person));
    const auto others =
        std::ranges::count_if(held, [&](const Membership& m) { return m.id != it.id; });
    return it.active && static_cast<std::size_t>(others) >= memberships_per_person_max;
}

bool too_many_posts(db::Session& session, const StaffPost& it) {
    std::size_t posts = 1;
    std::size_t establishments = it.establishments.size();
    for (const StaffPost& post : read_posts(session, where_person(it.person))) {
        if (post.id == it.id) continue;
        ++posts;
        establishments += post.establishments.size();
    }
    return it.active &&
           (posts > posts_per_person_max || establishments > establishments_per_person_max);
}

std::string where_id(const char* column, const std::string& id) {
    return std::string("WHERE ") + column + " = " + quoted_id(id);
}

}  // namespace

base::Result<void> SqlStore::keep(const Body& given) {
    return database_.transact([&](db::Session& session) -> base::Result<void> {
        Body body = given;
        soci::session& sql = session.sql();
        const std::string texts = nlohmann::json(body.texts).dump();
        const long long demonstration = flag(body.demonstration);
        const std::string id = body.id.str();
        const auto stored = read_bodies(session, where_id("body_id", id));
        const auto kept = keep_record(stored, body, [&](bool first) {
            const long long version = body.version;
            const long long old = version - 1;
            if (first) {
                return run((sql.prepare << "INSERT INTO body (body_id, slug, name, contact_email, "
                                           "contact_phone, contact_hours, texts, demonstration, "
                                           "version) VALUES (:id, :slug, :name, :email, :phone, "
                                           ":hours, :texts, :demo, :version)",
                            soci::use(id), soci::use(body.slug), soci::use(body.name),
                            soci::use(body.contact_email), soci::use(body.contact_phone),
                            soci::use(body.contact_hours), soci::use(texts),
                            soci::use(demonstration), soci::use(version)));
            }
            return run((sql.prepare << "UPDATE body SET slug = :slug, name = :name, "
                                       "contact_email = :email, contact_phone = :phone, "
                                       "contact_hours = :hours, texts = :texts, "
                                       "demonstration = :demo, version = :version "
                                       "WHERE body_id = :id AND version = :old",
                        soci::use(body.slug), soci::use(body.name), soci::use(body.contact_email),
                        soci::use(body.contact_phone), soci::use(body.contact_hours),
                        soci::use(texts), soci::use(demonstration), soci::use(version),
                        soci::use(id), soci::use(old)));
        });
        if (!kept) return std::unexpected(kept.error());
        return {};
    });
}

base::Result<void> SqlStore::keep(const Person& given) {
    return database_.transact([&](db::Session& session) -> base::Result<void> {
        Person person = given;
        soci::session& sql = session.sql();
        Nullable email(person.email);
        const long long active = flag(person.active);
        const long long demonstration = flag(person.demonstration);
        const std::string id = person.id.str();
        const auto stored = read_people(session, where_id("person_id", id));
        const auto kept = keep_record(stored, person, [&](bool first) {
            const long long version = person.version;
            const long long old = version - 1;
            if (first) {
                return run((sql.prepare << "INSERT INTO person (person_id, name, email, language, "
                                           "active, demonstration, version) VALUES (:id, :name, "
                                           ":email, :language, :active, :demo, :version)",
                            soci::use(id), soci::use(person.name), email.use(),
                            soci::use(person.language), soci::use(active), soci::use(demonstration),
                            soci::use(version)));
            }
            return run((sql.prepare << "UPDATE person SET name = :name, email = :email, "
                                       "language = :language, active = :active, "
                                       "demonstration = :demo, version = :version "
                                       "WHERE person_id = :id AND version = :old",
                        soci::use(person.name), email.use(), soci::use(person.language),
                        soci::use(active), soci::use(demonstration), soci::use(version),
                        soci::use(id), soci::use(old)));
        });
        if (!kept) return std::unexpected(kept.error());
        return {};
    });
}

base::Result<void> SqlStore::keep(const Organisation& given) {
    if (const auto good = check(given); !good) return good;
    return database_.transact([&](db::Session& session) -> base::Result<void> {
        Organisation it = given;
        soci::session& sql = session.sql();
        Nullable rna(it.rna), siren(it.siren), siret(it.siret), court(it.court_register);
        const std::string kind(to_string(it.kind));
        const long long demonstration = flag(it.demonstration);
        const std::string id = it.id.str();
        const auto stored = read_organisations(session, where_id("organisation_id", id));
        const auto kept = keep_record(stored, it, [&](bool first) {
            const long long version = it.version;
            const long long old = version - 1;
            if (first) return insert_row(session, it);
            return run((sql.prepare << "UPDATE organisation SET kind = :kind, name = :name, "
                                       "rna = :rna, siren = :siren, siret = :siret, "
                                       "court_register = :court, demonstration = :demo, "
                                       "version = :version "
                                       "WHERE organisation_id = :id AND version = :old",
                        soci::use(kind), soci::use(it.name), rna.use(), siren.use(), siret.use(),
                        court.use(), soci::use(demonstration), soci::use(version), soci::use(id),
                        soci::use(old)));
        });
        if (!kept) return std::unexpected(kept.error());
        return {};
    });
}

base::Result<void> SqlStore::keep(const Affiliation& given, base::Instant now) {
    if (const auto good = check(given); !good) return good;
    auto done = database_.transact([&](db::Session& session) -> base::Result<void> {
        Affiliation it = given;
        soci::session& sql = session.sql();
        const std::string id = it.id.str();
        const std::string category(1, it.category);
        const std::string status(to_string(it.status));
        const auto stored = read_affiliations(session, where_id("affiliation_id", id));
        const auto kept = keep_record(stored, it, [&](bool first) {
            const long long version = it.version;
            const long long old = version - 1;
            if (first) return insert_row(session, it);
            return run((sql.prepare << "UPDATE affiliation SET category = :category, "
                                       "category_ground = :ground, status = :status, "
                                       "contract_signed_on = :contract, "
                                       "insurance_valid_until = :insurance, version = :version "
                                       "WHERE affiliation_id = :id AND version = :old",
                        soci::use(category), soci::use(it.category_ground), soci::use(status),
                        soci::use(it.contract_signed_on), soci::use(it.insurance_valid_until),
                        soci::use(version), soci::use(id), soci::use(old)));
        });
        if (!kept) return std::unexpected(kept.error());
        if (*kept == Kept::written) events::append(session, fact(it, now));
        return {};
    });
    if (done) published_();
    return done;
}

base::Result<void> SqlStore::keep(const Membership& given, base::Instant now) {
    auto done = database_.transact([&](db::Session& session) -> base::Result<void> {
        Membership it = given;
        soci::session& sql = session.sql();
        const std::string id = it.id.str();
        const std::string role(to_string(it.role));
        const long long active = flag(it.active);
        if (too_many_memberships(session, it)) return base::fail("quota_exceeded");
        const auto stored = read_memberships(session, where_id("membership_id", id));
        const auto kept = keep_record(stored, it, [&](bool first) {
            const long long version = it.version;
            const long long old = version - 1;
            if (first) {
                return run((sql.prepare << "INSERT INTO membership (membership_id, person_id, "
                                           "organisation_id, role, active, version) VALUES (:id, "
                                           ":person, :organisation, :role, :active, :version)",
                            soci::use(id), soci::use(it.person.str()),
                            soci::use(it.organisation.str()), soci::use(role), soci::use(active),
                            soci::use(version)));
            }
            return run((sql.prepare << "UPDATE membership SET role = :role, active = :active, "
                                       "version = :version "
                                       "WHERE membership_id = :id AND version = :old",
                        soci::use(role), soci::use(active), soci::use(version), soci::use(id),
                        soci::use(old)));
        });
        if (!kept) return std::unexpected(kept.error());
        if (*kept == Kept::written) events::append(session, fact(it, now));
        return {};
    });
    if (done) published_();
    return done;
}

base::Result<void> SqlStore::keep(const StaffPost& given, base::Instant now) {
    auto done = database_.transact([&](db::Session& session) -> base::Result<void> {
        StaffPost it = given;
        soci::session& sql = session.sql();
        const std::string id = it.id.str();
        const std::string role(to_string(it.role));
        const long long active = flag(it.active);
        if (too_many_posts(session, it)) return base::fail("quota_exceeded");
        const auto stored = read_posts(session, where_id("post_id", id));
        const auto kept = keep_record(stored, it, [&](bool first) {
            const long long version = it.version;
            const long long old = version - 1;
            if (first) {
                return run((sql.prepare << "INSERT INTO staff_post (post_id, person_id, body_id, "
                                           "role, active, version) VALUES (:id, :person, :body, "
                                           ":role, :active, :version)",
                            soci::use(id), soci::use(it.person.str()), soci::use(it.body.str()),
                            soci::use(role), soci::use(active), soci::use(version)));
            }
            return run((sql.prepare << "UPDATE staff_post SET role = :role, active = :active, "
                                       "version = :version WHERE post_id = :id AND version = :old",
                        soci::use(role), soci::use(active), soci::use(version), soci::use(id),
                        soci::use(old)));
        });
        if (!kept) return std::unexpected(kept.error());
        if (*kept == Kept::unchanged) return {};
        sql << "DELETE FROM staff_post_establishment WHERE post_id = :id", soci::use(id);
        for (const auto& establishment : it.establishments) {
            sql << "INSERT INTO staff_post_establishment (post_id, establishment_id) "
                   "VALUES (:post, :establishment)",
                soci::use(id), soci::use(establishment.str());
        }
        events::append(session, fact(it, now));
        return {};
    });
    if (done) published_();
    return done;
}

}  // namespace preau::accounts
