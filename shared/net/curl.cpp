#include "shared/net/curl.hpp"

#include <stdexcept>

#include "shared/exec/library.hpp"

namespace preau::net {
namespace {

Curl load() {
    const exec::Library library("libcurl.so.4");
    decltype(&curl_global_init) global_init = nullptr;
    Curl curl;
    library.find("curl_global_init", global_init);
    library.find("curl_easy_init", curl.easy_init);
    library.find("curl_easy_cleanup", curl.easy_cleanup);
    library.find("curl_easy_reset", curl.easy_reset);
    library.find("curl_easy_setopt", curl.easy_setopt);
    library.find("curl_easy_perform", curl.easy_perform);
    library.find("curl_easy_getinfo", curl.easy_getinfo);
    library.find("curl_easy_strerror", curl.easy_strerror);
    library.find("curl_slist_append", curl.slist_append);
    library.find("curl_slist_free_all", curl.slist_free_all);
    if (global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        throw std::runtime_error("libcurl cannot be initialised");
    }
    return curl;
}

}  // namespace

const Curl& Curl::loaded() {
    static const Curl instance = load();
    return instance;
}

std::unique_ptr<CURL, FreeCurlHandle> new_curl_handle() {
    std::unique_ptr<CURL, FreeCurlHandle> handle(Curl::loaded().easy_init());
    if (!handle) throw std::runtime_error("libcurl has no handle left");
    return handle;
}

}  // namespace preau::net
