#include "sim/town/api_client.h"

#include <random>

namespace bayward::town {
namespace {

// A phone that hears no answer asks again; the key lets the server see that it is the same wish.
std::string fresh_key() {
  static const uint32_t run = std::random_device{}();
  static uint64_t count = 0;
  return "town-" + std::to_string(run) + "-" + std::to_string(++count);
}

const Json nothing;
const Json::Array no_items;

ApiAnswer read(const Result<HttpResponse>& response) {
  ApiAnswer answer;
  if (!response) {
    answer.code = response.error().message;
    return answer;
  }
  answer.status = response->status;
  const std::string& body = response->shared_body ? *response->shared_body : response->body;
  if (auto json = ocpp::parse_json(body)) answer.body = std::move(*json);
  if (!answer.ok()) answer.code = text_of(answer.body, "code");
  return answer;
}

}  // namespace

Json money(int64_t minor, std::string_view currency) {
  return object({{"minor", number(minor)}, {"currency", text(currency)}});
}

const Json& member(const Json& json, std::string_view name) {
  const Json* found = json.find(name);
  return found ? *found : nothing;
}

std::string text_of(const Json& json, std::string_view name) {
  const std::string* found = member(json, name).as_text();
  return found ? *found : std::string();
}

int64_t integer_of(const Json& json, std::string_view name) {
  const auto* found = member(json, name).as_number();
  return found ? found->scaled_rounded(0).value_or(0) : 0;
}

std::optional<Instant> instant_of(const Json& json, std::string_view name) {
  return parse_rfc3339(text_of(json, name));
}

const Json::Array& items_of(const Json& json) {
  const Json::Array* found = member(json, "items").as_array();
  return found ? *found : no_items;
}

std::string ApiAnswer::why() const {
  if (status == 0) return "no answer: " + code;
  return std::to_string(status) + (code.empty() ? "" : " " + code);
}

ApiClient::ApiClient(net::IoContext& io, std::string host, uint16_t port, ApiCounters& counters) : counters_(counters) {
  net::HttpClientConfig config;
  config.host = std::move(host);
  config.port = port;
  http_ = std::make_shared<net::HttpClient>(io, std::move(config));
}

ApiClient::Answer ApiClient::post_once(std::string path, Json body, std::string idempotency_key) {
  return call(HttpMethod::post, "/api/v1" + std::move(path), std::move(body), std::move(idempotency_key));
}

ApiClient::Answer ApiClient::call(HttpMethod method, std::string path, std::optional<Json> body,
                                  std::string idempotency_key) {
  HttpRequest request = net::http_request(method, std::move(path), body ? to_text(*body) : std::string());
  if (!token_.empty()) request.headers.add("Authorization", "Bearer " + token_);
  if (method == HttpMethod::post && idempotency_key.empty()) idempotency_key = fresh_key();
  if (!idempotency_key.empty()) request.headers.add("Idempotency-Key", idempotency_key);
  return Answer([this, request = std::move(request)](std::function<void(ApiAnswer)> done) {
    ++counters_.requests;
    http_->send(request, [this, done = std::move(done)](Result<HttpResponse> response) {
      ApiAnswer answer = read(response);
      if (answer.status >= 400 && answer.status < 500) ++counters_.refused;
      if (answer.status == 0 || answer.status >= 500) ++counters_.failed;
      done(std::move(answer));
    });
  });
}

Task<ApiAnswer> ApiClient::log_in(std::string phone, std::string password) {
  token_.clear();  // an old one, perhaps expired, would be refused before the password is looked at
  ApiAnswer answer = co_await post("/login", object({{"phone", text(phone)}, {"password", text(password)}}));
  if (answer.ok()) token_ = text_of(answer.body, "token");
  co_return answer;
}

}  // namespace bayward::town
