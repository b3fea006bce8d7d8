// One list of a struct's fields, from which the binary journal form, the readable JSON form and hashes are all made.
//
//   struct WindowWithdrawn {
//     WindowId window;
//     Instant at;
//     BAYWARD_FIELDS(WindowWithdrawn, window, at)
//   };
//
// The journal keeps such structs for years: fields are only ever appended, never removed, reordered or retyped. A
// reader that finds an older, shorter record leaves the missing last fields at their defaults (base/binary.h).
#pragma once

#include <string_view>

#define BAYWARD_PARENS ()
#define BAYWARD_EXPAND(...) BAYWARD_EXPAND3(BAYWARD_EXPAND3(BAYWARD_EXPAND3(BAYWARD_EXPAND3(__VA_ARGS__))))
#define BAYWARD_EXPAND3(...) BAYWARD_EXPAND2(BAYWARD_EXPAND2(BAYWARD_EXPAND2(BAYWARD_EXPAND2(__VA_ARGS__))))
#define BAYWARD_EXPAND2(...) BAYWARD_EXPAND1(BAYWARD_EXPAND1(BAYWARD_EXPAND1(BAYWARD_EXPAND1(__VA_ARGS__))))
#define BAYWARD_EXPAND1(...) __VA_ARGS__
#define BAYWARD_EACH(...) __VA_OPT__(BAYWARD_EXPAND(BAYWARD_EACH_ONE(__VA_ARGS__)))
#define BAYWARD_EACH_ONE(field, ...) \
  visit(#field, self.field);         \
  __VA_OPT__(BAYWARD_EACH_AGAIN BAYWARD_PARENS(__VA_ARGS__))
#define BAYWARD_EACH_AGAIN() BAYWARD_EACH_ONE

#define BAYWARD_FIELDS(type, ...)                                       \
  [[maybe_unused]] static constexpr std::string_view type_name = #type; \
  template <class Self, class Visit>                                    \
  static constexpr void fields(Self& self, Visit& visit) {              \
    (void)self;                                                         \
    (void)visit;                                                        \
    BAYWARD_EACH(__VA_ARGS__)                                           \
  }                                                                     \
  [[maybe_unused]] friend bool operator==(const type&, const type&) = default;

namespace bayward {

struct AnyVisit {
  template <class T>
  void operator()(std::string_view, T&) {}
};

template <class T>
concept HasFields = requires(T& value, AnyVisit& visit) { T::fields(value, visit); };

}  // namespace bayward
