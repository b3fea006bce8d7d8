// Reads the JSON body of a request, strictly: depth and size are bounded, an unknown field is refused by its name, and
// so are a wrong type and a value out of range. The first thing wrong is kept; reading goes on with harmless values, so
// that a handler reads everything and asks once.
//
//   Body body(request.body);
//   Fields in = body.fields();
//   const BayId bay = in.id<BayId>("bay");
//   const std::optional<Instant> end = in.maybe_time("end");
//   in.finish();
//   if (const Detail* wrong = body.wrong()) ...
//
// One thread; lives on the stack of the handler. Text is copied out by the functions that return std::string.
#pragma once

#include <array>
#include <boost/json.hpp>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/problem.h"
#include "base/ids.h"
#include "base/money.h"
#include "base/time.h"
#include "base/zone.h"

namespace bayward::api {

template <class T>
struct Word {
  std::string_view word;
  T value;
};

struct IntegerRange {
  int64_t low = 0;
  int64_t high = 0;
};
struct NumberRange {
  double low = 0;
  double high = 0;
};

class Fields {
 public:
  Fields(const boost::json::object* object, std::string path, std::optional<Detail>& wrong)
      : object_(object), path_(std::move(path)), wrong_(wrong) {}

  bool has(std::string_view name) const;
  bool given_null(std::string_view name) const;

  // Characters of UTF-8, none of them control characters.
  std::string text(std::string_view name, size_t chars_min, size_t chars_max);
  std::optional<std::string> maybe_text(std::string_view name, size_t chars_min, size_t chars_max);
  // Of several lines, such as PEM: as maybe_text, with line ends.
  std::optional<std::string> maybe_lines(std::string_view name, size_t chars_max);
  int64_t integer(std::string_view name, IntegerRange range);
  std::optional<int64_t> maybe_integer(std::string_view name, IntegerRange range);
  double number(std::string_view name, NumberRange range);
  std::optional<double> maybe_number(std::string_view name, NumberRange range);
  bool flag(std::string_view name);
  std::optional<bool> maybe_flag(std::string_view name);
  // An object, as text.
  std::optional<std::string> maybe_json(std::string_view name);
  Instant time(std::string_view name);
  std::optional<Instant> maybe_time(std::string_view name);
  Date date(std::string_view name);
  // Watt-hours to milliwatt-hours.
  std::optional<int64_t> maybe_energy(std::string_view name);
  Money money(std::string_view name);
  Currency currency(std::string_view name);

  template <class IdType>
  IdType id(std::string_view name) {
    const auto found = maybe_id<IdType>(name);
    if (!found) missing(name);
    return found.value_or(IdType{});
  }
  template <class IdType>
  std::optional<IdType> maybe_id(std::string_view name) {
    const boost::json::value* value = take(name);
    if (!value) return std::nullopt;
    const auto* word = value->if_string();
    const auto id = word ? parse_id<IdType>(std::string_view(word->data(), word->size())) : std::nullopt;
    if (!id) {
      std::string like(id_prefix<IdType>());
      refuse(name, "must be an id such as \"" + like + "-1a\"", "必须是编号，例如\"" + like + "-1a\"");
    }
    return id.value_or(IdType{});
  }
  template <class T, size_t n>
  std::optional<T> maybe_word(std::string_view name, const std::array<Word<T>, n>& words) {
    const auto text = maybe_text(name, 1, 64);
    if (!text) return std::nullopt;
    std::string choice;
    for (const Word<T>& one : words) {
      if (one.word == *text) return one.value;
      choice += (choice.empty() ? "" : ", ") + std::string(one.word);
    }
    refuse(name, "must be one of: " + choice, "必须是以下之一：" + choice);
    return words[0].value;
  }

  // The reader of a nested object; an empty one when there is none.
  Fields object(std::string_view name);
  std::optional<Fields> maybe_object(std::string_view name);
  // The elements of an array, at most `most`; empty when there is none.
  std::span<const boost::json::value> array(std::string_view name, size_t most);
  Fields object_in(std::string_view name, size_t index, const boost::json::value& element);

  // Any field that nobody asked for is refused.
  void finish();
  void refuse(std::string_view name, const std::string& english, const std::string& chinese);
  std::string path_of(std::string_view name) const;

 private:
  const boost::json::value* take(std::string_view name);
  void missing(std::string_view name);

  const boost::json::object* object_;  // null: nothing to read
  std::string path_;
  std::optional<Detail>& wrong_;
  std::vector<const void*> taken_;
};

class Body {
 public:
  explicit Body(std::string_view text);
  Body(const Body&) = delete;
  Body& operator=(const Body&) = delete;

  Fields fields() { return {root_.if_object(), "", wrong_}; }
  // Null: all was well so far.
  const Detail* wrong() const { return wrong_ ? &*wrong_ : nullptr; }
  bool readable() const { return readable_; }

 private:
  std::array<unsigned char, 4096> buffer_;  // enough for nearly all bodies: no allocation
  boost::json::monotonic_resource memory_;
  boost::json::value root_;
  std::optional<Detail> wrong_;
  bool readable_ = true;
};

}  // namespace bayward::api
