#include "journal/uploads/upload_files.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "base/limits.h"
#include "journal/testing.h"
#include "ports/fake_vault.h"

namespace bayward {
namespace {

const Instant now = from_unix_s(1'800'000'000);
const StationId station{1};

Upload asked() {
  Upload out;
  out.station = station;
  out.log = "diagnostics";
  out.asked_by = AccountId{1};
  return out;
}

class UploadFilesTest : public ::testing::Test {
 protected:
  void SetUp() override { reopen(); }
  void reopen(Instant at = now) {
    auto opened = UploadFiles::open(directory_.path(), passwords_, at);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    uploads_ = *std::move(opened);
  }
  Uploads::Expected expect(Instant until = now + 24h) {
    auto expected = uploads_->expect(asked(), until);
    EXPECT_TRUE(expected.ok());
    return *expected;
  }
  uint64_t put(const std::string& content) {
    const auto expected = expect();
    EXPECT_TRUE(*uploads_->take(expected.token, content, now));
    return expected.number;
  }

  testing_support::TemporaryDirectory directory_;
  FakePasswords passwords_;
  std::unique_ptr<UploadFiles> uploads_;
};

TEST_F(UploadFilesTest, AnUploadComesOnceAndOutlivesTheProcess) {
  const auto expected = expect();
  EXPECT_EQ(uploads_->list(station).at(0).received_at, Instant{});
  EXPECT_TRUE(uploads_->awaits(expected.token));
  EXPECT_FALSE(uploads_->awaits("guessed"));
  EXPECT_FALSE(*uploads_->take("guessed", "x", now));
  const std::string content("log\0with anything", 17);
  EXPECT_TRUE(*uploads_->take(expected.token, content, now));
  EXPECT_FALSE(*uploads_->take(expected.token, "again", now));
  reopen();
  const auto there = uploads_->list(station);
  ASSERT_EQ(there.size(), 1u);
  EXPECT_EQ(there[0].number, expected.number);
  EXPECT_EQ(there[0].log, "diagnostics");
  EXPECT_EQ(there[0].asked_by, AccountId{1});
  EXPECT_EQ(there[0].received_at, now);
  EXPECT_EQ(there[0].bytes, content.size());
  EXPECT_EQ(*uploads_->read(station, expected.number), content);
  EXPECT_EQ(*uploads_->read(StationId{2}, expected.number), std::nullopt);
  EXPECT_GT(put("next"), expected.number);
}

TEST_F(UploadFilesTest, ATokenIsGoodForAWhileAndAFewAttempts) {
  const auto late = expect(now);
  EXPECT_FALSE(*uploads_->take(late.token, "x", now + 1s));
  const auto tried = expect();
  int attempts = 0;
  while (uploads_->awaits(tried.token)) ++attempts;
  EXPECT_EQ(attempts, 5);
}

TEST_F(UploadFilesTest, WhatIsAwaitedOutlivesTheProcessButNotItsTime) {
  const auto expected = expect();
  const auto late = expect(now + 1h);
  const auto used = expect();
  EXPECT_TRUE(*uploads_->take(used.token, "x", now));
  reopen(now + 2h);
  EXPECT_FALSE(uploads_->awaits(late.token));
  EXPECT_FALSE(uploads_->awaits(used.token));
  ASSERT_EQ(uploads_->list(station).size(), 2u);
  EXPECT_TRUE(uploads_->awaits(expected.token));
  EXPECT_TRUE(*uploads_->take(expected.token, "log", now + 2h));
  EXPECT_FALSE(*uploads_->take(expected.token, "again", now + 2h));
  EXPECT_EQ(*uploads_->read(station, expected.number), "log");
  reopen(now + 2h);
  EXPECT_EQ(uploads_->list(station).size(), 2u);
  EXPECT_GT(expect().number, used.number);
}

TEST_F(UploadFilesTest, TheOldestGo) {
  const auto lay = [&](size_t number, const std::string& end) {
    std::ofstream(directory_.path() / "uploads" / (std::to_string(number) + "_sta-1_diagnostics_acc-1_" + end))
        << number;
  };
  for (size_t i = 1; i <= limits::station_uploads_kept; ++i) lay(i, "1800000000");
  const uint64_t first_awaited = 1000;
  for (size_t i = 0; i < limits::station_uploads_awaited; ++i) lay(first_awaited + i, "1800086400.awaited");
  reopen();
  for (int i = 0; i < 3; ++i) put("new");
  const auto there = uploads_->list(station);
  const auto awaited =
      std::count_if(there.begin(), there.end(), [](const auto& one) { return one.received_at == Instant{}; });
  EXPECT_EQ(there.size() - static_cast<size_t>(awaited), limits::station_uploads_kept);
  EXPECT_EQ(*uploads_->read(station, 3), std::nullopt);
  EXPECT_EQ(*uploads_->read(station, 4), "4");
  // Each expect() had made room for itself.
  EXPECT_EQ(there.back().number, 4u);
  EXPECT_EQ(std::count_if(there.begin(), there.end(), [&](const auto& one) { return one.number == first_awaited; }), 0);
}

TEST_F(UploadFilesTest, WhatIsNotWholeIsNotThere) {
  put("x");
  std::ofstream(directory_.path() / "uploads" / "9_st-1_diagnostics_acc-1_1800000000.part") << "half";
  std::ofstream(directory_.path() / "uploads" / "notes.txt") << "somebody's";
  reopen();
  EXPECT_EQ(uploads_->list(station).size(), 1u);
  EXPECT_FALSE(std::filesystem::exists(directory_.path() / "uploads" / "9_st-1_diagnostics_acc-1_1800000000.part"));
  EXPECT_TRUE(std::filesystem::exists(directory_.path() / "uploads" / "notes.txt"));
}

}  // namespace
}  // namespace bayward
