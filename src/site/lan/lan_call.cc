#include "site/lan/lan_call.h"

#include <algorithm>

#include "base/limits.h"
#include "ports/http_util.h"

namespace bayward::site {
namespace {

bool plain_text(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

}  // namespace

HttpResponse lan_json(int status, const boost::json::object& body) {
  HttpResponse out;
  out.status = status;
  out.content_type = "application/json";
  out.body = boost::json::serialize(body);
  return out;
}

HttpResponse lan_problem(int status, std::string_view code, std::string_view detail) {
  HttpResponse out = lan_json(status, {{"type", "about:blank"},
                                       {"title", reason_phrase(status)},
                                       {"status", status},
                                       {"code", code},
                                       {"detail", detail}});
  out.content_type = "application/problem+json";
  return out;
}

void LanCall::answer(int status, const boost::json::object& body) const {
  responder.send(lan_json(status, body));
}

void LanCall::refuse(int status, std::string_view code, std::string_view detail) const {
  responder.send(lan_problem(status, code, detail));
}

LanBody::LanBody(const HttpRequest& request) {
  if (!request.headers.get("content-type").starts_with("application/json")) {
    // Also keeps pages of other origins out: they cannot send this type without asking first.
    wrong_ = "the body must be JSON: Content-Type application/json";
    return;
  }
  if (request.body.size() > limits::lan_body_bytes) {
    wrong_ = "the body is longer than " + std::to_string(limits::lan_body_bytes) + " bytes";
    return;
  }
  boost::system::error_code error;
  const boost::json::parse_options options{.max_depth = 4};
  boost::json::value value = boost::json::parse(request.body, error, {}, options);
  if (error || !value.is_object()) {
    wrong_ = "the body is not a JSON object";
    return;
  }
  object_ = std::move(value.get_object());
}

std::optional<boost::json::value> LanBody::take(std::string_view name) {
  const auto found = object_.find(name);
  if (wrong_ || found == object_.end()) return std::nullopt;
  boost::json::value value = std::move(found->value());
  object_.erase(found);
  return value;
}

std::string LanBody::text(std::string_view name, size_t chars_max) {
  if (!wrong_ && !object_.contains(name)) wrong_ = "'" + std::string(name) + "' is missing";
  return maybe_text(name, chars_max);
}

std::string LanBody::maybe_text(std::string_view name, size_t chars_max) {
  const auto value = take(name);
  if (!value) return {};
  const boost::json::string* text = value->if_string();
  if (text == nullptr || text->empty() || text->size() > chars_max || !plain_text(*text)) {
    wrong_ = "'" + std::string(name) + "' must be text of 1 to " + std::to_string(chars_max) + " characters";
    return {};
  }
  return std::string(*text);
}

double LanBody::number(std::string_view name, double low, double high) {
  const auto value = take(name);
  if (value && value->is_number()) {
    const auto number = value->to_number<double>();
    if (number >= low && number <= high) return number;
  }
  if (!wrong_) wrong_ = "'" + std::string(name) + "' must be a number in its range";
  return low;
}

bool LanBody::flag(std::string_view name) {
  const auto value = take(name);
  if (value && value->is_bool()) return value->get_bool();
  if (!wrong_) wrong_ = "'" + std::string(name) + "' must be true or false";
  return false;
}

std::optional<std::string> LanBody::wrong() {
  if (!wrong_ && !object_.empty()) wrong_ = "'" + std::string(object_.begin()->key()) + "' is not a field here";
  return wrong_;
}

}  // namespace bayward::site
