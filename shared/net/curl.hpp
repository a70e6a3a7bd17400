#pragma once
// libcurl, loaded at the first call that needs it (TLS, SMTP). Private to shared/net.

#include <memory>
#include <new>
#include <string>

#include <curl/curl.h>

namespace preau::net {

/// The functions of libcurl that this folder calls.
struct Curl {
    decltype(&curl_easy_init) easy_init = nullptr;
    decltype(&curl_easy_cleanup) easy_cleanup = nullptr;
    decltype(&curl_easy_reset) easy_reset = nullptr;
    decltype(&curl_easy_setopt) easy_setopt = nullptr;
    decltype(&curl_easy_perform) easy_perform = nullptr;
    decltype(&curl_easy_getinfo) easy_getinfo = nullptr;
    decltype(&curl_easy_strerror) easy_strerror = nullptr;
    decltype(&curl_slist_append) slist_append = nullptr;
    decltype(&curl_slist_free_all) slist_free_all = nullptr;

    /// Loads and initialises it once. Throws std::runtime_error where it is not installed.
    static const Curl& loaded();
};

struct FreeCurlHandle {
    void operator()(CURL* handle) const { Curl::loaded().easy_cleanup(handle); }
};
/// A handle for one thread; connections, DNS cache and TLS sessions live in it. Throws
/// std::runtime_error.
std::unique_ptr<CURL, FreeCurlHandle> new_curl_handle();

class CurlList {
public:
    CurlList() = default;
    ~CurlList() {
        if (list_ != nullptr) Curl::loaded().slist_free_all(list_);
    }
    CurlList(const CurlList&) = delete;
    CurlList& operator=(const CurlList&) = delete;

    void add(const std::string& line) {
        curl_slist* longer = Curl::loaded().slist_append(list_, line.c_str());
        if (longer == nullptr) throw std::bad_alloc();
        list_ = longer;
    }
    curl_slist* get() const { return list_; }

private:
    curl_slist* list_ = nullptr;
};

}  // namespace preau::net
