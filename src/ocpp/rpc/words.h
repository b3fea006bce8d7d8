// Enumerations and the exact words OCPP has for them. The generator gives every enum `words(E)` and `to_text(E)`.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace bayward::ocpp {

// "" outside the enumeration.
constexpr std::string_view word_at(std::span<const std::string_view> words, size_t index) {
  return index < words.size() ? words[index] : std::string_view{};
}
std::optional<size_t> index_of(std::span<const std::string_view> words, std::string_view text);

template <class E>
std::optional<E> from_text(std::string_view text) {
  const auto index = index_of(words(E{}), text);
  return index ? std::optional(static_cast<E>(*index)) : std::nullopt;
}

}  // namespace bayward::ocpp
