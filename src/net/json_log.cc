#include "net/json_log.h"

#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <cmath>
#include <type_traits>
#include <variant>

#include "base/json_text.h"
#include "base/limits.h"
#include "net/io.h"

namespace bayward::net {
namespace {

constexpr std::array<std::string_view, 4> level_names = {"debug", "info", "warn", "error"};

spdlog::level::level_enum spdlog_level(log::Level level) {
  static constexpr std::array levels = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                                        spdlog::level::err};
  return levels[static_cast<size_t>(level)];
}

void append_value(std::string& out, const log::Value& value) {
  std::visit(
      [&out](auto held) {
        using T = decltype(held);
        if constexpr (std::is_same_v<T, bool>) {
          out += held ? "true" : "false";
        } else if constexpr (std::is_same_v<T, std::string_view>) {
          append_json_string(out, held);
        } else if constexpr (std::is_same_v<T, double>) {
          out += std::isfinite(held) ? fmt::format("{}", held) : "null";
        } else {
          out += std::to_string(held);
        }
      },
      value.held);
}

}  // namespace

struct JsonLog::Impl {
  explicit Impl(log::Level least)
      : pool(std::make_shared<spdlog::details::thread_pool>(limits::log_queue_lines, 1)),
        logger(std::make_shared<spdlog::async_logger>("json", std::make_shared<spdlog::sinks::stderr_sink_mt>(), pool,
                                                      spdlog::async_overflow_policy::overrun_oldest)) {
    logger->set_pattern("%v");
    logger->set_level(spdlog_level(least));
  }
  // Writes what is queued and ends the writing thread; only then goes what it wrote with.
  ~Impl() { pool.reset(); }

  std::shared_ptr<spdlog::details::thread_pool> pool;
  std::shared_ptr<spdlog::async_logger> logger;
};

JsonLog::JsonLog(log::Level least) : impl_(std::make_unique<Impl>(least)) {}
JsonLog::~JsonLog() = default;

void JsonLog::write(log::Level level, std::string_view what, std::span<const log::Field> fields) {
  if (!impl_->logger->should_log(spdlog_level(level))) return;
  const std::string line = json_log_line(to_rfc3339(SystemClock().now()), level, what, fields);
  impl_->logger->log(spdlog_level(level), spdlog::string_view_t(line));
}

std::string json_log_line(std::string_view at, log::Level level, std::string_view what,
                          std::span<const log::Field> fields) {
  std::string out = "{\"at\":";
  append_json_string(out, at);
  out += ",\"level\":";
  append_json_string(out, to_text(level));
  out += ",\"what\":";
  append_json_string(out, what);
  for (const log::Field& field : fields) {
    out += ',';
    append_json_string(out, field.name);
    out += ':';
    append_value(out, field.value);
  }
  out += '}';
  return out;
}

std::string_view to_text(log::Level level) {
  return level_names[static_cast<size_t>(level)];
}

std::optional<log::Level> parse_log_level(std::string_view text) {
  for (size_t i = 0; i < level_names.size(); ++i) {
    if (level_names[i] == text) return static_cast<log::Level>(i);
  }
  return std::nullopt;
}

}  // namespace bayward::net
