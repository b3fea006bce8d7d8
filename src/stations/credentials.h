// What a registered station must show to come in, as the vault keeps it. Functions wait for a disk: not on a socket's
// thread.
//
// Always holds: a new password is in the vault before the station hears of it, and the old one goes only when the
// station has accepted the new one or was heard with it; so a station is never locked out by a lost answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "ports/vault.h"

namespace bayward::stations {

// OCPP security profiles: 1 HTTP Basic, 2 the same over TLS, 3 certificates on both sides.
inline constexpr int security_profiles = 3;
// Our certificates count from so long before they are made: a station's clock may be behind ours.
inline constexpr Duration certificates_backdated{1h};

struct Security {
  int profile = 1;               // on record: no lower one is taken (OCPP 2.0.1 part 2, A05)
  Instant certificates_since{};  // those made before are revoked; whole seconds
};

// `not_before` of the certificate that was shown.
inline bool revoked(const Security& security, Instant not_before) {
  return not_before + certificates_backdated < security.certificates_since;
}

Result<Security> read_security(Vault& vault, StationId station);
Status write_security(Vault& vault, StationId station, const Security& security);

enum class PasswordIs : uint8_t { wrong, current, next };
// The digests of both passwords are looked at. A 1.6 station may send the bytes that its hexadecimal AuthorizationKey
// stands for (OCPP-J 1.6, 6.2), or the text itself (security whitepaper): both count.
Result<PasswordIs> check_password(Vault& vault, const Passwords& passwords, StationId station,
                                  std::string_view password);

// A password that counts beside the current one.
Status offer_password(Vault& vault, const Passwords& passwords, StationId station, std::string_view password);
// The offered password is the only one from now on. Nothing was offered: no change.
Status adopt_password(Vault& vault, StationId station);
// The offered password is forgotten.
Status withdraw_password(Vault& vault, StationId station);

}  // namespace bayward::stations
