// What a peer may send us as an HTTP message or an event stream, in pieces: the first byte says where it is cut.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/limits.h"
#include "net/event_parser.h"
#include "net/http_parser.h"
#include "ports/http_util.h"

using namespace bayward;

namespace {

template <class Parser>
void parse(std::string_view bytes, size_t piece) {
  Parser parser(limits::http_header_bytes, limits::http_body_bytes);
  parser.eager(true);
  std::string waiting;
  while (!bytes.empty() && !parser.is_done()) {
    waiting += bytes.substr(0, piece);
    bytes.remove_prefix(std::min(piece, bytes.size()));
    boost::system::error_code error;
    const size_t used = parser.put(boost::asio::buffer(waiting), error);
    BAYWARD_CHECK(used <= waiting.size());
    waiting.erase(0, used);
    if (error && error != boost::beast::http::error::need_more) return;
  }
  BAYWARD_CHECK(parser.message.body.size() <= limits::http_body_bytes);
  for (size_t i = 0; i < parser.message.headers.size(); ++i) {
    BAYWARD_CHECK(valid_header_name(parser.message.headers[i].name));
  }
}

std::vector<net::ServerEvent> events_of(std::string_view bytes, size_t piece) {
  net::EventParser parser;
  std::vector<net::ServerEvent> events;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    parser.feed(bytes.substr(0, piece), [&](const net::ServerEvent& event) { events.push_back(event); });
  }
  return events;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const size_t piece = 1 + data[0] % 64;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  parse<net::RequestParser>(bytes, piece);
  parse<net::ResponseParser>(bytes, piece);
  BAYWARD_CHECK(events_of(bytes, piece).size() == events_of(bytes, bytes.size()).size());
  return 0;
}
