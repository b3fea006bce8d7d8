// Every message of every version: the smallest and the largest instance come through unchanged, and breaking any one
// thing of the largest is refused for the right reason.
#include "ocpp/testing/messages.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "ocpp/rpc/dialect.h"
#include "ocpp/testing/instances.h"

namespace bayward::ocpp {
namespace {

class EveryMessage : public testing::TestWithParam<MessageCase> {};

TEST_P(EveryMessage, MinimalAndMaximalInstancesComeThroughUnchanged) {
  for (const bool full : {false, true}) {
    const Json payload = instance(*GetParam().schema, full);
    const auto out = GetParam().recode(payload);
    ASSERT_TRUE(out) << out.error().text();
    EXPECT_EQ(*out, to_text(payload));
    EXPECT_EQ(*parse_json(*out), payload);
  }
}

TEST_P(EveryMessage, AnythingBrokenIsRefusedForTheRightReason) {
  Json payload = instance(*GetParam().schema, true);
  int broken = 0;
  break_each(*GetParam().schema, payload, "", [&](Violation::Kind expected, const std::string& what) {
    ++broken;
    const auto out = GetParam().recode(payload);
    ASSERT_FALSE(out) << what;
    EXPECT_EQ(static_cast<int>(out.error().kind), static_cast<int>(expected)) << what << " said " << out.error().text();
  });
  EXPECT_GT(broken, 0);
}

std::string case_name(const testing::TestParamInfo<MessageCase>& info) {
  return std::string(info.param.name);
}
INSTANTIATE_TEST_SUITE_P(V16, EveryMessage, testing::ValuesIn(messages_v16()), case_name);
INSTANTIATE_TEST_SUITE_P(V201, EveryMessage, testing::ValuesIn(messages_v201()), case_name);
INSTANTIATE_TEST_SUITE_P(V21, EveryMessage, testing::ValuesIn(messages_v21()), case_name);

// What serves 2.0.1 with the structs of 2.1: every message of the one reads and writes as the other, but for a kind of
// monitor that 2.1 asks for (NotifyMonitoringReport) and whole numbers that became decimals.
class SharedMessage : public testing::TestWithParam<MessageCase> {};

TEST_P(SharedMessage, OfV201IsKeptByTheStructOfV21) {
  const MessageCase* newer = find_message(messages_v21(), GetParam().name);
  ASSERT_NE(newer, nullptr);
  if (GetParam().name == "NotifyMonitoringReportRequest") GTEST_SKIP() << "its payload is kept as it came";
  for (const bool full : {false, true}) {
    const Json payload = instance(*GetParam().schema, full);
    const auto out = newer->recode_by(payload, *GetParam().schema);
    ASSERT_TRUE(out) << out.error().text();
    // In the order of members of 2.0.1.
    EXPECT_EQ(*GetParam().recode(*parse_json(*out)), to_text(payload));
  }
}
INSTANTIATE_TEST_SUITE_P(V201, SharedMessage, testing::ValuesIn(messages_v201()), case_name);

// tests/corpus/ocpp_*.txt: what devices send ("<"), and how it reads back from our structs ("="). Set BAYWARD_UPDATE=1
// to rewrite the second, and read the difference.
class Corpus : public testing::TestWithParam<std::pair<const char*, std::span<const MessageCase>>> {};

TEST_P(Corpus, FramesOfTheJourneyReadBackAsRecorded) {
  const std::string file = std::string(BAYWARD_CORPUS_DIR) + "/" + GetParam().first;
  std::ifstream in(file);
  ASSERT_TRUE(in) << file;
  std::ostringstream recorded, actual;
  std::string line, name;
  int messages = 0;
  while (std::getline(in, line)) {
    recorded << line << '\n';
    if (line.starts_with("= ")) continue;
    actual << line << '\n';
    if (!line.starts_with("< ")) {
      name = line;
      continue;
    }
    const MessageCase* message = find_message(GetParam().second, name);
    ASSERT_NE(message, nullptr) << "'" << name << "' in " << file;
    const auto payload = parse_json(std::string_view(line).substr(2));
    ASSERT_TRUE(payload) << name << ": " << payload.error().message;
    const auto out = message->recode(*payload);
    actual << "= " << (out ? *out : "refused: " + out.error().text()) << '\n';
    ++messages;
  }
  EXPECT_GT(messages, 0);
  if (std::getenv("BAYWARD_UPDATE") != nullptr) {
    std::ofstream(file) << actual.str();
  } else {
    EXPECT_EQ(actual.str(), recorded.str());
  }
}
INSTANTIATE_TEST_SUITE_P(Versions, Corpus,
                         testing::Values(std::pair{"ocpp_v16.txt", messages_v16()},
                                         std::pair{"ocpp_v201.txt", messages_v201()}),
                         [](const auto& info) { return info.index == 0 ? "V16" : "V201"; });

TEST(Types, EnergyIsExactAndUnitsAreBothSpellings) {
  const auto payload = parse_json(
      R"({"connectorId":1,"meterValue":[{"timestamp":"2026-01-01T00:00:00","sampledValue":[
          {"value":"12345.678","measurand":"Energy.Active.Import.Register","unit":"Wh"},
          {"value":"21.5","unit":"Celcius","measurand":"Temperature"},{"value":"21.5","unit":"Celsius","phase":"L1-N"}]}]})");
  const auto values = decode<v16::MeterValuesRequest>(*payload);
  ASSERT_TRUE(values);
  const auto& samples = values->meter_value[0].sampled_value;
  EXPECT_EQ(values->meter_value[0].timestamp, parse_rfc3339("2026-01-01T00:00:00Z"));
  EXPECT_EQ(Decimal::parse(samples[0].value)->scaled(3), 12345678);
  EXPECT_EQ(samples[0].measurand, v16::Measurand::energy_active_import_register);
  EXPECT_EQ(samples[1].unit, v16::UnitOfMeasure::celcius);
  EXPECT_EQ(samples[2].unit, v16::UnitOfMeasure::celsius);
  EXPECT_EQ(to_text(*samples[2].phase), "L1-N");

  const auto newer = decode<v201::MeterValuesRequest>(*parse_json(
      R"({"evseId":1,"meterValue":[{"timestamp":"2026-01-01T00:00:00Z","sampledValue":[{"value":12345.678}]}]})"));
  ASSERT_TRUE(newer);
  EXPECT_EQ(newer->meter_value[0].sampled_value[0].value.scaled(3), 12345678);
}

TEST(Types, CustomDataKeepsTheMembersOfTheVendor) {
  const auto text = R"({"customData":{"vendorId":"org.example","colour":"red","depth":{"mm":1.5}}})";
  const auto heartbeat = decode<v201::HeartbeatRequest>(*parse_json(text));
  ASSERT_TRUE(heartbeat);
  EXPECT_EQ(heartbeat->custom_data->others.size(), 2u);
  EXPECT_EQ(*encode(*heartbeat), text);
}

TEST(Types, WhatWeSendIsValidatedToo) {
  const v16::ReserveNowRequest reserve{.connector_id = 1, .id_tag = std::string(21, 'x'), .reservation_id = 1};
  const auto text = encode(reserve);
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().text(), "/idTag: 21 characters, at most 20 allowed");
  EXPECT_FALSE(encode(v16::ResetRequest{.type = static_cast<v16::ResetType>(77)}));
  EXPECT_FALSE(encode(v16::AuthorizeRequest{.id_tag = "\xff"}));
}

TEST(Types, RefusalsNameThePlace) {
  const auto value = decode<v16::MeterValuesRequest>(*parse_json(
      R"({"connectorId":1,"meterValue":[{"timestamp":"2026-01-01T00:00:00Z","sampledValue":[{"value":"1"},{"value":2}]}]})"));
  EXPECT_EQ(value.error().text(), "/meterValue/0/sampledValue/1/value: expected a string, got a number");
  const auto status = decode<v16::BootNotificationResponse>(
      *parse_json(R"({"status":"Maybe","currentTime":"2026-01-01T00:00:00Z","interval":1})"));
  EXPECT_EQ(status.error().text(), "/status: 'Maybe' is not one of its 3 values");
}

TEST(Types, WordsAreFoundBothWays) {
  EXPECT_EQ(from_text<v16::ChargePointStatus>("SuspendedEVSE"), v16::ChargePointStatus::suspended_evse);
  EXPECT_EQ(from_text<v16::ChargePointStatus>("suspendedevse"), std::nullopt);
  EXPECT_EQ(to_text(v201::ConnectorEnumType::s309_1p_16a), "s309-1P-16A");
}

}  // namespace
}  // namespace bayward::ocpp
