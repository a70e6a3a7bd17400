// preau-bench-rate: bookings a second of the running booking service, over HTTP at its own port.
// Signs its own people's tokens with the accounts key of the stack (so it is for test stacks only).
// Prints
// {"clients":n,"per_second":x,"refused":y,"p50_ms":…,"p99_ms":…}.
//
//   preau-bench-rate STACK_DIR CLIENTS SECONDS ORGANISATIONS_FILE OFFERS_FILE TERMS_VERSION
//   FIRST_DATE
//
// The files hold one id a line. Each client asks for random evening slots of random offers.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "shared/base/id.hpp"
#include "shared/net/client.hpp"
#include "shared/security/token.hpp"
#include "shared/time/civil.hpp"

namespace {

using namespace preau;

std::vector<std::string> lines_of(const std::string& file) {
    std::vector<std::string> out;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        if (!line.empty()) out.push_back(line);
    }
    return out;
}

std::string text_of(const std::string& file) {
    std::ifstream in(file);
    std::string text;
    in >> text;
    return text;
}

struct Work {
    std::string url;
    security::Signer signer;
    std::vector<std::string> organisations;
    std::vector<std::string> offers;
    std::string terms;
    time::Date first_date;
};

struct Outcome {
    long done = 0;
    long refused = 0;
    std::vector<double> ms;
};

security::Identity member_of(const std::string& organisation) {
    security::Identity identity;
    identity.kind = security::ActorKind::person;
    identity.actor = base::seeded_ulid(1, organisation);
    identity.memberships.push_back(
        {base::OrganisationId::trusted(organisation), security::MemberRole::president});
    return identity;
}

Outcome run_client(const Work& work, unsigned client, const std::atomic<bool>& stop) {
    Outcome outcome;
    std::mt19937_64 random(client + 1);
    const net::Client http;
    while (!stop) {
        const auto& organisation = work.organisations[random() % work.organisations.size()];
        const time::Date day = work.first_date + static_cast<std::int32_t>(random() % 360);
        const auto hour = 18 + static_cast<int>(random() % 2) * 2;
        const nlohmann::json body = {{"organisation_id", organisation},
                                     {"offer_id", work.offers[random() % work.offers.size()]},
                                     {"when",
                                      {{"kind", "single"},
                                       {"date", day.iso()},
                                       {"start_time", time::format_minute(hour * 60)},
                                       {"end_time", time::format_minute(hour * 60 + 120)}}},
                                     {"purpose", "Mesure"},
                                     {"headcount", 5},
                                     {"terms_version", work.terms},
                                     {"terms_accepted", true},
                                     {"on_conflict", "fail"}};
        net::ClientRequest request;
        request.method = net::Method::post;
        request.url = work.url + "/v1/bookings";
        request.body = body.dump();
        request.headers = {
            {"Authorization", "Bearer " + work.signer.sign(member_of(organisation), {"booking"},
                                                           base::MachineClock{}.now())},
            {"Idempotency-Key", base::new_ulid()}};
        const auto sent = std::chrono::steady_clock::now();
        const auto answer = http.send(request);
        const std::chrono::duration<double, std::milli> took =
            std::chrono::steady_clock::now() - sent;
        const bool booked = answer && answer->status == 201;
        ++(booked ? outcome.done : outcome.refused);
        if (booked) outcome.ms.push_back(took.count());
    }
    return outcome;
}

double percentile(const std::vector<double>& sorted, double share) {
    if (sorted.empty()) return 0;
    return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 8) return 2;
    const std::string stack = argv[1];
    const auto clients = static_cast<unsigned>(std::atoi(argv[2]));
    std::ifstream run_file(stack + "/run.json");
    const auto run = nlohmann::json::parse(run_file);
    const auto first = time::Date::parse(argv[7]);
    if (!first) return 2;
    const Work work{run["services"]["booking"]["url"].get<std::string>(),
                    security::Signer("accounts", text_of(stack + "/keys/accounts.key")),
                    lines_of(argv[4]),
                    lines_of(argv[5]),
                    argv[6],
                    *first};

    std::atomic<bool> stop{false};
    std::vector<Outcome> outcomes(clients);
    std::vector<std::thread> threads;
    const auto start = std::chrono::steady_clock::now();
    for (unsigned client = 0; client < clients; ++client) {
        threads.emplace_back([&, client] { outcomes[client] = run_client(work, client, stop); });
    }
    std::this_thread::sleep_for(std::chrono::seconds(std::atoi(argv[3])));
    stop = true;
    for (auto& thread : threads)
        thread.join();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;

    Outcome sum;
    for (const auto& outcome : outcomes) {
        sum.done += outcome.done;
        sum.refused += outcome.refused;
        sum.ms.insert(sum.ms.end(), outcome.ms.begin(), outcome.ms.end());
    }
    std::sort(sum.ms.begin(), sum.ms.end());
    std::printf(
        "{\"clients\":%u,\"per_second\":%.1f,\"refused\":%ld,\"p50_ms\":%.2f,\"p99_ms\":%.2f}\n",
        clients, static_cast<double>(sum.done) / took.count(), sum.refused, percentile(sum.ms, 0.5),
        percentile(sum.ms, 0.99));
    return 0;
}
