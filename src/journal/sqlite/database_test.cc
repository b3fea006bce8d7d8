#include "journal/sqlite/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "base/limits.h"
#include "journal/sqlite/store.h"
#include "journal/testing.h"

namespace bayward::sqlite {
namespace {

using testing::HasSubstr;
using testing_support::TemporaryDirectory;

class DatabaseTest : public testing::Test {
 protected:
  DatabaseTest() : database(std::move(Database::open(directory / "test.db", {})).value()) {
    EXPECT_TRUE(database.execute("CREATE TABLE t(a INTEGER PRIMARY KEY, b, c)").ok());
  }
  int64_t count() { return database.query_integer("SELECT count(*) FROM t").value().value(); }

  TemporaryDirectory directory;
  Database database;
};

TEST_F(DatabaseTest, ValuesComeBackAsTheyWereBound) {
  const std::array<uint8_t, 3> bytes{0, 255, 7};
  ASSERT_TRUE(database.run("INSERT INTO t VALUES (1, ?1, ?2)", "täxt", Blob(bytes)).ok());
  ASSERT_TRUE(database.run("INSERT INTO t VALUES (2, ?1, ?2)", std::string(), Blob()).ok());
  ASSERT_TRUE(database.run("INSERT INTO t VALUES (3, ?1, ?2)", nullptr, std::optional<int>{}).ok());
  ASSERT_TRUE(database.run("INSERT INTO t VALUES (4, ?1, ?2)", 2.5, UINT64_MAX).ok());
  auto rows = database.query("SELECT b, c FROM t ORDER BY a");
  ASSERT_TRUE(rows.ok());
  ASSERT_TRUE(*rows->next());
  EXPECT_EQ((*rows)->text(0), "täxt");
  EXPECT_THAT((*rows)->blob(1), testing::ElementsAreArray(bytes));
  ASSERT_TRUE(*rows->next());
  EXPECT_EQ((*rows)->type(0), SQLITE_TEXT);
  EXPECT_EQ((*rows)->type(1), SQLITE_BLOB);
  EXPECT_TRUE((*rows)->text(0).empty());
  ASSERT_TRUE(*rows->next());
  EXPECT_TRUE((*rows)->is_null(0) && (*rows)->is_null(1));
  ASSERT_TRUE(*rows->next());
  EXPECT_EQ((*rows)->real(0), 2.5);
  EXPECT_EQ(static_cast<uint64_t>((*rows)->integer(1)), UINT64_MAX);
  EXPECT_FALSE(*rows->next());
}

TEST_F(DatabaseTest, ErrorsAreValuesWithTheReason) {
  EXPECT_THAT(database.run("NONSENSE").error().message, HasSubstr("syntax error"));
  EXPECT_EQ(database.run("SELECT ?1", 1, 2).error().primary(), SQLITE_RANGE);
  ASSERT_TRUE(database.run("INSERT INTO t(a) VALUES (1)").ok());
  const auto twice = database.run("INSERT INTO t(a) VALUES (1)");
  EXPECT_EQ(twice.error().primary(), SQLITE_CONSTRAINT);
  EXPECT_TRUE(database.run("INSERT INTO t(a) VALUES (2)").ok()) << "an error does not stick";
  EXPECT_EQ(Database::open(directory / "none" / "x.db", {}).error().system_errno, ENOENT);
}

TEST_F(DatabaseTest, ParametersOfTheLastRunAreForgotten) {
  ASSERT_TRUE(database.run("INSERT INTO t VALUES (?1, ?2, ?3)", 1, "x", "y").ok());
  ASSERT_TRUE(database.run("INSERT INTO t VALUES (?1, ?2, ?3)", 2).ok());
  EXPECT_EQ(database.query_integer("SELECT count(*) FROM t WHERE a=2 AND b IS NULL AND c IS NULL").value(), 1);
}

TEST_F(DatabaseTest, OneStatementMayRunWithinItself) {
  for (int i = 1; i <= 3; ++i) ASSERT_TRUE(database.run("INSERT INTO t(a) VALUES (?1)", i).ok());
  int pairs = 0;
  auto outer = database.query("SELECT a FROM t");
  while (*outer->next()) {
    auto inner = database.query("SELECT a FROM t");
    while (*inner->next()) ++pairs;
  }
  EXPECT_EQ(pairs, 9);
}

TEST_F(DatabaseTest, MoreStatementsThanAreKeptStillWork) {
  for (size_t i = 0; i < 2 * limits::sql_statements_cached; ++i) {
    const auto n = static_cast<int64_t>(i);
    EXPECT_EQ(database.query_integer("SELECT " + std::to_string(i) + "+?1", n).value(), 2 * n);
  }
}

TEST_F(DatabaseTest, TransactionThatIsNotCommittedIsUndone) {
  {
    auto transaction = Transaction::begin(database);
    ASSERT_TRUE(transaction.ok());
    ASSERT_TRUE(database.run("INSERT INTO t(a) VALUES (1)").ok());
  }
  EXPECT_EQ(count(), 0);
  {
    auto transaction = Transaction::begin(database);
    ASSERT_TRUE(database.run("INSERT INTO t(a) VALUES (1)").ok());
    ASSERT_TRUE(transaction->commit().ok());
  }
  EXPECT_EQ(count(), 1);
  EXPECT_FALSE(database.in_transaction());
}

TEST_F(DatabaseTest, PathsMayHoldWhatMeansSomethingInAUri) {
  const std::filesystem::path odd = directory / "a?b#c%20 ä.db";
  ASSERT_TRUE(Database::open(odd, {})->execute("CREATE TABLE x(y)").ok());
  EXPECT_TRUE(std::filesystem::exists(odd));
}

TEST(Store, BusyDatabaseIsExplained) {
  const JournalError error =
      explain({SQLITE_BUSY, 0, "database is locked"}, "append to the journal", "/data/journal.db");
  EXPECT_EQ(error.kind, JournalError::Kind::unavailable);
  EXPECT_THAT(error.message, HasSubstr("cannot append to the journal at /data/journal.db: database is locked"));
  EXPECT_THAT(error.message, HasSubstr("Another program"));
}

}  // namespace
}  // namespace bayward::sqlite
