// The reader's side of text/event-stream (WHATWG HTML 9.2.6). Internal to net; pure.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "net/http_client.h"

namespace bayward::net {

class EventParser {
 public:
  using Each = std::function<void(const ServerEvent&)>;

  // Takes the next bytes, cut anywhere. False when an event grows beyond limits::http_client_body_bytes.
  bool feed(std::string_view bytes, const Each& each);

 private:
  void line(std::string_view text, const Each& each);

  ServerEvent event_;
  bool has_data_ = false;
  bool after_return_ = false;  // the last byte was CR: a LF that follows belongs to it
  std::string line_;
};

}  // namespace bayward::net
