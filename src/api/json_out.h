// Writes JSON answers as text, straight into one string. Any thread, one writer each.
//
//   JsonOut out;
//   out.object().field("bay", bay.id).field("free", true).end();
//
// Commas are its own business; names are ours and need no escaping; every object() and array() needs its end().
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/json_text.h"
#include "base/money.h"
#include "base/time.h"
#include "base/zone.h"

namespace bayward::api {

// Energy as people read it: milliwatt-hours written as watt-hours with up to three digits.
struct WattHours {
  int64_t milliwh = 0;
};

class JsonOut {
 public:
  JsonOut& object() { return open('{'); }
  JsonOut& array() { return open('['); }
  JsonOut& end() {
    text_ += closing_.back();
    closing_.pop_back();
    return *this;
  }
  JsonOut& name(std::string_view key) {
    comma();
    text_ += '"';
    text_ += key;
    text_ += "\":";
    return *this;
  }
  template <class T>
  JsonOut& field(std::string_view key, const T& value) {
    return name(key).value(value);
  }

  JsonOut& value(std::string_view text) {
    comma();
    append_json_string(text_, text);
    return *this;
  }
  JsonOut& value(const char* text) { return value(std::string_view(text)); }
  JsonOut& value(const std::string& text) { return value(std::string_view(text)); }
  JsonOut& value(bool flag) { return raw(flag ? "true" : "false"); }
  JsonOut& null() { return raw("null"); }
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  JsonOut& value(T number) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    return raw({digits, static_cast<size_t>(end - digits)});
  }
  // To six digits after the point: degrees to 0.1 m, distances to a micrometre.
  JsonOut& value(double number);
  template <HasText T>
  JsonOut& value(T word) {
    return value(std::string_view(to_text(word)));
  }
  template <class Tag>
  JsonOut& value(Id<Tag> id) {
    return id ? value(std::string_view(to_text(id))) : null();
  }
  JsonOut& value(Instant at) { return value(std::string_view(to_rfc3339(at))); }
  JsonOut& value(Date date) { return value(std::string_view(to_text(date))); }
  JsonOut& value(const Money& money) {
    return object().field("minor", money.minor).field("currency", money.currency.text()).end();
  }
  JsonOut& value(WattHours energy);
  template <class T>
  JsonOut& value(const std::optional<T>& maybe) {
    return maybe ? value(*maybe) : null();
  }
  // JSON that is whole and correct already.
  JsonOut& raw(std::string_view json) {
    comma();
    text_ += json;
    return *this;
  }

  std::string take() { return std::move(text_); }

 private:
  JsonOut& open(char bracket) {
    comma();
    text_ += bracket;
    closing_ += bracket == '{' ? '}' : ']';
    return *this;
  }
  void comma() {
    if (text_.empty()) return;
    const char last = text_.back();
    if (last != '{' && last != '[' && last != ':') text_ += ',';
  }

  std::string text_;
  std::string closing_;
};

}  // namespace bayward::api
