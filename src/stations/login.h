// What a station shows of itself when it opens a socket, read from the request's path and headers. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ports/http.h"
#include "stations/protocol.h"

namespace bayward::stations {

// "/ocpp/{identity}", decoded; nothing for any other path, or when the identity can't be one (2.0.1 part 4, 3.1).
std::optional<std::string> identity_of(std::string_view path);
// The first that the station offers of those served here: it knows what it does best. Null: none.
const Protocol* protocol_of(const HttpHeaders& headers);
// The password that is shown for this identity by Basic authentication; never empty.
std::optional<std::string> password_of(const HttpHeaders& headers, const std::string& identity);

}  // namespace bayward::stations
