// Security profiles, certificates, passwords and the audit log, over both versions.
#include "stations/security.h"

#include <gmock/gmock.h>

#include "base/limits.h"
#include "ocpp/rpc/frame.h"
#include "stations/credentials.h"
#include "stations/testing/csr.h"
#include "stations/testing/rig.h"

namespace bayward::stations {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

std::shared_ptr<const PeerCertificate> certificate(const Rig& rig, const std::string& name = "CP-1",
                                                   Duration left = 365 * 24h) {
  auto out = std::make_shared<PeerCertificate>();
  out->common_name = name;
  out->serial = "1A";
  out->not_before = rig.world.now - 10min;
  out->not_after = rig.world.now + left;
  return out;
}

Rig::Knock over_tls() {
  return {.tls = true};
}
Rig::Knock with_certificate(const Rig& rig, const std::string& name = "CP-1") {
  return {.user = "", .tls = true, .certificate = certificate(rig, name)};
}

StationSecurity change(Rig& rig, SecurityChange wanted) {
  std::optional<StationSecurity> out;
  rig.csms.set_security(rig.world.station, wanted, [&](const Result<StationSecurity>& told) { out = *told; });
  rig.settle();
  return out.value_or(StationSecurity{});
}

StationAnswer order(Rig& rig, StationOrder what) {
  StationAnswer answer{StationAnswer::Kind::silent, "nothing came", {}};
  rig.csms.order(rig.world.station, std::move(what), [&](StationAnswer got) { answer = std::move(got); });
  rig.settle();
  for (FakeStation* one : rig.stations) one->read();
  rig.settle();
  return answer;
}

// A05.
TEST(Security, AProfileOnRecordIsNotLoweredByTheStation) {
  Rig rig;
  EXPECT_EQ(rig.status_of({}), 101);
  EXPECT_EQ(rig.status_of(over_tls()), 101);
  EXPECT_EQ(rig.status_of({}), 403);
  EXPECT_EQ(rig.status_of(with_certificate(rig)), 101);
  EXPECT_EQ(rig.status_of(over_tls()), 403);
  EXPECT_THAT(rig.security_log.types(), ElementsAre("ProfileTooLow", "ProfileTooLow"));
  EXPECT_EQ(change(rig, {.profile = 1}).profile, 1);
  EXPECT_EQ(rig.status_of({}), 101);
}

TEST(Security, WhoKnowsNoPasswordLearnsNothingOfTheRecord) {
  Rig rig;
  EXPECT_EQ(rig.status_of(over_tls()), 101);
  EXPECT_EQ(rig.status_of({.password = "guess"}), 401);
  EXPECT_THAT(rig.security_log.types(), ElementsAre("LoginFailed"));
}

TEST(Security, ACertificateOpensOnlyItsOwnName) {
  Rig rig;
  EXPECT_EQ(rig.status_of(with_certificate(rig, "CP-2")), 403);
  EXPECT_EQ(rig.status_of(with_certificate(rig, "cp-1")), 403);
  EXPECT_EQ(rig.status_of(with_certificate(rig, "")), 403);
  EXPECT_THAT(rig.security_log.types(), Contains("CertificateOfAnother").Times(3));
  EXPECT_EQ(rig.status_of(with_certificate(rig)), 101) << "and needs no password";
}

TEST(Security, RevokedCertificatesEndTheConnectionAndOpenNothing) {
  Rig rig;
  const auto upgrade = rig.knock(with_certificate(rig));
  FakeStation station(rig, upgrade->accepted()->session);
  rig.world.advance(2h);
  rig.clock.set(rig.world.now);
  auto old = with_certificate(rig);
  auto shown = std::make_shared<PeerCertificate>(*old.certificate);
  shown->not_before -= 2h;
  old.certificate = shown;
  (void)change(rig, {.profile = {}, .revoke_certificates = true});
  EXPECT_FALSE(station.open()) << "the certificate it came with is one of them";
  EXPECT_EQ(rig.status_of(old), 403);
  EXPECT_EQ(rig.status_of(with_certificate(rig)), 101) << "made since";
  station.drop();
}

TEST(Security, TheOperatorMayAskForALeastProfile) {
  StationOptions options = Rig::quiet_options();
  options.least_security_profile = 2;
  Rig rig(options);
  EXPECT_EQ(rig.status_of({}), 403);
  EXPECT_EQ(rig.status_of(over_tls()), 101);
}

// A02, A03.
// TC_A_11_CSMS
TEST(Security, AStationGetsACertificateInItsOwnName) {
  const openssl::Key key = ec_key();
  for (const char* subprotocol : {"ocpp1.6", "ocpp2.0.1"}) {
    Rig rig;
    auto station = rig.connect_booted(subprotocol);
    EXPECT_THAT(station->call("SignCertificate", R"({"csr":")" + escaped(csr_of("CP-1", key.get())) + "\"}"),
                HasSubstr(R"("status":"Accepted")"));
    const auto sent = station->calls_of("CertificateSigned");
    ASSERT_THAT(sent, SizeIs(1));
    EXPECT_THAT(sent[0], HasSubstr("BEGIN CERTIFICATE"));
    EXPECT_THAT(rig.security_log.types(), ElementsAre("CertificateAccepted"));

    EXPECT_THAT(station->call("SignCertificate", R"({"csr":")" + escaped(csr_of("CP-2", key.get())) + "\"}"),
                HasSubstr(R"("status":"Rejected")"));
    EXPECT_THAT(station->call("SignCertificate", R"({"csr":"junk"})"), HasSubstr("Rejected"));
    EXPECT_THAT(station->calls_of("CertificateSigned"), SizeIs(1));
    EXPECT_THAT(rig.security_log.types(), Contains("SigningRequestRefused").Times(2));
  }
}

TEST(Security, SigningIsBoundedForEachStation) {
  Rig rig;
  auto station = rig.connect_booted("ocpp2.0.1");
  const openssl::Key key = ec_key();
  const std::string request = R"({"csr":")" + escaped(csr_of("CP-1", key.get())) + "\"}";
  for (size_t i = 0; i < limits::certificates_signed_per_hour; ++i) {
    EXPECT_THAT(station->call("SignCertificate", request), HasSubstr("Accepted"));
  }
  EXPECT_THAT(station->call("SignCertificate", request), HasSubstr("too many"));
}

// A02.FR.02: before it ends.
TEST(Security, ACertificateThatWillSoonEndIsRenewed) {
  for (const char* subprotocol : {"ocpp1.6", "ocpp2.0.1"}) {
    Rig rig;
    auto knock = with_certificate(rig);
    knock.subprotocols = subprotocol;
    knock.certificate = certificate(rig, "CP-1", 29 * 24h);
    FakeStation station(rig, rig.knock(knock)->accepted()->session);
    const bool v16 = std::string(subprotocol) == "ocpp1.6";
    (void)(v16 ? station.boot_v16() : station.boot_v2());
    rig.pass(1min);
    const auto asked = station.calls_of(v16 ? "ExtendedTriggerMessage" : "TriggerMessage");
    ASSERT_THAT(asked, SizeIs(1)) << "once a day";
    EXPECT_THAT(asked[0], HasSubstr(v16 ? "SignChargePointCertificate" : "SignChargingStationCertificate"));
    station.drop();
  }
}

// A01: change of BasicAuthPassword.
// TC_A_09_CSMS, TC_A_10_CSMS
TEST(Security, TheOldPasswordCountsUntilTheStationHasAcceptedTheNewOne) {
  for (const char* subprotocol : {"ocpp1.6", "ocpp2.0.1"}) {
    const bool v16 = std::string(subprotocol) == "ocpp1.6";
    const char* action = v16 ? "ChangeConfiguration" : "SetVariables";
    const auto result = [&](const std::string& word) {
      return v16 ? R"({"status":")" + word + "\"}"
                 : R"({"setVariableResult":[{"attributeStatus":")" + word +
                       R"(","component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}}]})";
    };
    Rig rig;
    auto station = rig.connect_booted(subprotocol);
    station->answers[action] = "{}";
    (void)order(rig, ChangePassword{});
    const auto calls = station->calls_of(action);
    ASSERT_THAT(calls, SizeIs(1));
    EXPECT_THAT(calls[0], HasSubstr(v16 ? "AuthorizationKey" : "BasicAuthPassword"));
    const size_t at = calls[0].find(v16 ? R"("value":")" : R"("attributeValue":")") + (v16 ? 9 : 18);
    const std::string fresh = calls[0].substr(at, 32);
    EXPECT_EQ(rig.status_of({}), 101) << "nothing was answered: the old one counts";
    EXPECT_EQ(rig.status_of({.password = fresh}), 101) << "and so does the new one";
    EXPECT_EQ(rig.status_of({}), 401) << "which the station has used by now";
    station->drop();

    auto again = rig.knock({.password = fresh, .subprotocols = subprotocol});
    FakeStation second(rig, again->accepted()->session);
    (void)(v16 ? second.boot_v16() : second.boot_v2());
    second.answers[action] = result("Rejected");
    EXPECT_EQ(order(rig, ChangePassword{}).status, "Rejected");
    EXPECT_EQ(rig.status_of({.password = fresh}), 101);
    second.drop();

    auto third_knock = rig.knock({.password = fresh, .subprotocols = subprotocol});
    FakeStation third(rig, third_knock->accepted()->session);
    (void)(v16 ? third.boot_v16() : third.boot_v2());
    third.answers[action] = result("Accepted");
    EXPECT_EQ(order(rig, ChangePassword{}).status, "Accepted");
    EXPECT_EQ(rig.status_of({.password = fresh}), 401) << "the station has another by now";
    third.drop();
  }
}

// OCPP-J 1.6 6.2: the key is sent as the bytes that its hexadecimal text stands for.
TEST(Security, ABinaryKeyIsTheSameAsItsText) {
  Rig rig;
  const std::string text = "00ff10a0b1c2d3e4f5061728394a5b6c";
  ASSERT_TRUE(offer_password(rig.vault, rig.passwords, rig.world.station, text).ok());
  const std::string bytes("\x00\xff\x10\xa0\xb1\xc2\xd3\xe4\xf5\x06\x17\x28\x39\x4a\x5b\x6c", 16);
  EXPECT_EQ(rig.status_of({.password = bytes}), 101);
  EXPECT_EQ(rig.status_of({.password = text}), 101);
}

// A04.
TEST(Security, WhatStationsReportStandsInTheAuditLogAndIsBounded) {
  for (const char* subprotocol : {"ocpp1.6", "ocpp2.0.1"}) {
    Rig rig;
    auto station = rig.connect_booted(subprotocol);
    const std::string event =
        R"({"type":"SettingSystemTime","timestamp":")" + rig.at(-1min) + R"(","techInfo":"clock"})";
    EXPECT_EQ(station->call("SecurityEventNotification", event), "{}");
    const auto kept = rig.security_log.read({rig.world.station, 0, 10});
    ASSERT_THAT(*kept, SizeIs(1));
    EXPECT_EQ(kept->front().type, "SettingSystemTime");
    EXPECT_EQ(kept->front().detail, "clock");
    EXPECT_EQ(kept->front().origin, SecurityOrigin::station);
    EXPECT_EQ(kept->front().at, rig.world.now - 1min);
    for (size_t i = 0; i < limits::security_events_per_minute * 2; ++i) {
      EXPECT_EQ(station->call("SecurityEventNotification", event), "{}");
    }
    EXPECT_THAT(rig.security_log.types(), SizeIs(limits::security_events_per_minute));
    EXPECT_GT(rig.csms.counters().security_events_dropped, 0u);
    rig.pass(61s);
    EXPECT_EQ(station->call("SecurityEventNotification", event), "{}");
    EXPECT_THAT(rig.security_log.types(), SizeIs(limits::security_events_per_minute + 1));
  }
}

// M03, M04, M05 and their like in 1.6.
// TC_M_01_CSMS, TC_M_19_CSMS, TC_M_20_CSMS
TEST(Security, CertificatesAreInstalledListedAndDeleted) {
  for (const char* subprotocol : {"ocpp1.6", "ocpp2.0.1"}) {
    Rig rig;
    auto station = rig.connect_booted(subprotocol);
    EXPECT_EQ(order(rig, InstallRoots{}).status, "Accepted");
    const auto installed = station->calls_of("InstallCertificate");
    ASSERT_THAT(installed, SizeIs(2));
    EXPECT_THAT(installed[0], HasSubstr("BEGIN CERTIFICATE"));
    station->answers["GetInstalledCertificateIds"] = R"({"status":"NotFound"})";
    EXPECT_EQ(order(rig, ListCertificates{}).payload, R"({"status":"NotFound"})");
    EXPECT_EQ(order(rig, DeleteCertificate{"SHA256", "aa", "bb", "01"}).status, "Accepted");
    EXPECT_THAT(station->calls_of("DeleteCertificate")[0], HasSubstr(R"("serialNumber":"01")"));
    EXPECT_EQ(order(rig, DeleteCertificate{"MD5", "aa", "bb", "01"}).kind, StationAnswer::Kind::malformed);
  }
}

TEST(Security, StaffMayCallWhatTheVersionHasAndOnlyWhatItsSchemaAllows) {
  Rig rig;
  auto station = rig.connect_booted("ocpp1.6");
  station->answers["GetCompositeSchedule"] = R"({"status":"Rejected"})";
  const StationAnswer told = order(rig, CallStation{"GetCompositeSchedule", R"({"connectorId":1,"duration":60})"});
  EXPECT_EQ(told.kind, StationAnswer::Kind::answered);
  EXPECT_EQ(told.payload, R"({"status":"Rejected"})");
  const std::pair<CallStation, const char*> refused[] = {
      {{"Dance", "{}"}, "no action Dance"},
      {{"GetBaseReport", "{}"}, "no action GetBaseReport"},
      {{"Heartbeat", "{}"}, "called by stations"},
      {{"Reset", "{}"}, "type"},
      {{"Reset", "["}, "no JSON"},
  };
  for (const auto& [call, why] : refused) {
    const StationAnswer answer = order(rig, call);
    EXPECT_EQ(answer.kind, StationAnswer::Kind::malformed) << why;
    EXPECT_THAT(answer.status, HasSubstr(why));
  }
  EXPECT_THAT(station->calls_of("Reset"), IsEmpty());
}

}  // namespace
}  // namespace bayward::stations
