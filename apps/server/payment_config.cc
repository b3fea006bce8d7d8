#include "payment_config.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>

#include "config_section.h"

namespace bayward {
namespace {

bool good_name(const std::string& name) {
  return !name.empty() && name.size() <= 16 && name != "test" && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

Result<PaymentConfig> read_payments(const toml::table& root) {
  PaymentConfig config;
  std::string provider, url, secret_file, trusted;
  Section section(root, "payments");
  section.read("provider", provider);
  section.read("name", config.name);
  section.read("url", url);
  section.read("public_url", config.public_url);
  section.read("secret_file", secret_file);
  section.read("trusted_certificates_file", trusted);
  if (const auto bad = section.error()) return fail(*bad);
  if (provider.empty()) return config;
  if (provider == "test") {
    config.provider = PaymentConfig::Provider::test;
    return config;
  }
  if (provider != "hosted") return fail("payments.provider must be \"\", \"test\" or \"hosted\"");
  config.provider = PaymentConfig::Provider::hosted;
  if (!good_name(config.name)) return fail("payments.name must be 1 to 16 of a-z, 0-9 and -, and not \"test\"");
  const auto parsed = parse_http_url(url);
  if (!parsed) return fail("payments.url must be such as https://pay.example/orders");
  config.url = *parsed;
  while (config.public_url.ends_with('/')) config.public_url.pop_back();
  if (!parse_http_url(config.public_url)) {
    return fail("payments.public_url must be this platform's own address, such as https://bays.example");
  }
  if (secret_file.empty()) return fail("payments.secret_file is needed: a file with at least 16 characters");
  config.secret_file = secret_file;
  config.trusted_certificates_file = trusted;
  return config;
}

}  // namespace bayward
