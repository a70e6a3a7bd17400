#include "services/payment/jobs/demo.hpp"

namespace preau::payment::demo {

base::Result<Loaded> load(Store& store) {
    return store.transact([](Tx& tx) -> base::Result<Loaded> {
        Loaded out;
        for (const auto& one : tx.establishments()) {
            if (!one.account.empty()) {
                ++out.known;
                continue;
            }
            tx.set_account(one.id, "acct_demo_" + one.uai);
            ++out.registered;
        }
        return out;
    });
}

}  // namespace preau::payment::demo
