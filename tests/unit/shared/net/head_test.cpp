#include "shared/net/head.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace preau::net {
namespace {

const std::string kHost = "Host: localhost\r\n";

// A whole head around what the case is about.
std::string get(const std::string& fields, const std::string& version = "1.1") {
    return "GET / HTTP/" + version + "\r\n" + fields + "\r\n";
}

std::string many_fields(int count) {
    std::string out = kHost;
    for (int i = 1; i < count; ++i)
        out += "X-" + std::to_string(i) + ": a\r\n";
    return out;
}

struct Probe {
    std::string name;
    std::string head;
    std::string code;  // empty: accepted
};

// What a server in front of us may let through; each line is a way in which two programs have been
// seen to read one request differently, or a bound of ours.
std::vector<Probe> probes() {
    const std::string nul(1, '\0');
    return {
        {"plain", get(kHost), ""},
        {"http_1_0", get(kHost, "1.0"), ""},
        {"host_with_port", get("Host: localhost:8080\r\n"), ""},
        {"host_ipv6", get("Host: [::1]:8080\r\n"), ""},
        {"host_case", get("HOST: LocalHost\r\n"), ""},
        {"no_space_after_colon", get("Host:localhost\r\n"), ""},
        {"padded_value", get("Host: \t localhost \t\r\n"), ""},
        {"empty_value", get(kHost + "X-Empty:\r\n"), ""},
        {"obs_text", get(kHost + "X-Name: caf\xC3\xA9\r\n"), ""},
        {"absolute_form", "GET http://localhost/a?b HTTP/1.1\r\n" + kHost + "\r\n", ""},
        {"chunked", get(kHost + "Transfer-Encoding: chunked\r\n"), ""},
        {"chunked_case", get(kHost + "transfer-encoding: CHUNKED\r\n"), ""},
        {"content_length", get(kHost + "Content-Length: 5\r\n"), ""},
        {"64_fields", get(many_fields(64)), ""},

        {"no_host", get(""), "bad_host"},
        {"no_host_http_1_0", get("", "1.0"), "bad_host"},
        {"two_hosts", get(kHost + kHost), "bad_host"},
        {"empty_host", get("Host:\r\n"), "bad_host"},
        {"host_with_space", get("Host: local host\r\n"), "bad_host"},
        {"host_list", get("Host: a, b\r\n"), "bad_host"},
        {"host_with_path", get("Host: a/b\r\n"), "bad_host"},
        {"host_with_user", get("Host: a@b\r\n"), "bad_host"},
        {"host_port_letters", get("Host: a:80x\r\n"), "bad_host"},
        {"host_port_empty", get("Host: a:\r\n"), "bad_host"},
        {"host_port_zero", get("Host: a:0\r\n"), "bad_host"},
        {"host_port_big", get("Host: a:65536\r\n"), "bad_host"},
        {"host_port_minus", get("Host: a:-1\r\n"), "bad_host"},
        {"host_two_dots", get("Host: a..b\r\n"), "bad_host"},
        {"host_open_bracket", get("Host: [::1\r\n"), "bad_host"},
        {"absolute_other_host", "GET http://other/ HTTP/1.1\r\n" + kHost + "\r\n", "bad_host"},

        {"folded", get(kHost + "X-A: b\r\n c\r\n"), "bad_request"},
        {"folded_tab", get(kHost + "X-A: b\r\n\tc\r\n"), "bad_request"},
        {"folded_first", get(" X: y\r\n" + kHost), "bad_request"},
        {"space_before_colon", get(kHost + "Content-Length : 5\r\n"), "bad_request"},
        {"tab_before_colon", get(kHost + "Content-Length\t: 5\r\n"), "bad_request"},
        {"no_colon", get(kHost + "Nonsense\r\n"), "bad_request"},
        {"empty_name", get(kHost + ": value\r\n"), "bad_request"},
        {"name_with_slash", get(kHost + "X/Y: z\r\n"), "bad_request"},
        {"name_not_ascii", get(kHost + "X-\xC3\xA9: z\r\n"), "bad_request"},
        {"nul_in_value", get(kHost + "X: a" + nul + "b\r\n"), "bad_request"},
        {"nul_in_name", get(kHost + "X" + nul + ": b\r\n"), "bad_request"},
        {"cr_in_value", get(kHost + "X: a\rb\r\n"), "bad_request"},
        {"escape_in_value", get(kHost + "X: a\x1b[31m\r\n"), "bad_request"},
        {"delete_in_value", get(kHost + "X: a\x7f\r\n"), "bad_request"},
        {"nul_in_target", "GET /a" + nul + " HTTP/1.1\r\n" + kHost + "\r\n", "bad_request"},
        {"cr_in_target", "GET /a\r HTTP/1.1\r\n" + kHost + "\r\n", "bad_request"},
        {"two_spaces", "GET  / HTTP/1.1\r\n" + kHost + "\r\n", "bad_request"},
        {"two_spaces_behind", "GET /  HTTP/1.1\r\n" + kHost + "\r\n", "bad_request"},
        {"space_in_target", "GET /a b HTTP/1.1\r\n" + kHost + "\r\n", "bad_request"},
        {"tab_for_space", "GET\t/\tHTTP/1.1\r\n" + kHost + "\r\n", "bad_request"},
        {"space_before_method", " GET / HTTP/1.1\r\n" + kHost + "\r\n", "bad_request"},
        {"raw_utf8_target", "GET /\xC3\xA9 HTTP/1.1\r\n" + kHost + "\r\n", "bad_request"},
        {"fragment", "GET /a#b HTTP/1.1\r\n" + kHost + "\r\n", "bad_request"},
        {"backslash", "GET /a\\b HTTP/1.1\r\n" + kHost + "\r\n", "bad_request"},
        {"no_target", "GET HTTP/1.1\r\n" + kHost + "\r\n", "bad_request"},
        {"no_slash", "GET a HTTP/1.1\r\n" + kHost + "\r\n", "bad_request"},
        {"asterisk", "OPTIONS * HTTP/1.1\r\n" + kHost + "\r\n", "bad_request"},
        {"authority_form", "CONNECT a:443 HTTP/1.1\r\n" + kHost + "\r\n", "bad_request"},
        {"https_scheme", "GET https://localhost/ HTTP/1.1\r\n" + kHost + "\r\n", "bad_request"},
        {"http_0_9", "GET /\r\n" + kHost + "\r\n", "bad_request"},
        {"method_not_token", "G{T / HTTP/1.1\r\n" + kHost + "\r\n", "bad_request"},
        {"method_long", std::string(17, 'A') + " / HTTP/1.1\r\n" + kHost + "\r\n", "bad_request"},
        {"version_lower_case", "GET / http/1.1\r\n" + kHost + "\r\n", "bad_request"},
        {"version_long", get(kHost, "1.10"), "bad_request"},
        {"version_short", "GET / HTTP/1\r\n" + kHost + "\r\n", "bad_request"},
        {"version_2", get(kHost, "2.0"), "version_not_supported"},
        {"version_1_2", get(kHost, "1.2"), "version_not_supported"},
        {"version_9", get(kHost, "9.9"), "version_not_supported"},

        {"te_other", get(kHost + "Transfer-Encoding: gzip\r\n"), "not_implemented"},
        {"te_xchunked", get(kHost + "Transfer-Encoding: xchunked\r\n"), "not_implemented"},
        {"te_list", get(kHost + "Transfer-Encoding: chunked, identity\r\n"), "not_implemented"},
        {"te_gzip_chunked", get(kHost + "Transfer-Encoding: gzip, chunked\r\n"), "not_implemented"},
        {"te_empty", get(kHost + "Transfer-Encoding:\r\n"), "not_implemented"},
        {"te_parameter", get(kHost + "Transfer-Encoding: chunked;a=b\r\n"), "not_implemented"},
        {"te_twice", get(kHost + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
         "bad_request"},
        {"te_on_1_0", get(kHost + "Transfer-Encoding: chunked\r\n", "1.0"), "bad_request"},
        {"te_and_cl", get(kHost + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
         "bad_request"},
        {"cl_and_te", get(kHost + "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"),
         "bad_request"},
        {"cl_twice", get(kHost + "Content-Length: 5\r\nContent-Length: 5\r\n"), "bad_request"},
        {"cl_list", get(kHost + "Content-Length: 5, 5\r\n"), "bad_request"},
        {"cl_plus", get(kHost + "Content-Length: +5\r\n"), "bad_request"},
        {"cl_minus", get(kHost + "Content-Length: -5\r\n"), "bad_request"},
        {"cl_hex", get(kHost + "Content-Length: 0x5\r\n"), "bad_request"},
        {"cl_blank_inside", get(kHost + "Content-Length: 1 0\r\n"), "bad_request"},
        {"cl_empty", get(kHost + "Content-Length:\r\n"), "bad_request"},
        {"cl_fraction", get(kHost + "Content-Length: 5.0\r\n"), "bad_request"},
        {"cl_overflow", get(kHost + "Content-Length: 18446744073709551616\r\n"), "bad_request"},
        {"65_fields", get(many_fields(65)), "headers_too_large"},
        {"long_target", "GET /" + std::string(2'048, 'a') + " HTTP/1.1\r\n" + kHost + "\r\n",
         "uri_too_long"},
        {"no_end", "GET / HTTP/1.1\r\n" + kHost, "bad_request"},
    };
}

class CheckHead : public testing::TestWithParam<Probe> {};

TEST_P(CheckHead, probe__is_answered_as_listed) {
    const auto head = check_head(GetParam().head, {});
    EXPECT_EQ(head ? "" : head.error().code, GetParam().code) << (head ? "" : head.error().detail);
}

INSTANTIATE_TEST_SUITE_P(Raw, CheckHead, testing::ValuesIn(probes()),
                         [](const auto& param) { return param.param.name; });

TEST(Head, check__takes_the_head_apart) {
    const auto head = check_head(
        "POST /a/b?c=d HTTP/1.1\r\nHost: example.org:81\r\nX-One:  1 \r\nContent-Length: 12\r\n"
        "Expect: 100-Continue\r\nConnection: foo, CLOSE\r\n\r\n",
        {});
    ASSERT_TRUE(head);
    EXPECT_EQ(head->method, "POST");
    EXPECT_EQ(head->target, "/a/b?c=d");
    EXPECT_EQ(head->host, "example.org:81");
    EXPECT_EQ(head->version_minor, 1);
    EXPECT_EQ(head->content_length, 12U);
    EXPECT_FALSE(head->chunked);
    EXPECT_TRUE(head->has_body());
    EXPECT_TRUE(head->expect_continue);
    EXPECT_FALSE(head->keep_alive);
    ASSERT_EQ(head->fields.size(), 5U);
    EXPECT_EQ(head->fields[1], (FieldView{"X-One", "1"}));
}

TEST(Head, check__keep_alive_follows_the_version) {
    EXPECT_TRUE(check_head(get(kHost), {})->keep_alive);
    EXPECT_FALSE(check_head(get(kHost, "1.0"), {})->keep_alive);
    EXPECT_TRUE(check_head(get(kHost + "Connection: keep-alive\r\n", "1.0"), {})->keep_alive);
    EXPECT_FALSE(check_head(get(kHost + "Connection: keep-alive, close\r\n"), {})->keep_alive);
}

TEST(Head, check__hosts_are_those_of_the_list) {
    const HeadLimits limits{.hosts_allowed = {"preau.example", "127.0.0.1:8080"}};
    const auto code = [&](const std::string& host) {
        const auto head = check_head(get("Host: " + host + "\r\n"), limits);
        return head ? "" : head.error().code;
    };
    EXPECT_EQ(code("preau.example"), "");
    EXPECT_EQ(code("PREAU.example:8443"), "");
    EXPECT_EQ(code("127.0.0.1:8080"), "");
    EXPECT_EQ(code("127.0.0.1:8081"), "bad_host");
    EXPECT_EQ(code("127.0.0.1"), "bad_host");
    EXPECT_EQ(code("evil.example"), "bad_host");
    EXPECT_EQ(code("preau.example.evil.example"), "bad_host");
}

TEST(Head, scan__finds_the_end_wherever_the_bytes_are_cut) {
    const std::string head = get(kHost + "X-A: b\r\n");
    const std::string bytes = head + "GET /next";
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        HeadScan scan = scan_head(bytes.substr(0, cut), 0, {});
        EXPECT_EQ(scan.length.has_value(), cut >= head.size()) << cut;
        EXPECT_FALSE(scan.error);
        if (!scan.length) scan = scan_head(bytes, scan.resume_at, {});
        EXPECT_EQ(scan.length, head.size()) << cut;
    }
}

TEST(Head, scan__refuses_bare_line_feeds_at_once) {
    EXPECT_EQ(scan_head("GET / HTTP/1.1\n", 0, {}).error->code, "bad_request");
    EXPECT_EQ(scan_head("GET / HTTP/1.1\r\nHost: a\n", 0, {}).error->code, "bad_request");
    EXPECT_EQ(scan_head("GET / HTTP/1.1\r\nHost: a\r\n\n", 0, {}).error->code, "bad_request");
    EXPECT_EQ(scan_head("\n", 0, {}).error->code, "bad_request");
    EXPECT_EQ(scan_head("\r\n", 0, {}).error->code, "bad_request");
}

TEST(Head, scan__refuses_an_endless_target_before_its_end) {
    const std::string start = "GET /";
    EXPECT_FALSE(scan_head(start + std::string(2'000, 'a'), 0, {}).error);
    EXPECT_EQ(scan_head(start + std::string(2'100, 'a'), 0, {}).error->code, "uri_too_long");
    EXPECT_EQ(scan_head(start + std::string(2'100, 'a') + " HTTP/1.1\r\n", 0, {}).error->code,
              "uri_too_long");
}

TEST(Head, scan__refuses_an_endless_head_before_its_end) {
    const std::string start = "GET / HTTP/1.1\r\nX: ";
    EXPECT_FALSE(scan_head(start + std::string(8'000, 'a'), 0, {}).error);
    EXPECT_EQ(scan_head(start + std::string(8'192, 'a'), 0, {}).error->code, "headers_too_large");
    EXPECT_EQ(scan_head(start + std::string(8'192, 'a') + "\r\n\r\n", 0, {}).error->code,
              "headers_too_large");
}

}  // namespace
}  // namespace preau::net
