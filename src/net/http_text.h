// What goes on the wire of an HTTP/1.1 answer. Internal to net; pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "ports/http.h"

namespace bayward::net {

// False when a header field or the content type would break out of its line (response splitting).
bool clean(const HttpResponse& response);

struct HeadContext {
  std::string_view date;  // IMF-fixdate
  bool keep_alive = true;
  bool http_1_0 = false;      // of the request
  bool event_stream = false;  // no Content-Length: the body ends with the connection
};
// Status line, header fields and the empty line. The response is clean().
void append_head(std::string& out, const HttpResponse& response, const HeadContext& context);

inline const std::string& body_of(const HttpResponse& response) {
  return response.shared_body ? *response.shared_body : response.body;
}

// RFC 9110 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT"
std::string imf_date(int64_t unix_s);

}  // namespace bayward::net
