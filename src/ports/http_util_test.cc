#include "ports/http_util.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/limits.h"

namespace bayward {
namespace {

using namespace std::string_literals;

TEST(PercentDecode, only_two_hexadecimal_digits_follow_a_percent) {
  EXPECT_EQ(percent_decode("a%20b%c3%A9"), "a b\xc3\xa9");
  EXPECT_EQ(percent_decode("1+1"), "1+1");
  for (const char* broken : {"%", "%2", "%zz", "a%2", "%%20", "% 2"}) EXPECT_FALSE(percent_decode(broken)) << broken;
}

RC_GTEST_PROP(PercentDecode, reads_back_whatever_was_encoded, (const std::string& text)) {
  RC_ASSERT(percent_decode(percent_encode(text)) == text);
}

TEST(ParseQuery, splits_decodes_and_keeps_order) {
  using Pairs = std::vector<QueryParameter>;
  EXPECT_EQ(parse_query("a=1&b=x+y&a=%26"), (Pairs{{"a", "1"}, {"b", "x y"}, {"a", "&"}}));
  EXPECT_EQ(parse_query("flag&&x="), (Pairs{{"flag", ""}, {"x", ""}}));
  EXPECT_EQ(parse_query("a=b=c"), (Pairs{{"a", "b=c"}}));
  EXPECT_EQ(parse_query(""), Pairs{});
  EXPECT_FALSE(parse_query("a=%"));
}

TEST(ParseQuery, has_a_bound) {
  std::string text;
  for (size_t i = 0; i < limits::http_query_parameters; ++i) text += "a=1&";
  EXPECT_TRUE(parse_query(text));
  EXPECT_FALSE(parse_query(text + "a=1"));
}

TEST(ParseTarget, gives_a_decoded_path_and_query) {
  const auto parts = parse_target("/api/v1/b%C3%A4ys?near=a%2Fb&x");
  ASSERT_TRUE(parts.ok());
  EXPECT_EQ(parts->path, "/api/v1/b\xc3\xa4ys");
  EXPECT_EQ(parts->query, (std::vector<QueryParameter>{{"near", "a/b"}, {"x", ""}}));
}

// RFC 9112 3.2.2
TEST(ParseTarget, absolute_form_is_the_same_as_origin_form) {
  EXPECT_EQ(parse_target("http://example.org/a?b=c")->path, "/a");
  EXPECT_EQ(parse_target("HTTPS://example.org")->path, "/");
  EXPECT_FALSE(parse_target("ftp://example.org/a").ok());
}

TEST(ParseTarget, refuses_what_could_leave_the_tree_or_confuse) {
  for (const char* target : {"", "a", "*", "/..", "/a/../b", "/a/%2e%2e/b", "/./a", "/a%2Fb", "/a%00", "/a%0d%0a", "/%",
                             "/a?b=%", "example.org:443"}) {
    EXPECT_FALSE(parse_target(target).ok()) << target;
  }
  EXPECT_TRUE(parse_target("/a..b/...").ok());
}

TEST(PathSegments, are_what_stands_between_slashes) {
  using Views = std::vector<std::string_view>;
  EXPECT_EQ(path_segments("/a/b/"), (Views{"a", "b", ""}));
  EXPECT_EQ(path_segments("/"), Views{""});
}

TEST(Base64, has_one_spelling_for_each_value) {
  EXPECT_EQ(base64_decode("Zm9vYg=="), "foob");
  EXPECT_EQ(base64_decode(""), "");
  for (const char* broken : {"Zg", "Zg=", "Zh==", "Zm9vYg==Zg==", "Z===", "=", "====", "Zm 9", "Zm9-"}) {
    EXPECT_FALSE(base64_decode(broken)) << broken;
  }
}

RC_GTEST_PROP(Base64, reads_back_whatever_was_encoded, (const std::string& bytes)) {
  RC_ASSERT(base64_decode(base64_encode(bytes)) == bytes);
}

// RFC 7617 2
TEST(BasicAuthorization, splits_at_the_first_colon) {
  const auto pair = parse_basic_authorization("basic QWxhZGRpbjpvcGVuOnNlc2FtZQ==");
  ASSERT_TRUE(pair);
  EXPECT_EQ(pair->user, "Aladdin");
  EXPECT_EQ(pair->password, "open:sesame");
}

TEST(BasicAuthorization, a_key_may_hold_any_octets_but_a_name_may_not) {
  const auto pair = parse_basic_authorization(basic_authorization("CP001", "\x00\x01\xff"s));
  ASSERT_TRUE(pair);
  EXPECT_EQ(pair->password, "\x00\x01\xff"s);
  EXPECT_FALSE(parse_basic_authorization(basic_authorization("CP\n001", "x")));
}

TEST(BasicAuthorization, anything_else_is_refused) {
  for (const char* value : {"", "Basic", "Basic ", "Basic !!", "Bearer QTpi", "BasicQTpi", "Basic QWxhZGRpbg=="}) {
    EXPECT_FALSE(parse_basic_authorization(value)) << value;
  }
}

TEST(BearerAuthorization, is_one_token) {
  EXPECT_EQ(parse_bearer_authorization("Bearer abc.DEF-1"), "abc.DEF-1");
  EXPECT_EQ(parse_bearer_authorization("bearer  x "), "x");
  EXPECT_FALSE(parse_bearer_authorization("Bearer a b"));
  EXPECT_FALSE(parse_bearer_authorization("Bearer "));
}

TEST(Headers, compare_without_case_and_keep_order) {
  HttpHeaders headers;
  headers.add("Sec-WebSocket-Protocol", "ocpp2.0.1, ocpp1.6");
  headers.add("sec-websocket-protocol", " ,soap");
  headers.add("Cookie", "a=1; session=xyz==; b");
  EXPECT_EQ(headers.get("SEC-WEBSOCKET-PROTOCOL"), "ocpp2.0.1, ocpp1.6");
  EXPECT_FALSE(headers.find("Sec-WebSocket"));
  EXPECT_EQ(header_list(headers, "Sec-WebSocket-Protocol"),
            (std::vector<std::string_view>{"ocpp2.0.1", "ocpp1.6", "soap"}));
  EXPECT_EQ(cookie(headers, "session"), "xyz==");
  EXPECT_FALSE(cookie(headers, "b"));
}

TEST(Headers, a_field_cannot_contain_a_line_break) {
  EXPECT_TRUE(valid_header_name("X-Request-Id"));
  for (const char* name : {"", "a b", "a:", "a\r\nb", "\xc3\xa4"}) EXPECT_FALSE(valid_header_name(name)) << name;
  EXPECT_FALSE(valid_header_name("a\0b"s));
  EXPECT_TRUE(valid_header_value("text/html; charset=utf-8\t"));
  EXPECT_FALSE(valid_header_value("a\r\nSet-Cookie: b"));
  EXPECT_FALSE(valid_header_value("a\0"s));
}

// WHATWG HTML 9.2.6
TEST(EventFrame, every_line_of_the_data_has_its_own_field) {
  EXPECT_EQ(event_frame("7", "bay", "one\ntwo\r\nthree"), "id: 7\nevent: bay\ndata: one\ndata: two\ndata: three\n\n");
  EXPECT_EQ(event_frame("", "", ""), "data: \n\n");
}

TEST(EventFrame, an_id_or_name_cannot_smuggle_another_field) {
  EXPECT_EQ(event_frame("7\nevent: x", "b\r\ndata: y", "z"), "id: 7event: x\nevent: bdata: y\ndata: z\n\n");
}

TEST(Problem, is_a_document_of_rfc_9457) {
  const HttpResponse response = problem_response(404, "no bay \"7\"");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(response.body, R"({"type":"about:blank","title":"Not Found","status":404,"detail":"no bay \"7\""})");
}

}  // namespace
}  // namespace bayward
