// One person's phone (or desk): a kept-alive connection to the server's REST API, JSON in and out. The town's thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/money.h"
#include "base/time.h"
#include "net/http_client.h"
#include "ocpp/rpc/json.h"
#include "sim/town/task.h"

namespace bayward::town {

// JSON without rounding is already there: ocpp::Json.
using ocpp::Json;

inline Json text(std::string_view value) {
  return Json::text(std::string(value));
}
inline Json text(Instant value) {
  return Json::text(to_rfc3339(value));
}
inline Json number(int64_t value) {
  return Json::integer(value);
}
inline Json boolean(bool value) {
  return Json::boolean(value);
}
inline Json object(Json::Object members) {
  return Json::object(std::move(members));
}
Json money(int64_t minor, std::string_view currency);

// Reading answers: empty, zero or null where the member is missing or of another kind.
std::string text_of(const Json& json, std::string_view name);
int64_t integer_of(const Json& json, std::string_view name);
std::optional<Instant> instant_of(const Json& json, std::string_view name);
const Json& member(const Json& json, std::string_view name);
const Json::Array& items_of(const Json& json);

struct ApiAnswer {
  int status = 0;  // 0: no answer came
  Json body;
  std::string code;  // of a problem document: the refusal's word

  bool ok() const { return status >= 200 && status < 300; }
  // For reports: "409 slot_taken", "no answer: ...".
  std::string why() const;
};

struct ApiCounters {
  uint64_t requests = 0;
  uint64_t refused = 0;  // 4xx: part of life
  uint64_t failed = 0;   // 5xx, or no answer
};

class ApiClient {
 public:
  using Answer = Callback<ApiAnswer>;

  // The counters outlive the client.
  ApiClient(net::IoContext& io, std::string host, uint16_t port, ApiCounters& counters);

  // Paths below /api/v1.
  Answer get(std::string path) { return call(HttpMethod::get, "/api/v1" + std::move(path), {}); }
  Answer post(std::string path, Json body = Json::object()) {
    return call(HttpMethod::post, "/api/v1" + std::move(path), std::move(body));
  }
  Answer put(std::string path, Json body) {
    return call(HttpMethod::put, "/api/v1" + std::move(path), std::move(body));
  }
  Answer patch(std::string path, Json body) {
    return call(HttpMethod::patch, "/api/v1" + std::move(path), std::move(body));
  }
  // As post, safe to repeat.
  Answer post_once(std::string path, Json body, std::string idempotency_key);
  Answer call(HttpMethod method, std::string path, std::optional<Json> body, std::string idempotency_key = {});

  // Phone and password; the token is used from then on.
  Task<ApiAnswer> log_in(std::string phone, std::string password);
  const std::string& token() const { return token_; }
  void use_token(std::string token) { token_ = std::move(token); }

 private:
  std::shared_ptr<net::HttpClient> http_;
  ApiCounters& counters_;
  std::string token_;
};

}  // namespace bayward::town
