// Requests to somebody else's HTTP server, as connectors see them. Implemented over net/http_client.h by the program
// that wires them (apps/server/alarm_links.h); tests give a function of their own.
#pragma once

#include <functional>

#include "base/result.h"
#include "ports/http.h"

namespace bayward {

// `answered` is called exactly once, from any thread, within the driver's time limit. A failure is one of the
// connection; any status is an answer.
using HttpAnswered = std::function<void(Result<HttpResponse>)>;
using HttpOut = std::function<void(HttpRequest request, HttpAnswered answered)>;

}  // namespace bayward
