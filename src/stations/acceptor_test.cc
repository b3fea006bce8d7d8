#include "stations/acceptor.h"

#include <gmock/gmock.h>

#include "stations/testing/rig.h"

namespace bayward::stations {
namespace {

using ::testing::HasSubstr;

// TC_A_01_CSMS, TC_A_02_CSMS, TC_A_03_CSMS
TEST(Acceptor, OnlyTheStationWithItsPasswordComesIn) {
  Rig rig;
  struct Case {
    const char* why;
    Rig::Knock knock;
    int status;
  };
  const Case cases[] = {
      {"right", {}, 101},
      {"wrong password", {.password = "guess"}, 401},
      {"no password", {.password = ""}, 401},
      {"no credentials", {.user = ""}, 401},
      {"somebody else's name", {.user = "CP-2"}, 401},
      {"another path", {.path = "/other/"}, 404},
      {"no identity", {.identity = "", .user = ""}, 404},
      {"an identity with a slash", {.identity = "a/b", .user = "a/b"}, 404},
      {"an identity beyond 48 characters", {.identity = std::string(49, 'x'), .user = std::string(49, 'x')}, 404},
      {"unknown, with any password", {.identity = "CP-9", .user = "CP-9", .password = "x"}, 101},
      {"unknown, without", {.identity = "CP-9", .user = ""}, 401},
  };
  for (const Case& one : cases) EXPECT_EQ(rig.status_of(one.knock), one.status) << one.why;
}

// RFC 7235 3.1.
TEST(Acceptor, ARefusedLoginSaysWhatIsAskedFor) {
  Rig rig;
  const auto refused = rig.knock({.password = "guess"})->rejected();
  ASSERT_TRUE(refused);
  EXPECT_THAT(std::string(refused->headers.get("WWW-Authenticate")), HasSubstr("Basic"));
}

TEST(Acceptor, UnknownStationsAre404WhenTheOperatorSaysSo) {
  StationOptions options = Rig::quiet_options();
  options.unknown = Unknown::refused;
  Rig rig(options);
  EXPECT_EQ(rig.status_of({.identity = "CP-9", .user = "CP-9"}), 404);
  EXPECT_EQ(rig.status_of({}), 101);
}

TEST(Acceptor, GuessingIsSlowedDownForThatPeerOnly) {
  Rig rig;
  for (int i = 0; i < 10; ++i) EXPECT_EQ(rig.status_of({.password = "guess"}), 401);
  EXPECT_EQ(rig.status_of({}), 429);
  EXPECT_EQ(rig.status_of({.peer = "192.0.2.8"}), 101);
  rig.pass(61s);
  EXPECT_EQ(rig.status_of({}), 101);
  EXPECT_EQ(rig.csms.counters().logins_failed, 10u);
}

// OCPP-J 1.6 3.2; OCPP 2.0.1 part 4, 3.2.
TEST(Acceptor, WithoutACommonSubprotocolTheHandshakeEndsAndTheSocketIsClosed) {
  Rig rig;
  for (const char* offered : {"", "ocpp1.5", "mqtt, ocpp2.2"}) {
    const auto accepted = rig.knock({.subprotocols = offered})->accepted();
    ASSERT_TRUE(accepted) << offered;
    EXPECT_EQ(accepted->subprotocol, "");
    const auto connection = std::make_shared<FakeWebSocketConnection>();
    accepted->session->opened(connection);
    ASSERT_TRUE(connection->closed());
    EXPECT_EQ(connection->closed()->code, close_code::protocol_error);
  }
}

// TC_B_58_CSMS
TEST(Acceptor, TheStationsFirstSubprotocolThatIsServedWins) {
  Rig rig;
  EXPECT_EQ(rig.knock({.subprotocols = "ocpp2.2, ocpp2.1, ocpp2.0.1"})->accepted()->subprotocol, "ocpp2.1");
  EXPECT_EQ(rig.knock({.subprotocols = "ocpp2.0.1, ocpp2.1, ocpp1.6"})->accepted()->subprotocol, "ocpp2.0.1");
  EXPECT_EQ(rig.knock({.subprotocols = "ocpp1.6,ocpp2.0.1"})->accepted()->subprotocol, "ocpp1.6");
}

TEST(Acceptor, AFullEngineIs503) {
  Rig rig;
  rig.engine.full = true;
  EXPECT_EQ(rig.status_of({}), 503);
}

}  // namespace
}  // namespace bayward::stations
