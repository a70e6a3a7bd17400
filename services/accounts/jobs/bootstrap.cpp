#include "services/accounts/jobs/bootstrap.hpp"

#include <algorithm>

#include "shared/base/demo_ids.hpp"
#include "shared/security/digest.hpp"

namespace preau::accounts {
namespace {

constexpr std::size_t kSlugLengthMax = 64;

bool is_slug(const std::string& text) {
    return !text.empty() && text.size() <= kSlugLengthMax && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

base::Result<Body> body_for(Store& store, const FirstAdministrator& first) {
    const auto found = store.body(first.body_slug);
    if (!found) return std::unexpected(found.error());
    if (*found) return **found;
    Body body;
    body.id = base::demo::body_id(first.body_slug);  // as inventory's imports name it
    body.slug = first.body_slug;
    body.name = first.body_name;
    if (const auto kept = store.keep(body); !kept) return std::unexpected(kept.error());
    return body;
}

base::Result<base::PersonId> person_for(Store& store, const FirstAdministrator& first,
                                        const std::string& email) {
    const auto found = store.credential(email);
    if (!found) return std::unexpected(found.error());
    if (*found) return (*found)->person.id;
    Person person;
    person.id = base::PersonId::make();
    person.name = first.person_name;
    person.email = email;
    if (const auto kept = store.keep(person); !kept) return std::unexpected(kept.error());
    return person.id;
}

base::Result<void> give_post(Store& store, const base::PersonId& person, const base::BodyId& body,
                             base::Instant now) {
    const auto profile = store.profile(person);
    if (!profile) return std::unexpected(profile.error());
    if (*profile) {
        for (const auto& held : (*profile)->posts) {
            if (held.post.body == body && held.post.role == StaffRole::admin) return {};
        }
    }
    StaffPost post;
    post.id = PostId::make();
    post.person = person;
    post.body = body;
    post.role = StaffRole::admin;
    return store.keep(post, now);
}

}  // namespace

base::Result<std::string> bootstrap(Store& store, const FirstAdministrator& first,
                                    base::Instant business_now, base::Instant machine_now) {
    base::Error faults{"invalid", {}, {}};
    const auto email = normalised_email(first.email);
    if (!is_slug(first.body_slug)) faults.fields.push_back({"/body", "format", "a-z, 0-9, -"});
    if (first.body_name.empty()) faults.fields.push_back({"/body-name", "required", {}});
    if (first.person_name.empty()) faults.fields.push_back({"/name", "required", {}});
    if (!email) faults.fields.push_back({"/email", "format", {}});
    if (!faults.fields.empty()) return std::unexpected(faults);

    const auto body = body_for(store, first);
    if (!body) return std::unexpected(body.error());
    const auto person = person_for(store, first, *email);
    if (!person) return std::unexpected(person.error());
    if (const auto given = give_post(store, *person, body->id, business_now); !given) {
        return std::unexpected(given.error());
    }
    std::string token = security::random_token();
    const auto offered = store.offer_password_token(*person, security::sha256_hex(token),
                                                    machine_now + password_token_life_s);
    if (!offered) return std::unexpected(offered.error());
    return token;
}

}  // namespace preau::accounts
