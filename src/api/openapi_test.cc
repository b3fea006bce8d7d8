// The description and the router say the same: every route is described, and nothing else is.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "api/route.h"
#include "api/web_assets.h"

namespace bayward::api {
namespace {

// "get /api/v1/me" of each operation, by the indentation of the two levels below `paths`.
std::set<std::string> described(const std::string& yaml) {
  std::set<std::string> found;
  std::istringstream lines(yaml);
  std::string line;
  std::string path;
  bool in_paths = false;
  while (std::getline(lines, line)) {
    if (!line.empty() && line[0] != ' ') in_paths = line == "paths:";
    if (!in_paths || line.size() < 4) continue;
    if (line.starts_with("  /")) path = line.substr(2, line.size() - 3);
    const bool method = line.starts_with("    ") && line[4] != ' ' && line.back() == ':';
    if (method && line != "    parameters:") found.insert(line.substr(4, line.size() - 5) + " " + path);
  }
  return found;
}

std::set<std::string> routed() {
  std::set<std::string> found;
  for (const Route& route : all_routes()) {
    std::string method(to_text(route.method));
    std::transform(method.begin(), method.end(), method.begin(), [](char c) { return static_cast<char>(c | 0x20); });
    found.insert(method + " " + std::string(route.path));
  }
  return found;
}

TEST(Description, HasEveryRouteAndNoOther) {
  EXPECT_EQ(described(*find_asset("/openapi.yaml")->plain), routed());
}

TEST(Description, NamesEveryProblem) {
  const std::string& yaml = *find_asset("/openapi.yaml")->plain;
  for (int i = 0; i <= static_cast<int>(core::Refusal::no_consent); ++i) {
    const std::string_view code = problem_kind(static_cast<core::Refusal>(i)).code;
    EXPECT_EQ(code, core::to_text(static_cast<core::Refusal>(i)));
    EXPECT_NE(yaml.find(code), std::string::npos) << code;
  }
  for (int i = 0; i <= static_cast<int>(Trouble::unavailable); ++i) {
    EXPECT_NE(yaml.find(problem_kind(static_cast<Trouble>(i)).code), std::string::npos) << i;
  }
}

TEST(Problems, SayInBothLanguagesWhatHappenedAndWhatToDo) {
  for (int i = 0; i <= static_cast<int>(core::Refusal::storage_unavailable); ++i) {
    const ProblemKind& kind = problem_kind(static_cast<core::Refusal>(i));
    for (const Text& text : {kind.title, kind.detail}) {
      EXPECT_FALSE(text.english.empty()) << kind.code;
      EXPECT_FALSE(text.chinese.empty()) << kind.code;
    }
    EXPECT_EQ(kind.status == 503, kind.retry_after_s > 0) << kind.code;
  }
}

}  // namespace
}  // namespace bayward::api
