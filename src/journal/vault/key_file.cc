#include "journal/vault/key_file.h"

#include <sodium.h>

#include "base/check.h"
#include "sealing/key_file.h"

namespace bayward {
namespace {

VaultKeys derive(const SecretKey& master) {
  constexpr std::string_view context = "BAYVAULT";
  return {derived_key(master, context, 1), derived_key(master, context, 2), derived_key(master, context, 3)};
}

}  // namespace

Result<VaultKeys> load_vault_keys(const std::filesystem::path& path, bool create) {
  const auto master = load_key({path, "bayward-vault-key-1", "the vault's key file",
                                "the stored names, phones and plates can't be read by anybody."},
                               create);
  if (!master) return Failure{master.error()};
  return derive(*master);
}

VaultKeys fake_vault_keys(std::string_view seed) {
  BAYWARD_CHECK(sodium_init() >= 0);
  SecretKey master;
  crypto_generichash(master.data(), master.size(), reinterpret_cast<const uint8_t*>(seed.data()), seed.size(), nullptr,
                     0);
  return derive(master);
}

}  // namespace bayward
