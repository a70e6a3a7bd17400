#include "services/accounts/jobs/demo.hpp"

#include <map>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "services/accounts/jobs/demo_world.hpp"
#include "services/accounts/jobs/private_file.hpp"
#include "shared/json/parse.hpp"
#include "shared/security/digest.hpp"
#include "shared/time/zone.hpp"

namespace preau::accounts {
namespace {

using nlohmann::json;

// Letters that are not mistaken for one another when read from a screen and typed.
constexpr std::string_view kLetters = "abcdefghjkmnpqrstuvwxyz23456789!";
static_assert(kLetters.size() == 32);

// "xxxx-xxxx-xxxx": 60 random bits.
std::string new_password() {
    const std::string random = security::from_base64url(security::random_token(12));
    std::string password;
    for (std::size_t i = 0; i < random.size(); ++i) {
        if (i > 0 && i % 4 == 0) password += '-';
        password += kLetters[static_cast<unsigned char>(random[i]) % kLetters.size()];
    }
    return password;
}

// The passwords that the file holds, by role.
std::map<std::string, std::string> known_passwords(const std::string& path) {
    std::map<std::string, std::string> passwords;
    const auto text = read_file(path);
    const auto list = text ? preau::json::parse(*text) : base::fail("not_found");
    if (!list || !list->is_array()) return passwords;
    for (const json& entry : *list) {
        if (!entry.is_object()) continue;
        const auto role = entry.find("role");
        const auto password = entry.find("password");
        if (role != entry.end() && role->is_string() && password != entry.end() &&
            password->is_string()) {
            passwords[role->get<std::string>()] = password->get<std::string>();
        }
    }
    return passwords;
}

template <class Records, class... Now>
base::Result<void> keep_all(Store& store, const Records& records, Now... now) {
    for (const auto& record : records) {
        if (const auto kept = store.keep(record, now...); !kept) return kept;
    }
    return {};
}

base::Result<void> keep_world(Store& store, const DemoWorld& world, base::Instant now) {
    if (const auto kept = store.keep(world.body); !kept) return kept;
    if (const auto kept = keep_all(store, world.organisations); !kept) return kept;
    if (const auto kept = keep_all(store, world.people); !kept) return kept;
    if (const auto kept = keep_all(store, world.affiliations, now); !kept) return kept;
    if (const auto kept = keep_all(store, world.memberships, now); !kept) return kept;
    return keep_all(store, world.posts, now);
}

const Person& person_of(const DemoWorld& world, const base::PersonId& id) {
    for (const Person& person : world.people) {
        if (person.id == id) return person;
    }
    std::abort();  // demo_world() lists whom it seats
}

base::Result<void> ensure_password(Store& store, const Person& person, const std::string& password,
                                   base::Instant machine_now) {
    const auto credential = store.credential(person.email);
    if (!credential) return std::unexpected(credential.error());
    const bool same =
        *credential && security::check_password(password, (*credential)->password_hash);
    if (same) return {};
    return store.set_password(person.id, security::hash_password(password), machine_now);
}

json or_null(const std::string& text) {
    return text.empty() ? json() : json(text);
}

}  // namespace

base::Result<DemoResult> load_demo(Store& store, std::uint32_t seed, const std::string& data_dir,
                                   base::Instant business_now, base::Instant machine_now) {
    const time::Date today = time::Zone::paris().local(business_now).date;
    const DemoWorld world = demo_world(seed, today);
    if (const auto kept = keep_world(store, world, business_now); !kept) {
        return std::unexpected(kept.error());
    }
    // The file first: interrupted in between, the next run gives the accounts the file's passwords.
    const std::string path = data_dir + "/demo-accounts.json";
    auto passwords = known_passwords(path);
    json list = json::array();
    for (const DemoAccount& account : world.accounts) {
        std::string& password = passwords[account.role];
        if (password.empty()) password = new_password();
        const Person& person = person_of(world, account.person);
        list.push_back({{"role", account.role},
                        {"label", account.label},
                        {"name", person.name},
                        {"email", person.email},
                        {"password", password},
                        {"organisation", or_null(account.organisation)},
                        {"establishment", or_null(account.establishment)}});
    }
    if (const auto written = write_private_file(path, list.dump(2) + "\n"); !written) {
        return std::unexpected(written.error());
    }
    for (const DemoAccount& account : world.accounts) {
        const auto done = ensure_password(store, person_of(world, account.person),
                                          passwords[account.role], machine_now);
        if (!done) return std::unexpected(done.error());
    }
    return DemoResult{world.organisations.size(), world.people.size(), world.accounts.size(), path};
}

}  // namespace preau::accounts
