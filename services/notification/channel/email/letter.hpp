#pragma once
// From a fact to a message that a person reads: words of the catalogue (mail.*), facts of the
// booking, one button, plain text first and the same as light HTML. In the reader's language.

#include <filesystem>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "services/notification/channel/email/mime.hpp"
#include "services/notification/domain/message.hpp"
#include "shared/base/result.hpp"
#include "shared/words/catalogue.hpp"
#include "shared/words/renderer.hpp"

namespace preau::notification::email {

struct Person {
    std::string id;
    std::string name;
    std::string address;
    words::Language language = words::Language::fr;
};

/// What is known when the message is written.
struct Situation {
    Message message;
    nlohmann::json facts;    // of the event
    nlohmann::json booking;  // booking's answer for this booking
    Person reader;
    std::string organisation_name;
    std::string contact;  // of the body: address, phone, hours; may be empty
};

struct House {
    std::string public_url;  // "https://preau.example", no slash at the end
    Address from;
    bool demonstration = false;
};

class Letters {
public:
    /// Templates of <home>/frontend/templates/mail, sentences of <home>/frontend/messages.
    static base::Result<Letters> load(const std::filesystem::path& home, House house);

    Mail write(const Situation& situation) const;

private:
    Letters(words::Renderer renderer, words::Catalogue fr, words::Catalogue en, House house);

    words::Renderer renderer_;
    std::map<words::Language, words::Catalogue> words_;
    House house_;
};

}  // namespace preau::notification::email
