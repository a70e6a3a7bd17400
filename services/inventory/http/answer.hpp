#pragma once
// What several handlers share: paging, entity tags, versions sent back.

#include <string>
#include <string_view>

#include "services/inventory/domain/catalogue.hpp"
#include "shared/net/message.hpp"

namespace preau::inventory {

/// `limit` (1 to 100, default 50) and `after` (a cursor of ours). Errors: `invalid`.
base::Result<Page> page_of(const net::Request& request);
std::string cursor_after(const std::string& slug);

/// 200 with an ETag, or 304 when the caller holds the same. `version` (of one aggregate, or 0)
/// opens the tag, so that the tag can be sent back as If-Match. A caller with an identity may see
/// drafts: what it gets is private.
net::Response tagged(const net::Request& request, const nlohmann::json& body,
                     std::int64_t version = 0);

/// The version that the caller last saw: If-Match ("7" or our ETag) or the body's `version`.
/// Errors: `invalid` when neither is there or they disagree.
base::Result<std::int64_t> version_seen(const net::Request& request, const nlohmann::json& body);

}  // namespace preau::inventory
