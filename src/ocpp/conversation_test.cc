// How a station's session uses the layer, in each version: a boot is served, a reservation is sent and its answer read.
#include <gtest/gtest.h>

#include "ocpp/rpc/call.h"
#include "ocpp/rpc/route.h"
#include "ocpp/v16/dialect.h"
#include "ocpp/v16/types.h"
#include "ocpp/v201/dialect.h"
#include "ocpp/v201/types.h"

namespace bayward::ocpp {
namespace {

const Instant now = from_unix_s(1'800'000'000);

struct Session {
  Instant now;
  std::string model;
};

Result<v16::BootNotificationResponse, CallError> boot_v16(Session& session, const v16::BootNotificationRequest& boot) {
  session.model = boot.charge_point_model;
  return v16::BootNotificationResponse{
      .status = v16::RegistrationStatus::accepted, .current_time = session.now, .interval = 300};
}
Result<v201::BootNotificationResponse, CallError> boot_v201(Session& session,
                                                            const v201::BootNotificationRequest& boot) {
  session.model = boot.charging_station.model;
  return v201::BootNotificationResponse{
      .current_time = session.now, .interval = 300, .status = v201::RegistrationStatusEnumType::accepted};
}
constexpr Route<Session> routes_v16[] = {answered_by<&boot_v16>()};
constexpr Route<Session> routes_v201[] = {answered_by<&boot_v201>()};

// What the session does with any frame: the frame to send back, if any.
std::string serve_frame(Correlator& rpc, std::span<const Route<Session>> routes, Session& session,
                        std::string_view frame) {
  const Received received = rpc.receive(frame, session.now);
  if (const auto* back = std::get_if<SendBack>(&received)) return back->text;
  const auto* call = std::get_if<IncomingCall>(&received);
  if (call == nullptr) return "";
  const Reply reply = serve<Session>(rpc.dialect(), routes, session, *call);
  if (const auto* answer = std::get_if<Answer>(&reply)) return *rpc.answer(call->serial, answer->payload, session.now);
  if (const auto* refusal = std::get_if<CallError>(&reply)) return *rpc.refuse(call->serial, *refusal, session.now);
  return "";
}

template <Request R>
Outcome<R> ask(Correlator& rpc, const R& request, std::string_view expected_frame, std::string_view answer) {
  auto call = call_of(request, Urgency::reservation, now + 10min);
  EXPECT_TRUE(call);
  EXPECT_TRUE(rpc.calls().submit(std::move(*call)));
  EXPECT_EQ(rpc.calls().take_next(now), expected_frame);
  return outcome_of<R>(std::get<FinishedCall>(rpc.receive(answer, now)));
}

TEST(Conversation, OfAStationThatSpeaks16) {
  Correlator rpc(v16::dialect(), "c1", 30s);
  Session session{now, ""};
  EXPECT_EQ(serve_frame(rpc, routes_v16, session,
                        R"([2,"1","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}])"),
            R"([3,"1",{"status":"Accepted","currentTime":"2027-01-15T08:00:00.000Z","interval":300}])");
  EXPECT_EQ(session.model, "M");
  EXPECT_EQ(serve_frame(rpc, routes_v16, session, R"([2,"2","BootNotification",{"chargePointVendor":"V"}])"),
            R"([4,"2","OccurenceConstraintViolation","/chargePointModel: required, but missing",{}])");

  const v16::ReserveNowRequest reserve{
      .connector_id = 1, .expiry_date = now + 10min, .id_tag = "BOOKING-7", .reservation_id = 7};
  const auto outcome = ask(
      rpc, reserve,
      R"([2,"c1-1","ReserveNow",{"connectorId":1,"expiryDate":"2027-01-15T08:10:00.000Z","idTag":"BOOKING-7","reservationId":7}])",
      R"([3,"c1-1",{"status":"Occupied"}])");
  EXPECT_EQ(std::get<v16::ReserveNowResponse>(outcome).status, v16::ReservationStatus::occupied);
}

TEST(Conversation, OfAStationThatSpeaks201) {
  Correlator rpc(v201::dialect(), "c1", 30s);
  Session session{now, ""};
  EXPECT_EQ(
      serve_frame(
          rpc, routes_v201, session,
          R"([2,"1","BootNotification",{"reason":"PowerUp","chargingStation":{"model":"Bay","vendorName":"V"}}])"),
      R"([3,"1",{"currentTime":"2027-01-15T08:00:00.000Z","interval":300,"status":"Accepted"}])");
  EXPECT_EQ(session.model, "Bay");
  EXPECT_EQ(serve_frame(rpc, routes_v201, session, R"([2,"2","BootNotification",{"reason":"PowerUp"}])"),
            R"([4,"2","OccurrenceConstraintViolation","/chargingStation: required, but missing",{}])");

  const v201::ReserveNowRequest reserve{.id = 7,
                                        .expiry_date_time = now + 10min,
                                        .id_token = {.id_token = "BOOKING-7", .type = v201::IdTokenEnumType::central},
                                        .evse_id = 1};
  const auto outcome = ask(
      rpc, reserve,
      R"([2,"c1-1","ReserveNow",{"id":7,"expiryDateTime":"2027-01-15T08:10:00.000Z","idToken":{"idToken":"BOOKING-7","type":"Central"},"evseId":1}])",
      R"([4,"c1-1","InternalError","",{}])");
  EXPECT_EQ(std::get<CallError>(outcome).code, ErrorCode::internal_error);
}

TEST(Conversation, AResponseThatDoesNotFitIsARefusal) {
  Correlator rpc(v16::dialect(), "c1", 30s);
  const auto outcome = ask(rpc, v16::ResetRequest{.type = v16::ResetType::soft},
                           R"([2,"c1-1","Reset",{"type":"Soft"}])", R"([3,"c1-1",{"status":"Perhaps"}])");
  EXPECT_EQ(std::get<CallError>(outcome).code, ErrorCode::property_constraint_violation);
}

}  // namespace
}  // namespace bayward::ocpp
