#include "ocpp/rpc/route.h"

#include <gtest/gtest.h>

#include "ocpp/v16/dialect.h"
#include "ocpp/v16/types.h"
#include "ocpp/v201/dialect.h"
#include "ocpp/v21/dialect.h"

namespace bayward::ocpp {
namespace {

struct Session {
  std::string vendor;
  CallSerial waiting = 0;
};

Result<v16::BootNotificationResponse, CallError> boot(Session& session, const v16::BootNotificationRequest& request) {
  session.vendor = request.charge_point_vendor;
  if (session.vendor == "unwanted") return Failure{CallError{ErrorCode::security_error, "go away", Json::object()}};
  return v16::BootNotificationResponse{
      .status = v16::RegistrationStatus::accepted, .current_time = from_unix_s(0), .interval = 300};
}
void authorize(Session& session, CallSerial serial, const v16::AuthorizeRequest&) {
  session.waiting = serial;
}
Result<v16::DataTransferResponse, CallError> broken(Session&, const v16::DataTransferRequest&) {
  return v16::DataTransferResponse{.status = v16::DataTransferStatus::accepted, .data = "\xff"};
}

constexpr Route<Session> routes[] = {answered_by<&boot>(), answered_later_by<&authorize>(), answered_by<&broken>()};

Reply serve_text(Session& session, std::string action, std::string_view payload) {
  return serve<Session>(v16::dialect(), routes, session, {7, std::move(action), *parse_json(payload)});
}
ErrorCode code_of(const Reply& reply) {
  return std::get<CallError>(reply).code;
}

TEST(Route, AnActionReachesItsHandlerAndTheAnswerComesBack) {
  Session session;
  const auto reply = serve_text(session, "BootNotification", R"({"chargePointVendor":"V","chargePointModel":"M"})");
  EXPECT_EQ(session.vendor, "V");
  EXPECT_EQ(std::get<Answer>(reply).payload,
            R"({"status":"Accepted","currentTime":"1970-01-01T00:00:00.000Z","interval":300})");
  EXPECT_TRUE(std::holds_alternative<Later>(serve_text(session, "Authorize", R"({"idTag":"A"})")));
  EXPECT_EQ(session.waiting, 7u);
}

TEST(Route, RefusalsSayWhoseFaultItIs) {
  Session session;
  EXPECT_EQ(code_of(serve_text(session, "Dance", "{}")), ErrorCode::not_implemented);
  EXPECT_EQ(code_of(serve_text(session, "NotifyEvent", "{}")), ErrorCode::not_implemented);  // 2.0.1 only
  EXPECT_EQ(code_of(serve_text(session, "StopTransaction", "{}")), ErrorCode::not_supported);
  EXPECT_EQ(code_of(serve_text(session, "BootNotification", "{}")), ErrorCode::occurrence_constraint_violation);
  EXPECT_EQ(code_of(serve_text(session, "DataTransfer", R"({"vendorId":"V"})")), ErrorCode::internal_error);
  EXPECT_EQ(
      code_of(serve_text(session, "BootNotification", R"({"chargePointVendor":"unwanted","chargePointModel":"M"})")),
      ErrorCode::security_error);
}

TEST(Dialect, KnowsItsActions) {
  EXPECT_EQ(v16::dialect().actions.size(), 39u);
  EXPECT_EQ(v201::dialect().actions.size(), 64u);
  EXPECT_EQ(v21::dialect().actions.size(), 91u);
  EXPECT_EQ(find_action(v21::dialect(), "NotifyPeriodicEventStream")->response, nullptr);
  EXPECT_NE(find_action(v16::dialect(), "RemoteStartTransaction"), nullptr);
  EXPECT_EQ(find_action(v16::dialect(), "TransactionEvent"), nullptr);
  EXPECT_NE(find_action(v201::dialect(), "TransactionEvent"), nullptr);
}

// OCPP-J 1.6, 4.2.3 and OCPP 2.0.1 part 4, 4.3 spell two codes differently; both are understood.
TEST(Dialect, SpellsErrorCodesAsItsVersionDoes) {
  EXPECT_EQ(error_word(v16::dialect(), ErrorCode::formation_violation), "FormationViolation");
  EXPECT_EQ(error_word(v201::dialect(), ErrorCode::formation_violation), "FormatViolation");
  EXPECT_EQ(error_word(v16::dialect(), ErrorCode::occurrence_constraint_violation), "OccurenceConstraintViolation");
  EXPECT_EQ(error_word(v201::dialect(), ErrorCode::occurrence_constraint_violation), "OccurrenceConstraintViolation");
  for (const char* word : {"OccurenceConstraintViolation", "OccurrenceConstraintViolation"}) {
    EXPECT_EQ(error_code_from_text(word), ErrorCode::occurrence_constraint_violation);
  }
}

}  // namespace
}  // namespace bayward::ocpp
