#include "net/http_text.h"

#include <charconv>
#include <cstdio>
#include <ctime>

#include "ports/http_util.h"

namespace bayward::net {
namespace {

bool server_owned(std::string_view name) {
  for (std::string_view owned : {"Content-Length", "Content-Type", "Date", "Connection", "Transfer-Encoding"}) {
    if (equal_without_case(name, owned)) return true;
  }
  return false;
}

void append_number(std::string& out, uint64_t number) {
  char digits[20];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  out += value;
  out += "\r\n";
}

}  // namespace

bool clean(const HttpResponse& response) {
  if (response.status < 200 || response.status > 599 || !valid_header_value(response.content_type)) return false;
  for (size_t i = 0; i < response.headers.size(); ++i) {
    const auto [name, value] = response.headers[i];
    if (!valid_header_name(name) || !valid_header_value(value)) return false;
  }
  return true;
}

void append_head(std::string& out, const HttpResponse& response, const HeadContext& context) {
  out += "HTTP/1.1 ";
  append_number(out, static_cast<uint64_t>(response.status));
  out += ' ';
  out += reason_phrase(response.status);
  out += "\r\n";
  append_field(out, "Date", context.date);
  if (!response.content_type.empty()) append_field(out, "Content-Type", response.content_type);
  for (size_t i = 0; i < response.headers.size(); ++i) {
    const auto [name, value] = response.headers[i];
    if (!server_owned(name)) append_field(out, name, value);
  }
  // RFC 9110 8.6: none in a 204; a 304 may leave it out.
  if (!context.event_stream && response.status != 204 && response.status != 304) {
    out += "Content-Length: ";
    append_number(out, body_of(response).size());
    out += "\r\n";
  }
  if (!context.keep_alive) {
    append_field(out, "Connection", "close");
  } else if (context.http_1_0) {
    append_field(out, "Connection", "keep-alive");
  }
  out += "\r\n";
}

std::string imf_date(int64_t unix_s) {
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t at = unix_s;
  std::tm parts{};
  gmtime_r(&at, &parts);
  char text[64];
  const int size =
      std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[parts.tm_wday], parts.tm_mday,
                    months[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
  return std::string(text, static_cast<size_t>(size));
}

}  // namespace bayward::net
