#include "mesh/senders.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/limits.h"
#include "mesh/file_counter_store.h"
#include "mesh/test_site.h"

namespace bayward::mesh::test {
namespace {

using Verdict = ReplayWindow::Verdict;
const Instant start = from_unix_s(1000);

TEST(ReplayWindow, TakesEachNumberOnceAndNothingFromBefore) {
  ReplayWindow window(100);
  EXPECT_EQ(window.take(100), Verdict::duplicate);
  EXPECT_EQ(window.take(90), Verdict::duplicate) << "what was before the start counts as heard";
  EXPECT_EQ(window.take(105), Verdict::fresh);
  EXPECT_EQ(window.take(103), Verdict::fresh) << "late, but new";
  EXPECT_EQ(window.take(103), Verdict::duplicate);
  EXPECT_EQ(window.take(1000), Verdict::fresh);
  EXPECT_EQ(window.take(104), Verdict::too_old);
}

TEST(Senders, ARebootNeverRepeatsANumberHoweverItCame) {
  MemoryCounterStore store;
  uint64_t highest = 0;
  for (int boot = 0; boot < 5; ++boot) {
    Senders senders(store, 0, start);
    EXPECT_FALSE(senders.poll(start));
    for (int i = 0; i < 1000; ++i) {
      const uint64_t number = senders.next();
      EXPECT_GT(number, highest);
      highest = number;
    }
  }
}

TEST(Senders, ALostStoreIsMadeUpForByTheClock) {
  MemoryCounterStore lost;
  Senders senders(lost, 1'800'000'000'000, start);
  EXPECT_GE(senders.next(), 1'800'000'000'000u);
}

TEST(Senders, AnOldRecordingIsKnownAfterAReboot) {
  MemoryCounterStore store;
  {
    Senders senders(store, 0, start);
    senders.prove(al_mac_of(1), 10, start);
    EXPECT_EQ(senders.take(al_mac_of(1), 500, start), Verdict::fresh);
    EXPECT_FALSE(senders.poll(start + 61s));
  }
  Senders senders(store, 0, start);
  ASSERT_TRUE(senders.proven(al_mac_of(1)));
  EXPECT_NE(senders.take(al_mac_of(1), 500, start), Verdict::fresh);
  EXPECT_EQ(senders.take(al_mac_of(1), 501, start), Verdict::fresh);
  EXPECT_FALSE(senders.proven(al_mac_of(2)));
}

TEST(Senders, RememberABoundedNumberTheLatestHeard) {
  MemoryCounterStore store;
  Senders senders(store, 0, start);
  for (size_t i = 0; i < limits::mesh_senders + 5; ++i) {
    MacAddress mac = al_mac_of(i % 256);
    mac.bytes[3] = static_cast<uint8_t>(i / 256);
    senders.prove(mac, 1, start + Duration{static_cast<int64_t>(i)});
  }
  EXPECT_FALSE(senders.proven(al_mac_of(0)));
  EXPECT_TRUE(senders.proven(al_mac_of(limits::mesh_senders)));
}

class BrokenStore final : public CounterStore {
 public:
  Result<CounterState> load() override { return fail("unreadable"); }
  Status save(const CounterState&) override {
    ++saves;
    return fail("the disk is full");
  }
  int saves = 0;
};

TEST(Senders, ABrokenStoreIsToldAndTriedAgainOnlyNowAndThen) {
  BrokenStore store;
  Senders senders(store, 7, start);
  EXPECT_TRUE(senders.load_failure());
  EXPECT_TRUE(senders.poll(start));
  for (int i = 0; i < 100; ++i) {
    senders.next();
    EXPECT_FALSE(senders.poll(start + Duration{i}));
  }
  EXPECT_EQ(store.saves, 1);
  EXPECT_TRUE(senders.poll(start + 2min));
}

TEST(FileCounterStore, KeepsWhatItWasGivenAndSaysWhenItIsDamaged) {
  const auto folder = std::filesystem::temp_directory_path() / ("bayward-counters-" + std::to_string(::getpid()));
  std::filesystem::create_directory(folder);
  FileCounterStore store(folder / "counters");
  ASSERT_TRUE(store.load().ok()) << "none yet";
  const CounterState state{77, {{al_mac_of(1), 5}, {al_mac_of(2), 6}}};
  ASSERT_TRUE(store.save(state).ok());
  const auto back = store.load();
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, state);
  std::ofstream(folder / "counters") << "bayward-mesh-counters 1\nown 7";
  EXPECT_FALSE(store.load().ok()) << "cut off";
  std::filesystem::remove_all(folder);
  EXPECT_FALSE(store.save(state).ok()) << "its folder is gone";
}

}  // namespace
}  // namespace bayward::mesh::test
