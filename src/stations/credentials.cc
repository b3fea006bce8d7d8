#include "stations/credentials.h"

#include <charconv>

namespace bayward::stations {
namespace {

VaultKey place(VaultKind kind, StationId station) {
  return {AccountId{}, kind, station.value};
}

std::string hexadecimal(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

Result<bool> matches(Vault& vault, const Passwords& passwords, const VaultKey& key, std::string_view password) {
  const auto digest = vault.get(key);
  if (!digest) return Failure{digest.error()};
  if (!*digest) return false;
  return passwords.verify_secret(**digest, password) || passwords.verify_secret(**digest, hexadecimal(password));
}

}  // namespace

Result<Security> read_security(Vault& vault, StationId station) {
  const auto text = vault.get(place(VaultKind::station_security, station));
  if (!text) return Failure{text.error()};
  Security out;
  if (!*text) return out;
  // "3 1795000000"
  const char* const end = (*text)->data() + (*text)->size();
  int64_t since_s = 0;
  const auto [next, error] = std::from_chars((*text)->data(), end, out.profile);
  const bool read = error == std::errc{} && next != end && std::from_chars(next + 1, end, since_s).ec == std::errc{} &&
                    out.profile >= 1 && out.profile <= security_profiles;
  if (!read) return fail("the vault's security record of station " + to_text(station) + " can't be read");
  out.certificates_since = from_unix_s(since_s);
  return out;
}

Status write_security(Vault& vault, StationId station, const Security& security) {
  const std::string text = std::to_string(security.profile) + " " + std::to_string(unix_s(security.certificates_since));
  return vault.put({place(VaultKind::station_security, station), text, {}});
}

Result<PasswordIs> check_password(Vault& vault, const Passwords& passwords, StationId station,
                                  std::string_view password) {
  const auto current = matches(vault, passwords, place(VaultKind::station_password_hash, station), password);
  if (!current) return Failure{current.error()};
  if (*current) return PasswordIs::current;
  const auto next = matches(vault, passwords, place(VaultKind::station_next_password_hash, station), password);
  if (!next) return Failure{next.error()};
  return *next ? PasswordIs::next : PasswordIs::wrong;
}

Status offer_password(Vault& vault, const Passwords& passwords, StationId station, std::string_view password) {
  return vault.put({place(VaultKind::station_next_password_hash, station), passwords.digest_secret(password), {}});
}

Status adopt_password(Vault& vault, StationId station) {
  const VaultKey offered = place(VaultKind::station_next_password_hash, station);
  const auto digest = vault.get(offered);
  if (!digest) return Failure{digest.error()};
  if (!*digest) return Done{};
  if (auto put = vault.put({place(VaultKind::station_password_hash, station), **digest, {}}); !put) return put;
  return vault.remove(offered);
}

Status withdraw_password(Vault& vault, StationId station) {
  return vault.remove(place(VaultKind::station_next_password_hash, station));
}

}  // namespace bayward::stations
