#include "engine/engine.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "engine/fake_journal_for_test.h"

namespace bayward {
namespace {

using core::Refusal;

Fingerprint print_of(uint8_t number) {
  Fingerprint out;
  out.bytes.fill(number);
  return out;
}

core::Command open_account(uint8_t phone) {
  return core::OpenAccount{print_of(phone), core::role_driver};
}

std::string text(const Outcome& outcome) {
  if (!outcome) return std::string(core::to_text(outcome.error()));
  return std::to_string(outcome->subject) + (outcome->repeated ? " again" : "");
}

class EngineTest : public testing::Test {
 protected:
  void submit(core::Command command, std::optional<IdempotencyKey> key = std::nullopt) {
    engine.submit({core::Actor{}, std::move(command), key}, [this](const Outcome& o) { answers.push_back(text(o)); });
  }
  // One turn of the crank: decide, append, answer.
  void turn() {
    Batch batch = engine.prepare(now);
    const auto appended = journal.append(batch.expected_last, batch.records);
    appended ? engine.committed(batch) : engine.failed(batch);
    if (!appended) ASSERT_TRUE(engine.recover().ok());
  }
  std::string ask(core::Command command, std::optional<IdempotencyKey> key = std::nullopt) {
    answers.clear();
    submit(std::move(command), key);
    turn();
    return answers.empty() ? "no answer" : answers.back();
  }
  static IdempotencyKey key(uint8_t name, uint8_t body) { return {print_of(name), print_of(body)}; }

  FakeJournal journal;
  Engine engine{journal};
  Instant now = from_unix_s(1'800'000'000);
  std::vector<std::string> answers;
};

TEST_F(EngineTest, NothingIsSaidBeforeItIsDurable) {
  std::vector<Position> heard;
  bool looked = false;
  engine.subscribe([&](const CommittedRecord& record) { heard.push_back(record.position); });
  submit(open_account(1));
  engine.ask([](const core::State&, Instant) {}, [&] { looked = true; }, [] {});
  Batch batch = engine.prepare(now);
  EXPECT_TRUE(answers.empty());
  EXPECT_TRUE(heard.empty());
  EXPECT_FALSE(looked);
  ASSERT_TRUE(journal.append(batch.expected_last, batch.records).ok());
  engine.committed(batch);
  EXPECT_EQ(answers, std::vector<std::string>{"1"});
  EXPECT_EQ(heard, std::vector<Position>{1});
  EXPECT_TRUE(looked);
}

TEST_F(EngineTest, CommandsOfOneBatchSeeEachOther) {
  submit(open_account(1));
  submit(open_account(2));
  submit(open_account(1));
  turn();
  EXPECT_EQ(answers, (std::vector<std::string>{"1", "2", "already_exists"}));
  EXPECT_EQ(journal.last_position(), 2u);
}

TEST_F(EngineTest, AFailedAppendRefusesAndLeavesNoTrace) {
  EXPECT_EQ(ask(open_account(1)), "1");
  journal.fail(JournalError::Kind::unavailable, 1);
  EXPECT_EQ(ask(open_account(2)), "storage_unavailable");
  EXPECT_EQ(engine.state().account_count(), 1u);
  EXPECT_EQ(ask(open_account(2)), "2");
}

TEST_F(EngineTest, AFullInboxShedsAtOnce) {
  for (size_t i = 0; i < limits::inbox_commands; ++i) submit(core::CloseIncident{});
  EXPECT_TRUE(answers.empty());
  submit(core::CloseIncident{});
  EXPECT_EQ(answers, std::vector<std::string>{"overloaded"});
  bool refused = false;
  engine.ask([](const core::State&, Instant) { FAIL(); }, [] {}, [&] { refused = true; });
  EXPECT_TRUE(refused);
  EXPECT_EQ(engine.shed(), 2u);
  while (engine.has_work()) turn();
  EXPECT_EQ(answers.size(), limits::inbox_commands + 1);
  EXPECT_EQ(ask(open_account(1)), "1");
}

TEST_F(EngineTest, ABatchIsBounded) {
  for (size_t i = 0; i < limits::batch_commands + 5; ++i) submit(core::CloseIncident{});
  turn();
  EXPECT_EQ(answers.size(), limits::batch_commands);
  turn();
  EXPECT_EQ(answers.size(), limits::batch_commands + 5);
}

TEST_F(EngineTest, WhoeverAsksDoesNotWaitUntilAThousandDeadlinesHavePassed) {
  ask(open_account(1));
  const size_t sites = 2 * limits::batch_deadlines;
  for (size_t i = 0; i < sites; ++i) {
    submit(core::DefineSite{"S", {}, *parse_currency("EUR"), ZoneRules{"Etc/UTC", 0, {}}, {}, AccountId{1}});
  }
  turn();
  const Position before = journal.last_position();
  now += 25h;  // the day of each has begun
  EXPECT_EQ(ask(open_account(2)), "2");
  EXPECT_EQ(journal.last_position(), before + limits::batch_deadlines + 1);
  turn();
  EXPECT_EQ(journal.last_position(), before + sites + 1);
}

// ---- idempotency ----

TEST_F(EngineTest, TheSameKeyAndBodyGetTheStoredAnswer) {
  EXPECT_EQ(ask(open_account(1), key(9, 1)), "1");
  EXPECT_EQ(ask(open_account(1), key(9, 1)), "1 again");
  EXPECT_EQ(journal.last_position(), 1u);
}

TEST_F(EngineTest, ARefusalIsKeptTooEvenIfItWouldNotBeRefusedNow) {
  const core::CreditWallet credit{AccountId{1}, {100, *parse_currency("EUR")}, "r"};
  EXPECT_EQ(ask(credit, key(9, 1)), "unknown_account");
  EXPECT_EQ(ask(open_account(1)), "1");
  EXPECT_EQ(ask(credit, key(9, 1)), "unknown_account");
  EXPECT_EQ(ask(credit, key(8, 1)), "1");
}

TEST_F(EngineTest, TheSameKeyWithAnotherBodyIsAConflict) {
  EXPECT_EQ(ask(open_account(1), key(9, 1)), "1");
  EXPECT_EQ(ask(open_account(2), key(9, 2)), "idempotency_conflict");
  EXPECT_EQ(engine.state().account_count(), 1u);
}

TEST_F(EngineTest, KeptAnswersSurviveARestartFromJournalAndFromSnapshot) {
  EXPECT_EQ(ask(open_account(1), key(9, 1)), "1");
  EXPECT_EQ(ask(core::RemoveVehicle{}, key(8, 1)), "unknown_vehicle");
  for (const bool with_snapshot : {false, true}) {
    if (with_snapshot) ASSERT_TRUE(journal.save_snapshot(engine.snapshot()).ok());
    Engine fresh(journal);
    ASSERT_TRUE(fresh.recover().ok());
    EXPECT_EQ(fresh.snapshot().body, engine.snapshot().body);
    std::vector<std::string> said;
    const auto hear = [&](const Outcome& outcome) { said.push_back(text(outcome)); };
    fresh.submit({core::Actor{}, open_account(1), key(9, 1)}, hear);
    fresh.submit({core::Actor{}, core::RemoveVehicle{}, key(8, 1)}, hear);
    Batch batch = fresh.prepare(now);
    EXPECT_TRUE(batch.records.empty());
    fresh.committed(batch);
    EXPECT_EQ(said, (std::vector<std::string>{"1 again", "unknown_vehicle"}));
  }
}

TEST_F(EngineTest, KeptAnswersAreForgottenAfterADay) {
  EXPECT_EQ(ask(core::RemoveVehicle{}, key(9, 1)), "unknown_vehicle");
  now += std::chrono::hours{limits::idempotency_hours} + 1s;
  EXPECT_EQ(ask(core::RemoveVehicle{}, key(8, 1)), "unknown_vehicle");
  EXPECT_EQ(ask(open_account(1), key(9, 2)), "1") << "the key is free again";
}

// ---- recovery ----

TEST_F(EngineTest, ADamagedSnapshotIsPassedOverForTheJournal) {
  EXPECT_EQ(ask(open_account(1)), "1");
  ASSERT_TRUE(journal.save_snapshot(engine.snapshot()).ok());
  journal.damage_snapshot();
  Engine fresh(journal);
  const auto report = fresh.recover();
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->snapshot, 0u);
  EXPECT_EQ(fresh.state().account_count(), 1u);
}

TEST_F(EngineTest, ARecordThatCannotBeReadStopsRecoveryAndIsNamed) {
  EXPECT_EQ(ask(open_account(1)), "1");
  EXPECT_EQ(ask(open_account(2)), "2");
  journal.damage(2);
  Engine fresh(journal);
  const auto report = fresh.recover();
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().kind, JournalError::Kind::corrupt);
  EXPECT_NE(report.error().message.find("record 2"), std::string::npos);
}

TEST_F(EngineTest, SequencesOfEachStreamCountUp) {
  std::vector<std::string> seen;
  engine.subscribe([&](const CommittedRecord& record) {
    for (const StreamEvent& event : record.events) {
      seen.push_back(core::to_text(event.stream) + " " + std::to_string(event.sequence));
    }
  });
  ask(open_account(1));
  ask(open_account(2));
  ask(core::AddToken{AccountId{1}, print_of(7)});
  EXPECT_EQ(seen, (std::vector<std::string>{"acc-1 1", "acc-2 1", "acc-1 2"}));
}

// ---- steps of sagas as commands of their own ----

class StepwiseEngineTest : public EngineTest {
 protected:
  void SetUp() override {
    ask(open_account(1));
    core::SiteRules rules;
    ask(core::DefineSite{"S", {}, *parse_currency("EUR"), {"UTC", 0, {}}, rules, AccountId{1}});
    core::Vehicle vehicle;
    vehicle.plate = print_of(1);
    ask(core::AddVehicle{AccountId{1}, vehicle});
    Tariff tariff;
    tariff.name = "t";
    tariff.currency = *parse_currency("EUR");
    ask(core::PublishTariff{SiteId{1}, tariff, true});
    core::BayInfo info;
    info.label = "A";
    info.owner = AccountId{1};
    ask(core::DefineBay{SiteId{1}, info});
    core::Window window;
    window.bay = site_scoped<BayId>(SiteId{1}, 1);
    window.week.fill({{0, 1440}});
    window.last_day = 80'000;
    ask(core::PublishWindow{window});
  }
  core::RequestBooking request() const {
    core::RequestBooking out;
    out.account = AccountId{1};
    out.vehicle = engine.state().account(AccountId{1})->vehicles.front().id;
    out.bay = site_scoped<BayId>(SiteId{1}, 1);
    out.span = {now + 2h, now + 3h};
    return out;
  }
  core::BookingPhase phase(const Engine& of) const {
    return of.state().booking(site_scoped<BookingId>(SiteId{1}, 1))->phase;
  }
};

TEST_F(StepwiseEngineTest, ChainedTheWholeSagaIsOneRecord) {
  const Position before = journal.last_position();
  ask(request());
  EXPECT_EQ(journal.last_position(), before + 1);
  EXPECT_EQ(phase(engine), core::BookingPhase::confirmed);
}

TEST_F(StepwiseEngineTest, EachStepIsItsOwnBatchAndACrashLosesOnlyWhatWasNotDone) {
  Engine stepwise(journal, EngineOptions{.chain_sagas = false});
  ASSERT_TRUE(stepwise.recover().ok());
  const auto crank = [&](Engine& one) {
    Batch batch = one.prepare(now);
    ASSERT_TRUE(journal.append(batch.expected_last, batch.records).ok());
    one.committed(batch);
  };
  stepwise.submit({core::Actor{}, request(), std::nullopt}, [](const Outcome& outcome) { EXPECT_TRUE(outcome.ok()); });
  crank(stepwise);
  EXPECT_TRUE(stepwise.has_work());
  EXPECT_EQ(phase(stepwise), core::BookingPhase::awaiting_funds);
  crank(stepwise);
  EXPECT_EQ(phase(stepwise), core::BookingPhase::awaiting_funds) << "the money is held, nobody has said so yet";

  Engine after_crash(journal, EngineOptions{.chain_sagas = false});
  ASSERT_TRUE(after_crash.recover().ok());
  EXPECT_FALSE(after_crash.has_work());
  now = *after_crash.next_due();
  for (int i = 0; i < 3; ++i) crank(after_crash);
  EXPECT_EQ(phase(after_crash), core::BookingPhase::confirmed);
}

}  // namespace
}  // namespace bayward
