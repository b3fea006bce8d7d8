// What is behind TlsContext. Internal to net.
#pragma once

#include "net/asio.h"
#include "net/tls.h"

namespace bayward::net {

struct TlsContext::Impl {
  ssl::context context;
};

}  // namespace bayward::net
