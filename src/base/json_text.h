// The readable form of structs with BAYWARD_FIELDS: what `bayward-server journal show` prints. Write only; JSON from
// outside is parsed with Boost.JSON.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/fields.h"
#include "base/fingerprint.h"
#include "base/ids.h"
#include "base/money.h"
#include "base/time.h"

namespace bayward {

void append_json_string(std::string& out, std::string_view text);

// Enums that have `std::string_view to_text(E)` found by ADL print as that word, others as their number.
template <class E>
concept HasText = std::is_enum_v<E> && requires(E value) {
  { to_text(value) } -> std::convertible_to<std::string_view>;
};

class JsonText {
 public:
  explicit JsonText(std::string& out) : out_(out) {}

  void operator()(std::string_view name, const auto& value) {
    if (!first_) out_ += ',';
    first_ = false;
    append_json_string(out_, name);
    out_ += ':';
    write(value);
  }

  void write(bool value) { out_ += value ? "true" : "false"; }
  template <class T>
    requires(std::is_integral_v<T> || std::is_enum_v<T>)
  void write(T value) {
    if constexpr (HasText<T>) {
      append_json_string(out_, to_text(value));
    } else if constexpr (std::is_enum_v<T>) {
      out_ += std::to_string(static_cast<std::underlying_type_t<T>>(value));
    } else {
      out_ += std::to_string(value);
    }
  }
  template <class Tag>
  void write(Id<Tag> id) {
    id ? append_json_string(out_, to_text(id)) : void(out_ += "null");
  }
  void write(Instant at) { append_json_string(out_, to_rfc3339(at)); }
  void write(Duration length) { out_ += std::to_string(length.count()); }
  void write(const Interval& interval) {
    out_ += '[';
    write(interval.start);
    out_ += ',';
    write(interval.end);
    out_ += ']';
  }
  void write(const Fingerprint& fingerprint) { append_json_string(out_, to_text(fingerprint)); }
  void write(const Currency& currency) { append_json_string(out_, currency.text()); }
  void write(const Money& money) {
    out_ += "{\"minor\":" + std::to_string(money.minor) + ",\"currency\":";
    write(money.currency);
    out_ += '}';
  }
  void write(const std::string& text) { append_json_string(out_, text); }
  void write(std::string_view text) { append_json_string(out_, text); }
  template <class T>
  void write(const std::vector<T>& items) {
    list(items);
  }
  template <class T, size_t N>
  void write(const std::array<T, N>& items) {
    list(items);
  }
  template <class K, class V>
  void write(const std::map<K, V>& items) {
    list(items);
  }
  template <class A, class B>
  void write(const std::pair<A, B>& value) {
    out_ += '[';
    write(value.first);
    out_ += ',';
    write(value.second);
    out_ += ']';
  }
  template <class T>
  void write(const std::optional<T>& value) {
    value ? write(*value) : void(out_ += "null");
  }
  // {"BookingConfirmed": {...}}
  template <class... T>
  void write(const std::variant<T...>& value) {
    std::visit(
        [this](const auto& alternative) {
          out_ += '{';
          append_json_string(out_, std::decay_t<decltype(alternative)>::type_name);
          out_ += ':';
          this->write(alternative);
          out_ += '}';
        },
        value);
  }
  template <HasFields T>
  void write(const T& value) {
    out_ += '{';
    JsonText inner(out_);
    T::fields(value, inner);
    out_ += '}';
  }

 private:
  template <class Items>
  void list(const Items& items) {
    out_ += '[';
    bool first = true;
    for (const auto& item : items) {
      if (!first) out_ += ',';
      first = false;
      write(item);
    }
    out_ += ']';
  }

  std::string& out_;
  bool first_ = true;
};

template <class T>
std::string to_json_text(const T& value) {
  std::string out;
  JsonText(out).write(value);
  return out;
}

}  // namespace bayward
