// The picture that a bay's camera has taken of the car whose plate it read, on its way to the police desk: in the vault
// from the reading until the car has left or a day has passed, one for each bay. It is never decoded here. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "ports/vault.h"

namespace bayward {

struct PlatePicture {
  std::string plate;  // normalised: a picture belongs to that reading and to no other
  Instant taken_at{};
  std::string jpeg;
};

// Begins and ends as a JPEG does (ITU-T T.81 B.2.1) and is not longer than limits::plate_picture_bytes.
bool is_small_jpeg(std::string_view bytes);

// One such picture may be kept for so long.
inline constexpr Duration plate_picture_kept{24h};

VaultRow row_of(const Vault& vault, BayId bay, const PlatePicture& picture);
VaultKey picture_key(BayId bay);
std::optional<PlatePicture> parse_picture(std::string_view row);
// By which the rows of all bays are found.
Fingerprint all_pictures(const Vault& vault);

}  // namespace bayward
