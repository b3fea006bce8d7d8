// Whatever a peer may put in a target or a header field, parsed by our own code.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "ports/http_util.h"

using namespace bayward;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto parts = parse_target(text); parts.ok()) {
    BAYWARD_CHECK(parts->path.front() == '/');
    for (std::string_view segment : path_segments(parts->path)) BAYWARD_CHECK(segment != ".." && segment != ".");
    for (char c : parts->path) BAYWARD_CHECK(static_cast<unsigned char>(c) >= 0x20);
  }
  if (const auto decoded = percent_decode(text)) BAYWARD_CHECK(percent_decode(percent_encode(*decoded)) == decoded);
  if (const auto bytes = base64_decode(text)) BAYWARD_CHECK(base64_encode(*bytes) == text);
  if (const auto pair = parse_basic_authorization(text)) {
    const auto again = parse_basic_authorization(basic_authorization(pair->user, pair->password));
    BAYWARD_CHECK(again && again->user == pair->user && again->password == pair->password);
  }
  (void)parse_bearer_authorization(text);
  HttpHeaders headers;
  headers.add("Cookie", text);
  (void)cookie(headers, "session");
  for (std::string_view element : header_list(headers, "cookie")) BAYWARD_CHECK(!element.empty());
  const std::string frame = event_frame(text, text, text);
  BAYWARD_CHECK(frame.find("\n\n") == frame.size() - 2);
  return 0;
}
