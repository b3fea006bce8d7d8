#include "ocpp/rpc/outgoing.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

#include "base/limits.h"
#include "ocpp/rpc/frame.h"

namespace bayward::ocpp {
namespace {

const Instant t0 = from_unix_s(1'800'000'000);

Ticket must_submit(OutgoingCalls& calls, std::string action, Urgency urgency = Urgency::rest,
                   Instant give_up_at = Instant::max()) {
  auto submitted = calls.submit({std::move(action), "{}", urgency, give_up_at});
  return submitted ? submitted->ticket : 0;
}
std::string action_of(const std::optional<std::string>& frame) {
  return frame ? std::get<CallFrame>(*parse_frame(*frame)).action : "nothing";
}
NoAnswer silence(const FinishedCall& call) {
  return std::get<NoAnswer>(call.outcome);
}

TEST(OutgoingCalls, OneIsOpenAtATime) {
  OutgoingCalls calls("n1", 30s);
  const Ticket first = must_submit(calls, "Reset");
  must_submit(calls, "TriggerMessage");
  EXPECT_EQ(calls.take_next(t0), R"([2,"n1-1","Reset",{}])");
  EXPECT_EQ(calls.take_next(t0), std::nullopt);
  const auto finished = calls.on_result("n1-1", Json::object());
  ASSERT_TRUE(finished);
  EXPECT_EQ(finished->ticket, first);
  EXPECT_EQ(finished->action, "Reset");
  EXPECT_EQ(action_of(calls.take_next(t0)), "TriggerMessage");
}

TEST(OutgoingCalls, TheMostUrgentGoesFirstAndEqualsInOrder) {
  OutgoingCalls calls("n1", 30s);
  must_submit(calls, "GetConfiguration", Urgency::configuration);
  must_submit(calls, "ReserveNow", Urgency::reservation);
  must_submit(calls, "CancelReservation", Urgency::reservation);
  must_submit(calls, "RemoteStartTransaction", Urgency::authorisation);
  must_submit(calls, "RemoteStopTransaction", Urgency::danger);
  std::vector<std::string> order;
  for (int i = 1; i <= 5; ++i) {
    const auto frame = calls.take_next(t0);
    order.push_back(action_of(frame));
    EXPECT_TRUE(calls.on_result(std::get<CallFrame>(*parse_frame(*frame)).id, Json::object()));
  }
  EXPECT_EQ(order, (std::vector<std::string>{"RemoteStopTransaction", "RemoteStartTransaction", "ReserveNow",
                                             "CancelReservation", "GetConfiguration"}));
}

TEST(OutgoingCalls, AFullQueueLosesItsLeastUrgent) {
  OutgoingCalls calls("n1", 30s);
  Ticket last = 0;
  for (size_t i = 0; i < limits::ocpp_send_queue_messages; ++i)
    last = must_submit(calls, "ChangeConfiguration", Urgency::configuration);
  EXPECT_EQ(calls.submit({"GetConfiguration", "{}", Urgency::configuration}).error(), SubmitRefusal::queue_full);
  const auto urgent = calls.submit({"RemoteStopTransaction", "{}", Urgency::danger});
  ASSERT_TRUE(urgent);
  ASSERT_TRUE(urgent->displaced);
  EXPECT_EQ(urgent->displaced->ticket, last);
  EXPECT_EQ(silence(*urgent->displaced), NoAnswer::displaced);
  EXPECT_EQ(calls.waiting(), limits::ocpp_send_queue_messages);
  EXPECT_EQ(calls.submit({"X", std::string(limits::ocpp_message_bytes, 'x'), Urgency::danger}).error(),
            SubmitRefusal::too_long);
}

TEST(OutgoingCalls, SilenceEndsACallAndALateAnswerIsNothing) {
  OutgoingCalls calls("n1", 30s);
  must_submit(calls, "Reset");
  must_submit(calls, "TriggerMessage");
  EXPECT_TRUE(calls.take_next(t0));
  EXPECT_EQ(calls.next_deadline(), t0 + 30s);
  EXPECT_TRUE(calls.expire(t0 + 30s - 1ms).empty());
  const auto expired = calls.expire(t0 + 30s);
  ASSERT_EQ(expired.size(), 1u);
  EXPECT_EQ(silence(expired[0]), NoAnswer::timed_out);
  EXPECT_FALSE(calls.on_result("n1-1", Json::object()));
  EXPECT_EQ(action_of(calls.take_next(t0 + 30s)), "TriggerMessage");
  EXPECT_FALSE(calls.on_result("n1-1", Json::object()));
  EXPECT_TRUE(calls.on_error("n1-2", {}));
  EXPECT_FALSE(calls.on_error("n1-2", {}));
}

TEST(OutgoingCalls, WhatIsOutOfDateIsNotSent) {
  OutgoingCalls calls("n1", 30s);
  must_submit(calls, "ReserveNow", Urgency::reservation, t0 + 10s);
  EXPECT_EQ(calls.next_deadline(), t0 + 10s);
  EXPECT_EQ(calls.take_next(t0 + 10s), std::nullopt);
  const auto expired = calls.expire(t0 + 10s);
  ASSERT_EQ(expired.size(), 1u);
  EXPECT_EQ(silence(expired[0]), NoAnswer::gave_up);
}

TEST(OutgoingCalls, TheEndOfTheConnectionTellsWhatMayHaveHappened) {
  OutgoingCalls calls("n1", 30s);
  must_submit(calls, "Reset");
  must_submit(calls, "TriggerMessage");
  EXPECT_TRUE(calls.take_next(t0));
  const auto closed = calls.close();
  ASSERT_EQ(closed.size(), 2u);
  EXPECT_EQ(silence(closed[0]), NoAnswer::disconnected);
  EXPECT_EQ(silence(closed[1]), NoAnswer::never_sent);
  EXPECT_EQ(calls.next_deadline(), std::nullopt);
}

// Whatever is done in whatever order: bounds hold, ids never repeat, and every ticket ends exactly once.
RC_GTEST_PROP(OutgoingCallsProperty, EveryTicketEndsExactlyOnce, ()) {
  OutgoingCalls calls("p", 30s);
  Instant now = t0;
  std::map<Ticket, int> endings;
  std::set<std::string> ids;
  std::string open_id;
  const auto end = [&](const FinishedCall& call) { ++endings[call.ticket]; };
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 100));
  for (const int step : steps) {
    if (step < 60) {
      const auto urgency = static_cast<Urgency>(step % 5);
      const auto submitted = calls.submit({"A", "{}", urgency, step % 2 == 0 ? Instant::max() : now + 20s});
      if (submitted) endings.emplace(submitted->ticket, 0);
      if (submitted && submitted->displaced) end(*submitted->displaced);
    } else if (step < 75) {
      if (const auto frame = calls.take_next(now)) {
        open_id = std::get<CallFrame>(*parse_frame(*frame)).id;
        RC_ASSERT(ids.insert(open_id).second);
        RC_ASSERT(open_id.size() <= message_id_chars);
      }
    } else if (step < 90) {
      const auto finished = step % 2 == 0 ? calls.on_result(open_id, Json::object()) : calls.on_error(open_id, {});
      if (finished) end(*finished);
    } else {
      now += std::chrono::seconds{step - 85};
      for (const auto& call : calls.expire(now)) end(call);
    }
    RC_ASSERT(calls.waiting() <= limits::ocpp_send_queue_messages);
  }
  for (const auto& call : calls.close()) end(call);
  for (const auto& [ticket, times] : endings) RC_ASSERT(times == 1);
}

}  // namespace
}  // namespace bayward::ocpp
