// The pages and their parts, made by the build from web/ and schemas/ (cmake/Web.cmake). Immutable; any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace bayward::api {

struct WebAsset {
  std::string_view path;
  std::string_view content_type;
  std::string_view etag;
  std::shared_ptr<const std::string> plain;
  std::shared_ptr<const std::string> gzip;
};

// Null: there is none at this path.
const WebAsset* find_asset(std::string_view path);

}  // namespace bayward::api
