#include "ports/http_util.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/json_text.h"
#include "base/limits.h"

namespace bayward {
namespace {

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
constexpr bool alphanumeric(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
}
constexpr bool control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}
constexpr int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (lower(c) >= 'a' && lower(c) <= 'f') return lower(c) - 'a' + 10;
  return -1;
}

std::optional<std::string> decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (text.size() - i < 3) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Calls each(part) for the parts between separators.
template <class Each>
void split(std::string_view text, char separator, Each each) {
  for (;;) {
    const size_t end = text.find(separator);
    each(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

// What follows the scheme of an Authorization value.
std::optional<std::string_view> after_scheme(std::string_view value, std::string_view scheme) {
  value = trim(value);
  if (value.size() <= scheme.size() || value[scheme.size()] != ' ') return std::nullopt;
  if (!equal_without_case(value.substr(0, scheme.size()), scheme)) return std::nullopt;
  return trim(value.substr(scheme.size()));
}

// RFC 9112 3.2.2: a server accepts the absolute form as well, "http://host/path". What isn't that stays as it is.
std::string_view origin_form(std::string_view target) {
  for (std::string_view scheme : {"http://", "https://"}) {
    if (!equal_without_case(target.substr(0, scheme.size()), scheme)) continue;
    const size_t path = target.find_first_of("/?", scheme.size());
    return path == std::string_view::npos ? "/" : target.substr(path);
  }
  return target;
}

constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr auto base64_values = [] {
  std::array<int8_t, 256> values{};
  values.fill(-1);
  for (size_t i = 0; i < base64_digits.size(); ++i) {
    values[static_cast<unsigned char>(base64_digits[i])] = static_cast<int8_t>(i);
  }
  return values;
}();

struct Reason {
  int status;
  std::string_view phrase;
};
constexpr Reason reason_phrases[] = {
    {100, "Continue"},
    {101, "Switching Protocols"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {423, "Locked"},
    {425, "Too Early"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

}  // namespace

bool equal_without_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<std::string> percent_decode(std::string_view text) {
  return decode(text, false);
}

std::string percent_encode(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (char c : text) {
    if (alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      out += '%';
      out += digits[static_cast<unsigned char>(c) >> 4];
      out += digits[static_cast<unsigned char>(c) & 15];
    }
  }
  return out;
}

std::optional<std::vector<QueryParameter>> parse_query(std::string_view text) {
  std::vector<QueryParameter> out;
  bool ok = true;
  split(text, '&', [&](std::string_view part) {
    if (part.empty() || !ok) return;
    const size_t equals = part.find('=');
    auto name = decode(part.substr(0, equals), true);
    auto value = decode(equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1), true);
    ok = name && value && out.size() < limits::http_query_parameters;
    if (ok) out.push_back({std::move(*name), std::move(*value)});
  });
  if (!ok) return std::nullopt;
  return out;
}

Result<TargetParts> parse_target(std::string_view target) {
  target = origin_form(target);
  if (target.empty() || target.front() != '/') return fail("the request target must begin with '/'");
  const size_t mark = target.find('?');
  const std::string_view raw_path = target.substr(0, mark);
  auto path = percent_decode(raw_path);
  if (!path) return fail("the path has a '%' without two hexadecimal digits");
  if (std::any_of(path->begin(), path->end(), control)) return fail("the path contains a control character");
  if (std::count(path->begin(), path->end(), '/') != std::count(raw_path.begin(), raw_path.end(), '/')) {
    return fail("the path contains an encoded '/'");
  }
  bool dots = false;
  split(*path, '/', [&](std::string_view segment) { dots = dots || segment == "." || segment == ".."; });
  if (dots) return fail("the path contains a '.' or '..' segment");
  TargetParts parts{std::move(*path), {}};
  if (mark != std::string_view::npos) {
    auto query = parse_query(target.substr(mark + 1));
    if (!query) return fail("the query has a broken escape or too many parameters");
    parts.query = std::move(*query);
  }
  return parts;
}

std::vector<std::string_view> path_segments(std::string_view path) {
  std::vector<std::string_view> out;
  if (!path.empty() && path.front() == '/') path.remove_prefix(1);
  split(path, '/', [&](std::string_view segment) { out.push_back(segment); });
  return out;
}

std::optional<BasicCredentials> parse_basic_authorization(std::string_view value) {
  const auto encoded = after_scheme(value, "Basic");
  if (!encoded) return std::nullopt;
  const auto decoded = base64_decode(*encoded);
  if (!decoded) return std::nullopt;
  const size_t colon = decoded->find(':');
  if (colon == std::string::npos) return std::nullopt;
  BasicCredentials out{decoded->substr(0, colon), decoded->substr(colon + 1)};
  if (std::any_of(out.user.begin(), out.user.end(), control)) return std::nullopt;
  return out;
}

std::string basic_authorization(std::string_view user, std::string_view password) {
  std::string pair(user);
  pair += ':';
  pair += password;
  return "Basic " + base64_encode(pair);
}

std::optional<std::string_view> parse_bearer_authorization(std::string_view value) {
  const auto token = after_scheme(value, "Bearer");
  if (!token || token->empty()) return std::nullopt;
  const bool clean = std::all_of(token->begin(), token->end(), [](char c) {
    return alphanumeric(c) || std::string_view("-._~+/=").find(c) != std::string_view::npos;
  });
  return clean ? token : std::nullopt;
}

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  const size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  text.remove_suffix(padding);
  std::string out;
  out.reserve(text.size() * 3 / 4);
  uint32_t bits = 0;
  int held = 0;
  for (char c : text) {
    const int8_t value = base64_values[static_cast<unsigned char>(c)];
    if (value < 0) return std::nullopt;
    bits = (bits << 6 | static_cast<uint32_t>(value)) & 0xffffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out += static_cast<char>(bits >> held & 0xff);
    }
  }
  // RFC 4648 3.5: the bits that pad must be zero, so that each value has one spelling.
  if ((bits & ((1u << held) - 1)) != 0) return std::nullopt;
  return out;
}

std::string base64_encode(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t count = std::min<size_t>(3, bytes.size() - i);
    uint32_t bits = 0;
    for (size_t j = 0; j < 3; ++j) bits = bits << 8 | (j < count ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    for (size_t j = 0; j < 4; ++j) out += j <= count ? base64_digits[bits >> (18 - 6 * j) & 63] : '=';
  }
  return out;
}

std::vector<std::string_view> header_list(const HttpHeaders& headers, std::string_view name) {
  std::vector<std::string_view> out;
  for (size_t i = 0; i < headers.size(); ++i) {
    if (!equal_without_case(headers[i].name, name)) continue;
    split(headers[i].value, ',', [&](std::string_view element) {
      if (element = trim(element); !element.empty()) out.push_back(element);
    });
  }
  return out;
}

std::optional<std::string_view> cookie(const HttpHeaders& headers, std::string_view name) {
  std::optional<std::string_view> found;
  for (size_t i = 0; i < headers.size(); ++i) {
    if (!equal_without_case(headers[i].name, "Cookie")) continue;
    split(headers[i].value, ';', [&](std::string_view pair) {
      pair = trim(pair);
      const size_t equals = pair.find('=');
      if (!found && equals != std::string_view::npos && pair.substr(0, equals) == name) found = pair.substr(equals + 1);
    });
  }
  return found;
}

bool valid_header_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return alphanumeric(c) || (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
  });
}

bool valid_header_value(std::string_view value) {
  return std::none_of(value.begin(), value.end(), [](char c) { return control(c) && c != '\t'; });
}

std::string_view reason_phrase(int status) {
  for (const auto& [code, phrase] : reason_phrases) {
    if (code == status) return phrase;
  }
  return {};
}

HttpResponse problem_response(int status, std::string_view detail) {
  HttpResponse response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.body = "{\"type\":\"about:blank\",\"title\":";
  append_json_string(response.body, reason_phrase(status));
  response.body += ",\"status\":" + std::to_string(status) + ",\"detail\":";
  append_json_string(response.body, detail);
  response.body += '}';
  return response;
}

}  // namespace bayward
