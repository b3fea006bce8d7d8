// A way out of the platform for messages of incidents: the fire desk's wire, an SMS gateway, a webhook, e-mail. Drivers
// are in src/connectors, one folder each; fake_alarm_channel.h is for tests.
//
// Nothing counts as delivered before the far side has acknowledged it. A channel keeps no queue of its own for messages
// that failed: the core owes them (core/incident/delivery.h) and has them sent again.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/incident/delivery.h"
#include "core/site/site.h"

namespace bayward {

// Where it is, as far sides need it.
struct AlarmPlace {
  SiteId site;
  std::string site_name;
  core::GeoPoint point;  // of the bay, else of the site
  BayId bay;             // none: the site as a whole
  std::string bay_label;
  std::string level;
  std::string device;  // the station's identity; empty: none
};

struct AlarmMessage {
  DeliveryId delivery;
  IncidentId incident;
  core::DeliveryStep step{};
  core::IncidentKind kind{};
  core::Severity severity{};
  int32_t round = 1;
  int32_t tries = 0;  // before this one
  core::Recipient to;
  AlarmPlace place;
  Instant opened_at{};
  Instant at{};          // now
  std::string address;   // of a person: E.164 phone, e-mail address or URL, as the channel needs it; empty for desks
  bool chinese = false;  // the language of the person or the site
  int32_t utc_offset_s = 0;  // of the clock on the wall there
  // B5, of a watch-list hit: the orders that it meets, and the fingerprint of the plate that was read
  std::vector<core::WatchHit> hits{};
  Fingerprint vehicle{};
};

enum class SendResult : uint8_t {
  delivered,   // acknowledged by the far side
  sent,        // a gateway has it and will say itself whether it has arrived (core::DeliveryState::sent)
  failed,      // not known to have arrived: it is sent again
  impossible,  // never will: no such address, refused for good
};
using SendDone = std::function<void(SendResult result, std::string_view why)>;

class AlarmChannel {
 public:
  virtual ~AlarmChannel() = default;

  // From the dispatcher's thread. `done` is called exactly once, from any thread, within the channel's own time limit.
  virtual void send(const AlarmMessage& message, SendDone done) = 0;
};

// "Smoke at bay B1-017 (Rosenhof, level -1), 14:03:22. ...": what people read, up to 140 characters. Long names are
// cut.
std::string alarm_text(const AlarmMessage& message);

}  // namespace bayward
