#include "journal/chain.h"

#include <gtest/gtest.h>

namespace bayward {
namespace {

// Expected values from Python's hashlib, by the definition in ports/journal.h.
TEST(Chain, IsSha256OfPreviousHashPositionTimeAndBody) {
  ChainHasher hasher;
  const ChainHash first = hasher.next({}, 1, from_unix_ms(1'700'000'000'000), "first");
  EXPECT_EQ(to_hex(first), "5f350946be555b67913a492c3134b99be73c0f1238f1bfad62dbf95931a9db44");
  EXPECT_EQ(to_hex(hasher.next(first, 2, from_unix_ms(-5), "")),
            "0d8b0c41649696bb2014b0617dd68800f190dbff9c6ad9e2feaa16d713401362");
}

}  // namespace
}  // namespace bayward
