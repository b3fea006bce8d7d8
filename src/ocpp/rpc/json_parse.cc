#include <algorithm>

#include "base/limits.h"
#include "base/utf8.h"
#include "ocpp/rpc/json.h"

namespace bayward::ocpp {
namespace {

// RFC 8259, top down, each value into its place. Numbers are taken from their text, never from a double.
class Reader {
 public:
  explicit Reader(std::string_view text) : begin_(text.data()), at_(text.data()), end_(text.data() + text.size()) {}

  bool document(Json& out) {
    if (!value(out, 0)) return false;
    space();
    return at_ == end_ || refuse("something follows the document");
  }
  size_t position() const { return static_cast<size_t>(at_ - begin_); }
  std::string_view refusal() const { return refusal_; }

 private:
  static constexpr size_t usual_size = 4;  // of arrays and objects

  bool refuse(std::string_view why) {
    refusal_ = why;
    return false;
  }
  char next() const { return at_ == end_ ? '\0' : *at_; }
  bool take(char wanted) {
    if (next() != wanted) return false;
    ++at_;
    return true;
  }
  void space() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  }

  bool value(Json& out, int depth) {
    space();
    switch (next()) {
      case '{':
        out = Json::object();
        return depth < limits::json_depth ? object(*out.as_object(), depth + 1) : refuse("nested too deep");
      case '[':
        out = Json::array();
        return depth < limits::json_depth ? array(*out.as_array(), depth + 1) : refuse("nested too deep");
      case '"': {
        std::string text;
        if (!string(text)) return false;
        out = Json::text(std::move(text));
        return true;
      }
      case 't':
        out = Json::boolean(true);
        return word("true");
      case 'f':
        out = Json::boolean(false);
        return word("false");
      case 'n':
        out = Json();
        return word("null");
      default:
        return number(out);
    }
  }

  bool word(std::string_view wanted) {
    if (!std::string_view(at_, end_).starts_with(wanted)) return refuse("no such word");
    at_ += wanted.size();
    return true;
  }

  bool array(Json::Array& items, int depth) {
    ++at_;
    space();
    if (take(']')) return true;
    items.reserve(usual_size);
    for (;;) {
      if (!value(items.emplace_back(), depth)) return false;
      space();
      if (take(']')) return true;
      if (!take(',')) return refuse("expected , or ]");
    }
  }

  bool object(Json::Object& members, int depth) {
    ++at_;
    space();
    if (take('}')) return true;
    members.reserve(usual_size);
    for (;;) {
      space();
      JsonMember& member = members.emplace_back();
      if (next() != '"') return refuse("expected a name");
      if (!string(member.name)) return false;
      space();
      if (!take(':')) return refuse("expected :");
      if (!value(member.value, depth)) return false;
      space();
      if (take('}')) return !has_repeated_name(members) || refuse("a name occurs twice in one object");
      if (!take(',')) return refuse("expected , or }");
    }
  }

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

  // Appended to `out`, which is empty.
  bool string(std::string& out) {
    ++at_;
    for (;;) {
      const char* const plain = at_;
      bool ascii = true;
      while (at_ != end_ && *at_ != '"' && *at_ != '\\' && static_cast<unsigned char>(*at_) >= 0x20) {
        ascii = ascii && static_cast<unsigned char>(*at_) < 0x80;
        ++at_;
      }
      const std::string_view part(plain, at_);
      if (!ascii && !is_utf8(part)) return refuse("not UTF-8");
      out.append(part);
      if (take('"')) return true;
      if (!take('\\')) return refuse(at_ == end_ ? "a string does not end" : "a control character in a string");
      if (!escape(out)) return false;
    }
  }

  bool escape(std::string& out) {
    static constexpr std::string_view letters = "\"\\/bfnrt";
    static constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    const size_t letter = at_ == end_ ? std::string_view::npos : letters.find(*at_);
    if (letter != std::string_view::npos) {
      out += meanings[letter];
      ++at_;
      return true;
    }
    if (!take('u')) return refuse("no such escape");
    uint32_t code = 0;
    if (!hex(code)) return false;
    if (code >= 0xd800 && code < 0xe000) {
      uint32_t low = 0;
      if (code >= 0xdc00 || !take('\\') || !take('u') || !hex(low) || low < 0xdc00 || low >= 0xe000) {
        return refuse("half a surrogate pair");
      }
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    append_utf8(out, code);
    return true;
  }

  bool hex(uint32_t& out) {
    for (int i = 0; i < 4; ++i) {
      const char c = next();
      const int lower = c | 0x20;
      const bool digit = c >= '0' && c <= '9';
      if (!digit && (lower < 'a' || lower > 'f')) return refuse("expected 4 hexadecimal digits");
      out = out << 4 | static_cast<uint32_t>(digit ? c - '0' : lower - 'a' + 10);
      ++at_;
    }
    return true;
  }

  static void append_utf8(std::string& out, uint32_t code) {
    const auto put = [&](uint32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (code < 0x80) return put(code);
    if (code < 0x800) {
      put(0xc0 | code >> 6);
    } else {
      if (code < 0x10000) {
        put(0xe0 | code >> 12);
      } else {
        put(0xf0 | code >> 18);
        put(0x80 | (code >> 12 & 0x3f));
      }
      put(0x80 | (code >> 6 & 0x3f));
    }
    put(0x80 | (code & 0x3f));
  }

  bool digits() {
    const char* const first = at_;
    while (next() >= '0' && next() <= '9') ++at_;
    return at_ != first || refuse("expected a value");
  }
  bool number(Json& out) {
    const char* const first = at_;
    (void)take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (next() == 'e' || next() == 'E') {
      ++at_;
      if (!take('+')) (void)take('-');
      if (!digits()) return false;
    }
    auto value = Decimal::parse(std::string_view(first, at_));
    if (!value) return refuse("a number has more digits than anybody measures");
    out = Json::number(*std::move(value));
    return true;
  }

  const char* const begin_;
  const char* at_;
  const char* const end_;
  std::string_view refusal_;
};

}  // namespace

Result<Json, Error> parse_json(std::string_view text) {
  Reader reader(text);
  Json out;
  if (reader.document(out)) return out;
  return fail("not JSON at byte " + std::to_string(reader.position()) + ": " + std::string(reader.refusal()));
}

}  // namespace bayward::ocpp
