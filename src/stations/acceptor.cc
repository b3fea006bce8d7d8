#include "stations/acceptor.h"

#include <optional>

#include "ports/http_util.h"
#include "ports/log.h"
#include "stations/credentials.h"
#include "stations/login.h"

namespace bayward::stations {
namespace {

// A socket that is closed as soon as it is open.
class Unwelcome final : public WebSocketSession {
 public:
  void opened(std::shared_ptr<WebSocketConnection> connection) override {
    connection->close(close_code::protocol_error,
                      "no common subprotocol: ocpp1.6, ocpp2.0.1 and ocpp2.1 are served here");
  }
  void message(std::string_view) override {}
  void closed(const WebSocketClosed&) override {}
};

HttpResponse unauthorised() {
  HttpResponse response = problem_response(401, "the user name must be the identity, with the station's password");
  response.headers.add("WWW-Authenticate", "Basic realm=\"bayward\", charset=\"UTF-8\"");
  return response;
}

HttpResponse later(int status, std::string_view why) {
  HttpResponse response = problem_response(status, why);
  response.headers.add("Retry-After", "60");
  return response;
}

}  // namespace

StationAcceptor::StationAcceptor(Csms& csms) : csms_(csms), failed_logins_(csms.options().failed_logins_per_minute) {}

void StationAcceptor::authorise(HttpRequest request, WebSocketDecision decision) {
  const auto identity = identity_of(request.path);
  if (!identity) return decision.reject(problem_response(404, "stations connect to /ocpp/{identity}"));
  if (failed_logins_.too_many(*identity, request.peer, csms_.line_now())) {
    return decision.reject(later(429, "too many failed logins"));
  }
  Login login{*identity, {}, request.peer, {}, protocol_of(request.headers), 1, request.certificate};
  if (request.tls) login.profile = request.certificate ? 3 : 2;
  if (login.profile < csms_.options().least_security_profile) {
    return decision.reject(problem_response(403, "security profile " +
                                                     std::to_string(csms_.options().least_security_profile) +
                                                     " or a higher one is asked for here"));
  }
  if (login.certificate) {
    if (login.certificate->common_name != *identity) {
      note(login, {}, "CertificateOfAnother", "shown: " + login.certificate->common_name);
      return decision.reject(problem_response(403, "the certificate's common name must be the identity"));
    }
  } else {
    auto password = password_of(request.headers, *identity);
    if (!password) return refuse_login(login, decision);
    login.password = *std::move(password);
  }
  if (login.protocol) login.subprotocol = login.protocol->dialect().subprotocol;
  log_in(this, std::move(login), std::move(decision));
}

void StationAcceptor::refuse_login(const Login& login, const WebSocketDecision& decision) {
  failed_logins_.failed(login.identity, login.peer, csms_.line_now());
  csms_.statistics().count_failed_login();
  log::warn("station.login_failed", {{"station", login.identity}, {"peer", login.peer}});
  note(login, {}, "LoginFailed", "wrong name or password");
  decision.reject(unauthorised());
}

void StationAcceptor::note(const Login& login, StationId station, std::string type, std::string detail) {
  csms_.note_security({0,
                       station,
                       login.identity,
                       SecurityOrigin::platform,
                       std::move(type),
                       detail + ", from " + login.peer,
                       csms_.now(),
                       {}});
}

void StationAcceptor::refuse(const Login& login, StationId station, Verdict why, const WebSocketDecision& decision) {
  switch (why) {
    case Verdict::right:
      return;
    case Verdict::wrong:
      return refuse_login(login, decision);
    case Verdict::profile_too_low:
      log::warn("station.profile_too_low", {{"station", login.identity}, {"profile", login.profile}});
      note(login, station, "ProfileTooLow", "came with security profile " + std::to_string(login.profile));
      return decision.reject(problem_response(
          403, "this station has used a higher security profile before and can't come with a lower one"));
    case Verdict::revoked:
      note(login, station, "CertificateRevoked", "serial " + login.certificate->serial);
      return decision.reject(problem_response(403, "this certificate has been revoked"));
    case Verdict::vault_unavailable:
      return decision.reject(later(503, "credentials can't be checked at the moment"));
  }
}

// Waits for the vault: not on the stations' thread.
StationAcceptor::Verdict StationAcceptor::judge(Csms& csms, StationId station, const Login& login) {
  Vault& vault = csms.vault();
  auto security = read_security(vault, station);
  if (!security) return Verdict::vault_unavailable;
  if (!login.certificate) {
    const auto password = check_password(vault, csms.passwords(), station, login.password);
    if (!password) return Verdict::vault_unavailable;
    if (*password == PasswordIs::wrong) return Verdict::wrong;
    if (*password == PasswordIs::next && !adopt_password(vault, station)) return Verdict::vault_unavailable;
  } else if (revoked(*security, login.certificate->not_before)) {
    return Verdict::revoked;
  }
  // After the credentials: whoever knows nothing learns nothing of the record.
  if (login.profile < security->profile) return Verdict::profile_too_low;
  if (login.profile > security->profile) {
    security->profile = login.profile;
    if (!write_security(vault, station, *security)) return Verdict::vault_unavailable;
  }
  return Verdict::right;
}

Flow StationAcceptor::log_in(StationAcceptor* self, Login login, WebSocketDecision decision) {
  Csms& csms = self->csms_;
  StationId station;
  const bool looked = co_await csms.door().look([&](const core::State& state, Instant) {
    const auto known = state.station_of_identity.find(login.identity);
    if (known != state.station_of_identity.end()) station = known->second;
  });
  if (!looked) co_return decision.reject(later(503, "overloaded"));
  if (!station && csms.options().unknown == Unknown::refused) {
    co_return decision.reject(problem_response(404, "no such station is registered"));
  }
  // Nobody has a password of an unknown one to compare with; it is told Pending and nothing more.
  Verdict verdict = Verdict::right;
  if (station) co_await csms.door().background([&] { verdict = judge(csms, station, login); });
  if (verdict != Verdict::right) co_return self->refuse(login, station, verdict, decision);
  self->failed_logins_.succeeded(login.identity, login.peer);
  if (!login.protocol) co_return decision.accept("", std::make_shared<Unwelcome>());
  const Admission admission{login.identity, station, login.peer, login.profile, login.certificate};
  decision.accept(login.subprotocol, std::make_shared<StationSession>(csms, *login.protocol, admission));
}

}  // namespace bayward::stations
