#include "ports/plate_prints.h"

#include <gtest/gtest.h>

#include "ports/fake_vault.h"

namespace bayward {
namespace {

int32_t points(std::string_view read, std::string_view wanted) {
  const FakeVault vault;
  return core::score(plate_prints(vault, read), plate_prints(vault, wanted));
}

TEST(PlatePrints, TheSameLookAlikesAndProvincesAreScored) {
  struct Case {
    std::string_view read, wanted;
    int32_t points;
  };
  for (const Case& one :
       {Case{"京A12345", "京A12345", 100}, Case{"京AO2345", "京A02345", 90}, Case{"京A1234I", "京A12341", 90},
        Case{"滬A12345", "沪A12345", 90}, Case{"护A12345", "沪A12345", 90}, Case{"A12345", "京A12345", 80},
        Case{"京A12345", "A12345", 80}, Case{"津A12345", "京A12345", 50}, Case{"京A12345", "京A12346", 0},
        Case{"MAN1", "MAN1", 100}, Case{"MANI", "MAN1", 90}}) {
    EXPECT_EQ(points(one.read, one.wanted), one.points) << one.read << " " << one.wanted;
  }
}

TEST(PlatePrints, TheLastCharacterMayBeChineseAndACharacterOfNoProvinceStays) {
  EXPECT_EQ(points("粤Z1234港", "粤Z1234港"), 100);
  EXPECT_EQ(points("粤Z1234港", "粤Z1234澳"), 0);
  EXPECT_EQ(points("使12345", "使12345"), 100);
  EXPECT_EQ(plate_spelling("使12345").province, false);
}

TEST(PlatePrints, NothingOfAnOwnersPlateTellsWhetherItIsWanted) {
  const FakeVault vault;
  const core::PlatePrints prints = plate_prints(vault, "MAN1");
  const Fingerprint owners = vault.fingerprint(VaultKind::plate, "MAN1");
  EXPECT_NE(prints.exact, owners);
  EXPECT_NE(prints.alike, owners);
  EXPECT_NE(prints.exact, prints.alike);
}

}  // namespace
}  // namespace bayward
