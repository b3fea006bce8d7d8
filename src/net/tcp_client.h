// Outgoing TCP connections with or without TLS, and UDP, for connectors: ports/byte_stream.h on an IoContext.
#pragma once

#include <memory>

#include "net/io.h"
#include "net/tls.h"
#include "ports/byte_stream.h"

namespace bayward::net {

class TcpLoop final : public StreamLoop {
 public:
  // `io` outlives it. `tls`: for the addresses that ask for it; without one they cannot be reached.
  explicit TcpLoop(IoContext& io, std::shared_ptr<TlsContext> tls = {}) : io_(io), tls_(std::move(tls)) {}

  Instant steady() const override;
  void post(std::function<void()> work) override { io_.post(std::move(work)); }
  void after(Duration delay, std::function<void()> work) override { io_.after(delay, std::move(work)); }
  std::unique_ptr<ByteStream> dial(const StreamAddress& address, StreamEvents& events) override;

 private:
  IoContext& io_;
  std::shared_ptr<TlsContext> tls_;
};

}  // namespace bayward::net
