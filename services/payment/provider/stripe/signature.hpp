#pragma once
// Stripe-Signature: t=…,v1=…[,v1=…][,v0=…], HMAC-SHA256 over "<t>.<raw body>" (payments.md §1.5).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace preau::payment::stripe {

inline constexpr std::int64_t signature_tolerance_s = 300;

enum class Verdict { good, malformed, wrong, too_old, in_the_future };
std::string_view to_string(Verdict verdict);

/// Any v1 made with any of the secrets will do; v0 counts for nothing. Unlike Stripe's own verifier
/// a timestamp from the future is refused too.
Verdict verify(std::string_view header, std::string_view body,
               const std::vector<std::string>& secrets, std::int64_t machine_now_s);

}  // namespace preau::payment::stripe
