#include "site/uplink/sqlite_outbox.h"

#include <gtest/gtest.h>

#include <fstream>

namespace bayward::uplink {
namespace {

class SqliteOutboxTest : public testing::Test {
 protected:
  SqliteOutboxTest() {
    std::string pattern = testing::TempDir() + "outboxXXXXXX";
    directory_ = mkdtemp(pattern.data());
  }
  ~SqliteOutboxTest() override { std::filesystem::remove_all(directory_); }
  std::unique_ptr<SqliteOutbox> open(SqliteOutbox::Bounds bounds = {}) {
    auto outbox = SqliteOutbox::open(directory_, bounds);
    EXPECT_TRUE(outbox) << outbox.error().message;
    return *std::move(outbox);
  }
  static Status keep(SqliteOutbox& outbox, const std::string& id, Keep keep) {
    const KeptMessage message{0, id, "StatusNotification", "{}", keep, from_unix_s(1)};
    return outbox.change("CP", {.append = &message});
  }
  static std::vector<std::string> drain(SqliteOutbox& outbox) {
    std::vector<std::string> out;
    for (;;) {
      const auto first = outbox.first("CP");
      if (!first || !*first) return out;
      out.push_back((*first)->id);
      EXPECT_TRUE(outbox.change("CP", {.remove = (*first)->number}));
    }
  }

  std::filesystem::path directory_;
};

TEST_F(SqliteOutboxTest, keeps_messages_in_order_and_what_is_known_over_a_restart) {
  {
    auto outbox = open();
    StationMemory memory;
    memory.local_ids = 7;
    const KeptMessage message{0, "a", "StartTransaction", R"({"x":1})", Keep::always, from_unix_s(5)};
    ASSERT_TRUE(outbox->change("CP", {.append = &message, .memory = &memory}));
    ASSERT_TRUE(keep(*outbox, "b", Keep::status));
  }
  auto outbox = open();
  EXPECT_EQ(outbox->memory("CP")->local_ids, 7);
  EXPECT_EQ(outbox->memory("other")->local_ids, 0);
  EXPECT_EQ(outbox->backlog("CP").messages, 2u);
  EXPECT_EQ(*outbox->backlog("CP").oldest, from_unix_s(1));
  EXPECT_EQ(outbox->first("CP").value()->payload, R"({"x":1})");
  EXPECT_EQ(drain(*outbox), (std::vector<std::string>{"a", "b"}));
}

TEST_F(SqliteOutboxTest, full_it_thins_samples_then_drops_statuses_and_never_what_is_billed) {
  auto outbox = open({.messages = 6, .bytes = 1 << 20});
  for (const char* id : {"s1", "s2", "s3"}) ASSERT_TRUE(keep(*outbox, id, Keep::sample));
  ASSERT_TRUE(keep(*outbox, "status", Keep::status));
  for (const char* id : {"b1", "b2"}) ASSERT_TRUE(keep(*outbox, id, Keep::always));
  ASSERT_TRUE(keep(*outbox, "b3", Keep::always));
  EXPECT_EQ(outbox->backlog("CP").shed, 2u);  // s1, s3: the middle one still covers the time
  for (const char* id : {"b4", "b5", "b6"}) ASSERT_TRUE(keep(*outbox, id, Keep::always));
  EXPECT_FALSE(keep(*outbox, "b7", Keep::always));  // the station keeps it
  EXPECT_EQ(drain(*outbox), (std::vector<std::string>{"b1", "b2", "b3", "b4", "b5", "b6"}));
}

TEST_F(SqliteOutboxTest, what_is_set_aside_stays_on_disk_and_out_of_the_way) {
  auto outbox = open();
  ASSERT_TRUE(keep(*outbox, "a", Keep::always));
  ASSERT_TRUE(keep(*outbox, "b", Keep::always));
  const int64_t first = outbox->first("CP").value()->number;
  ASSERT_TRUE(outbox->change("CP", {.set_aside = first, .why = "never"}));
  EXPECT_EQ(outbox->backlog("CP").set_aside, 1u);
  EXPECT_EQ(drain(*outbox), std::vector<std::string>{"b"});
}

TEST_F(SqliteOutboxTest, a_damaged_file_is_said_so) {
  std::ofstream(directory_ / "uplink.db") << std::string(4096, 'x');
  const auto outbox = SqliteOutbox::open(directory_);
  ASSERT_FALSE(outbox);
  EXPECT_NE(outbox.error().message.find("uplink.db: SQLite: file is not a database"), std::string::npos)
      << outbox.error().message;
}

}  // namespace
}  // namespace bayward::uplink
