#include "shared/security/digest.hpp"

#include <array>
#include <cstdlib>
#include <new>
#include <stdexcept>

#include <sodium.h>

namespace preau::security {
namespace {

constexpr unsigned long long kPasswordPasses = 2;
constexpr std::size_t kPasswordMemoryBytes = 19UL * 1024 * 1024;

// A well-formed hash with the parameters above that no password is known for: checking against it
// costs what checking against a stored one costs.
constexpr const char* kNobodysHash =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string hex(const unsigned char* data, std::size_t size) {
    std::string text(size * 2 + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), data, size);
    text.pop_back();
    return text;
}

}  // namespace

void initialise() {
    static const int ready = sodium_init();  // 0 first, 1 again, -1 never
    if (ready < 0) throw std::runtime_error("libsodium cannot start");
}

std::string sha256_hex(std::string_view data) {
    initialise();
    std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
    crypto_hash_sha256(digest.data(), bytes(data), data.size());
    return hex(digest.data(), digest.size());
}

std::string hmac_sha256_hex(std::string_view key, std::string_view data) {
    initialise();
    std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac{};
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, bytes(key), key.size());
    crypto_auth_hmacsha256_update(&state, bytes(data), data.size());
    crypto_auth_hmacsha256_final(&state, mac.data());
    sodium_memzero(&state, sizeof state);
    return hex(mac.data(), mac.size());
}

bool equal_constant_time(std::string_view a, std::string_view b) {
    initialise();
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string random_token(std::size_t size) {
    initialise();
    std::string raw(size, '\0');
    randombytes_buf(raw.data(), raw.size());
    std::string token = base64url(raw);
    sodium_memzero(raw.data(), raw.size());
    return token;
}

std::string base64url(std::string_view raw) {
    initialise();
    constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::string text(sodium_base64_ENCODED_LEN(raw.size(), kVariant), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes(raw), raw.size(), kVariant);
    text.pop_back();
    return text;
}

std::string from_base64url(std::string_view text) {
    initialise();
    if (text.empty()) return {};
    std::string raw(text.size() / 4 * 3 + 3, '\0');
    std::size_t size = 0;
    const char* end = nullptr;
    const int failed = sodium_base642bin(reinterpret_cast<unsigned char*>(raw.data()), raw.size(),
                                         text.data(), text.size(), nullptr, &size, &end,
                                         sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    if (failed != 0 || end != text.data() + text.size()) return {};
    raw.resize(size);
    return raw;
}

std::string hash_password(std::string_view password) {
    initialise();
    std::array<char, crypto_pwhash_STRBYTES> text{};
    const int failed =
        crypto_pwhash_str_alg(text.data(), password.data(), password.size(), kPasswordPasses,
                              kPasswordMemoryBytes, crypto_pwhash_ALG_ARGON2ID13);
    if (failed != 0) throw std::bad_alloc();  // the only way in which it fails
    return text.data();
}

bool check_password(std::string_view password, std::string_view hash) {
    initialise();
    const std::string stored(hash);
    // -1: not a hash of this family. An embedded NUL would cut the C string short.
    const bool well_formed =
        stored.size() < crypto_pwhash_STRBYTES && stored.find('\0') == std::string::npos &&
        crypto_pwhash_str_needs_rehash(stored.c_str(), kPasswordPasses, kPasswordMemoryBytes) >= 0;
    const char* against = well_formed ? stored.c_str() : kNobodysHash;
    const bool matches = crypto_pwhash_str_verify(against, password.data(), password.size()) == 0;
    return matches && well_formed;
}

}  // namespace preau::security
