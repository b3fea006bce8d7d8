// Who may charge by what the site knows of a station alone.
#include "site/uplink/memory.h"

#include <gtest/gtest.h>

namespace bayward::uplink {
namespace {

constexpr Instant now = from_unix_s(1'780'000'000);
constexpr Instant no_end = from_unix_s(253'402'300'799);

StationMemory memory() {
  StationMemory out;
  remember_token(out, {"OWNER", "A1", no_end, true, {}});
  remember_token(out, {"NOW", "A2", now + 1h, true, now - 1h});
  remember_token(out, {"LATER", "A3", now + 2h, true, now + 1h});
  remember_token(out, {"OVER", "A4", now - 1h, true, now - 2h});
  remember_token(out, {"LATELY", "A5", now + 24h, false, {}});
  return out;
}

Standing standing(const StationMemory& memory, std::string_view token, bool clock_sure) {
  return judge(memory, {token, 1, clock_sure}, now).standing;
}

TEST(Judge, ATokenOfTheListIsGoodInItsOwnTime_A4) {
  const StationMemory known = memory();
  EXPECT_EQ(standing(known, "OWNER", true), Standing::accepted);
  EXPECT_EQ(standing(known, "now", true), Standing::accepted);
  EXPECT_EQ(standing(known, "LATELY", true), Standing::accepted);
  EXPECT_EQ(standing(known, "LATER", true), Standing::expired);
  EXPECT_EQ(standing(known, "OVER", true), Standing::expired);
  EXPECT_EQ(standing(known, "STRANGER", true), Standing::unknown);
}

TEST(Judge, ACardThatLeavesTheListIsStillTheOneThatWasAcceptedLately) {
  StationMemory known;
  remember_token(known, {"card", "A7", now + 24h, false, {}});
  remember_token(known, {"CARD", "A7", now + 2h, true, now + 1h});
  EXPECT_EQ(standing(known, "CARD", true), Standing::accepted);
  take_from_list(known, "Card");
  EXPECT_EQ(standing(known, "CARD", true), Standing::accepted);
  forget_token(known, "CARD");
  EXPECT_EQ(standing(known, "CARD", true), Standing::unknown);
}

TEST(Judge, WithoutATimeToBelieveOnlyWhatHasNoEndIsGood) {
  StationMemory known = memory();
  remember_reservation(known, {7, 1, "HOLDER", "A9", now + 1h}, now);
  EXPECT_EQ(standing(known, "OWNER", false), Standing::reserved) << "the place may still be somebody else's";
  EXPECT_EQ(standing(known, "HOLDER", false), Standing::expired);
  forget_reservation(known, 7);
  EXPECT_EQ(standing(known, "OWNER", false), Standing::accepted);
  for (const char* token : {"NOW", "LATER", "OVER", "LATELY"}) {
    EXPECT_EQ(standing(known, token, false), Standing::expired) << token;
  }
}

}  // namespace
}  // namespace bayward::uplink
