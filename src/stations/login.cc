#include "stations/login.h"

#include "ports/http_util.h"
#include "stations/v16/protocol.h"
#include "stations/v2/protocol.h"

namespace bayward::stations {
namespace {

constexpr std::string_view root = "/ocpp/";
constexpr size_t identity_chars_max = 48;

}  // namespace

std::optional<std::string> identity_of(std::string_view path) {
  if (!path.starts_with(root)) return std::nullopt;
  const std::string_view identity = path.substr(root.size());
  const bool possible =
      !identity.empty() && identity.size() <= identity_chars_max && identity.find('/') == std::string_view::npos;
  return possible ? std::optional(std::string(identity)) : std::nullopt;
}

const Protocol* protocol_of(const HttpHeaders& headers) {
  for (const std::string_view offered : header_list(headers, "Sec-WebSocket-Protocol")) {
    for (const Protocol* served : {&v16::protocol(), &v2::protocol_v201(), &v2::protocol_v21()}) {
      if (offered == served->dialect().subprotocol) return served;
    }
  }
  return nullptr;
}

std::optional<std::string> password_of(const HttpHeaders& headers, const std::string& identity) {
  auto credentials = parse_basic_authorization(headers.get("Authorization"));
  // The name in the path comes decoded; a station may send the same name encoded, or not.
  const bool named = credentials && (credentials->user == identity || percent_decode(credentials->user) == identity);
  if (!named || credentials->password.empty()) return std::nullopt;
  return std::move(credentials->password);
}

}  // namespace bayward::stations
