#include "api/body.h"

#include <algorithm>
#include <cmath>

#include "base/limits.h"

namespace bayward::api {
namespace {

namespace json = boost::json;

std::string_view view(const json::string& text) {
  return {text.data(), text.size()};
}

size_t characters(std::string_view utf8) {
  return static_cast<size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<uint8_t>(c) & 0xc0) != 0x80; }));
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<uint8_t>(c) < 0x20 || c == 0x7f; });
}

// A whole number, also when it is written as 5.0.
std::optional<int64_t> whole(const json::value& value) {
  if (const auto* number = value.if_int64()) return *number;
  const auto* real = value.if_double();
  if (!real || std::trunc(*real) != *real || std::abs(*real) > 9e15) return std::nullopt;
  return static_cast<int64_t>(*real);
}

std::optional<double> real(const json::value& value) {
  if (const auto* number = value.if_double()) return *number;
  if (const auto* number = value.if_int64()) return static_cast<double>(*number);
  return std::nullopt;
}

std::string decimal(double value) {
  std::string text = std::to_string(value);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

Body::Body(std::string_view text) : memory_(buffer_.data(), buffer_.size()) {
  json::parse_options options;
  options.max_depth = limits::json_depth;
  std::array<unsigned char, 1024> scratch;
  json::parser parser(json::storage_ptr(), options, scratch.data(), scratch.size());
  parser.reset(&memory_);
  json::error_code error;
  parser.write(text.data(), text.size(), error);
  if (!error) root_ = parser.release();
  if (!error && root_.is_object()) return;
  readable_ = false;
  if (!error) {
    wrong_ = Detail{"The body must be one JSON object: {...}.", "请求体必须是一个JSON对象：{...}。"};
  } else if (error == json::error::too_deep) {
    wrong_ = Detail{"The JSON is nested more than " + std::to_string(limits::json_depth) + " levels deep.",
                    "JSON嵌套超过" + std::to_string(limits::json_depth) + "层。"};
  } else if (text.empty()) {
    wrong_ = Detail{"The body is empty. Send one JSON object in UTF-8.", "请求体为空。请发送一个UTF-8编码的JSON对象。"};
  } else {
    wrong_ = Detail{"Send one JSON object in UTF-8.", "请发送一个UTF-8编码的JSON对象。"};
  }
}

std::string Fields::path_of(std::string_view name) const {
  return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
}

void Fields::refuse(std::string_view name, const std::string& english, const std::string& chinese) {
  if (wrong_) return;
  const std::string path = path_of(name);
  wrong_ = Detail{"Field \"" + path + "\" " + english + ".", "字段“" + path + "”" + chinese + "。"};
}

void Fields::missing(std::string_view name) {
  refuse(name, "is missing", "缺失");
}

bool Fields::has(std::string_view name) const {
  const json::value* value = object_ ? object_->if_contains(name) : nullptr;
  return value && !value->is_null();
}

bool Fields::given_null(std::string_view name) const {
  const json::value* value = object_ ? object_->if_contains(name) : nullptr;
  return value && value->is_null();
}

// Null counts as not given.
const json::value* Fields::take(std::string_view name) {
  const json::value* value = object_ ? object_->if_contains(name) : nullptr;
  if (!value) return nullptr;
  taken_.push_back(value);
  return value->is_null() ? nullptr : value;
}

void Fields::finish() {
  if (!object_ || wrong_) return;
  for (const json::key_value_pair& member : *object_) {
    const void* address = &member.value();
    if (std::find(taken_.begin(), taken_.end(), address) != taken_.end()) continue;
    const std::string_view name(member.key().data(), std::min<size_t>(member.key().size(), 64));
    refuse(name, "is unknown here; leave it out", "在此处未知；请去掉");
    return;
  }
}

std::optional<std::string> Fields::maybe_text(std::string_view name, size_t chars_min, size_t chars_max) {
  const json::value* value = take(name);
  if (!value) return std::nullopt;
  const auto* text = value->if_string();
  const size_t length = text ? characters(view(*text)) : 0;
  if (!text || length < chars_min || length > chars_max || has_control(view(*text))) {
    const std::string range = std::to_string(chars_min) + " to " + std::to_string(chars_max);
    refuse(name, "must be text of " + range + " characters without control characters",
           "必须是" + std::to_string(chars_min) + "至" + std::to_string(chars_max) + "个字符的文本，不含控制字符");
    return std::string();
  }
  return std::string(view(*text));
}

std::optional<std::string> Fields::maybe_lines(std::string_view name, size_t chars_max) {
  const json::value* value = take(name);
  if (!value) return std::nullopt;
  const auto* text = value->if_string();
  std::string visible(text ? view(*text) : std::string_view());
  std::erase_if(visible, [](char c) { return c == '\n' || c == '\r'; });
  if (!text || visible.empty() || text->size() > chars_max || has_control(visible)) {
    refuse(name, "must be text of at most " + std::to_string(chars_max) + " characters, in lines",
           "必须是不超过" + std::to_string(chars_max) + "个字符的多行文本");
    return std::string();
  }
  return std::string(view(*text));
}

std::string Fields::text(std::string_view name, size_t chars_min, size_t chars_max) {
  const auto found = maybe_text(name, chars_min, chars_max);
  if (!found) missing(name);
  return found.value_or("");
}

std::optional<int64_t> Fields::maybe_integer(std::string_view name, IntegerRange range) {
  const json::value* value = take(name);
  if (!value) return std::nullopt;
  const auto number = whole(*value);
  if (!number || *number < range.low || *number > range.high) {
    const std::string low = std::to_string(range.low);
    const std::string high = std::to_string(range.high);
    refuse(name, "must be a whole number from " + low + " to " + high, "必须是" + low + "至" + high + "的整数");
    return range.low;
  }
  return number;
}

int64_t Fields::integer(std::string_view name, IntegerRange range) {
  const auto found = maybe_integer(name, range);
  if (!found) missing(name);
  return found.value_or(range.low);
}

std::optional<double> Fields::maybe_number(std::string_view name, NumberRange range) {
  const json::value* value = take(name);
  if (!value) return std::nullopt;
  const auto number = real(*value);
  if (!number || !(*number >= range.low && *number <= range.high)) {
    const std::string low = decimal(range.low);
    const std::string high = decimal(range.high);
    refuse(name, "must be a number from " + low + " to " + high, "必须是" + low + "至" + high + "的数");
    return range.low;
  }
  return number;
}

double Fields::number(std::string_view name, NumberRange range) {
  const auto found = maybe_number(name, range);
  if (!found) missing(name);
  return found.value_or(range.low);
}

std::optional<bool> Fields::maybe_flag(std::string_view name) {
  const json::value* value = take(name);
  if (!value) return std::nullopt;
  if (const bool* flag = value->if_bool()) return *flag;
  refuse(name, "must be true or false", "必须是true或false");
  return false;
}

std::optional<std::string> Fields::maybe_json(std::string_view name) {
  const json::value* value = take(name);
  if (!value) return std::nullopt;
  if (value->is_object()) return json::serialize(*value);
  refuse(name, "must be an object", "必须是对象");
  return std::nullopt;
}

bool Fields::flag(std::string_view name) {
  const auto found = maybe_flag(name);
  if (!found) missing(name);
  return found.value_or(false);
}

std::optional<Instant> Fields::maybe_time(std::string_view name) {
  const json::value* value = take(name);
  if (!value) return std::nullopt;
  const auto* text = value->if_string();
  const auto at = text ? parse_rfc3339(view(*text)) : std::nullopt;
  if (!at) {
    refuse(name, "must be a time of RFC 3339 such as \"2026-03-29T08:00:00Z\"",
           "必须是RFC 3339时间，例如\"2026-03-29T08:00:00+08:00\"");
  }
  return at.value_or(Instant{});
}

Instant Fields::time(std::string_view name) {
  const auto found = maybe_time(name);
  if (!found) missing(name);
  return found.value_or(Instant{});
}

Date Fields::date(std::string_view name) {
  const std::string written = text(name, 10, 10);
  const auto date = parse_date(written);
  if (!date) refuse(name, "must be a date such as \"2026-03-29\"", "必须是日期，例如\"2026-03-29\"");
  return date.value_or(from_days(0));
}

std::optional<int64_t> Fields::maybe_energy(std::string_view name) {
  constexpr double most_wh = 1'000'000;
  const auto watt_hours = maybe_number(name, {0, most_wh});
  if (!watt_hours) return std::nullopt;
  return std::llround(*watt_hours * 1000);
}

Currency Fields::currency(std::string_view name) {
  const auto code = parse_currency(text(name, 3, 3));
  if (!code) {
    refuse(name, "must be a currency of ISO 4217 such as \"EUR\"", "必须是ISO 4217货币代码，例如\"CNY\"");
  }
  return code.value_or(Currency{});
}

Money Fields::money(std::string_view name) {
  Fields in = object(name);
  Money money;
  money.minor = in.integer("minor", {1, 10'000'000'000});
  money.currency = in.currency("currency");
  in.finish();
  return money;
}

std::optional<Fields> Fields::maybe_object(std::string_view name) {
  const json::value* value = take(name);
  if (!value) return std::nullopt;
  if (!value->is_object()) refuse(name, "must be an object: {...}", "必须是对象：{...}");
  return Fields(value->if_object(), path_of(name), wrong_);
}

Fields Fields::object(std::string_view name) {
  auto found = maybe_object(name);
  if (!found) missing(name);
  return found ? *found : Fields(nullptr, path_of(name), wrong_);
}

std::span<const json::value> Fields::array(std::string_view name, size_t most) {
  const json::value* value = take(name);
  if (!value) return {};
  const auto* items = value->if_array();
  if (!items || items->size() > most) {
    refuse(name, "must be a list of at most " + std::to_string(most) + " entries",
           "必须是最多" + std::to_string(most) + "项的列表");
    return {};
  }
  return {items->data(), items->size()};
}

Fields Fields::object_in(std::string_view name, size_t index, const json::value& element) {
  const std::string place = std::string(name) + "[" + std::to_string(index) + "]";
  if (!element.is_object()) refuse(place, "must be an object: {...}", "必须是对象：{...}");
  return {element.if_object(), path_of(place), wrong_};
}

}  // namespace bayward::api
