// Result<T, E>: a value or an expected failure. Exceptions carry no business logic (docs/style).
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "base/check.h"

namespace bayward {

template <class E>
struct Failure {
  E error;
};
template <class E>
Failure(E) -> Failure<E>;

// A failure described for a person: what happened and what to do about it.
struct Error {
  std::string message;
};

inline Failure<Error> fail(std::string message) {
  return {Error{std::move(message)}};
}

template <class T, class E = Error>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit on purpose
  template <class F>
  Result(Failure<F> failure) : content_(std::in_place_index<1>, std::move(failure.error)) {}  // NOLINT

  bool ok() const { return content_.index() == 0; }
  explicit operator bool() const { return ok(); }

  const T& value() const& {
    BAYWARD_CHECK(ok());
    return *std::get_if<0>(&content_);
  }
  T& value() & {
    BAYWARD_CHECK(ok());
    return *std::get_if<0>(&content_);
  }
  T&& value() && {
    BAYWARD_CHECK(ok());
    return std::move(*std::get_if<0>(&content_));
  }
  const E& error() const {
    BAYWARD_CHECK(!ok());
    return *std::get_if<1>(&content_);
  }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

 private:
  std::variant<T, E> content_;
};

// Result of something done for its effect only.
struct Done {};
using Status = Result<Done, Error>;

}  // namespace bayward
