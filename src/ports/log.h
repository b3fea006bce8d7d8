// Structured logging: what happened, in one dotted word, and its fields. Any thread.
//
//   log::info("http.listening", {{"port", port}});
//
// main() installs a sink (net/json_log.h); without one, as in tests, nothing is written. Secrets, plates, phones and
// names never go in a field.
#pragma once

#include <atomic>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace bayward::log {

enum class Level : uint8_t { debug, info, warn, error };

class Value {
 public:
  Value(bool value) : held(value) {}                                   // NOLINT: implicit on purpose, as all of these
  Value(std::string_view value) : held(value) {}                       // NOLINT
  Value(const std::string& value) : held(std::string_view(value)) {}   // NOLINT
  Value(const char* value) : held(std::string_view(value)) {}          // NOLINT
  Value(std::signed_integral auto value) : held(int64_t{value}) {}     // NOLINT
  Value(std::unsigned_integral auto value) : held(uint64_t{value}) {}  // NOLINT
  Value(std::floating_point auto value) : held(double{value}) {}       // NOLINT

  std::variant<bool, int64_t, uint64_t, double, std::string_view> held;
};

// Views live for the call only.
struct Field {
  std::string_view name;
  Value value;
};

class Sink {
 public:
  virtual ~Sink() = default;
  virtual void write(Level level, std::string_view what, std::span<const Field> fields) = 0;
};

inline std::atomic<Sink*> installed_sink = nullptr;

// The sink outlives every thread that may log, or is uninstalled (nullptr) before it goes.
inline void install(Sink* sink) {
  installed_sink.store(sink);
}

inline void write(Level level, std::string_view what, std::initializer_list<Field> fields) {
  if (Sink* sink = installed_sink.load()) sink->write(level, what, {fields.begin(), fields.size()});
}

inline void debug(std::string_view what, std::initializer_list<Field> fields = {}) {
  write(Level::debug, what, fields);
}
inline void info(std::string_view what, std::initializer_list<Field> fields = {}) {
  write(Level::info, what, fields);
}
inline void warn(std::string_view what, std::initializer_list<Field> fields = {}) {
  write(Level::warn, what, fields);
}
inline void error(std::string_view what, std::initializer_list<Field> fields = {}) {
  write(Level::error, what, fields);
}

}  // namespace bayward::log
