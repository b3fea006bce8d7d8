// Pure helpers for HTTP: decoding of targets, parsing of the header fields we use, problem documents. What they take is
// untrusted; none throws. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ports/http.h"

namespace bayward {

bool equal_without_case(std::string_view a, std::string_view b);  // ASCII

// RFC 3986 2.1. Nothing when a '%' isn't followed by two hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view text);
// Leaves only unreserved characters as they are (RFC 3986 2.3).
std::string percent_encode(std::string_view text);

// "a=1&b=x+y": '+' is a space, a name without '=' has an empty value, empty parts are skipped. Nothing on a broken
// escape or when there are more than limits::http_query_parameters.
std::optional<std::vector<QueryParameter>> parse_query(std::string_view text);

struct TargetParts {
  std::string path;
  std::vector<QueryParameter> query;
};
// A request target in origin form ("/path?query") to what HttpRequest promises; anything else gives a reason for a 400.
Result<TargetParts> parse_target(std::string_view target);

// "/a/b/" → "a", "b", "". Views into `path`.
std::vector<std::string_view> path_segments(std::string_view path);

struct BasicCredentials {
  std::string user;
  std::string password;  // any octets: OCPP 1.6 stations may send a binary key
};
// The value of Authorization (RFC 7617): user is what stands before the first colon and has no control characters.
std::optional<BasicCredentials> parse_basic_authorization(std::string_view value);
std::string basic_authorization(std::string_view user, std::string_view password);
// RFC 6750 2.1: the token of "Bearer ...", a view into `value`.
std::optional<std::string_view> parse_bearer_authorization(std::string_view value);

// RFC 4648 4, with padding; nothing for any other text.
std::optional<std::string> base64_decode(std::string_view text);
std::string base64_encode(std::string_view bytes);

// Of all fields `name`, the comma-separated elements without space around them, empty ones dropped. Views into headers.
std::vector<std::string_view> header_list(const HttpHeaders& headers, std::string_view name);
// The value of a cookie (RFC 6265 5.4), a view into headers.
std::optional<std::string_view> cookie(const HttpHeaders& headers, std::string_view name);

// RFC 9110 5.1 and 5.5: a token; no control character except tab.
bool valid_header_name(std::string_view name);
bool valid_header_value(std::string_view value);

std::string_view reason_phrase(int status);  // "Not Found"; "" when unknown

// RFC 9457: {"type":"about:blank","title":...,"status":...,"detail":...}; title is the reason phrase.
HttpResponse problem_response(int status, std::string_view detail);

}  // namespace bayward
