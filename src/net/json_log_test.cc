#include "net/json_log.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace bayward::net {
namespace {

TEST(JsonLog, a_line_is_one_object_with_typed_fields) {
  const log::Field fields[] = {{"port", 8080}, {"tls", false}, {"peer", "::1"}, {"seconds", 0.5}};
  EXPECT_EQ(json_log_line("2026-03-29T01:00:00.000Z", log::Level::info, "http.listening", fields),
            R"({"at":"2026-03-29T01:00:00.000Z","level":"info","what":"http.listening","port":8080,"tls":false,)"
            R"("peer":"::1","seconds":0.5})");
}

TEST(JsonLog, text_from_outside_cannot_end_the_line) {
  const log::Field fields[] = {{"name", std::string_view("a\"}\n{\"level\":\"x\0", 17)}};
  const std::string line = json_log_line("t", log::Level::warn, "w", fields);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_NE(line.find("a\\\"}"), std::string::npos);
}

TEST(JsonLog, every_line_is_on_standard_error_when_the_log_has_gone) {
  testing::internal::CaptureStderr();
  {
    JsonLog sink(log::Level::info);
    log::install(&sink);
    log::debug("too.quiet");
    for (int i = 0; i < 100; ++i) log::info("counted", {{"i", i}});
    log::install(nullptr);
  }
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 100);
  EXPECT_NE(text.find("\"i\":99}"), std::string::npos);
  EXPECT_EQ(text.find("too.quiet"), std::string::npos);
}

TEST(JsonLog, levels_have_names) {
  EXPECT_EQ(parse_log_level("warn"), log::Level::warn);
  EXPECT_FALSE(parse_log_level("loud"));
}

}  // namespace
}  // namespace bayward::net
