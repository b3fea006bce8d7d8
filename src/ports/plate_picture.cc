#include "ports/plate_picture.h"

#include "base/limits.h"

namespace bayward {

bool is_small_jpeg(std::string_view bytes) {
  return bytes.size() <= limits::plate_picture_bytes && bytes.size() > 4 && bytes.starts_with("\xff\xd8\xff") &&
         bytes.ends_with("\xff\xd9");
}

VaultKey picture_key(BayId bay) {
  return {{}, VaultKind::plate_picture, bay.value};
}

Fingerprint all_pictures(const Vault& vault) {
  return vault.fingerprint(VaultKind::plate_picture, "");
}

// A plate has neither blanks nor line breaks.
VaultRow row_of(const Vault& vault, BayId bay, const PlatePicture& picture) {
  return {picture_key(bay), picture.plate + ' ' + to_rfc3339(picture.taken_at) + '\n' + picture.jpeg,
          all_pictures(vault)};
}

std::optional<PlatePicture> parse_picture(std::string_view row) {
  const size_t end = row.find('\n');
  const size_t blank = row.substr(0, end).find(' ');
  if (end == std::string_view::npos || blank == std::string_view::npos) return std::nullopt;
  const auto at = parse_rfc3339(row.substr(blank + 1, end - blank - 1));
  if (!at || !is_small_jpeg(row.substr(end + 1))) return std::nullopt;
  return PlatePicture{std::string(row.substr(0, blank)), *at, std::string(row.substr(end + 1))};
}

}  // namespace bayward
