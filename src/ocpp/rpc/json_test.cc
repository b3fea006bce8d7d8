#include "ocpp/rpc/json.h"

#include <gtest/gtest.h>

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

TEST(Json, FindsMembersByName) {
  const auto json = parse_json(R"({"a":1,"b":"x"})");
  EXPECT_EQ(*json->find("b")->as_text(), "x");
  EXPECT_EQ(json->find("c"), nullptr);
  EXPECT_EQ(Json().find("a"), nullptr);
}

}  // namespace
}  // namespace bayward::ocpp
