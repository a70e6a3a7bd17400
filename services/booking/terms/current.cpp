#include "services/booking/terms/current.hpp"

#include "preau_booking_terms.hpp"
#include "shared/security/digest.hpp"

namespace preau::booking {

Terms current_terms() {
    Terms out;
    out.version = generated::terms_version;
    out.text = generated::terms_text;
    out.hash = security::sha256_hex(out.text);
    // "# Title" is the first line.
    const auto end = out.text.find('\n');
    out.title = out.text.substr(2, end - 2);
    return out;
}

}  // namespace preau::booking
