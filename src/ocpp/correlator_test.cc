#include "ocpp/rpc/correlator.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "base/limits.h"
#include "ocpp/v16/dialect.h"
#include "ocpp/v201/dialect.h"
#include "ocpp/v21/dialect.h"

namespace bayward::ocpp {
namespace {

const Instant t0 = from_unix_s(1'800'000'000);
constexpr const char* heartbeat = R"([2,"77","Heartbeat",{}])";

CallSerial serial_of(const Received& received) {
  return std::get<IncomingCall>(received).serial;
}
std::string sent_back(const Received& received) {
  const auto* back = std::get_if<SendBack>(&received);
  return back != nullptr ? back->text : "nothing";
}
bool ignored(const Received& received) {
  return std::holds_alternative<Ignored>(received);
}

TEST(Correlator, ARepeatedCallHasOneEffectAndTheSameAnswer) {
  Correlator rpc(v201::dialect(), "n1", 30s);
  const auto first = rpc.receive(heartbeat, t0);
  EXPECT_TRUE(ignored(rpc.receive(heartbeat, t0)));  // while being served
  const auto answer = rpc.answer(serial_of(first), R"({"currentTime":"2026-01-01T00:00:00Z"})", t0);
  EXPECT_EQ(answer, R"([3,"77",{"currentTime":"2026-01-01T00:00:00Z"}])");
  EXPECT_EQ(sent_back(rpc.receive(heartbeat, t0 + 1s)), *answer);
  EXPECT_EQ(rpc.counters().repeated_calls, 2u);
  EXPECT_EQ(rpc.answer(serial_of(first), "{}", t0), std::nullopt);  // answered once
}

TEST(Correlator, TheSameIdWithAnotherContentOrMuchLaterIsANewCall) {
  Correlator rpc(v16::dialect(), "n1", 30s);
  const auto first = rpc.receive(heartbeat, t0);
  EXPECT_TRUE(rpc.answer(serial_of(first), "{}", t0));
  const auto other = rpc.receive(R"([2,"77","Authorize",{"idTag":"A"}])", t0);
  EXPECT_EQ(std::get<IncomingCall>(other).action, "Authorize");
  const auto later = rpc.receive(heartbeat, t0 + std::chrono::seconds{limits::ocpp_repeat_seconds + 1});
  EXPECT_EQ(std::get<IncomingCall>(later).action, "Heartbeat");
}

TEST(Correlator, CallsBackToBackAreServedUpToABound) {
  Correlator rpc(v16::dialect(), "n1", 30s);
  std::vector<CallSerial> open;
  for (size_t i = 0; i < limits::ocpp_open_calls; ++i) {
    open.push_back(serial_of(rpc.receive("[2,\"" + std::to_string(i) + "\",\"Heartbeat\",{}]", t0)));
  }
  EXPECT_EQ(sent_back(rpc.receive(R"([2,"x","Heartbeat",{}])", t0)),
            R"([4,"x","GenericError","too many calls at once: wait for answers",{}])");
  EXPECT_EQ(rpc.counters().refused_calls, 1u);
  // Answers may go out in any order.
  EXPECT_EQ(rpc.refuse(open.back(), {ErrorCode::internal_error, "no", Json::object()}, t0),
            R"([4,"31","InternalError","no",{}])");
  EXPECT_FALSE(ignored(rpc.receive(R"([2,"x","Heartbeat",{}])", t0)));
}

TEST(Correlator, OnlyTheNewestAnswersAreRemembered) {
  Correlator rpc(v16::dialect(), "n1", 30s);
  for (size_t i = 0; i <= limits::ocpp_remembered_answers; ++i) {
    const auto received = rpc.receive("[2,\"" + std::to_string(i) + "\",\"Heartbeat\",{}]", t0);
    EXPECT_TRUE(rpc.answer(serial_of(received), "{}", t0));
  }
  EXPECT_NE(sent_back(rpc.receive(R"([2,"1","Heartbeat",{}])", t0)), "nothing");
  EXPECT_TRUE(std::holds_alternative<IncomingCall>(rpc.receive(R"([2,"0","Heartbeat",{}])", t0)));
}

TEST(Correlator, CallsCrossEachOther) {
  Correlator rpc(v16::dialect(), "n1", 30s);
  EXPECT_TRUE(rpc.calls().submit({"Reset", R"({"type":"Soft"})", Urgency::rest}));
  EXPECT_TRUE(rpc.calls().take_next(t0));
  EXPECT_TRUE(std::holds_alternative<IncomingCall>(rpc.receive(heartbeat, t0)));
  const auto answer = rpc.receive(R"([3,"n1-1",{"status":"Accepted"}])", t0);
  EXPECT_EQ(to_text(std::get<Json>(std::get<FinishedCall>(answer).outcome)), R"({"status":"Accepted"})");
}

TEST(Correlator, AnAnswerWithoutACallIsCountedAndNothingElse) {
  Correlator rpc(v16::dialect(), "n1", 30s);
  EXPECT_TRUE(ignored(rpc.receive(R"([3,"n1-1",{}])", t0)));
  EXPECT_TRUE(ignored(rpc.receive(R"([4,"n1-1","GenericError","",{}])", t0)));
  EXPECT_EQ(rpc.counters().unmatched_answers, 2u);
}

TEST(Correlator, ABrokenAnswerEndsItsCall) {
  Correlator rpc(v16::dialect(), "n1", 30s);
  EXPECT_TRUE(rpc.calls().submit({"Reset", R"({"type":"Soft"})", Urgency::rest}));
  EXPECT_TRUE(rpc.calls().take_next(t0));
  const auto answer = rpc.receive(R"([3,"n1-1"])", t0);
  EXPECT_EQ(std::get<CallError>(std::get<FinishedCall>(answer).outcome).code, ErrorCode::formation_violation);
  EXPECT_FALSE(rpc.calls().has_open());
}

// OCPP-J 1.6, 4.1.3; OCPP 2.0.1 part 4, 4.2.3 and 4.4.
TEST(Correlator, UnreadableFramesAreAnsweredAsTheVersionHasIt) {
  Correlator old(v16::dialect(), "n1", 30s);
  EXPECT_TRUE(ignored(old.receive("{", t0)));
  EXPECT_TRUE(ignored(old.receive(R"([6,"a",{}])", t0)));
  EXPECT_EQ(sent_back(old.receive(R"([2,"a","Heartbeat"])", t0)),
            R"([4,"a","FormationViolation","a call has 4 elements",{}])");
  EXPECT_EQ(old.counters().unreadable_frames, 3u);

  Correlator rpc(v201::dialect(), "n1", 30s);
  EXPECT_EQ(sent_back(rpc.receive("{", t0)).substr(0, 28), R"([4,"-1","RpcFrameworkError",)");
  EXPECT_EQ(sent_back(rpc.receive(R"([6,"a",{}])", t0)),
            R"([4,"a","MessageTypeNotSupported","message types 5 and 6 are not known here",{}])");
  EXPECT_EQ(sent_back(rpc.receive(R"([7,"a",{}])", t0)),
            R"([4,"a","MessageTypeNotSupported","message type 7 is not known here",{}])");
  EXPECT_EQ(sent_back(rpc.receive(R"([2,"a","Heartbeat"])", t0)),
            R"([4,"a","RpcFrameworkError","a call has 4 elements",{}])");
}

// OCPP 2.1 part 4, 4.2.4: a SEND is never answered, whatever is wrong with it.
TEST(Correlator, ASendIsNeverAnswered) {
  Correlator rpc(v21::dialect(), "n1", 30s);
  const auto sent = rpc.receive(R"([6,"s","NotifyPeriodicEventStream",{"id":1}])", t0);
  EXPECT_EQ(std::get<IncomingSend>(sent).action, "NotifyPeriodicEventStream");
  EXPECT_TRUE(ignored(rpc.receive(R"([6,"s","NotifyPeriodicEventStream"])", t0)));
  EXPECT_TRUE(ignored(rpc.receive(R"([6,"s",5,{}])", t0)));
  EXPECT_EQ(sent_back(rpc.receive(R"([7,"s",{}])", t0)).substr(0, 33), R"([4,"s","MessageTypeNotSupported",)");
}

// OCPP 2.1 part 4, 4.2.3.
TEST(Correlator, AnAnswerThatBreaksItsSchemaIsToldSoFrom21On) {
  for (const Dialect* version : {&v201::dialect(), &v21::dialect()}) {
    Correlator rpc(*version, "n1", 30s);
    EXPECT_TRUE(rpc.calls().submit({"Reset", R"({"type":"Immediate"})", Urgency::rest}));
    EXPECT_TRUE(rpc.calls().take_next(t0));
    const auto finished = std::get<FinishedCall>(rpc.receive(R"([3,"n1-1",{"status":"Perhaps"}])", t0));
    const bool newer = version == &v21::dialect();
    EXPECT_EQ(std::holds_alternative<CallError>(finished.outcome), newer);
    EXPECT_EQ(finished.protest, newer ? R"([5,"n1-1","PropertyConstraintViolation",)"
                                        R"("/status: 'Perhaps' is not one of its 3 values",{}])"
                                      : "");
    EXPECT_FALSE(rpc.calls().has_open());
    // Nothing is said about answers to nothing.
    EXPECT_TRUE(ignored(rpc.receive(R"([3,"n1-1",{"status":"Perhaps"}])", t0)));
  }
}

TEST(Correlator, WhoCannotReadOurAnswerIsHeard) {
  Correlator rpc(v21::dialect(), "n1", 30s);
  const auto refused = rpc.receive(R"([5,"77","FormatViolation","no time",{}])", t0);
  EXPECT_EQ(std::get<RefusedAnswer>(refused).id, "77");
  EXPECT_EQ(std::get<RefusedAnswer>(refused).error.code, ErrorCode::formation_violation);
  EXPECT_EQ(rpc.counters().refused_answers, 1u);
}

// Stations repeat, cross and delay at will: a call within the memory is served once, and repeats get its answer.
RC_GTEST_PROP(CorrelatorProperty, WithinTheMemoryEveryCallIsServedOnce, ()) {
  Correlator rpc(v201::dialect(), "p", 30s);
  std::map<int, CallSerial> open;
  std::map<int, std::string> answers;
  for (const int step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 40))) {
    const int call = step % 20;
    if (step < 20) {
      const auto received = rpc.receive("[2,\"" + std::to_string(call) + "\",\"Heartbeat\",{}]", t0);
      if (const auto* fresh = std::get_if<IncomingCall>(&received)) {
        RC_ASSERT(open.emplace(call, fresh->serial).second);
        RC_ASSERT(answers.count(call) == 0u);
      } else {
        RC_ASSERT(sent_back(received) == (answers.count(call) != 0 ? answers[call] : "nothing"));
      }
    } else if (open.count(call) != 0) {
      const auto text = rpc.answer(open[call], "{\"n\":" + std::to_string(call) + "}", t0);
      RC_ASSERT(text.has_value() == (answers.count(call) == 0));
      if (text) answers[call] = *text;
    }
  }
}

}  // namespace
}  // namespace bayward::ocpp
