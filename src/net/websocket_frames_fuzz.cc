// What a peer may send as WebSocket frames, in pieces: the first byte says who we are, whether messages may come
// compressed and where the bytes are cut. However they are cut, the same comes out.
#include <algorithm>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/utf8.h"
#include "net/websocket_frames.h"

using namespace bayward;
using Kind = net::FrameReader::Item::Kind;

namespace {

constexpr size_t message_bytes = 4000;

std::vector<std::string> items_of(std::string_view bytes, net::WebSocketRole role, bool deflate, size_t piece) {
  net::FrameReader reader(role, message_bytes, deflate);
  std::vector<std::string> out;
  while (!bytes.empty()) {
    const auto room = reader.room();
    BAYWARD_CHECK(!room.empty());
    const size_t count = std::min({bytes.size(), piece, room.size()});
    std::copy_n(bytes.begin(), count, room.begin());
    bytes.remove_prefix(count);
    reader.arrived(count);
    for (auto item = reader.next(); item.kind != Kind::more; item = reader.next()) {
      BAYWARD_CHECK(item.payload.size() <= message_bytes);
      BAYWARD_CHECK(item.kind != Kind::text || is_utf8(item.payload));
      out.push_back(std::to_string(static_cast<int>(item.kind)) + ' ' + std::to_string(item.code) + ' ');
      out.back() += item.payload;
      if (item.kind == Kind::fault || item.kind == Kind::close) return out;
    }
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const auto role = (data[0] & 0x80) != 0 ? net::WebSocketRole::client : net::WebSocketRole::server;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const bool deflate = (data[0] & 0x40) != 0;
  BAYWARD_CHECK(items_of(bytes, role, deflate, 1 + data[0] % 64) == items_of(bytes, role, deflate, bytes.size()));
  return 0;
}
