#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/binary.h"
#include "base/json_text.h"
#include "base/prng.h"
#include "base/result.h"
#include "base/zone.h"

namespace bayward {
namespace {

enum class Colour : uint8_t { red, green };
std::string_view to_text(Colour colour) {
  return colour == Colour::red ? "red" : "green";
}

struct Inner {
  int32_t x = 0;
  std::string name;
  BAYWARD_FIELDS(Inner, x, name)
};
struct Other {
  bool flag = false;
  BAYWARD_FIELDS(Other, flag)
};
struct Outer {
  BayId bay;
  std::vector<Inner> inners;
  std::optional<Money> price;
  std::variant<Inner, Other> choice;
  Colour colour = Colour::red;
  Interval when;
  std::map<int32_t, std::string> names;
  BAYWARD_FIELDS(Outer, bay, inners, price, choice, colour, when, names)
};
struct OuterOfLastYear {
  BayId bay;
  std::vector<Inner> inners;
  BAYWARD_FIELDS(OuterOfLastYear, bay, inners)
};

Outer sample() {
  Outer outer;
  outer.bay = site_scoped<BayId>(SiteId{3}, 7);
  outer.inners = {{-5, "a"}, {7, std::string(300, 'b')}};
  outer.price = Money{-120, *parse_currency("EUR")};
  outer.choice = Other{true};
  outer.colour = Colour::green;
  outer.when = {from_unix_s(1000), from_unix_s(1900)};
  outer.names = {{1, "one"}, {-1, "minus"}};
  return outer;
}

TEST(Binary, round_trips_every_kind_of_field) {
  EXPECT_EQ(from_binary<Outer>(to_binary(sample())), sample());
}

TEST(Binary, reads_older_and_newer_schemas) {
  const auto old = from_binary<OuterOfLastYear>(to_binary(sample()));
  ASSERT_TRUE(old);
  EXPECT_EQ(old->inners, sample().inners);
  const auto now = from_binary<Outer>(to_binary(*old));
  ASSERT_TRUE(now);
  EXPECT_EQ(now->inners, sample().inners);
  EXPECT_FALSE(now->price);
}

TEST(Binary, every_truncation_and_flip_is_survived) {
  const std::string bytes = to_binary(sample());
  for (size_t cut = 0; cut < bytes.size(); ++cut) EXPECT_FALSE(from_binary<Outer>(bytes.substr(0, cut)));
  Prng prng(1);
  for (int i = 0; i < 5000; ++i) {
    std::string bad = bytes;
    bad[prng.below(bad.size())] = static_cast<char>(prng.next());
    (void)from_binary<Outer>(bad);
  }
}

TEST(Json, shows_names_and_words) {
  EXPECT_EQ(to_json_text(Inner{-5, "a\"\n"}), R"({"x":-5,"name":"a\"\u000a"})");
  EXPECT_THAT(to_json_text(sample()), testing::HasSubstr(R"("choice":{"Other":{"flag":true}},"colour":"green")"));
}

TEST(Time, rfc3339_is_exact) {
  EXPECT_EQ(to_rfc3339(from_unix_ms(1774745999999)), "2026-03-29T00:59:59.999Z");
  EXPECT_EQ(parse_rfc3339("2026-03-29T02:59:59.9999+02:00"), from_unix_ms(1774745999999));
  EXPECT_EQ(parse_rfc3339("2016-12-31T23:59:60Z"), parse_rfc3339("2017-01-01T00:00:00Z"));
  for (const char* bad :
       {"", "2026-02-30T00:00:00Z", "2026-03-29T24:00:00Z", "2026-03-29T00:00:00", "1969-12-31T23:59:59Z",
        "2026-03-29T00:00:00Zx", "2026-03-29T00:00:00.Z", "2026-03-29T00:00:00+2:00"}) {
    EXPECT_FALSE(parse_rfc3339(bad)) << bad;
  }
}

ZoneRules berlin() {
  return {"Europe/Berlin", 3600, {{from_unix_s(1774746000), 7200}, {from_unix_s(1792890000), 3600}}};  // 2026
}

TEST(Zone, days_have_23_24_and_25_hours) {
  const ZoneRules zone = berlin();
  EXPECT_EQ(zone.day(*parse_date("2026-03-28")).length(), 24h);
  EXPECT_EQ(zone.day(*parse_date("2026-03-29")).length(), 23h);
  EXPECT_EQ(zone.day(*parse_date("2026-10-25")).length(), 25h);
}

TEST(Zone, skipped_and_repeated_wall_times) {
  const ZoneRules zone = berlin();
  EXPECT_EQ(zone.at_local(*parse_date("2026-03-29"), 150), *parse_rfc3339("2026-03-29T01:00:00Z"));
  EXPECT_EQ(zone.at_local(*parse_date("2026-10-25"), 150), *parse_rfc3339("2026-10-25T00:30:00Z"));
  EXPECT_EQ(zone.at_local(*parse_date("2026-10-25"), 180), *parse_rfc3339("2026-10-25T02:00:00Z"));
  const LocalTime local = zone.local(*parse_rfc3339("2026-10-25T01:30:00Z"));
  EXPECT_EQ(local.minute, 150);
}

TEST(Ids, only_the_exact_spelling_is_an_id) {
  const auto id = site_scoped<BookingId>(SiteId{1}, 42);
  EXPECT_EQ(to_text(id), "bkg-10000002a");
  EXPECT_EQ(parse_id<BookingId>("bkg-10000002a"), id);
  for (const char* bad :
       {"", "bkg-", "bkg-0", "bkg-010000002a", "bkg-10000002A", "bay-10000002a", "bkg-1ffffffffffffffff"}) {
    EXPECT_FALSE(parse_id<BookingId>(bad)) << bad;
  }
}

TEST(Money, prints_by_the_currency) {
  EXPECT_EQ(to_text(Money{-5, *parse_currency("EUR")}), "-0.05 EUR");
  EXPECT_EQ(to_text(Money{1234, *parse_currency("JPY")}), "1234 JPY");
  EXPECT_FALSE(parse_currency("eur"));
}

}  // namespace
}  // namespace bayward
