#include "site/uplink/uplink.h"

#include <algorithm>
#include <optional>

#include "base/limits.h"
#include "ports/http_util.h"
#include "ports/log.h"
#include "site/uplink/password.h"

namespace bayward::uplink {
namespace {

constexpr std::string_view root = "/ocpp/";
constexpr int idle_ticks_max = 15;
constexpr size_t identity_chars_max = 48;  // OCPP 2.0.1 part 4, 3.1

std::optional<std::string> identity_of(std::string_view path) {
  if (!path.starts_with(root)) return std::nullopt;
  const std::string_view identity = path.substr(root.size());
  const bool possible =
      !identity.empty() && identity.size() <= identity_chars_max && identity.find('/') == std::string_view::npos;
  return possible ? std::optional(std::string(identity)) : std::nullopt;
}

const LocalProtocol* protocol_of(const HttpHeaders& headers) {
  for (const std::string_view offered : header_list(headers, "Sec-WebSocket-Protocol")) {
    for (const LocalProtocol* served : {&protocol_v16(), &protocol_v201()}) {
      if (offered == served->dialect().subprotocol) return served;
    }
  }
  return nullptr;
}

HttpResponse refusal(int status, std::string_view why) {
  HttpResponse response = problem_response(status, why);
  if (status == 401) response.headers.add("WWW-Authenticate", "Basic realm=\"bayward\", charset=\"UTF-8\"");
  if (status == 429 || status == 503) response.headers.add("Retry-After", "30");
  return response;
}

// A socket that is closed as soon as it is open (OCPP-J 1.6 3.2, 2.0.1 part 4 3.2).
class Unwelcome final : public WebSocketSession {
 public:
  void opened(std::shared_ptr<WebSocketConnection> connection) override {
    connection->close(close_code::protocol_error, "no common subprotocol: ocpp1.6 and ocpp2.0.1 are served here");
  }
  void message(std::string_view) override {}
  void closed(const WebSocketClosed&) override {}
};

// The platform has decided about the station itself; everything else says only that it cannot be asked now.
bool is_decision(int status) {
  return status == 401 || status == 403 || status == 404 || status == 429;
}

}  // namespace

struct Uplink::Login {
  std::string identity;
  std::string password;
  const LocalProtocol* protocol = nullptr;
  WebSocketDecision decision;
};

struct Uplink::Line {
  Line(std::string station, const LocalProtocol& protocol, Outbox& outbox, StationMemory memory, RelayOptions options)
      : identity(station), relay(std::move(station), protocol, outbox, std::move(memory), std::move(options)) {}

  std::string identity;
  StationRelay relay;
  std::string password;  // as long as the station is known to be there; needed for every new socket upstream
  std::shared_ptr<StationSocket> station;
  std::shared_ptr<UpstreamSocket> upstream;
  bool dialling = false;
  Instant retry_at{};
  Duration retry_after{0};
  int idle_ticks = 0;
};

// The line's current socket, or one that was replaced: then nothing it says counts.
class Uplink::StationSocket final : public WebSocketSession, public std::enable_shared_from_this<StationSocket> {
 public:
  StationSocket(Uplink& uplink, std::shared_ptr<Line> line) : uplink_(uplink), line_(std::move(line)) {}

  void opened(std::shared_ptr<WebSocketConnection> connection) override {
    connection_ = std::move(connection);
    uplink_.drop_station(*line_);
    line_->station = shared_from_this();
    log::info("uplink.station_connected", {{"station", line_->identity}});
    line_->relay.station_opened(uplink_.ports_.clock.now());
    uplink_.run_actions(*line_);
    if (!line_->upstream) uplink_.reconnect(line_);
  }
  void message(std::string_view text) override {
    if (line_->station.get() != this) return;
    line_->relay.station_said(text, uplink_.ports_.clock.now());
    uplink_.run_actions(*line_);
  }
  void closed(const WebSocketClosed& why) override {
    connection_.reset();
    if (line_->station.get() != this) return;
    line_->station.reset();
    log::info("uplink.station_disconnected", {{"station", line_->identity}, {"code", why.code}, {"why", why.reason}});
    line_->relay.station_closed(uplink_.ports_.clock.now());
    uplink_.run_actions(*line_);
  }
  void send(std::string text) {
    if (connection_) (void)connection_->send(std::move(text));
  }
  void close(uint16_t code, std::string_view reason) {
    if (connection_) connection_->close(code, reason);
  }

 private:
  Uplink& uplink_;
  std::shared_ptr<Line> line_;
  std::shared_ptr<WebSocketConnection> connection_;
};

class Uplink::UpstreamSocket final : public WebSocketSession, public std::enable_shared_from_this<UpstreamSocket> {
 public:
  UpstreamSocket(Uplink& uplink, std::shared_ptr<Line> line) : uplink_(uplink), line_(std::move(line)) {}

  void opened(std::shared_ptr<WebSocketConnection> connection) override {
    connection_ = std::move(connection);
    if (closing_) return connection_->close(close_code::normal, "not needed any more");
    uplink_.adopt_upstream(line_, shared_from_this());
  }
  void message(std::string_view text) override {
    if (line_->upstream.get() != this) return;
    line_->relay.upstream_said(text, uplink_.ports_.clock.now());
    uplink_.run_actions(*line_);
  }
  void closed(const WebSocketClosed& why) override {
    connection_.reset();
    if (line_->upstream.get() != this) return;
    line_->upstream.reset();
    log::warn("uplink.upstream_lost", {{"station", line_->identity}, {"code", why.code}, {"why", why.reason}});
    line_->relay.upstream_closed(uplink_.ports_.clock.now());
    uplink_.upstream_lost(*line_);
    uplink_.run_actions(*line_);
  }
  void send(std::string text) {
    if (connection_) (void)connection_->send(std::move(text));
  }
  void close(std::string_view reason) {
    closing_ = true;
    if (connection_) connection_->close(close_code::normal, reason);
  }

 private:
  Uplink& uplink_;
  std::shared_ptr<Line> line_;
  std::shared_ptr<WebSocketConnection> connection_;
  bool closing_ = false;
};

Uplink::Uplink(UplinkPorts ports, UplinkOptions options) : ports_(std::move(ports)), options_(std::move(options)) {}

// Sockets and lines hold each other.
Uplink::~Uplink() {
  for (auto& [identity, line] : lines_) {
    line->station.reset();
    line->upstream.reset();
  }
}

void Uplink::authorise(HttpRequest request, WebSocketDecision decision) {
  const auto identity = identity_of(request.path);
  if (!identity) return decision.reject(refusal(404, "stations connect to /ocpp/{identity}"));
  const auto credentials = parse_basic_authorization(request.headers.get("Authorization"));
  if (!credentials || credentials->user != *identity || credentials->password.empty()) {
    return decision.reject(refusal(401, "the user name must be the identity, with the station's password"));
  }
  const LocalProtocol* protocol = protocol_of(request.headers);
  if (!protocol) return decision.accept("", std::make_shared<Unwelcome>());
  const auto line = line_of(*identity, *protocol);
  if (!line) return decision.reject(refusal(503, "no room for a further station, or what was kept of it is damaged"));
  Login login{*identity, credentials->password, protocol, std::move(decision)};
  const bool platform_away = line->upstream == nullptr && ports_.clock.now() < line->retry_at;
  const bool same = !line->password.empty() && same_secret(line->password, login.password);
  // While kept messages go up the socket upstream stays as it is; and who was just refused by silence is not asked
  // again.
  const bool here = platform_away || (line->upstream && line->relay.mode() == StationRelay::Mode::catching_up && same);
  here ? compare_here(line, std::move(login)) : ask_platform(line, std::move(login));
}

std::shared_ptr<Uplink::Line> Uplink::line_of(const std::string& identity, const LocalProtocol& protocol) {
  const auto known = lines_.find(identity);
  if (known != lines_.end()) return known->second;
  if (lines_.size() >= limits::uplink_stations) return nullptr;
  auto memory = ports_.outbox.memory(identity);
  if (!memory) {
    log::error("uplink.memory_damaged", {{"station", identity}, {"why", memory.error().message}});
    return nullptr;
  }
  RelayOptions options;
  options.answer_timeout = options_.answer_timeout;
  options.station_timeout = options_.station_timeout;
  options.heartbeat = options_.heartbeat;
  options.own_id_prefix = "site-" + options_.run + "-";
  options.places = options_.places;
  options.time = options_.time;
  options.heard = options_.heard;
  auto line = std::make_shared<Line>(identity, protocol, ports_.outbox, *std::move(memory), std::move(options));
  return lines_.emplace(identity, std::move(line)).first->second;
}

void Uplink::ask_platform(const std::shared_ptr<Line>& line, Login login) {
  if (line->dialling) return login.decision.reject(refusal(503, "this station is just being let in"));
  line->dialling = true;
  auto socket = std::make_shared<UpstreamSocket>(*this, line);
  const DialRequest request{login.identity, login.password, std::string(login.protocol->dialect().subprotocol)};
  ports_.dial(request, socket, [this, line, socket, login](const Result<std::string, DialRefusal>& answer) {
    line->dialling = false;
    on_platform_answer(line, login, socket, answer);
  });
}

void Uplink::on_platform_answer(const std::shared_ptr<Line>& line, const Login& login,
                                const std::shared_ptr<UpstreamSocket>& socket,
                                const Result<std::string, DialRefusal>& answer) {
  if (answer && *answer == login.protocol->dialect().subprotocol) {
    keep_digest(line, login.password);
    return let_in(line, login);
  }
  if (answer) {
    socket->close("it does not speak this version");
    return login.decision.accept("", std::make_shared<Unwelcome>());
  }
  if (is_decision(answer.error().status)) {
    log::warn("uplink.station_refused", {{"station", login.identity}, {"status", answer.error().status}});
    return login.decision.reject(refusal(answer.error().status, "the platform does not let this station in"));
  }
  upstream_lost(*line);
  compare_here(line, login);
}

// The digest is slow to make: only for a password that was not seen in this run.
void Uplink::keep_digest(const std::shared_ptr<Line>& line, const std::string& password) {
  if (same_secret(line->password, password) && !line->relay.memory().password_digest.empty()) return;
  ports_.background([this, line, password, known = line->relay.memory().password_digest] {
    if (matches(known, password)) return;
    std::string digest = digest_of(password);
    ports_.post([line, digest = std::move(digest)] {
      const Status kept = line->relay.remember_password(digest);
      if (!kept) log::error("uplink.password_not_kept", {{"station", line->identity}, {"why", kept.error().message}});
    });
  });
}

void Uplink::compare_here(const std::shared_ptr<Line>& line, Login login) {
  if (!line->password.empty() && same_secret(line->password, login.password)) return let_in(line, login);
  if (line->relay.memory().password_digest.empty()) {
    return login.decision.reject(refusal(503, "the platform is not there, and it has never let this station in"));
  }
  if (comparing_ >= limits::uplink_digests_waiting) return login.decision.reject(refusal(503, "too many logins"));
  ++comparing_;
  ports_.background([this, line, login = std::move(login), digest = line->relay.memory().password_digest] {
    const bool right = matches(digest, login.password);
    ports_.post([this, line, login, right] {
      --comparing_;
      if (right) return let_in(line, login);
      log::warn("uplink.login_failed", {{"station", login.identity}});
      login.decision.reject(refusal(401, "not the password that this station had when the platform was last there"));
    });
  });
}

void Uplink::let_in(const std::shared_ptr<Line>& line, const Login& login) {
  line->password = login.password;
  drop_station(*line);
  line->relay.speak(*login.protocol);
  login.decision.accept(std::string(login.protocol->dialect().subprotocol),
                        std::make_shared<StationSocket>(*this, line));
}

// A new socket of the same station takes the place of the old one, up and down.
void Uplink::drop_station(Line& line) {
  const auto socket = std::exchange(line.station, nullptr);
  if (!socket) return;
  socket->close(close_code::policy, "the station has connected again");
  line.relay.station_closed(ports_.clock.now());
  run_actions(line);
}

void Uplink::adopt_upstream(const std::shared_ptr<Line>& line, std::shared_ptr<UpstreamSocket> socket) {
  if (line->upstream) drop_upstream(*line, "a newer one has taken its place");
  line->upstream = std::move(socket);
  line->retry_after = Duration{0};
  log::info("uplink.upstream_connected", {{"station", line->identity}});
  line->relay.hold_back(options_.log_told && !options_.log_told(), ports_.clock.now());
  line->relay.upstream_opened(ports_.clock.now());
  run_actions(*line);
}

void Uplink::drop_upstream(Line& line, std::string_view why) {
  const auto socket = std::exchange(line.upstream, nullptr);
  if (!socket) return;
  socket->close(why);
  line.relay.upstream_closed(ports_.clock.now());
}

void Uplink::upstream_lost(Line& line) {
  line.retry_after = std::clamp(line.retry_after * 2, options_.retry_first, options_.retry_max);
  // Not all stations at the same moment.
  const auto spread = static_cast<int64_t>(std::hash<std::string>{}(line.identity) % 500);
  line.retry_at = ports_.clock.now() + line.retry_after + Duration{spread * line.retry_after.count() / 1000};
}

void Uplink::reconnect(const std::shared_ptr<Line>& line) {
  if (line->dialling || line->upstream || line->password.empty() || !line->relay.wants_upstream()) return;
  const Instant now = ports_.clock.now();
  const bool clock_set_back = line->retry_at - now > 2 * options_.retry_max;
  if (now < line->retry_at && !clock_set_back) return;
  line->dialling = true;
  auto socket = std::make_shared<UpstreamSocket>(*this, line);
  const DialRequest request{line->identity, line->password, std::string(line->relay.protocol().dialect().subprotocol)};
  ports_.dial(request, socket, [this, line](const Result<std::string, DialRefusal>& answer) {
    line->dialling = false;
    if (answer) return;  // opened() follows
    upstream_lost(*line);
    if (!is_decision(answer.error().status) || answer.error().status == 429) return;
    // The platform has changed its mind about this station while it was away.
    log::warn("uplink.station_refused", {{"station", line->identity}, {"status", answer.error().status}});
    line->password.clear();
    (void)line->relay.remember_password("");
    if (line->station) line->station->close(close_code::policy, "the platform does not let this station in any more");
  });
}

void Uplink::tick() {
  for (auto& [identity, line] : lines_) {
    line->relay.hold_back(options_.log_told && !options_.log_told(), ports_.clock.now());
    line->relay.tick(ports_.clock.now());
    run_actions(*line);
    reconnect(line);
    // The station was let in and never came.
    line->idle_ticks = line->upstream && !line->relay.wants_upstream() ? line->idle_ticks + 1 : 0;
    if (line->idle_ticks >= idle_ticks_max) drop_upstream(*line, "the station is not here");
  }
}

void Uplink::run_actions(Line& line) {
  for (Action& action : line.relay.take_actions()) {
    if (auto* down = std::get_if<ToStation>(&action)) {
      if (line.station) line.station->send(std::move(down->text));
    } else if (auto* up = std::get_if<ToUpstream>(&action)) {
      if (line.upstream) line.upstream->send(std::move(up->text));
    } else if (const auto* station = std::get_if<CloseStation>(&action)) {
      if (line.station) line.station->close(close_code::policy, station->why);
    } else {
      const std::string& why = std::get<CloseUpstream>(action).why;
      log::info("uplink.upstream_closed", {{"station", line.identity}, {"why", why}});
      const auto socket = std::exchange(line.upstream, nullptr);
      if (socket) socket->close(why);
      if (line.relay.wants_upstream()) upstream_lost(line);
    }
  }
}

std::vector<StationLine> Uplink::lines() {
  std::vector<StationLine> out;
  out.reserve(lines_.size());
  for (const auto& [identity, line] : lines_) {
    out.push_back({identity, line->relay.station_open(), line->upstream != nullptr, line->relay.mode(),
                   ports_.outbox.backlog(identity), line->relay.counters()});
  }
  return out;
}

}  // namespace bayward::uplink
