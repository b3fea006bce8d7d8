#include "engine/runner.h"

#include <gtest/gtest.h>

#include <future>

#include "engine/fake_journal_for_test.h"

namespace bayward {
namespace {

using core::Refusal;

Fingerprint print_of(uint32_t number) {
  Fingerprint out;
  std::memcpy(out.bytes.data(), &number, sizeof number);
  out.bytes[15] = 1;
  return out;
}

class RunnerTest : public testing::Test {
 protected:
  EngineRunner::Options options() {
    EngineRunner::Options out;
    out.fatal = [this](const JournalError&) { ++fatal; };
    out.trouble = [this](const std::string&) { ++trouble; };
    return out;
  }
  std::future<std::string> open_account(uint32_t phone) {
    auto promise = std::make_shared<std::promise<std::string>>();
    engine.submit({core::Actor{}, core::OpenAccount{print_of(phone), core::role_driver}, std::nullopt},
                  [promise](const Outcome& outcome) {
                    promise->set_value(outcome ? "ok" : std::string(core::to_text(outcome.error())));
                  });
    return promise->get_future();
  }
  std::string wait(std::future<std::string> answer) {
    if (answer.wait_for(std::chrono::seconds{10}) != std::future_status::ready) return "no answer";
    return answer.get();
  }
  // Until storage works again, asks like a patient client.
  std::string until_stored(uint32_t phone) {
    for (int i = 0; i < 1000; ++i) {
      const std::string answer = wait(open_account(phone));
      if (answer != "storage_unavailable") return answer;
    }
    return "never";
  }

  FakeJournal journal;
  Engine engine{journal};
  FakeClock clock{from_unix_s(1'800'000'000)};
  std::atomic<int> fatal{0};
  std::atomic<int> trouble{0};
};

TEST_F(RunnerTest, AnswersEverythingOnceAndInGroups) {
  EngineRunner runner(engine, journal, clock, options());
  runner.start();
  std::vector<std::future<std::string>> answers;
  for (uint32_t i = 1; i <= 5000; ++i) answers.push_back(open_account(i));
  for (auto& answer : answers) EXPECT_EQ(wait(std::move(answer)), "ok");
  runner.stop();
  EXPECT_EQ(journal.last_position(), 5000u);
  EXPECT_LT(runner.commits(), 5000u);
  EXPECT_EQ(journal.snapshot_position(), 5000u) << "stop() saves where the next start begins";
}

TEST_F(RunnerTest, ADiskThatIsFullForAWhileRefusesAndComesBack) {
  EngineRunner runner(engine, journal, clock, options());
  runner.start();
  EXPECT_EQ(wait(open_account(1)), "ok");
  journal.fail(JournalError::Kind::unavailable, 3);
  EXPECT_EQ(wait(open_account(2)), "storage_unavailable");
  EXPECT_EQ(until_stored(3), "ok");
  EXPECT_EQ(until_stored(2), "ok") << "the refused one has left no trace";
  runner.stop();
  EXPECT_TRUE(runner.healthy());
  EXPECT_EQ(trouble, 3);
  EXPECT_EQ(fatal, 0);
  Engine fresh(journal);
  ASSERT_TRUE(fresh.recover().ok());
  EXPECT_EQ(fresh.snapshot().body, engine.snapshot().body);
}

TEST_F(RunnerTest, AnotherWriterIsFatalOnceAndEverythingIsRefusedFromThen) {
  EngineRunner runner(engine, journal, clock, options());
  runner.start();
  journal.fail(JournalError::Kind::fenced, 0);
  for (uint32_t i = 1; i <= 20; ++i) EXPECT_EQ(wait(open_account(i)), "storage_unavailable");
  EXPECT_FALSE(runner.healthy());
  runner.stop();
  EXPECT_EQ(fatal, 1);
  EXPECT_EQ(journal.last_position(), 0u);
}

TEST_F(RunnerTest, StoppingFinishesWhatWasAccepted) {
  EngineRunner runner(engine, journal, clock, options());
  std::vector<std::future<std::string>> answers;
  for (uint32_t i = 1; i <= 3000; ++i) answers.push_back(open_account(i));
  runner.start();
  runner.stop();
  for (auto& answer : answers) EXPECT_EQ(wait(std::move(answer)), "ok");
  runner.stop();
}

TEST_F(RunnerTest, DeadlinesPassWithoutAnyTraffic) {
  EngineRunner runner(engine, journal, clock, options());
  EXPECT_TRUE(engine.recover().ok());
  runner.start();
  ASSERT_EQ(wait(open_account(1)), "ok");
  std::promise<void> day;
  std::atomic<bool> told{false};
  runner.stop();
  engine.subscribe([&](const CommittedRecord& record) {
    if (record.command == "PassDeadline" && !told.exchange(true)) day.set_value();
  });
  engine.submit({core::Actor{}, core::DefineSite{"S", {}, *parse_currency("EUR"), {"UTC", 0, {}}, {}, AccountId{1}},
                 std::nullopt},
                [](const Outcome& outcome) { EXPECT_TRUE(outcome.ok()); });
  EngineRunner second(engine, journal, clock, options());
  second.start();
  ASSERT_EQ(wait(open_account(2)), "ok");
  clock.advance(48h);
  EXPECT_EQ(day.get_future().wait_for(std::chrono::seconds{10}), std::future_status::ready);
  second.stop();
}

}  // namespace
}  // namespace bayward
