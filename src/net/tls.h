// TLS for servers and clients: which files, checked when they are loaded. Any thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace bayward::net {

struct TlsServerFiles {
  std::string certificate_chain;  // PEM, the server's own certificate first
  std::string private_key;        // PEM
};

struct TlsClientOptions {
  std::string trusted_certificates = {};  // PEM file; empty: those of the machine
  TlsServerFiles own = {};                // shown to servers that ask for a certificate; empty: none
};

// In PEM, not in files.
struct TlsIdentity {
  std::string certificate_chain;  // the server's own certificate first
  std::string private_key;
};

// For charging stations: the cipher suites that OCPP asks for (2.0.1 part 2, A00.FR.318, 319; 1.6 security whitepaper
// A00.FR.318), and client certificates (security profile 3).
struct TlsStationOptions {
  std::vector<TlsIdentity> identities;  // one with an RSA and one with an ECDSA key: the client's offer decides
  // PEM: who may vouch for clients. A client may show no certificate; one that nobody here vouches for ends the
  // handshake.
  std::string client_authorities;
};

// TLS 1.2 and above. One context serves any number of connections and contexts share nothing.
class TlsContext {
 public:
  static Result<std::shared_ptr<TlsContext>> for_server(const TlsServerFiles& files);
  static Result<std::shared_ptr<TlsContext>> for_stations(const TlsStationOptions& options);
  // The server's certificate is verified against the trusted ones and the name connected to.
  static Result<std::shared_ptr<TlsContext>> for_client(const TlsClientOptions& options);
  ~TlsContext();

  struct Impl;
  Impl& impl() { return *impl_; }  // for net only

 private:
  explicit TlsContext(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace bayward::net
