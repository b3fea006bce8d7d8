// What is behind TlsContext. Internal to net.
#pragma once

#include "net/asio.h"
#include "net/tls.h"
#include "net/tls_stream.h"
#include "ports/http.h"

namespace bayward::net {

// What the peer has shown in a finished handshake, verified. Null: nothing.
std::shared_ptr<const PeerCertificate> peer_certificate(TlsStream& stream);

struct TlsContext::Impl {
  ssl::context context;
};

}  // namespace bayward::net
