// What every route of the LAN page shares: the request with its session, strict bodies, answers. One thread: the
// garage's.
#pragma once

#include <boost/json.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "ports/http.h"
#include "site/lan/lan_sessions.h"

namespace bayward::site {

struct LanCall {
  const HttpRequest& request;
  Responder responder;
  Instant now{};
  LanSession* session = nullptr;       // null: none yet
  std::vector<std::string_view> path;  // of the request: "lan", "v1", "places"

  bool is(HttpMethod method, std::string_view route) const { return request.method == method && request.path == route; }
  void answer(int status, const boost::json::object& body) const;
  // RFC 9457 with a code for programs: {"status":409,"code":"taken","detail":"..."}.
  void refuse(int status, std::string_view code, std::string_view detail) const;
};

// A further group of routes. True: the call was its, and is answered now or later.
class LanRoutes {
 public:
  virtual ~LanRoutes() = default;
  virtual bool handle(LanCall& call) = 0;
};

HttpResponse lan_json(int status, const boost::json::object& body);
HttpResponse lan_problem(int status, std::string_view code, std::string_view detail);

// The JSON object of a body: limits::lan_body_bytes, no field unknown. The first thing wrong is kept.
class LanBody {
 public:
  explicit LanBody(const HttpRequest& request);

  // 1 to `chars_max` bytes of text without control characters; "" when something is wrong.
  std::string text(std::string_view name, size_t chars_max);
  // Absent: "".
  std::string maybe_text(std::string_view name, size_t chars_max);
  double number(std::string_view name, double low, double high);
  bool flag(std::string_view name);
  // Nothing: all is well. Otherwise what is wrong, for the person who wrote the program. Call it last.
  std::optional<std::string> wrong();

 private:
  // Null when it is missing or something was wrong before.
  std::optional<boost::json::value> take(std::string_view name);

  boost::json::object object_;
  std::optional<std::string> wrong_;
};

}  // namespace bayward::site
