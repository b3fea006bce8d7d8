// The text behind the QR codes on pods, poles and bays (B6): which site, which kind, which one, and a check that only
// the site's key makes, so that a code of another site and an invented one are told apart from ours. Pure.
//
//   b.2a.17.K3QXAB2C5M     bay 0x17 of site 0x2a
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"

namespace bayward::site {

enum class QrKind : uint8_t { bay, pod, pole };

constexpr std::string_view to_text(QrKind kind) {
  constexpr std::string_view words[] = {"bay", "pod", "pole"};
  return words[static_cast<size_t>(kind)];
}

struct QrCode {
  QrKind kind = QrKind::bay;
  SiteId site;
  std::string name;   // a bay's number in its site in hexadecimal, a pod's or pole's name: 1 to 32 of a-z 0-9 -
  std::string check;  // 10 characters of base32
};

enum class QrRefusal : uint8_t { not_a_code, other_site, forged };

constexpr std::string_view to_text(QrRefusal refusal) {
  constexpr std::string_view words[] = {"no_code", "other_site", "forged_code"};
  return words[static_cast<size_t>(refusal)];
}
// For people.
std::string_view explain(QrRefusal refusal);

// The name was checked by valid_qr_name().
std::string make_qr_code(std::string_view site_key, QrKind kind, SiteId site, std::string_view name);
bool valid_qr_name(std::string_view name);

// For our site only: `other_site` is told by the code itself, before any key is asked.
Result<QrCode, QrRefusal> read_qr_code(std::string_view text, std::string_view site_key, SiteId ours);
// Only a pod's.
Result<QrCode, QrRefusal> read_pod_code(std::string_view text, std::string_view site_key, SiteId ours);

}  // namespace bayward::site
