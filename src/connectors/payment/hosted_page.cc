#include "connectors/payment/hosted_page.h"

#include <openssl/crypto.h>

#include <boost/json.hpp>
#include <charconv>

#include "base/json_text.h"
#include "base/limits.h"

namespace bayward::payment {
namespace {

constexpr Duration callback_age_max = 5min;
constexpr size_t url_chars_max = 2048;

// The time that a signature names: "t=1763730202,v1=...".
std::optional<Instant> time_of(std::string_view signature) {
  if (!signature.starts_with("t=")) return std::nullopt;
  const std::string_view digits = signature.substr(2, signature.find(',') - 2);
  int64_t seconds = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  const bool whole = error == std::errc{} && end == digits.data() + digits.size();
  // Beyond this year 2286, from_unix_s() is nobody's callback and would overflow.
  if (!whole || seconds < 0 || seconds > 9'999'999'999) return std::nullopt;
  return from_unix_s(seconds);
}

bool on_this_machine(std::string_view url) {
  return url.starts_with("http://127.0.0.1:") || url.starts_with("http://localhost:") ||
         url.starts_with("http://[::1]:");
}

}  // namespace

Result<std::string> read_pay_url(const HttpResponse& answer) {
  if (answer.status < 200 || answer.status > 299) return fail("answer " + std::to_string(answer.status));
  boost::json::error_code error;
  boost::json::parse_options options;
  options.max_depth = 4;
  const boost::json::value body = boost::json::parse(answer.body, error, {}, options);
  const auto* object = error ? nullptr : body.if_object();
  const auto* field = object ? object->if_contains("pay_url") : nullptr;
  const auto* text = field ? field->if_string() : nullptr;
  if (!text) return fail("the answer has no pay_url");
  std::string url(text->data(), text->size());
  if (!url.starts_with("https://") && !on_this_machine(url)) return fail("pay_url must begin with https://");
  for (const char c : url) {
    if (c <= ' ' || c > '~') return fail("pay_url has a character that no address has");
  }
  if (url.size() > url_chars_max) return fail("pay_url is too long");
  return url;
}

void HostedPage::begin(const PaymentOrder& order, std::function<void(Result<std::string>)> done) {
  HttpRequest request;
  request.method = HttpMethod::post;
  request.target = config_.path;
  request.body = R"({"payment":")" + to_text(order.payment) + R"(","amount":{"minor":)" +
                 std::to_string(order.amount.minor) + R"(,"currency":")" + std::string(order.amount.currency.text()) +
                 R"("},"return_url":)";
  append_json_string(request.body, config_.public_url + "/#/driver/wallet");
  request.body += R"(,"callback_url":)";
  append_json_string(request.body, config_.public_url + "/api/v1/payments/callback");
  request.body += "}";
  request.headers.add("Content-Type", "application/json");
  request.headers.add("Idempotency-Key", to_text(order.payment));
  request.headers.add("Bayward-Signature", sign_(clock_.now(), request.body));
  http_(std::move(request), [done = std::move(done)](const Result<HttpResponse>& answer) {
    answer ? done(read_pay_url(*answer)) : done(Failure{answer.error()});
  });
}

bool HostedPage::genuine(const HttpRequest& callback) const {
  const std::string_view given = callback.headers.get("bayward-signature");
  const auto at = time_of(given);
  if (!at || std::chrono::abs(clock_.now() - *at) > callback_age_max) return false;
  const std::string right = sign_(*at, callback.body);
  return given.size() == right.size() && CRYPTO_memcmp(given.data(), right.data(), right.size()) == 0;
}

}  // namespace bayward::payment
