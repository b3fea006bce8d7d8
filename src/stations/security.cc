#include "stations/security.h"

#include <algorithm>

#include "base/limits.h"
#include "ports/log.h"
#include "stations/authority/authority.h"
#include "stations/credentials.h"
#include "stations/csms.h"

namespace bayward::stations {
namespace {

using CallOutcome = StationSession::CallOutcome;

constexpr Duration renewal_retry{24h};

void note(StationSession& session, SecurityOrigin origin, std::string type, std::string detail) {
  const Admission& who = session.admission();
  session.csms().note_security(
      {0, who.station, who.identity, origin, std::move(type), std::move(detail), session.now(), {}});
}

bool take_from_budget(Station& station, Instant now) {
  if (now - station.signing_since >= 1h) {
    station.signing_since = now;
    station.signed_since = 0;
  }
  return ++station.signed_since <= limits::certificates_signed_per_hour;
}

struct Signed {
  std::string refused;  // "": it was signed
  IssuedCertificate certificate;
};

Signed sign(const CertificateAuthority& authority, const std::string& csr, const std::string& identity, Instant now) {
  const auto request = parse_csr(csr);
  if (!request) return {request.error().message, {}};
  if (request->common_name != identity) return {"the common name must be " + identity, {}};
  auto issued = authority.sign(*request, now);
  if (!issued) return {issued.error().message, {}};
  return {{}, *std::move(issued)};
}

void send_certificate(const SessionPtr& session, const IssuedCertificate& certificate, std::optional<int64_t> number) {
  auto drafted = session->protocol().certificate_signed(certificate.pem, number);
  if (!drafted) {
    log::error("station.call_invalid", {{"station", session->admission().identity}, {"why", drafted.error().message}});
    return;
  }
  const std::string until = to_rfc3339(certificate.not_after);
  (void)session->call(*std::move(drafted), ocpp::Urgency::configuration,
                      [until](StationSession& told, const CallOutcome& outcome) {
                        const std::string word = word_of(outcome);
                        const bool taken = word == "Accepted";
                        note(told, SecurityOrigin::platform, taken ? "CertificateAccepted" : "CertificateNotAccepted",
                             taken ? "until " + until : (word.empty() ? "no answer" : word));
                      });
}

// 2.0.1 answers with the status of one variable, 1.6 with its own.
std::string password_word(const CallOutcome& outcome) {
  const auto* payload = std::get_if<ocpp::Json>(&outcome);
  const ocpp::Json* results = payload ? payload->find("setVariableResult") : nullptr;
  const auto* list = results ? results->as_array() : nullptr;
  const ocpp::Json* status = list && !list->empty() ? list->front().find("attributeStatus") : nullptr;
  return status && status->as_text() ? *status->as_text() : word_of(outcome);
}

enum class Fate : uint8_t { adopt, keep_both, withdraw };

// After a reboot, or when nobody knows whether it was taken, the station is first heard with it.
Fate fate_of(const std::string& word) {
  if (word == "Accepted") return Fate::adopt;
  return word == "RebootRequired" || word.empty() ? Fate::keep_both : Fate::withdraw;
}

Flow end_change(SessionPtr session, std::string word, std::function<void(StationAnswer)> done) {
  Csms& csms = session->csms();
  Vault& vault = csms.vault();
  const StationId station = session->admission().station;
  const Fate fate = fate_of(word);
  co_await csms.door().background([&] {
    if (fate == Fate::adopt) (void)adopt_password(vault, station);
    if (fate == Fate::withdraw) (void)withdraw_password(vault, station);
  });
  note(*session, SecurityOrigin::staff, "PasswordChange", word.empty() ? "no answer: both passwords count" : word);
  const auto kind = word.empty()                    ? StationAnswer::Kind::silent
                    : word.starts_with("CALLERROR") ? StationAnswer::Kind::error
                                                    : StationAnswer::Kind::answered;
  done({kind, word, {}});
}

}  // namespace

Flow sign_certificate(SessionPtr session, SigningCall request, SigningAnswer answer) {
  Csms& csms = session->csms();
  const CertificateAuthority* authority = csms.authority();
  Signed made;
  if (!authority) {
    made.refused = "this central system signs no certificates";
  } else if (!session->ready()) {
    made.refused = "the boot comes first";
  } else if (!take_from_budget(session->station(), csms.line_now())) {
    made.refused = "too many signing requests in an hour";
  } else {
    const std::string identity = session->admission().identity;
    const Instant now = csms.now();
    co_await csms.door().background([&] { made = sign(*authority, request.csr, identity, now); });
  }
  if (!made.refused.empty()) note(*session, SecurityOrigin::platform, "SigningRequestRefused", made.refused);
  answer(*session, made.refused.empty() ? nullptr : &made.refused);
  if (made.refused.empty()) send_certificate(session, made.certificate, request.number);
}

void renew_certificate(StationSession& session) {
  const auto& certificate = session.admission().certificate;
  Csms& csms = session.csms();
  if (!certificate || !csms.authority() || !session.ready()) return;
  if (certificate->not_after - csms.now() > csms.options().renew_certificates) return;
  Instant& next = session.station().renewal_at;
  if (csms.line_now() < next) return;
  next = csms.line_now() + renewal_retry;
  auto drafted = session.protocol().ask_for_signing_request();
  if (!drafted) return;
  (void)session.call(*std::move(drafted), ocpp::Urgency::rest, [](StationSession& told, const CallOutcome& outcome) {
    const std::string word = word_of(outcome);
    log::info("station.renewal_asked", {{"station", told.admission().identity}, {"answer", word}});
    if (word != "Accepted") {
      note(told, SecurityOrigin::platform, "CertificateRenewalRefused", word.empty() ? "no answer" : word);
    }
  });
}

Flow change_password(SessionPtr session, std::function<void(StationAnswer)> done) {
  Csms& csms = session->csms();
  Vault& vault = csms.vault();
  const Passwords& passwords = csms.passwords();
  const StationId station = session->admission().station;
  const std::string secret = passwords.new_secret();
  bool offered = false;
  co_await csms.door().background([&] { offered = offer_password(vault, passwords, station, secret).ok(); });
  auto drafted = session->protocol().password(secret);
  if (!offered || !drafted) {
    done({StationAnswer::Kind::malformed, offered ? drafted.error().message : "the vault can't be written", {}});
    co_return;
  }
  const auto ended = [done](StationSession& told, const CallOutcome& outcome) {
    end_change(told.shared_from_this(), password_word(outcome), done);
  };
  if (session->call(*std::move(drafted), ocpp::Urgency::configuration, ended)) co_return;
  co_await csms.door().background([&] { (void)withdraw_password(vault, station); });
  done({StationAnswer::Kind::busy, {}, {}});
}

void report_security_event(StationSession& session, std::string_view type, std::string_view detail, Instant at) {
  const Admission& who = session.admission();
  log::warn("station.security_event", {{"station", who.identity}, {"type", type}});
  session.csms().note_security(
      {0, who.station, who.identity, SecurityOrigin::station, std::string(type), std::string(detail), at, {}});
}

}  // namespace bayward::stations
