#include "net/time_zones.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace bayward::net {
namespace {

Instant at(const char* text) {
  return *parse_rfc3339(text);
}

TEST(TimeZones, berlin_in_2026_has_its_two_changes) {
  const auto rules = load_zone("Europe/Berlin", at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
  ASSERT_TRUE(rules.ok());
  EXPECT_EQ(rules->name, "Europe/Berlin");
  EXPECT_EQ(rules->base_offset_s, 3600);
  ASSERT_EQ(rules->transitions.size(), 2u);
  EXPECT_EQ(rules->transitions[0], (ZoneTransition{at("2026-03-29T01:00:00Z"), 7200}));
  EXPECT_EQ(rules->transitions[1], (ZoneTransition{at("2026-10-25T01:00:00Z"), 3600}));
}

TEST(TimeZones, southern_summer_spans_the_new_year) {
  const auto rules = load_zone("Australia/Sydney", at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
  ASSERT_TRUE(rules.ok());
  EXPECT_EQ(rules->base_offset_s, 11 * 3600);
  ASSERT_EQ(rules->transitions.size(), 2u);
  EXPECT_EQ(rules->transitions[0].offset_s, 10 * 3600);
}

TEST(TimeZones, a_zone_without_changes_has_an_empty_table) {
  const auto rules = load_zone("Asia/Shanghai", at("2000-01-01T00:00:00Z"), at("2037-01-01T00:00:00Z"));
  ASSERT_TRUE(rules.ok());
  EXPECT_EQ(rules->base_offset_s, 8 * 3600);
  EXPECT_TRUE(rules->transitions.empty());
}

TEST(TimeZones, changes_are_listed_until_2037) {
  const auto rules = load_zone("America/New_York", at("2036-06-01T00:00:00Z"), at("2037-12-01T00:00:00Z"));
  ASSERT_TRUE(rules.ok());
  EXPECT_EQ(rules->transitions.size(), 3u);
}

TEST(TimeZones, a_change_at_the_end_belongs_to_what_follows) {
  const Instant change = at("2026-03-29T01:00:00Z");
  EXPECT_TRUE(load_zone("Europe/Berlin", at("2026-01-01T00:00:00Z"), change)->transitions.empty());
  EXPECT_EQ(load_zone("Europe/Berlin", change, at("2026-04-01T00:00:00Z"))->base_offset_s, 7200);
}

TEST(TimeZones, an_unknown_name_is_refused_with_what_to_do) {
  for (const char* name : {"Europe/Atlantis", "", "europe/berlin", "../etc/passwd", "right/Europe/Berlin"}) {
    const auto rules = load_zone(name, at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
    ASSERT_FALSE(rules.ok()) << name;
    EXPECT_NE(rules.error().message.find("IANA name"), std::string::npos);
  }
}

TEST(TimeZones, an_interval_beyond_the_database_is_refused) {
  EXPECT_FALSE(load_zone("Europe/Berlin", at("2026-01-01T00:00:00Z"), at("2040-01-01T00:00:00Z")).ok());
  EXPECT_FALSE(load_zone("Europe/Berlin", at("2026-01-01T00:00:00Z"), at("2026-01-01T00:00:00Z")).ok());
}

TEST(TimeZones, every_listed_name_can_be_loaded) {
  const auto names = zone_names();
  EXPECT_GT(names.size(), 400u);
  EXPECT_TRUE(std::binary_search(names.begin(), names.end(), "Asia/Shanghai"));
  for (const std::string& name : names) {
    EXPECT_TRUE(load_zone(name, at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z")).ok()) << name;
  }
}

}  // namespace
}  // namespace bayward::net
