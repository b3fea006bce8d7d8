#include "ports/plate_picture.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "ports/fake_vault.h"

namespace bayward {
namespace {

const std::string jpeg = "\xff\xd8\xff\xe0 pixels\nand more\n\xff\xd9";

TEST(PlatePicture, ReadsWhatItHasWritten) {
  FakeVault vault;
  const PlatePicture picture{"京A12345", from_unix_s(1'800'000'000), jpeg};
  const VaultRow row = row_of(vault, BayId{7}, picture);
  const auto again = parse_picture(row.text);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->plate, picture.plate);
  EXPECT_EQ(again->taken_at, picture.taken_at);
  EXPECT_EQ(again->jpeg, jpeg);
  ASSERT_TRUE(vault.put(row).ok());
  EXPECT_EQ(vault.find(VaultKind::plate_picture, all_pictures(vault))->size(), 1u);
}

TEST(PlatePicture, WhatIsNoJpegOrTooLongIsNone) {
  EXPECT_TRUE(is_small_jpeg(jpeg));
  EXPECT_FALSE(is_small_jpeg(""));
  EXPECT_FALSE(is_small_jpeg("\xff\xd8\xff\xd9"));
  EXPECT_FALSE(is_small_jpeg(jpeg.substr(1)));
  EXPECT_FALSE(is_small_jpeg(jpeg + "x"));
  const std::string long_one = jpeg.substr(0, 4) + std::string(limits::plate_picture_bytes, 'x') + "\xff\xd9";
  EXPECT_FALSE(is_small_jpeg(long_one));
  for (const std::string_view bad :
       {"", "A1\n", "A1 yesterday\n\xff\xd8\xff\xe0 \xff\xd9", "A1 2026-03-01T00:00:00Z"}) {
    EXPECT_FALSE(parse_picture(bad)) << bad;
  }
}

}  // namespace
}  // namespace bayward
