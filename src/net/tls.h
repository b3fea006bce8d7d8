// TLS for servers and clients: which files, checked when they are loaded. Any thread.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"

namespace bayward::net {

struct TlsServerFiles {
  std::string certificate_chain;  // PEM, the server's own certificate first
  std::string private_key;        // PEM
};

struct TlsClientOptions {
  std::string trusted_certificates;  // PEM file; empty: those of the machine
};

// TLS 1.2 and above. One context serves any number of connections and contexts share nothing.
class TlsContext {
 public:
  static Result<std::shared_ptr<TlsContext>> for_server(const TlsServerFiles& files);
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
