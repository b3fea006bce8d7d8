// UDP to one address, as TcpLoop::dial() gives it: what others send to our port is not heard.
#pragma once

#include <memory>

#include "net/io.h"
#include "ports/byte_stream.h"

namespace bayward::net {

std::unique_ptr<ByteStream> dial_datagrams(IoContext& io, const StreamAddress& address, StreamEvents& events);

}  // namespace bayward::net
