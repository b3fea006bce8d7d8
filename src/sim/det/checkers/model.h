// A naive model of the town, made from the durable events alone: plain maps, no bits, no deadlines, nothing shared with
// the core but the meaning of the events. The checkers ask it what may be.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "core/event.h"

namespace bayward::sim {

struct ModelBooking {
  enum class Phase { asked, confirmed, active, left, ended, closed };
  AccountId account;
  Fingerprint plate;
  BayId bay;
  core::BookingKind kind{};
  Phase phase = Phase::asked;
  core::BookingEnd end = core::BookingEnd::none;
  Interval span;
  Instant slots_end{};
  std::optional<Instant> left_at;
  PermissionId permission;
  int64_t billed_energy_milliwh = 0;
  Money total;

  bool live() const { return phase < Phase::ended; }
};

struct ModelSession {
  SessionId id;
  core::SessionKey key;
  BayId bay;
  BookingId booking;
  AccountId account;
  bool open = true;
  bool defect = false;
  std::vector<MeterPoint> readings;  // as told, start first
  // Last register minus first, by time.
  int64_t energy_milliwh() const;
};

struct ModelBay {
  AccountId owner;
  SessionId session;  // the last that began
};

class Model {
 public:
  void apply(SiteId site, const core::Event& event);

  std::map<BookingId, ModelBooking> bookings;
  std::map<BayId, std::vector<BookingId>> on_bay;  // every booking that was ever there and holds slots of it
  std::map<SessionId, ModelSession> sessions;
  std::map<core::SessionKey, SessionId> session_of_key;
  std::map<BayId, ModelBay> bays;
  std::map<SiteId, core::SiteRules> rules;
  std::map<SiteId, ZoneRules> zones;
  std::map<PermissionId, core::Permission> permissions;
  std::map<WindowId, core::Window> windows;

  // Some booking, past or present, holds that moment of the bay.
  bool held(BayId bay, Instant at) const;
  // A window shares that moment of the bay.
  bool shared(BayId bay, Instant at) const;

 private:
  void apply_booking(const core::Event& event);
  void apply_session(const core::Event& event);
  void apply_window(const core::Event& event);
};

std::string describe(const ModelBooking& booking, BookingId id);

}  // namespace bayward::sim
