// preau-bench-rate: bookings a second of the running booking service, over HTTP at its own port.
// Signs its own people's tokens with the accounts key of the stack (so it is for test stacks only).
// Prints
// {"clients":n,"per_second":x,"asked":z,"refused":{"code":y,…},"p50_ms":…,"p99_ms":…,"p99_any_ms":…}:
// rate, p50 and p99 of the bookings made, p99_any_ms of all answers.
//
//   preau-bench-rate STACK_DIR CLIENTS SECONDS ORGANISATIONS_FILE WISHES_FILE TERMS_VERSION
//
// One organisation's id a line; one wish a line, in JSON: {"offer_id":…,"when":{…}}. The clients
// take the wishes in order, each once; the run ends with them or with its seconds.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <expected>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "shared/base/id.hpp"
#include "shared/net/client.hpp"
#include "shared/security/token.hpp"

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
    std::vector<std::string> wishes;
    std::string terms;
};

struct Outcome {
    std::map<std::string, long> refused;  // by the problem's code
    std::vector<double> ms;               // of those that were made
    std::vector<double> any_ms;           // of all
};

security::Identity member_of(const std::string& organisation) {
    security::Identity identity;
    identity.kind = security::ActorKind::person;
    identity.actor = base::seeded_ulid(1, organisation);
    identity.memberships.push_back(
        {base::OrganisationId::trusted(organisation), security::MemberRole::president});
    return identity;
}

std::string body_of(const std::string& wish, const std::string& organisation,
                    const std::string& terms) {
    auto body = nlohmann::json::parse(wish);
    body.update({{"organisation_id", organisation},
                 {"purpose", "Mesure"},
                 {"headcount", 5},
                 {"terms_version", terms},
                 {"terms_accepted", true},
                 {"on_conflict", "fail"}});
    return body.dump();
}

/// What the answer is counted as: empty when a booking was made.
std::string refusal_of(const std::expected<net::ClientResponse, net::ClientError>& answer) {
    if (!answer) return "unreachable";
    if (answer->status == 201) return "";
    const auto problem = nlohmann::json::parse(answer->body, nullptr, false);
    return problem.is_object() ? problem.value("code", "unknown") : "unknown";
}

Outcome run_client(const Work& work, std::atomic<std::size_t>& next,
                   const std::atomic<bool>& stop) {
    Outcome outcome;
    const net::Client http;
    while (!stop) {
        const std::size_t mine = next++;
        if (mine >= work.wishes.size()) break;
        const auto& organisation = work.organisations[mine % work.organisations.size()];
        net::ClientRequest request;
        request.method = net::Method::post;
        request.url = work.url + "/v1/bookings";
        request.body = body_of(work.wishes[mine], organisation, work.terms);
        request.headers = {
            {"Authorization", "Bearer " + work.signer.sign(member_of(organisation), {"booking"},
                                                           base::MachineClock{}.now())},
            {"Idempotency-Key", base::new_ulid()}};
        const auto sent = std::chrono::steady_clock::now();
        const auto answer = http.send(request);
        const std::chrono::duration<double, std::milli> took =
            std::chrono::steady_clock::now() - sent;
        outcome.any_ms.push_back(took.count());
        if (const std::string code = refusal_of(answer); code.empty())
            outcome.ms.push_back(took.count());
        else
            ++outcome.refused[code];
    }
    return outcome;
}

double percentile(const std::vector<double>& sorted, double share) {
    if (sorted.empty()) return 0;
    return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 7) return 2;
    const std::string stack = argv[1];
    const auto clients = static_cast<unsigned>(std::atoi(argv[2]));
    std::ifstream run_file(stack + "/run.json");
    const auto run = nlohmann::json::parse(run_file);
    const Work work{run["services"]["booking"]["url"].get<std::string>(),
                    security::Signer("accounts", text_of(stack + "/keys/accounts.key")),
                    lines_of(argv[4]), lines_of(argv[5]), argv[6]};

    std::atomic<bool> stop{false};
    std::atomic<std::size_t> next{0};
    std::vector<Outcome> outcomes(clients);
    std::vector<std::thread> threads;
    const auto start = std::chrono::steady_clock::now();
    for (unsigned client = 0; client < clients; ++client) {
        threads.emplace_back([&, client] { outcomes[client] = run_client(work, next, stop); });
    }
    const auto end = start + std::chrono::seconds(std::atoi(argv[3]));
    while (std::chrono::steady_clock::now() < end && next < work.wishes.size())
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    stop = true;
    for (auto& thread : threads)
        thread.join();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    Outcome sum;
    for (const auto& outcome : outcomes) {
        for (const auto& [code, count] : outcome.refused)
            sum.refused[code] += count;
        sum.ms.insert(sum.ms.end(), outcome.ms.begin(), outcome.ms.end());
        sum.any_ms.insert(sum.any_ms.end(), outcome.any_ms.begin(), outcome.any_ms.end());
    }
    std::ranges::sort(sum.ms);
    std::ranges::sort(sum.any_ms);
    std::puts(nlohmann::json({{"clients", clients},
                              {"per_second", static_cast<double>(sum.ms.size()) / took.count()},
                              {"asked", sum.any_ms.size()},
                              {"refused", sum.refused},
                              {"p50_ms", percentile(sum.ms, 0.5)},
                              {"p99_ms", percentile(sum.ms, 0.99)},
                              {"p99_any_ms", percentile(sum.any_ms, 0.99)}})
                  .dump()
                  .c_str());
    return 0;
}
