#include "station_tls.h"

#include <fstream>
#include <sstream>

namespace bayward {
namespace {

Result<std::string> text_of(const std::string& file) {
  const std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in || text.str().empty()) return fail("ocpp.tls: '" + file + "' can't be read");
  return text.str();
}

Result<std::vector<net::TlsIdentity>> from_files(const StationTlsConfig& config) {
  std::vector<net::TlsIdentity> out;
  for (size_t i = 0; i < config.certificate_chain_files.size(); ++i) {
    auto chain = text_of(config.certificate_chain_files[i]);
    if (!chain) return Failure{chain.error()};
    auto key = text_of(config.private_key_files[i]);
    if (!key) return Failure{key.error()};
    out.push_back({*std::move(chain), *std::move(key)});
  }
  return out;
}

Result<std::vector<net::TlsIdentity>> from_authority(const StationTlsConfig& config,
                                                     const stations::CertificateAuthority& authority, Instant now) {
  std::vector<net::TlsIdentity> out;
  for (const auto kind : {stations::KeyKind::rsa, stations::KeyKind::ecdsa}) {
    auto identity = authority.issue_server(kind, config.server_names, now);
    if (!identity) return fail("ocpp.tls: " + identity.error().message);
    out.push_back({identity->certificate_pem, identity->private_key_pem});
  }
  return out;
}

}  // namespace

Result<std::shared_ptr<net::TlsContext>> station_tls_context(const StationTlsConfig& config,
                                                             const stations::CertificateAuthority& authority,
                                                             Instant now) {
  auto identities =
      config.certificate_chain_files.empty() ? from_authority(config, authority, now) : from_files(config);
  if (!identities) return Failure{identities.error()};
  std::string trusted = authority.roots();
  if (!config.trusted_certificates_file.empty()) {
    auto more = text_of(config.trusted_certificates_file);
    if (!more) return Failure{more.error()};
    trusted += *more;
  }
  auto context = net::TlsContext::for_stations({*std::move(identities), std::move(trusted)});
  if (!context) return fail("ocpp.tls: " + context.error().message);
  return context;
}

}  // namespace bayward
