#include "bay/drivers/coverage.h"

#include <algorithm>
#include <string_view>

#include "bay/safety/limits.h"

namespace bayward::bay {
namespace {

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

const std::string* twice(const std::vector<std::string>& words) {
  const auto found = std::find_if(words.begin(), words.end(), [&](const std::string& word) {
    return std::count(words.begin(), words.end(), word) > 1;
  });
  return found == words.end() ? nullptr : &*found;
}

}  // namespace

Status check(const Coverage& coverage, const std::vector<safety::Channel>& needed) {
  for (const safety::Channel channel : needed) {
    const std::string word(safety::range_of(channel).word);
    if (!has(coverage.measured, word)) return fail("nothing measures " + word + ", and without it there is no power");
  }
  if (!has(coverage.measured, "import_mwh")) {
    return fail("nothing measures import_mwh, the register that is billed");
  }
  if (const std::string* word = twice(coverage.measured)) return fail(*word + " is measured twice");
  if (const std::string* word = twice(coverage.driven)) return fail(*word + " is driven twice");
  if (!has(coverage.driven, "contactor")) return fail("there is no output for the contactor");
  if (!coverage.unwatched.empty()) return fail(coverage.unwatched);
  if (!has(coverage.driven, "pilot_duty")) return fail("there is no output for pilot_duty");
  if (!has(coverage.driven, "lock")) return fail("there is no output for the lock");
  return Done{};
}

}  // namespace bayward::bay
