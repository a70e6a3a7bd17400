#pragma once
// One transaction as the rules of a service see it: work on a Tx, kept whole or not at all. The
// domain names its Tx; the store runs it.

#include <expected>
#include <functional>
#include <optional>
#include <utility>

#include "shared/base/result.hpp"

namespace preau::base {

/// The work may run several times (deadlock, busy) and therefore has no effect outside its Tx.
template <class Tx>
class UnitOfWork {
public:
    virtual ~UnitOfWork() = default;

    /// Runs `work(Tx&)`, which gives an expected whose error can be made of a base::Error; a result
    /// without value rolls back.
    template <class Work>
    auto transact(Work&& work) -> decltype(work(std::declval<Tx&>())) {
        return run(&UnitOfWork::run_write, std::forward<Work>(work));
    }
    /// As transact, in one consistent read-only transaction.
    template <class Work>
    auto read(Work&& work) -> decltype(work(std::declval<Tx&>())) {
        return run(&UnitOfWork::run_read, std::forward<Work>(work));
    }

protected:
    /// False: undo. The error is that of the database, none when the step itself wanted to be
    /// undone.
    using Step = std::function<bool(Tx&)>;
    virtual std::optional<Error> run_write(const Step& step) = 0;
    virtual std::optional<Error> run_read(const Step& step) = 0;

private:
    template <class Work>
    auto run(std::optional<Error> (UnitOfWork::*mode)(const Step&), Work&& work)
        -> decltype(work(std::declval<Tx&>())) {
        using R = decltype(work(std::declval<Tx&>()));
        R out = std::unexpected(Error{"internal", "no answer", {}});
        const auto failed = (this->*mode)([&](Tx& tx) {
            out = work(tx);
            return out.has_value();
        });
        if (failed) return std::unexpected(*failed);
        return out;
    }
};

}  // namespace preau::base
