// Brings a station's devices to what is wanted: compares what the business state wants with what the station has
// acknowledged, and says which calls are due. Run again after every change, every answer and every minute, so a lost
// call or a restart on either side heals by itself. Pure; time is an argument.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "stations/wanted.h"

namespace bayward::stations {

enum class Holding : uint8_t {
  unsure,      // held before the link broke, or the answer never came
  asked,       // the call is on its way
  held,        // the station has said Accepted
  refused,     // it has said something else: again at retry_at
  cancelling,  // the cancellation is on its way
  used,        // a transaction has used it up; until the business state knows, too
};

struct Patience {
  int tries = 0;
  Instant retry_at{};
};

struct DeviceReservation {
  WantedReservation as_asked;
  Holding holding = Holding::unsure;
  bool may_be_there = false;  // it was held, or may be: also when a change of it was refused since
  Patience patience;
  std::string answer;  // the last word when refused
};
struct DeviceStart {
  BookingId booking;
  Instant until{};
  bool asked = false;  // on its way, or accepted
  Patience patience;
};
struct DeviceStop {
  SessionId session;
  bool asked = false;  // on its way
  Patience patience;
};

// What one station is known to do.
struct Device {
  std::vector<DeviceReservation> reservations;
  std::vector<DeviceStart> starts;
  std::vector<DeviceStop> stops;
};

struct Reserve {
  WantedReservation what;
};
struct CancelReservation {
  BookingId booking;
};
struct StartCharging {
  WantedStart what;
};
struct StopCharging {
  WantedStop what;
};
using Due = std::variant<Reserve, CancelReservation, StartCharging, StopCharging>;

// The calls that are due; `device` notes them as asked. Every one must be reported below when it ends.
std::vector<Due> reconcile(const Wanted& wanted, Device& device, Instant now);

// How a call ended. `word` is the status in its answer, "" when none came.
void reserve_ended(Device& device, BookingId booking, const std::string& word, Instant now);
void cancel_ended(Device& device, BookingId booking, const std::string& word, Instant now);
void start_ended(Device& device, BookingId booking, const std::string& word, Instant now);
void stop_ended(Device& device, SessionId session, const std::string& word, Instant now);

// A transaction has used it.
void reservation_used(Device& device, int64_t device_number, Instant now);
// The station has let it go by itself, expired or removed: if it is still wanted, it is asked for again after a while.
void reservation_lost(Device& device, int64_t device_number, Instant now);
// Something changed at that EVSE: what was refused there is tried again at once.
void try_again(Device& device, uint16_t evse);
// The station has told the transaction's id: a stop that was wanted can be made now.
void stop_again(Device& device, SessionId session);
// A new link: nothing is certain any more.
void doubt(Device& device);

}  // namespace bayward::stations
