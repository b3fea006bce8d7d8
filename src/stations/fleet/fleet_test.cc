// Campaigns and sets of settings over the real Csms, with stations of our own making.
#include "stations/fleet/fleet.h"

#include <gmock/gmock.h>

#include "stations/testing/rig.h"

namespace bayward::stations {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr const char* no_members = "{ }";  // "{}" means no answer to a FakeStation

StationOptions options() {
  StationOptions out = Rig::quiet_options();
  out.sets_spread = 1s;
  out.public_url = "https://csms.example.org";
  return out;
}

// The answers of a desk come when everything that is due has happened.
template <class T, class Ask>
T told(Rig& rig, Ask ask) {
  std::optional<T> out;
  ask([&](T answer) { out.emplace(std::move(answer)); });
  rig.settle();
  for (FakeStation* station : rig.stations) station->read();
  EXPECT_TRUE(out.has_value());
  return *std::move(out);
}

CampaignPlan plan_for_bay() {
  CampaignPlan plan;
  plan.name = "Spring";
  plan.package.location = "https://maker.example/fw.bin";
  plan.package.version = "2.0";
  plan.group.vendor = "bay";
  plan.stages = {{0, 100}};
  plan.unsigned_allowed = true;
  return plan;
}

Campaign begin(Rig& rig, const CampaignPlan& plan) {
  const auto begun = told<Result<Campaign>>(
      rig, [&](auto answer) { rig.csms.fleet().begin_campaign(plan, AccountId{9}, std::move(answer)); });
  EXPECT_TRUE(begun.ok()) << begun.error().message;
  return *begun;
}

std::string refused(Rig& rig, const CampaignPlan& plan) {
  const auto begun = told<Result<Campaign>>(
      rig, [&](auto answer) { rig.csms.fleet().begin_campaign(plan, AccountId{9}, std::move(answer)); });
  return begun.ok() ? "" : begun.error().message;
}

Campaign shown(Rig& rig, uint64_t number) {
  const auto found =
      told<std::optional<Campaign>>(rig, [&](auto answer) { rig.csms.fleet().campaign(number, std::move(answer)); });
  EXPECT_TRUE(found.has_value());
  return found.value_or(Campaign{});
}

std::string status_v2(FakeStation& station, const std::string& word, int64_t request) {
  return station.call("FirmwareStatusNotification",
                      R"({"status":")" + word + R"(","requestId":)" + std::to_string(request) + "}");
}

TEST(Campaigns, AStationIsAskedFollowedAndOnRecord) {
  Rig rig(options());
  const auto station = rig.connect_booted("ocpp2.0.1");
  const Campaign campaign = begin(rig, plan_for_bay());
  ASSERT_THAT(campaign.stations, SizeIs(1));
  EXPECT_EQ(campaign.stations[0].identity, "CP-1");
  rig.pass(6s);
  const auto asked = station->calls_of("UpdateFirmware");
  ASSERT_THAT(asked, SizeIs(1));
  EXPECT_THAT(asked[0], HasSubstr(R"("location":"https://maker.example/fw.bin")"));
  EXPECT_THAT(asked[0], Not(HasSubstr("signature")));
  Campaign now = shown(rig, campaign.number);
  EXPECT_EQ(now.stations[0].step, CampaignStep::working);
  (void)status_v2(*station, "Downloading", now.stations[0].request);
  EXPECT_EQ(shown(rig, campaign.number).stations[0].word, "Downloading");
  (void)status_v2(*station, "Installed", now.stations[0].request);
  now = shown(rig, campaign.number);
  EXPECT_EQ(now.stations[0].step, CampaignStep::installed);
  EXPECT_EQ(now.phase, CampaignPhase::done);
  EXPECT_THAT(rig.security_log.types(), Contains("CampaignBegun"));
  EXPECT_THAT(rig.security_log.types(), Contains("FirmwareInstalled"));
  EXPECT_THAT(rig.security_log.types(), Contains("CampaignEnded"));
}

TEST(Campaigns, NobodyIsAskedWhoChargesOrIsAboutTo) {
  Rig rig(options());
  const auto station = rig.connect_booted("ocpp1.6");
  station->answers["UpdateFirmware"] = no_members;
  rig.world.book(rig.world.driver, rig.world.bays[0], 30min, 1h);
  (void)begin(rig, plan_for_bay());
  rig.pass(10s);
  EXPECT_THAT(station->calls_of("UpdateFirmware"), IsEmpty());
  rig.pass(2h);  // the booking is over
  EXPECT_THAT(station->calls_of("UpdateFirmware"), SizeIs(1));
}

TEST(Campaigns, NobodyIsAskedDuringASession) {
  Rig rig(options());
  const auto station = rig.connect_booted("ocpp1.6");
  station->answers["UpdateFirmware"] = no_members;
  const std::string started = station->call(
      "StartTransaction", R"({"connectorId":1,"idTag":"CARD1","meterStart":0,"timestamp":")" + rig.at() + "\"}");
  const size_t number = started.find("\"transactionId\":") + 16;
  (void)begin(rig, plan_for_bay());
  rig.pass(10s);
  EXPECT_THAT(station->calls_of("UpdateFirmware"), IsEmpty());
  (void)station->call("StopTransaction",
                      "{\"transactionId\":" + started.substr(number, started.find('}', number) - number) +
                          R"(,"meterStop":5,"timestamp":")" + rig.at() + "\"}");
  rig.pass(3h);  // what the card had opened is over, too
  EXPECT_THAT(station->calls_of("UpdateFirmware"), SizeIs(1));
}

TEST(Campaigns, OutsideTheWindowNobodyIsAsked) {
  Rig rig(options());  // 09:00 in Berlin
  const auto station = rig.connect_booted("ocpp2.0.1");
  CampaignPlan plan = plan_for_bay();
  plan.window_from = 9 * 60 + 2;
  plan.window_to = 10 * 60;
  (void)begin(rig, plan);
  rig.pass(100s);
  EXPECT_THAT(station->calls_of("UpdateFirmware"), IsEmpty());
  rig.pass(30s);
  EXPECT_THAT(station->calls_of("UpdateFirmware"), SizeIs(1));
}

TEST(Campaigns, A16StationWithoutTheSecurityExtensionGetsItPlainWhenThatIsAllowed) {
  for (const bool allowed : {false, true}) {
    Rig rig(options());
    const auto station = rig.connect_booted("ocpp1.6");
    CampaignPlan plan = plan_for_bay();
    plan.unsigned_allowed = allowed;
    plan.package.signature = "c2ln";
    plan.package.certificate = Rig::authority().roots();
    const Campaign campaign = begin(rig, plan);
    station->answers["UpdateFirmware"] = no_members;
    station->answers["SignedUpdateFirmware"] = "{}";  // not answered here but by hand
    rig.pass(6s);
    ASSERT_THAT(station->calls_of("SignedUpdateFirmware"), SizeIs(1));
    station->refuse_open("NotImplemented");
    rig.pass(1s);
    EXPECT_THAT(station->calls_of("UpdateFirmware"), SizeIs(allowed ? 1 : 0));
    EXPECT_EQ(shown(rig, campaign.number).stations[0].step, allowed ? CampaignStep::working : CampaignStep::failed);
    if (!allowed) continue;
    (void)station->call("FirmwareStatusNotification", R"({"status":"Installed"})");
    EXPECT_EQ(shown(rig, campaign.number).phase, CampaignPhase::done);
  }
}

TEST(Campaigns, ARestartLosesNothing) {
  FakeFleetRecords kept;
  uint64_t number = 0;
  int64_t request = 0;
  {
    Rig rig(options(), &kept);
    const auto station = rig.connect_booted("ocpp2.0.1");
    number = begin(rig, plan_for_bay()).number;
    rig.pass(6s);
    request = shown(rig, number).stations[0].request;
    (void)status_v2(*station, "Downloading", request);
  }
  Rig rig(options(), &kept);
  EXPECT_TRUE(rig.csms.fleet().loaded());
  const auto station = rig.connect("ocpp2.0.1");
  rig.pass(20s);
  EXPECT_THAT(station->calls_of("UpdateFirmware"), IsEmpty()) << "it is at work";
  EXPECT_EQ(shown(rig, number).stations[0].word, "Downloading");
  (void)status_v2(*station, "Installed", request);
  EXPECT_EQ(shown(rig, number).phase, CampaignPhase::done);
  EXPECT_GT(begin(rig, plan_for_bay()).number, number);
}

TEST(Campaigns, WhatCantBeKeptIsNotBegun) {
  Rig rig(options());
  const auto station = rig.connect_booted("ocpp2.0.1");
  rig.pass(2s);
  const Campaign campaign = begin(rig, plan_for_bay());
  rig.fleet_records.broken = true;
  rig.pass(10s);
  EXPECT_THAT(station->calls_of("UpdateFirmware"), IsEmpty());
  EXPECT_THAT(refused(rig, plan_for_bay()), HasSubstr("the medium is full"));
  rig.fleet_records.broken = false;
  rig.pass(6min);
  EXPECT_THAT(station->calls_of("UpdateFirmware"), SizeIs(1));
  EXPECT_EQ(shown(rig, campaign.number).stations[0].step, CampaignStep::working);
}

TEST(Campaigns, APlanThatCantBeIsRefusedWithAWord) {
  Rig rig(options());
  const auto station = rig.connect_booted("ocpp2.0.1");
  CampaignPlan plan = plan_for_bay();
  plan.group.vendor = "Nobody";
  EXPECT_THAT(refused(rig, plan), HasSubstr("no station"));
  plan.group = {{}, {StationId{99}}, "", ""};
  EXPECT_THAT(refused(rig, plan), HasSubstr("has never booted"));
  plan = plan_for_bay();
  plan.package.image = 7;
  EXPECT_THAT(refused(rig, plan), HasSubstr("keeps no images"));
  plan = plan_for_bay();
  plan.package.signature = "c2ln";
  plan.package.certificate = "none";
  EXPECT_THAT(refused(rig, plan), HasSubstr("no certificate in PEM"));
}

// ---- sets of settings

SettingSet set_of(std::vector<SetSetting> settings) {
  SettingSet out;
  out.name = "Meter";
  out.group.vendor = "Bay";
  out.settings = std::move(settings);
  return out;
}

SettingSet put(Rig& rig, const SettingSet& set) {
  const auto made = told<Result<std::optional<SettingSet>>>(
      rig, [&](auto answer) { rig.csms.fleet().put_setting_set(set, std::move(answer)); });
  EXPECT_TRUE(made.ok()) << made.error().message;
  return made->value_or(SettingSet{});
}

std::vector<StationStanding> standing(Rig& rig, uint64_t number) {
  return told<std::optional<std::vector<StationStanding>>>(
             rig, [&](auto answer) { rig.csms.fleet().standing(number, std::move(answer)); })
      .value_or(std::vector<StationStanding>{});
}

TEST(SettingSets, WhatDiffersIsSetAndWhatCameOfItIsShown) {
  Rig rig(options());
  const auto station = rig.connect_booted("ocpp2.0.1");
  station->answers["GetVariables"] =
      R"({"getVariableResult":[{"attributeStatus":"Accepted","attributeValue":"300","component":{"name":"OCPPCommCtrlr"},"variable":{"name":"HeartbeatInterval"}},)"
      R"({"attributeStatus":"UnknownVariable","component":{"name":"X"},"variable":{"name":"Y"}},)"
      R"({"attributeStatus":"Accepted","attributeValue":"TRUE","component":{"name":"AuthCtrlr"},"variable":{"name":"Enabled"}}]})";
  station->answers["SetVariables"] =
      R"({"setVariableResult":[{"attributeStatus":"RebootRequired","component":{"name":"OCPPCommCtrlr"},"variable":{"name":"HeartbeatInterval"}}]})";
  const SettingSet set = put(rig, set_of({{"OCPPCommCtrlr.HeartbeatInterval", "HeartbeatInterval", "60"},
                                          {"X.Y", "", "1"},
                                          {"AuthCtrlr.Enabled", "", "true"},
                                          {"", "OnlyOf16", "1"}}));
  rig.pass(2s);
  ASSERT_THAT(station->calls_of("SetVariables"), SizeIs(1));
  EXPECT_THAT(station->calls_of("SetVariables")[0], HasSubstr(R"("attributeValue":"60")"));
  EXPECT_THAT(station->calls_of("SetVariables")[0], Not(HasSubstr("Enabled")));
  const auto shown = standing(rig, set.number);
  ASSERT_THAT(shown, SizeIs(1));
  EXPECT_EQ(shown[0].trouble, "");
  ASSERT_THAT(shown[0].settings, SizeIs(3));  // by name
  EXPECT_EQ(shown[0].settings[0].status, "InStep");
  EXPECT_EQ(shown[0].settings[1].status, "RebootRequired");
  EXPECT_EQ(shown[0].settings[1].reported, "300");
  EXPECT_EQ(shown[0].settings[2].status, "UnknownVariable");
}

TEST(SettingSets, AreComparedAfterEachBootAndSetOnlyWhereTheyDiffer) {
  Rig rig(options());
  const auto station = rig.connect_booted("ocpp1.6");
  station->answers["GetConfiguration"] =
      R"({"configurationKey":[{"key":"meterValueSampleInterval","readonly":false,"value":"60"},{"key":"Fixed","readonly":true,"value":"1"}]})";
  const SettingSet set = put(rig, set_of({{"", "MeterValueSampleInterval", "60"}, {"", "Fixed", "2"}}));
  rig.pass(2s);
  EXPECT_THAT(station->calls_of("GetConfiguration"), SizeIs(1));
  EXPECT_THAT(station->calls_of("ChangeConfiguration"), IsEmpty());
  const auto shown = standing(rig, set.number);
  ASSERT_THAT(shown, SizeIs(1));
  EXPECT_EQ(shown[0].settings[0].status, "ReadOnly");
  EXPECT_EQ(shown[0].settings[1].status, "InStep");
  station->answers["GetConfiguration"] =
      R"({"configurationKey":[{"key":"MeterValueSampleInterval","readonly":false,"value":"900"}],"unknownKey":["Fixed"]})";
  (void)station->boot_v16();
  rig.pass(3s);
  EXPECT_THAT(station->calls_of("ChangeConfiguration"),
              ElementsAre(R"({"key":"MeterValueSampleInterval","value":"60"})"));
  EXPECT_EQ(standing(rig, set.number)[0].settings[1].reported, "60");
}

TEST(SettingSets, OutliveTheServerAndAreRemoved) {
  FakeFleetRecords kept;
  uint64_t number = 0;
  {
    Rig rig(options(), &kept);
    const auto station = rig.connect_booted("ocpp1.6");
    number = put(rig, set_of({{"", "HeartbeatInterval", "60"}})).number;
    rig.pass(1s);
  }
  Rig rig(options(), &kept);
  const auto station = rig.connect("ocpp1.6");  // it has not booted anew
  station->answers["GetConfiguration"] =
      R"({"configurationKey":[{"key":"HeartbeatInterval","readonly":false,"value":"60"}]})";
  rig.pass(20s);
  EXPECT_THAT(station->calls_of("GetConfiguration"), SizeIs(1));
  EXPECT_EQ(standing(rig, number)[0].settings[0].status, "InStep");
  const auto removed = told<Result<bool>>(
      rig, [&](auto answer) { rig.csms.fleet().remove_setting_set(number, AccountId{9}, std::move(answer)); });
  EXPECT_TRUE(*removed);
  EXPECT_THAT(standing(rig, number), IsEmpty());
}

TEST(SettingSets, AStationThatDoesNotAnswerIsSaidSoAndHoldsNobodyUp) {
  Rig rig(options());
  const auto station = rig.connect_booted("ocpp2.0.1");
  station->answers["GetVariables"] = "{}";  // no answer
  const SettingSet set = put(rig, set_of({{"A.B", "", "1"}}));
  rig.pass(2s);
  station->drop();
  EXPECT_EQ(standing(rig, set.number)[0].trouble, "reading: no answer");
  const auto back = rig.connect_booted("ocpp2.0.1");
  back->answers["GetVariables"] =
      R"({"getVariableResult":[{"attributeStatus":"Accepted","attributeValue":"1","component":{"name":"A"},"variable":{"name":"B"}}]})";
  rig.pass(3s);
  EXPECT_EQ(standing(rig, set.number)[0].trouble, "");
}

TEST(SettingSets, ALaterSetWinsAndASetThatCantBeIsRefused) {
  const KnownStation station{StationId{1}, "CP-1", "Bay", "Pile", "", ""};
  SettingSet first = set_of({{"A.B", "", "1"}, {"A.C", "", "1"}});
  SettingSet second = set_of({{"a.b", "", "2"}});
  first.number = 1;
  second.number = 2;
  const auto wanted = wanted_of_sets({{1, first}, {2, second}}, station, false);
  ASSERT_THAT(wanted, SizeIs(2));
  EXPECT_EQ(wanted[0].wanted, "2");
  EXPECT_EQ(wanted[0].set, 2u);
  EXPECT_EQ(wanted[1].wanted, "1");
  EXPECT_THAT(wanted_of_sets({{1, first}}, station, true), IsEmpty());
  EXPECT_THAT(defect_of(set_of({})).value_or(""), HasSubstr("settings are expected"));
  EXPECT_THAT(defect_of(set_of({{"NoDot", "", "1"}})).value_or(""), HasSubstr("Component.Variable"));
  EXPECT_THAT(defect_of(set_of({{"", "", "1"}})).value_or(""), HasSubstr("needs a variable"));
  EXPECT_THAT(defect_of(set_of({{"SecurityCtrlr.BasicAuthPassword", "", "1"}})).value_or(""), HasSubstr("passwords"));
}

}  // namespace
}  // namespace bayward::stations
