// A4: what the local list of a station says, so that it knows its day without us.
#include <gmock/gmock.h>

#include "core/booking/booking.h"
#include "ocpp/rpc/json.h"
#include "stations/csms.h"
#include "stations/testing/rig.h"

namespace bayward::stations {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

// A4.
// TC_D_01_CSMS
TEST(LocalList, NamesOwnersAndTodaysHolders) {
  for (const char* subprotocol : {"ocpp1.6", "ocpp2.0.1"}) {
    Rig rig;
    rig.add_card(rig.world.owner, "OWNER1");
    const BookingId booking = rig.world.book(rig.world.driver, rig.world.bays[0], 2h);
    auto station = rig.connect_booted(subprotocol);
    auto lists = station->calls_of("SendLocalList");
    ASSERT_THAT(lists, SizeIs(1));
    for (const std::string& token : {std::string("OWNER1"), std::string("CARD1"), core::booking_token(booking)}) {
      EXPECT_THAT(lists[0], HasSubstr("\"" + token + "\""));
    }
    EXPECT_THAT(lists[0], Not(HasSubstr("CARD2")));
    const bool says_from = lists[0].find("notBefore") != std::string::npos;
    EXPECT_EQ(says_from, std::string(subprotocol) == "ocpp2.0.1") << "1.6 has no place for it";
    EXPECT_THAT(lists[0], HasSubstr("Full"));
    rig.pass(20min);
    EXPECT_THAT(station->calls_of("SendLocalList"), SizeIs(1)) << "only when it has changed";
    ASSERT_TRUE(rig.run(core::CancelBooking{booking}).ok());
    lists = station->calls_of("SendLocalList");
    ASSERT_THAT(lists, SizeIs(2));
    EXPECT_THAT(lists[1], Not(HasSubstr("CARD1")));
  }
}

// A4: the pile opens to the holder in the slots that were booked, and knows them without us.
TEST(LocalList, SaysFromWhenAndACardWithTwoBookingsHasTheFirst) {
  Rig rig;
  rig.add_card(rig.world.owner, "OWNER1");
  const BookingId first = rig.world.book(rig.world.driver, rig.world.bays[0], 1h);
  const BookingId second = rig.world.book(rig.world.driver, rig.world.bays[0], 4h);
  auto station = rig.connect_booted("ocpp2.0.1");
  const auto lists = station->calls_of("SendLocalList");
  ASSERT_THAT(lists, SizeIs(1));
  const auto payload = ocpp::parse_json(lists[0]);
  ASSERT_TRUE(payload);
  const auto entry = [&](const std::string& token) {
    std::string found;
    for (const ocpp::Json& one : *payload->find("localAuthorizationList")->as_array()) {
      if (*one.find("idToken")->find("idToken")->as_text() == token) found = ocpp::to_text(one);
    }
    return found;
  };
  const auto from = [&](BookingId booking) { return to_rfc3339(rig.world.get(booking).span.start); };
  const auto until = [&](BookingId booking) { return to_rfc3339(rig.world.get(booking).slots_end); };
  EXPECT_THAT(entry(core::booking_token(second)), HasSubstr("\"notBefore\":\"" + from(second)));
  EXPECT_THAT(entry("CARD1"), HasSubstr("\"notBefore\":\"" + from(first)));
  EXPECT_THAT(entry("CARD1"), HasSubstr("\"cacheExpiryDateTime\":\"" + until(first)));
  EXPECT_THAT(entry("OWNER1"), Not(HasSubstr("notBefore")));
}

// A4: a card that its owner has just got opens the pile with the link down, one that was lost doesn't.
TEST(LocalList, FollowsTheCardsOfThoseOnIt) {
  Rig rig;
  auto station = rig.connect_booted("ocpp2.0.1");
  const auto last = [&] { return station->calls_of("SendLocalList").back(); };
  const auto card = [&](const std::string& token) { return rig.vault.fingerprint(VaultKind::token, token); };
  const VaultRow text{{rig.world.owner, VaultKind::token, 77}, "NEW1", card("NEW1")};
  ASSERT_TRUE(rig.run(core::AddToken{rig.world.owner, card("NEW1")}).ok());
  EXPECT_TRUE(station->calls_of("SendLocalList").empty() || last().find("NEW1") == std::string::npos);
  ASSERT_TRUE(rig.vault.put(text));
  rig.pass(6s);
  EXPECT_THAT(last(), HasSubstr("\"NEW1\"")) << "its text came after the event";

  const size_t lists = station->calls_of("SendLocalList").size();
  ASSERT_TRUE(rig.run(core::RemoveToken{rig.world.owner, card("NEW1")}).ok());
  EXPECT_THAT(station->calls_of("SendLocalList"), SizeIs(lists + 1));
  EXPECT_THAT(last(), Not(HasSubstr("NEW1"))) << "although the vault still has it";

  ASSERT_TRUE(rig.run(core::AddToken{rig.world.other, card("ELSE1")}).ok());
  EXPECT_THAT(station->calls_of("SendLocalList"), SizeIs(lists + 1)) << "whoever isn't on it changes nothing";
}

}  // namespace
}  // namespace bayward::stations
