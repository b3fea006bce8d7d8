#include "journal/security/security_store.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "journal/testing.h"

namespace bayward {
namespace {

SecurityEvent event(uint64_t station, const std::string& type, const std::string& detail = "") {
  return {0, StationId{station}, "CP-" + std::to_string(station), SecurityOrigin::station, type, detail, {}, {}};
}

TEST(SecurityStore, TheNewestComeFirstAndEachStationHasItsOwn) {
  const testing_support::TemporaryDirectory directory;
  const FakeClock clock(from_unix_s(100));
  {
    auto log = SecurityStore::open(directory.path(), clock);
    ASSERT_TRUE(log.ok()) << log.error().message;
    for (int i = 0; i < 3; ++i) ASSERT_TRUE((*log)->record(event(1, "a" + std::to_string(i))).ok());
    ASSERT_TRUE((*log)->record(event(2, "b")).ok());
  }
  auto log = SecurityStore::open(directory.path(), clock);
  const auto all = (*log)->read({});
  ASSERT_EQ(all->size(), 4u);
  EXPECT_EQ(all->front().type, "b");
  EXPECT_EQ(all->front().recorded_at, from_unix_s(100));
  const auto page = (*log)->read({StationId{1}, 3, 1});
  ASSERT_EQ(page->size(), 1u);
  EXPECT_EQ(page->front().type, "a1");
  EXPECT_EQ(page->front().identity, "CP-1");
}

TEST(SecurityStore, ALongDetailIsCutBetweenCharacters) {
  const testing_support::TemporaryDirectory directory;
  const FakeClock clock;
  auto log = SecurityStore::open(directory.path(), clock);
  std::string detail(limits::security_event_chars - 1, 'x');
  ASSERT_TRUE((*log)->record(event(1, "t", detail + "\xe7\x81\xab")).ok());
  EXPECT_EQ((*log)->read({})->front().detail, detail);
}

}  // namespace
}  // namespace bayward
