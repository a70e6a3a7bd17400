// Bank statements: import, lines, matching.

#include "services/payment/http/access.hpp"
#include "services/payment/http/render.hpp"

namespace preau::payment::http {

void add_bank_routes(net::Router&, const Api&) {}

}  // namespace preau::payment::http
