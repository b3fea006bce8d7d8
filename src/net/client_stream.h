// Connecting as a client: name, TCP, TLS. Internal to net; its io thread only.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "net/stream.h"
#include "net/tls.h"

namespace bayward::net {

struct ClientEndpoint {
  std::string host;  // name or address
  uint16_t port = 0;
  std::shared_ptr<TlsContext> tls;  // none: plain
};

// The value of a Host field: brackets round an IPv6 address, the port if it isn't the scheme's own.
std::string host_field(const ClientEndpoint& endpoint);

// `stream` is there as soon as there is a socket, so that a caller who has waited enough can close it; `endpoint` and
// `stream` stay where they are until it ends.
Awaitable<Status> connect_stream(Executor executor, const ClientEndpoint& endpoint, std::optional<Stream>& stream);

}  // namespace bayward::net
