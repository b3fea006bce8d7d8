// [payments] of the server's configuration: who takes money from drivers.
#pragma once

#include <toml++/impl/forward_declarations.h>

#include <filesystem>
#include <string>

#include "alarm_config.h"

namespace bayward {

struct PaymentConfig {
  enum class Provider : uint8_t { none, test, hosted };
  Provider provider = Provider::none;
  std::string name;        // hosted: begins the references in the ledger
  HttpUrl url;             // hosted: where orders go
  std::string public_url;  // hosted: of this platform, without a slash at its end
  std::filesystem::path secret_file;
  std::filesystem::path trusted_certificates_file;  // PEM; empty: those of the machine
};

// What can't be is an error that says what to write instead.
Result<PaymentConfig> read_payments(const toml::table& root);

}  // namespace bayward
