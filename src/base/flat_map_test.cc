#include "base/flat_map.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

#include "base/binary.h"

namespace bayward {
namespace {

using Numbers = FlatMap<BayId, int64_t>;

void expect_same(const Numbers& flat, const std::map<BayId, int64_t>& tree) {
  RC_ASSERT(flat.size() == tree.size());
  size_t seen = 0;
  flat.for_each([&](BayId key, int64_t value) {
    RC_ASSERT(tree.at(key) == value);
    ++seen;
  });
  RC_ASSERT(seen == tree.size());
  for (const auto& [key, value] : tree) RC_ASSERT(flat.find(key) != nullptr && flat.at(key) == value);
  RC_ASSERT(to_binary(flat) == to_binary(tree));
}

TEST(FlatMap, BehavesAsAMap) {
  EXPECT_TRUE(rc::check([] {
    Numbers flat;
    std::map<BayId, int64_t> tree;
    // Few keys, so that they meet, crowd together and leave again.
    const uint64_t keys = *rc::gen::inRange<uint64_t>(1, 40);
    const int steps = *rc::gen::inRange(0, 200);
    for (int step = 0; step < steps; ++step) {
      const auto key = site_scoped<BayId>(SiteId{1}, static_cast<uint32_t>(*rc::gen::inRange<uint64_t>(1, keys + 1)));
      switch (*rc::gen::inRange(0, 5)) {
        case 0:
          RC_ASSERT(flat.erase(key) == (tree.erase(key) == 1));
          break;
        case 1: {
          const auto odd = [](BayId, int64_t value) { return value % 2 != 0; };
          flat.erase_if(odd);
          std::erase_if(tree, [&](const auto& item) { return odd(item.first, item.second); });
          break;
        }
        default:
          flat[key] = tree[key] = step;
      }
      expect_same(flat, tree);
    }
  }));
}

TEST(FlatMap, NoneIsNeverThere) {
  Numbers flat;
  EXPECT_EQ(flat.find(BayId{}), nullptr);
  flat[BayId{7}] = 1;
  EXPECT_EQ(flat.find(BayId{}), nullptr);
  EXPECT_FALSE(flat.erase(BayId{}));
  EXPECT_DEATH(flat[BayId{}] = 1, "");
}

TEST(FlatMap, EqualWhateverTheOrderOfTheirMaking) {
  Numbers up;
  Numbers down;
  for (uint64_t i = 1; i <= 100; ++i) up[BayId{i}] = down[BayId{101 - i}] = 3;
  EXPECT_EQ(up, down);
  down[BayId{1}] = 4;
  EXPECT_NE(up, down);
  EXPECT_EQ(to_binary(up).size(), to_binary(down).size());
}

TEST(FlatMap, ReadsWhatItWroteAndRefusesTheRest) {
  Numbers flat;
  for (uint64_t i = 1; i <= 9; ++i) flat[BayId{i * 1000}] = static_cast<int64_t>(i);
  const auto again = from_binary<Numbers>(to_binary(flat));
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(*again, flat);
  EXPECT_FALSE(from_binary<Numbers>(std::string("\x01\x00\x02", 3)).has_value()) << "the key that means none";
  EXPECT_FALSE(from_binary<Numbers>("\x05\x01").has_value());
}

}  // namespace
}  // namespace bayward
