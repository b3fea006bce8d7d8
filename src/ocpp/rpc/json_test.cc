#include "ocpp/rpc/json.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/limits.h"

namespace bayward::ocpp {
namespace {

std::string round_trip(std::string_view text) {
  auto json = parse_json(text);
  return json ? to_text(*json) : "refused";
}

TEST(Json, ReadsAndWritesWhatWasThere) {
  EXPECT_EQ(round_trip(R"( { "a" : [ 1, 2.50, -3e2, true, false, null, "x\u00e9\n\"" ] , "b" : { } , "c":[] } )"),
            "{\"a\":[1,2.5,-300,true,false,null,\"xé\\u000a\\\"\"],\"b\":{},\"c\":[]}");
  EXPECT_EQ(round_trip("12345678901234567890123456789.123456789"), "12345678901234567890123456789.123456789");
  EXPECT_EQ(round_trip("18446744073709551615"), "18446744073709551615");
  EXPECT_EQ(round_trip("\"\""), "\"\"");
}

TEST(Json, RefusesBrokenAndAmbiguousText) {
  for (const char* text : {"", "{", "[1,]", "{\"a\":1,}", "nul", "[1] 2", "01", "1.", "\"\xff\"", "\"\\ud800\"", "'a'",
                           "[1 2]", "{\"a\":1,\"b\":2,\"a\":3}", "/*x*/1", "\"a\nb\"", "1e999"}) {
    EXPECT_EQ(round_trip(text), "refused") << text;
  }
}

TEST(Json, NestsOnlySoDeep) {
  const auto nested = [](int depth) {
    return std::string(static_cast<size_t>(depth), '[') + std::string(static_cast<size_t>(depth), ']');
  };
  EXPECT_TRUE(parse_json(nested(limits::json_depth)));
  EXPECT_FALSE(parse_json(nested(limits::json_depth + 1)));
}

// Boost.JSON is the judge: it takes what we take, with the same meaning, and refuses what we refuse, but for names that
// occur twice and numbers that nobody measures.
void expect_as_judged(const std::string& text) {
  boost::json::parse_options options;
  options.max_depth = limits::json_depth;
  boost::json::error_code error;
  const boost::json::value judged = boost::json::parse(text, error, {}, options);
  const auto ours = parse_json(text);
  if (ours) {
    RC_ASSERT(!error);
    RC_ASSERT(round_trip(boost::json::serialize(judged)) == to_text(*ours));
  } else if (!error) {
    const std::string& why = ours.error().message;
    RC_ASSERT(why.find("occurs twice") != why.npos || why.find("more digits") != why.npos);
  }
}

TEST(Json, TakesWhatTheJudgeTakesWhateverHappensToAText) {
  static const std::string texts[] = {
      R"([2,"17","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"2026-01-01T00:00:00Z","sampledValue":[)"
      R"({"value":"16.2","unit":"A"}]}]}])",
      R"( { "a" : [ 1, 2.50, -3e2, 0, -0.5E+3, true, false, null, "x\u00e9\n\"\ud83d\ude00\/" ] , "b" : { } , "c":[] } )",
      "[\"\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80\",[[[[{}]]]]]",
  };
  for (const std::string& text : texts) expect_as_judged(text);
  EXPECT_TRUE(rc::check([] {
    std::string text = *rc::gen::element(texts[0], texts[1], texts[2]);
    const int changes = *rc::gen::inRange(1, 4);
    for (int i = 0; i < changes; ++i) {
      const auto at = *rc::gen::inRange<size_t>(0, text.size());
      switch (*rc::gen::inRange(0, 3)) {
        case 0:
          text.erase(at, *rc::gen::inRange<size_t>(1, 4));
          break;
        case 1:
          text[at] = *rc::gen::arbitrary<char>();
          break;
        default:
          text.insert(at, 1, *rc::gen::element('"', '\\', '{', '}', '[', ']', ',', ':', '0', '-', '.', 'e', 'u', ' '));
      }
      if (text.empty()) text = "0";
    }
    expect_as_judged(text);
  }));
}

TEST(Json, FindsMembersByName) {
  const auto json = parse_json(R"({"a":1,"b":"x"})");
  EXPECT_EQ(*json->find("b")->as_text(), "x");
  EXPECT_EQ(json->find("c"), nullptr);
  EXPECT_EQ(Json().find("a"), nullptr);
}

}  // namespace
}  // namespace bayward::ocpp
