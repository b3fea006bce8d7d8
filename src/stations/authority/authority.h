// The platform's own small certificate authority: two roots, one RSA for stations that know nothing else and one ECDSA,
// whose keys lie sealed in the vault. It signs what charging stations ask for (OCPP 2.0.1 A02, A03; 1.6 security
// whitepaper A02) and certificates for our own listener, where the operator has none of a public authority.
//
// Immutable once open; any thread. Signing takes milliseconds: not on a socket's thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ports/vault.h"
#include "stations/authority/csr.h"

namespace bayward::stations {

struct IssuedCertificate {
  std::string pem;
  Instant not_after{};
};
struct ServerIdentity {
  std::string certificate_pem;
  std::string private_key_pem;
};

class CertificateAuthority {
 public:
  // Makes the roots when the vault has none; `organization` is the operator's name as it stands in certificates (O).
  static Result<std::unique_ptr<CertificateAuthority>> open(Vault& vault, const std::string& organization, Instant now);
  ~CertificateAuthority();

  // A year for the request's own key. Its name must have been compared with the station's identity before.
  Result<IssuedCertificate> sign(const SigningRequest& request, Instant now) const;
  // A new key and a certificate for a TLS server; names are DNS names and IP addresses, the first is the common name.
  Result<ServerIdentity> issue_server(KeyKind kind, const std::vector<std::string>& names, Instant now) const;

  // In PEM: what stations and we trust.
  const std::string& root(KeyKind kind) const;
  std::string roots() const { return root(KeyKind::rsa) + root(KeyKind::ecdsa); }

 private:
  struct Root;
  CertificateAuthority(std::string organization, std::unique_ptr<Root> rsa, std::unique_ptr<Root> ecdsa);

  const std::string organization_;
  const std::unique_ptr<Root> rsa_;
  const std::unique_ptr<Root> ecdsa_;
};

}  // namespace bayward::stations
