#include "ocpp/rpc/frame.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/limits.h"
#include "ocpp/rpc/text.h"

namespace bayward::ocpp {
namespace {

constexpr Dialect plain{
    .subprotocol = "test",
    .actions = {},
    .error_words = {"GenericError", "InternalError", "NotImplemented", "NotSupported", "ProtocolError", "SecurityError",
                    "FormatViolation", "OccurrenceConstraintViolation", "TypeConstraintViolation",
                    "PropertyConstraintViolation", "MessageTypeNotSupported", "RpcFrameworkError"},
    .answers_unreadable = true};

TEST(Frame, ReadsTheThreeKinds) {
  const auto call = parse_frame(R"([2,"19223201","BootNotification",{"reason":"PowerUp"}])");
  ASSERT_TRUE(call);
  EXPECT_EQ(std::get<CallFrame>(*call).id, "19223201");
  EXPECT_EQ(std::get<CallFrame>(*call).action, "BootNotification");
  EXPECT_EQ(to_text(std::get<CallFrame>(*call).payload), R"({"reason":"PowerUp"})");

  const auto result = parse_frame(R"([3,"a",{}])");
  EXPECT_EQ(std::get<ResultFrame>(*result).id, "a");

  const auto error = parse_frame(R"([4,"a","OccurenceConstraintViolation","why",{"x":1}])");
  EXPECT_EQ(std::get<ErrorFrame>(*error).error.code, ErrorCode::occurrence_constraint_violation);
  EXPECT_EQ(std::get<ErrorFrame>(*error).error.description, "why");
}

TEST(Frame, TakesWhatDevicesLeaveOut) {
  EXPECT_EQ(to_text(std::get<CallFrame>(*parse_frame(R"([2,"a","Heartbeat",null])")).payload), "{}");
  EXPECT_EQ(std::get<ErrorFrame>(*parse_frame(R"([4,"a","NotSupported"])")).error.code, ErrorCode::not_supported);
  EXPECT_EQ(std::get<ErrorFrame>(*parse_frame(R"([4,"a","Whatever",null,null])")).error.code, ErrorCode::generic_error);
  EXPECT_EQ(std::get<ErrorFrame>(*parse_frame("[4,\"a\",\"X\",\"" + std::string(1000, 'x') + "\",{}]"))
                .error.description.size(),
            1000u);
}

TEST(Frame, SaysWhatIsWrongAndToWhom) {
  using Kind = FrameFault::Kind;
  const struct {
    std::string text;
    Kind kind;
    std::string id;
  } cases[] = {
      {"not json", Kind::unreadable, ""},
      {"{}", Kind::unreadable, ""},
      {"[]", Kind::unreadable, ""},
      {"[2]", Kind::unreadable, ""},
      {R"(["2","a","Heartbeat",{}])", Kind::unreadable, ""},
      {R"([2,7,"Heartbeat",{}])", Kind::unreadable, ""},
      {R"([2,"","Heartbeat",{}])", Kind::unreadable, ""},
      {"[2,\"" + std::string(37, 'a') + "\",\"Heartbeat\",{}]", Kind::unreadable, ""},
      {R"([7,"a",{}])", Kind::unknown_type, "a"},
      {R"([2.5,"a",{}])", Kind::unknown_type, "a"},
      {R"([2,"a","Heartbeat"])", Kind::broken_call, "a"},
      {R"([2,"a","Heartbeat",{},1])", Kind::broken_call, "a"},
      {R"([2,"a","",{}])", Kind::broken_call, "a"},
      {R"([2,"a",1,{}])", Kind::broken_call, "a"},
      {R"([2,"a","Heartbeat",[]])", Kind::broken_call, "a"},
      {R"([3,"a"])", Kind::broken_result, "a"},
      {R"([3,"a","x"])", Kind::broken_result, "a"},
      {R"([4,"a"])", Kind::broken_error, "a"},
      {R"([4,"a",5,"",{}])", Kind::broken_error, "a"},
      {R"([5,"a"])", Kind::broken_unasked, "a"},
      {R"([6,"a","NotifyPeriodicEventStream"])", Kind::broken_unasked, "a"},
      {R"([6,"a","",{}])", Kind::broken_unasked, "a"},
  };
  for (const auto& one : cases) {
    const auto frame = parse_frame(one.text);
    ASSERT_FALSE(frame) << one.text;
    EXPECT_EQ(frame.error().kind, one.kind) << one.text;
    EXPECT_EQ(frame.error().id, one.id) << one.text;
  }
  EXPECT_FALSE(parse_frame("[2,\"a\",\"X\",{}]" + std::string(limits::ocpp_message_bytes, ' ')));
  EXPECT_TRUE(parse_frame("[2,\"" + std::string(36, 'a') + "\",\"Heartbeat\",{}]"));
}

TEST(Frame, WritesExactBytes) {
  EXPECT_EQ(call_text("n7-1", "Reset", R"({"type":"Soft"})"), R"([2,"n7-1","Reset",{"type":"Soft"}])");
  EXPECT_EQ(result_text("a\"b", "{}"), R"([3,"a\"b",{}])");
  EXPECT_EQ(error_text(plain, "a", {ErrorCode::not_implemented, "no such action", Json::object()}),
            R"([4,"a","NotImplemented","no such action",{}])");
  EXPECT_EQ(error_text(plain, "a", {ErrorCode::generic_error, "", Json()}), R"([4,"a","GenericError","",{}])");
}

// OCPP 2.1 part 4, 4.2.3 and 4.2.4.
TEST(Frame, ReadsSendAndCallResultError) {
  const auto send = parse_frame(R"([6,"s1","NotifyPeriodicEventStream",{"id":1}])");
  ASSERT_TRUE(send);
  EXPECT_EQ(std::get<SendFrame>(*send).action, "NotifyPeriodicEventStream");
  EXPECT_EQ(to_text(std::get<SendFrame>(*send).payload), R"({"id":1})");
  const auto error = parse_frame(R"([5,"b","FormatViolation","no",{}])");
  ASSERT_TRUE(error);
  EXPECT_EQ(std::get<ResultErrorFrame>(*error).error.code, ErrorCode::formation_violation);
  EXPECT_EQ(result_error_text(plain, "b", {ErrorCode::generic_error, "no", Json::object()}),
            R"([5,"b","GenericError","no",{}])");
}

TEST(Frame, CutsDescriptionsAt255Characters) {
  std::string description;
  for (int i = 0; i < 300; ++i) description += "é";
  const auto frame = parse_frame(error_text(plain, "a", {ErrorCode::internal_error, description, Json::object()}));
  EXPECT_EQ(code_points(std::get<ErrorFrame>(*frame).error.description), 255u);
}

RC_GTEST_PROP(FrameProperty, AnyTextIsAFrameOrAFault, (const std::string& text)) {
  const auto frame = parse_frame(text);
  RC_ASSERT(frame.ok() || !frame.error().message.empty());
}

}  // namespace
}  // namespace bayward::ocpp
