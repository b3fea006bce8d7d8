// The sink of ports/log.h for programs: one JSON object a line on standard error,
// {"at":"2026-03-29T01:00:00.000Z","level":"info","what":"http.listening","port":8080}.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ports/log.h"

namespace bayward::net {

// Any thread. Never waits for the terminal: a thread of its own writes, and when limits::log_queue_lines are waiting
// the oldest are dropped. What was logged is written before the destructor returns.
class JsonLog : public log::Sink {
 public:
  explicit JsonLog(log::Level least);
  ~JsonLog() override;
  void write(log::Level level, std::string_view what, std::span<const log::Field> fields) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

std::string json_log_line(std::string_view at, log::Level level, std::string_view what,
                          std::span<const log::Field> fields);

// "debug", "info", "warn", "error", as in configurations.
std::string_view to_text(log::Level level);
std::optional<log::Level> parse_log_level(std::string_view text);

}  // namespace bayward::net
