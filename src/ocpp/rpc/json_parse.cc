#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>

#include "base/limits.h"
#include "ocpp/rpc/json.h"

namespace bayward::ocpp {
namespace {

using boost::json::error_code;
using boost::json::string_view;

// Builds the document from Boost.JSON's events. Numbers are taken from their text, never from the parsed double.
class Builder {
 public:
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_array_begin(error_code&) { return open(Json::array()); }
  bool on_array_end(std::size_t, error_code&) { return close(); }
  bool on_object_begin(error_code&) { return open(Json::object()); }
  bool on_object_end(std::size_t, error_code& ec) {
    if (has_repeated_name(*open_.back().value.as_object())) return refuse(ec, "a name occurs twice in one object");
    return close();
  }
  bool on_key_part(string_view part, std::size_t, error_code&) { return append(part); }
  bool on_key(string_view part, std::size_t, error_code&) {
    append(part);
    open_.back().name = std::exchange(text_, {});
    return true;
  }
  bool on_string_part(string_view part, std::size_t, error_code&) { return append(part); }
  bool on_string(string_view part, std::size_t, error_code&) {
    append(part);
    return add(Json::text(std::exchange(text_, {})));
  }
  bool on_number_part(string_view part, error_code&) { return append(part); }
  bool on_int64(std::int64_t, string_view part, error_code& ec) { return number(part, ec); }
  bool on_uint64(std::uint64_t, string_view part, error_code& ec) { return number(part, ec); }
  bool on_double(double, string_view part, error_code& ec) { return number(part, ec); }
  bool on_bool(bool value, error_code&) { return add(Json::boolean(value)); }
  bool on_null(error_code&) { return add(Json()); }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

  Json take() { return std::move(root_); }
  std::string_view refusal() const { return refusal_; }

 private:
  struct Open {
    Json value;
    std::string name;  // of the member being read
  };

  static bool has_repeated_name(const Json::Object& members) {
    constexpr size_t compared_each_with_each = 12;
    if (members.size() <= compared_each_with_each) {
      for (auto one = members.begin(); one != members.end(); ++one) {
        if (std::any_of(members.begin(), one, [&](const JsonMember& other) { return other.name == one->name; })) {
          return true;
        }
      }
      return false;
    }
    std::vector<std::string_view> names;
    names.reserve(members.size());
    for (const JsonMember& member : members) names.push_back(member.name);
    std::sort(names.begin(), names.end());
    return std::adjacent_find(names.begin(), names.end()) != names.end();
  }
  bool append(string_view part) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool open(Json value) {
    if (open_.empty()) open_.reserve(usual_depth);
    open_.push_back({std::move(value), {}});
    return true;
  }
  bool close() {
    Json value = std::move(open_.back().value);
    open_.pop_back();
    return add(std::move(value));
  }
  bool number(string_view part, error_code& ec) {
    append(part);
    auto value = Decimal::parse(std::exchange(text_, {}));
    if (!value) return refuse(ec, "a number has more digits than anybody measures");
    return add(Json::number(*std::move(value)));
  }
  bool add(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (auto* items = open_.back().value.as_array()) {
      if (items->empty()) items->reserve(usual_size);
      items->push_back(std::move(value));
    } else {
      auto& members = *open_.back().value.as_object();
      if (members.empty()) members.reserve(usual_size);
      members.push_back({std::exchange(open_.back().name, {}), std::move(value)});
    }
    return true;
  }
  bool refuse(error_code& ec, std::string_view why) {
    refusal_ = why;
    ec = boost::json::error::syntax;
    return false;
  }

  static constexpr size_t usual_size = 4;   // of arrays and objects
  static constexpr size_t usual_depth = 8;  // of messages

  Json root_;
  std::vector<Open> open_;
  std::string text_;
  std::string_view refusal_;
};

}  // namespace

Result<Json, Error> parse_json(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = limits::json_depth;
  boost::json::basic_parser<Builder> parser(options);
  error_code ec;
  const size_t used = parser.write_some(false, text.data(), text.size(), ec);
  if (!ec && used < text.size()) ec = boost::json::error::extra_data;
  if (!ec && !parser.done()) ec = boost::json::error::incomplete;
  if (ec) {
    const std::string why = parser.handler().refusal().empty() ? ec.message() : std::string(parser.handler().refusal());
    return fail("not JSON at byte " + std::to_string(used) + ": " + why);
  }
  return parser.handler().take();
}

}  // namespace bayward::ocpp
