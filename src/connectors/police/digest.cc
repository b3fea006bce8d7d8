#include "connectors/police/digest.h"

#include <openssl/evp.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "base/check.h"
#include "base/limits.h"
#include "ports/http_util.h"

namespace bayward::police {
namespace {

constexpr Duration nonce_life = std::chrono::minutes{5};
constexpr size_t header_bytes_max = 4096;
constexpr size_t fields_max = 32;

std::string hex(const uint8_t* bytes, size_t size) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (size_t i = 0; i < size; ++i) {
    out += digits[bytes[i] >> 4];
    out += digits[bytes[i] & 15];
  }
  return out;
}

using Fields = std::map<std::string, std::string>;

// 'Digest realm="x", nonce="y", algorithm=MD5': names in lower case. Nothing for anything else.
std::optional<Fields> parse_fields(std::string_view text) {
  constexpr std::string_view scheme = "digest ";
  if (text.size() > header_bytes_max || text.size() < scheme.size() ||
      !equal_without_case(text.substr(0, scheme.size()), scheme)) {
    return std::nullopt;
  }
  text.remove_prefix(scheme.size());
  Fields out;
  const auto skip = [&](std::string_view characters) {
    text.remove_prefix(std::min(text.find_first_not_of(characters), text.size()));
  };
  for (skip(" \t,"); !text.empty(); skip(" \t,")) {
    const size_t equals = text.find('=');
    if (equals == std::string_view::npos || out.size() >= fields_max) return std::nullopt;
    std::string name(text.substr(0, text.find_last_not_of(" \t", equals - (equals > 0 ? 1 : 0)) + 1));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    text.remove_prefix(equals + 1);
    skip(" \t");
    std::string value;
    if (text.starts_with('"')) {
      size_t at = 1;
      for (; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) ++at;
        value += text[at];
      }
      if (at >= text.size()) return std::nullopt;
      text.remove_prefix(at + 1);
    } else {
      const size_t end = std::min(text.find_first_of(", \t"), text.size());
      value = text.substr(0, end);
      text.remove_prefix(end);
    }
    out[std::move(name)] = std::move(value);
  }
  return out;
}

std::string field(const Fields& fields, const char* name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string{} : found->second;
}

bool quotable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c != '"' && c != '\\' && c != 0x7f; });
}

std::string answer(const Credentials& credentials, std::string_view realm, std::string_view nonce,
                   std::string_view method, std::string_view uri, std::string_view middle) {
  const std::string first = md5_hex(credentials.user + ":" + std::string(realm) + ":" + credentials.password);
  const std::string second = md5_hex(std::string(method) + ":" + std::string(uri));
  return md5_hex(first + ":" + std::string(nonce) + ":" + std::string(middle) + second);
}

std::string eight_digits(uint32_t count) {
  std::string out(8, '0');
  for (size_t i = 8; i-- > 0; count >>= 4) out[i] = "0123456789abcdef"[count & 15];
  return out;
}

}  // namespace

std::string md5_hex(std::string_view text) {
  std::array<uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  BAYWARD_CHECK(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_md5(), nullptr) == 1);
  return hex(digest.data(), size);
}

std::string random_hex() {
  std::array<uint8_t, 16> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  return hex(bytes.data(), bytes.size());
}

std::optional<Challenge> parse_challenge(std::string_view header) {
  const auto fields = parse_fields(header);
  if (!fields) return std::nullopt;
  const std::string algorithm = field(*fields, "algorithm");
  if (!algorithm.empty() && !equal_without_case(algorithm, "MD5")) return std::nullopt;
  Challenge out{field(*fields, "realm"), field(*fields, "nonce"), field(*fields, "opaque"), false};
  if (out.nonce.empty() || !quotable(out.realm) || !quotable(out.nonce) || !quotable(out.opaque)) return std::nullopt;
  // A list: "auth,auth-int".
  const std::string qop = "," + field(*fields, "qop") + ",";
  out.qop_auth = qop.find(",auth,") != std::string::npos || qop.find(" auth,") != std::string::npos;
  return out;
}

std::string authorization(const Challenge& challenge, const Credentials& credentials, const DigestRequest& request) {
  const std::string count = eight_digits(request.count);
  std::string middle;
  if (challenge.qop_auth) middle = count + ":" + std::string(request.cnonce) + ":auth:";
  std::string out = "Digest username=\"" + credentials.user + "\", realm=\"" + challenge.realm + "\", nonce=\"" +
                    challenge.nonce + "\", uri=\"" + std::string(request.uri) + "\", response=\"" +
                    answer(credentials, challenge.realm, challenge.nonce, request.method, request.uri, middle) +
                    "\", algorithm=MD5";
  if (challenge.qop_auth) out += ", qop=auth, nc=" + count + ", cnonce=\"" + std::string(request.cnonce) + "\"";
  if (!challenge.opaque.empty()) out += ", opaque=\"" + challenge.opaque + "\"";
  return out;
}

std::string DigestGuard::challenge(Instant now) {
  if (given_.size() >= limits::police_nonces) given_.pop_front();
  given_.push_back({random_hex(), now, 0});
  return "Digest realm=\"" + realm_ + "\", nonce=\"" + given_.back().nonce + "\", algorithm=MD5, qop=\"auth\"";
}

bool DigestGuard::allows(std::string_view header, std::string_view method, std::string_view target, Instant now) {
  const auto fields = parse_fields(header);
  if (!fields || field(*fields, "username") != credentials_.user || field(*fields, "realm") != realm_) return false;
  const std::string nonce = field(*fields, "nonce");
  const auto given = std::find_if(given_.begin(), given_.end(), [&](const Given& one) { return one.nonce == nonce; });
  if (given == given_.end() || given->at + nonce_life < now) return false;
  if (field(*fields, "uri") != target || field(*fields, "qop") != "auth") return false;
  const std::string text = field(*fields, "nc");
  uint32_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count, 16);
  if (error != std::errc{} || end != text.data() + text.size() || text.size() != 8 || count <= given->count)
    return false;
  const std::string expected =
      answer(credentials_, realm_, nonce, method, target, text + ":" + field(*fields, "cnonce") + ":auth:");
  const std::string response = field(*fields, "response");
  if (response.size() != expected.size() || sodium_memcmp(response.data(), expected.data(), expected.size()) != 0) {
    return false;
  }
  given->count = count;
  return true;
}

}  // namespace bayward::police
