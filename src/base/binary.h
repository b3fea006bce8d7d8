// The binary form of structs with BAYWARD_FIELDS: varints, length-prefixed strings, structs and variants.
//
// A struct is written with its length, so a reader of an older schema skips fields it does not know and a reader of a
// newer one keeps the defaults of fields that are not there. Deterministic: equal values give equal bytes (maps are
// ordered). BinaryReader trusts nothing: every length is checked against what is left, and `ok()` turns false for good
// at the first defect.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
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
#include "base/flat_map.h"
#include "base/ids.h"
#include "base/money.h"
#include "base/time.h"

namespace bayward {

class BinaryWriter {
 public:
  explicit BinaryWriter(std::string& out) : out_(out) {}

  void raw(const void* data, size_t size) { out_.append(static_cast<const char*>(data), size); }
  void varint(uint64_t value) {
    while (value >= 0x80) {
      out_.push_back(static_cast<char>(value | 0x80));
      value >>= 7;
    }
    out_.push_back(static_cast<char>(value));
  }

  void operator()(std::string_view, const auto& value) { write(value); }

  void write(bool value) { out_.push_back(value ? 1 : 0); }
  template <class T>
    requires(std::is_integral_v<T> || std::is_enum_v<T>)
  void write(T value) {
    if constexpr (std::is_enum_v<T>) {
      varint(static_cast<uint64_t>(value));
    } else if constexpr (std::is_signed_v<T>) {
      const auto wide = static_cast<int64_t>(value);
      varint((static_cast<uint64_t>(wide) << 1) ^ static_cast<uint64_t>(wide >> 63));
    } else {
      varint(value);
    }
  }
  template <class Tag>
  void write(Id<Tag> id) {
    varint(id.value);
  }
  void write(Instant at) { write(unix_ms(at)); }
  void write(Duration length) { write(static_cast<int64_t>(length.count())); }
  void write(const Interval& interval) {
    write(interval.start);
    write(static_cast<int64_t>((interval.end - interval.start).count()));
  }
  void write(const Fingerprint& fingerprint) { raw(fingerprint.bytes.data(), fingerprint.bytes.size()); }
  void write(const Currency& currency) { raw(currency.code.data(), currency.code.size()); }
  void write(const Money& money) {
    write(money.minor);
    write(money.currency);
  }
  void write(const std::string& text) {
    varint(text.size());
    out_.append(text);
  }
  template <class T>
  void write(const std::vector<T>& items) {
    varint(items.size());
    for (const auto& item : items) write(static_cast<const T&>(item));
  }
  template <class T, size_t N>
  void write(const std::array<T, N>& items) {
    for (const auto& item : items) write(item);
  }
  template <class K, class V>
  void write(const std::map<K, V>& items) {
    varint(items.size());
    for (const auto& [key, value] : items) {
      write(key);
      write(value);
    }
  }
  template <class K, class V>
  void write(const FlatMap<K, V>& items) {  // as a std::map is written
    varint(items.size());
    for (const K& key : items.sorted_keys()) {
      write(key);
      write(items.at(key));
    }
  }
  template <class T>
  void write(const std::optional<T>& value) {
    write(value.has_value());
    if (value) write(*value);
  }
  template <class A, class B>
  void write(const std::pair<A, B>& value) {
    write(value.first);
    write(value.second);
  }
  template <class... T>
  void write(const std::variant<T...>& value) {
    varint(value.index());
    std::visit([this](const auto& alternative) { this->write(alternative); }, value);
  }
  template <HasFields T>
  void write(const T& value) {
    // The length is not known before: most structs are short, so one byte is kept and widened if it was not enough.
    const size_t start = out_.size();
    out_.push_back(0);
    T::fields(value, *this);
    const size_t length = out_.size() - start - 1;
    if (length < 0x80) {
      out_[start] = static_cast<char>(length);
      return;
    }
    std::string prefix;
    BinaryWriter(prefix).varint(length);
    out_.replace(start, 1, prefix);
  }

 private:
  std::string& out_;
};

class BinaryReader {
 public:
  explicit BinaryReader(std::string_view bytes) : cursor_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool ok() const { return ok_; }
  bool at_end() const { return cursor_ == end_; }
  size_t left() const { return static_cast<size_t>(end_ - cursor_); }

  uint64_t varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (cursor_ == end_) break;
      const auto byte = static_cast<uint8_t>(*cursor_++);
      if (shift == 63 && byte > 1) break;
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    ok_ = false;
    return 0;
  }
  std::string_view raw(size_t size) {
    if (size > left()) {
      ok_ = false;
      return {};
    }
    const std::string_view bytes(cursor_, size);
    cursor_ += size;
    return bytes;
  }

  // Field of a struct: an older record may end before it.
  void operator()(std::string_view, auto& value) {
    if (ok_ && !at_end()) read(value);
  }

  void read(bool& value) {
    const std::string_view byte = raw(1);
    if (byte.empty() || static_cast<uint8_t>(byte[0]) > 1) {
      ok_ = false;
      return;
    }
    value = byte[0] == 1;
  }
  template <class T>
    requires(std::is_integral_v<T> || std::is_enum_v<T>)
  void read(T& value) {
    const uint64_t wire = varint();
    if constexpr (std::is_enum_v<T>) {
      using Underlying = std::underlying_type_t<T>;
      if (wire > static_cast<uint64_t>(std::numeric_limits<Underlying>::max())) ok_ = false;
      value = static_cast<T>(static_cast<Underlying>(wire));
    } else if constexpr (std::is_signed_v<T>) {
      const auto wide = static_cast<int64_t>(wire >> 1) ^ -static_cast<int64_t>(wire & 1);
      value = static_cast<T>(wide);
      if (static_cast<int64_t>(value) != wide) ok_ = false;
    } else {
      value = static_cast<T>(wire);
      if (static_cast<uint64_t>(value) != wire) ok_ = false;
    }
  }
  template <class Tag>
  void read(Id<Tag>& id) {
    id.value = varint();
  }
  void read(Instant& at) {
    int64_t ms = 0;
    read(ms);
    at = from_unix_ms(ms);
  }
  void read(Duration& length) {
    int64_t ms = 0;
    read(ms);
    length = Duration{ms};
  }
  void read(Interval& interval) {
    int64_t length = 0;
    int64_t end = 0;
    read(interval.start);
    read(length);
    if (__builtin_add_overflow(unix_ms(interval.start), length, &end)) ok_ = false;
    interval.end = from_unix_ms(end);
  }
  void read(Fingerprint& fingerprint) { copy(fingerprint.bytes.data(), fingerprint.bytes.size()); }
  void read(Currency& currency) { copy(currency.code.data(), currency.code.size()); }
  void read(Money& money) {
    read(money.minor);
    read(money.currency);
  }
  void read(std::string& text) { text = raw(length()); }
  template <class T>
  void read(std::vector<T>& items) {
    const size_t count = length();
    items.clear();
    for (size_t i = 0; i < count && ok_; ++i) {
      T item{};
      read(item);
      items.push_back(std::move(item));
    }
  }
  template <class T, size_t N>
  void read(std::array<T, N>& items) {
    for (auto& item : items) read(item);
  }
  template <class K, class V>
  void read(std::map<K, V>& items) {
    const size_t count = length();
    items.clear();
    for (size_t i = 0; i < count && ok_; ++i) {
      K key{};
      V value{};
      read(key);
      read(value);
      items.emplace_hint(items.end(), std::move(key), std::move(value));
    }
  }
  template <class K, class V>
  void read(FlatMap<K, V>& items) {
    const size_t count = length();
    items.clear();
    for (size_t i = 0; i < count && ok_; ++i) {
      K key{};
      read(key);
      if (key == K{}) ok_ = false;
      if (ok_) read(items[key]);
    }
  }
  template <class T>
  void read(std::optional<T>& value) {
    bool present = false;
    read(present);
    value.reset();
    if (present && ok_) read(value.emplace());
  }
  template <class A, class B>
  void read(std::pair<A, B>& value) {
    read(value.first);
    read(value.second);
  }
  template <class... T>
  void read(std::variant<T...>& value) {
    const uint64_t index = varint();
    if (index >= sizeof...(T)) {
      ok_ = false;
      return;
    }
    read_alternative(value, index, std::index_sequence_for<T...>{});
  }
  template <HasFields T>
  void read(T& value) {
    BinaryReader inner(raw(length()));
    T::fields(value, inner);
    ok_ = ok_ && inner.ok_;
  }

 private:
  // A count of things of at least one byte each can't exceed the bytes that are left.
  size_t length() {
    const uint64_t size = varint();
    if (size > left()) {
      ok_ = false;
      return 0;
    }
    return static_cast<size_t>(size);
  }
  void copy(void* to, size_t size) {
    const std::string_view bytes = raw(size);
    if (bytes.size() == size) std::memcpy(to, bytes.data(), size);
  }
  template <class Variant, size_t... I>
  void read_alternative(Variant& value, uint64_t index, std::index_sequence<I...>) {
    ((index == I ? read(value.template emplace<I>()) : void()), ...);
  }

  const char* cursor_;
  const char* end_;
  bool ok_ = true;
};

template <class T>
std::string to_binary(const T& value) {
  std::string out;
  BinaryWriter(out).write(value);
  return out;
}

// Nothing when the bytes are defective or something follows the value.
template <class T>
std::optional<T> from_binary(std::string_view bytes) {
  T value{};
  BinaryReader reader(bytes);
  reader.read(value);
  if (!reader.ok() || !reader.at_end()) return std::nullopt;
  return value;
}

}  // namespace bayward
