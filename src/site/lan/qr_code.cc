#include "site/lan/qr_code.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "base/limits.h"
#include "site/access/keyed.h"

namespace bayward::site {
namespace {

constexpr size_t check_chars = 10;
constexpr std::string_view kinds = "bpl";  // bay, pod, pole (a lamp's)

std::string hex_number(uint64_t value) {
  char digits[17] = {};
  return {digits, std::to_chars(digits, digits + 16, value, 16).ptr};
}

std::string check_of(std::string_view key, char kind, std::string_view site, std::string_view name) {
  return base32(keyed_digest(key, "qr/v1", {{&kind, 1}, site, name})).substr(0, check_chars);
}

std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  while (parts.size() < 5) {
    const size_t dot = text.find('.');
    parts.push_back(text.substr(0, dot));
    if (dot == std::string_view::npos) break;
    text.remove_prefix(dot + 1);
  }
  return parts;
}

std::optional<SiteId> site_in(std::string_view text) {
  SiteId site;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), site.value, 16);
  if (error != std::errc{} || end != text.data() + text.size() || !site || hex_number(site.value) != text) return {};
  return site;
}

}  // namespace

bool valid_qr_name(std::string_view name) {
  return !name.empty() && name.size() <= 32 &&
         std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

std::string make_qr_code(std::string_view site_key, QrKind kind, SiteId site, std::string_view name) {
  BAYWARD_CHECK(valid_qr_name(name));
  const char letter = kinds[static_cast<size_t>(kind)];
  const std::string number = hex_number(site.value);
  return std::string(1, letter) + '.' + number + '.' + std::string(name) + '.' +
         check_of(site_key, letter, number, name);
}

Result<QrCode, QrRefusal> read_qr_code(std::string_view text, std::string_view site_key, SiteId ours) {
  if (text.size() > limits::qr_code_chars) return Failure{QrRefusal::not_a_code};
  const std::vector<std::string_view> parts = parts_of(text);
  if (parts.size() != 4 || parts[0].size() != 1) return Failure{QrRefusal::not_a_code};
  const size_t kind = kinds.find(parts[0][0]);
  const std::optional<SiteId> site = site_in(parts[1]);
  if (kind == std::string_view::npos || !site || !valid_qr_name(parts[2]) || parts[3].size() != check_chars) {
    return Failure{QrRefusal::not_a_code};
  }
  if (*site != ours) return Failure{QrRefusal::other_site};
  if (!same_secret(parts[3], check_of(site_key, parts[0][0], parts[1], parts[2]))) return Failure{QrRefusal::forged};
  return QrCode{
      .kind = static_cast<QrKind>(kind), .site = *site, .name = std::string(parts[2]), .check = std::string(parts[3])};
}

Result<QrCode, QrRefusal> read_pod_code(std::string_view text, std::string_view site_key, SiteId ours) {
  auto code = read_qr_code(text, site_key, ours);
  if (code && code->kind != QrKind::pod) return Failure{QrRefusal::not_a_code};
  return code;
}

std::string_view explain(QrRefusal refusal) {
  switch (refusal) {
    case QrRefusal::other_site:
      return "this code belongs to another site: join the network there";
    case QrRefusal::forged:
      return "this code was not made for this site, or is misread: scan it again";
    case QrRefusal::not_a_code:
      break;
  }
  return "this is not the code of a pod here";
}

}  // namespace bayward::site
