// Csms: what is on record of a station's security, for the staff and the audit log.
#include "base/limits.h"
#include "ports/log.h"
#include "stations/authority/authority.h"
#include "stations/credentials.h"
#include "stations/csms.h"

namespace bayward::stations {
namespace {

using Told = std::function<void(Result<StationSecurity>)>;

StationSecurity shown(const Csms& csms, StationId station, const Security& kept) {
  StationSecurity out;
  out.profile = kept.profile;
  out.certificates_since = kept.certificates_since;
  const auto session = csms.session_of(station);
  if (!session) return out;
  const Admission& admission = session->admission();
  out.connected = true;
  out.connected_profile = admission.security_profile;
  if (admission.certificate) {
    out.certificate_serial = admission.certificate->serial;
    out.certificate_until = admission.certificate->not_after;
  }
  return out;
}

bool still_fits(const Admission& admission, const Security& security) {
  if (admission.security_profile < security.profile) return false;
  return !admission.certificate || !revoked(security, admission.certificate->not_before);
}

Flow show(Csms& csms, StationId station, Told answer) {
  auto kept = Result<Security>(Security{});
  Vault& vault = csms.vault();
  co_await csms.door().background([&] { kept = read_security(vault, station); });
  if (!kept) {
    answer(Failure{kept.error()});
    co_return;
  }
  answer(shown(csms, station, *kept));
}

Flow change(Csms& csms, StationId station, SecurityChange wanted, Told answer) {
  auto kept = Result<Security>(Security{});
  Vault& vault = csms.vault();
  const Instant now = csms.now();
  co_await csms.door().background([&] {
    kept = read_security(vault, station);
    if (!kept) return;
    if (wanted.profile) kept->profile = *wanted.profile;
    if (wanted.revoke_certificates) kept->certificates_since = from_unix_s(unix_s(now));
    if (auto written = write_security(vault, station, *kept); !written) kept = Failure{written.error()};
  });
  if (!kept) {
    answer(Failure{kept.error()});
    co_return;
  }
  const auto session = csms.session_of(station);
  const std::string identity = session ? session->admission().identity : std::string{};
  csms.note_security(
      {0,
       station,
       identity,
       SecurityOrigin::staff,
       "SecurityChanged",
       "profile " + std::to_string(kept->profile) + (wanted.revoke_certificates ? ", certificates revoked" : ""),
       now,
       {}});
  if (session && !still_fits(session->admission(), *kept)) {
    session->close(close_code::policy, "the security of this station has been changed");
  }
  answer(shown(csms, station, *kept));
}

}  // namespace

void Csms::security(StationId station, Told answer) {
  door_.post([this, station, answer = std::move(answer)] { show(*this, station, answer); });
}

void Csms::set_security(StationId station, SecurityChange wanted, Told answer) {
  door_.post([this, station, wanted, answer = std::move(answer)] { change(*this, station, wanted, answer); });
}

std::string Csms::authority_roots() const {
  return ports_.authority ? ports_.authority->roots() : std::string{};
}

void Csms::note_security(SecurityEvent event) {
  if (!ports_.security_log) return;
  if (line_now_ - security_minute_ >= 1min) {
    security_events_.clear();
    security_minute_ = line_now_;
  }
  const size_t written = ++security_events_[event.station];
  if (written > limits::security_events_per_minute) {
    statistics_.count_security_event_dropped();
    return;
  }
  ports_.background([security_log = ports_.security_log, event = std::move(event)] {
    const auto recorded = security_log->record(event);
    if (!recorded) log::error("security_log.unavailable", {{"why", recorded.error().message}});
  });
}

}  // namespace bayward::stations
