#include "connectors/webhook/webhook_channel.h"

#include "base/json_text.h"
#include "connectors/wire/hmac.h"

namespace bayward::webhook {
namespace {

// Millionths of a degree as JSON's number of degrees, exactly.
std::string degrees(int32_t e6) {
  const int64_t size = std::abs(int64_t{e6});
  std::string fraction = std::to_string(size % 1'000'000);
  fraction.insert(0, 6 - fraction.size(), '0');
  return (e6 < 0 ? "-" : "") + std::to_string(size / 1'000'000) + "." + fraction;
}

class Object {
 public:
  explicit Object(std::string& out) : out_(out) { out_ += '{'; }
  Object& text(std::string_view name, std::string_view value) {
    begin(name);
    append_json_string(out_, value);
    return *this;
  }
  Object& bare(std::string_view name, std::string_view value) {
    begin(name);
    out_ += value;
    return *this;
  }
  // Left out when there is none.
  Object& maybe(std::string_view name, std::string_view value) { return value.empty() ? *this : text(name, value); }
  template <class Tag>
  Object& id(std::string_view name, Id<Tag> value) {
    return value ? text(name, to_text(value)) : *this;
  }
  Object& inside(std::string_view name) {
    begin(name);
    out_ += '{';
    first_ = true;
    return *this;
  }
  Object& end() {
    out_ += '}';
    first_ = false;
    return *this;
  }

 private:
  void begin(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    append_json_string(out_, name);
    out_ += ':';
  }

  std::string& out_;
  bool first_ = true;
};

}  // namespace

std::string body_of(const AlarmMessage& message) {
  const AlarmPlace& place = message.place;
  std::string out;
  Object object(out);
  object.id("delivery", message.delivery).id("incident", message.incident);
  object.text("step", core::to_text(message.step)).text("kind", core::to_text(message.kind));
  object.text("severity", core::to_text(message.severity)).bare("round", std::to_string(message.round));
  object.bare("tries", std::to_string(message.tries));
  object.inside("to").text("party", core::to_text(message.to.party)).id("account", message.to.account);
  object.maybe("address", message.address).end();
  object.inside("place").id("site", place.site).text("site_name", place.site_name);
  object.bare("latitude", degrees(place.point.latitude_e6)).bare("longitude", degrees(place.point.longitude_e6));
  object.id("bay", place.bay).maybe("bay_label", place.bay_label).maybe("level", place.level);
  object.maybe("device", place.device).end();
  object.text("opened_at", to_rfc3339(message.opened_at)).text("sent_at", to_rfc3339(message.at));
  object.text("language", message.chinese ? "zh" : "en").text("text", alarm_text(message)).end();
  return out;
}

std::string signature(std::string_view secret, Instant now, std::string_view body) {
  const std::string time = std::to_string(unix_s(now));
  return "t=" + time + ",v1=" + wire::hex_hmac(secret, time + "." + std::string(body));
}

void WebhookChannel::send(const AlarmMessage& message, SendDone done) {
  HttpRequest request;
  request.method = HttpMethod::post;
  request.target = path_;
  request.body = body_of(message);
  request.headers.add("Content-Type", "application/json");
  request.headers.add("Idempotency-Key", to_text(message.delivery));
  request.headers.add("Bayward-Signature", signature(secret_, clock_.now(), request.body));
  http_(std::move(request), [done = std::move(done)](const Result<HttpResponse>& response) {
    if (!response) return done(SendResult::failed, response.error().message);
    const bool good = response->status >= 200 && response->status < 300;
    done(good ? SendResult::delivered : SendResult::failed, "answer " + std::to_string(response->status));
  });
}

}  // namespace bayward::webhook
