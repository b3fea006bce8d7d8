#include "stations/reconcile.h"

#include <algorithm>

namespace bayward::stations {
namespace {

constexpr Duration first_retry{15s};
constexpr Duration last_retry{5min};
constexpr Duration stop_patience{60s};  // an accepted stop that has no effect is asked for again
constexpr Duration use_patience{60s};   // a start that was none after all gives the reservation back

void back_off(Patience& patience, Instant now) {
  Duration wait = first_retry;
  for (int i = 0; i < patience.tries && wait < last_retry; ++i) wait *= 2;
  patience.retry_at = now + std::min(wait, last_retry);
  ++patience.tries;
}

bool same(const WantedReservation& a, const WantedReservation& b) {
  return a.booking == b.booking && a.evse == b.evse && a.expiry == b.expiry;
}

template <class List, class Id>
auto find(List& list, Id id) {
  return std::find_if(list.begin(), list.end(), [&](const auto& entry) {
    if constexpr (requires { entry.as_asked; }) {
      return entry.as_asked.booking == id;
    } else if constexpr (requires { entry.session; }) {
      return entry.session == id;
    } else {
      return entry.booking == id;
    }
  });
}

void drop_unwanted(const Wanted& wanted, Device& device, Instant now, std::vector<Due>& due) {
  std::erase_if(device.reservations, [&](DeviceReservation& known) {
    if (find(wanted.reservations, known.as_asked.booking) != wanted.reservations.end()) return false;
    if (known.as_asked.expiry <= now || known.holding == Holding::used) return true;  // the station has dropped it
    if (known.holding == Holding::refused && !known.may_be_there) return true;
    if (known.holding == Holding::asked || known.holding == Holding::cancelling) return false;
    if (known.patience.retry_at > now) return false;
    known.holding = Holding::cancelling;
    due.push_back(CancelReservation{known.as_asked.booking});
    return false;
  });
  std::erase_if(device.starts,
                [&](const DeviceStart& known) { return find(wanted.starts, known.booking) == wanted.starts.end(); });
  std::erase_if(device.stops,
                [&](const DeviceStop& known) { return find(wanted.stops, known.session) == wanted.stops.end(); });
}

void want_reservations(const Wanted& wanted, Device& device, Instant now, std::vector<Due>& due) {
  for (const WantedReservation& what : wanted.reservations) {
    if (what.expiry <= now) continue;
    auto known = find(device.reservations, what.booking);
    if (known == device.reservations.end()) {
      device.reservations.push_back({what, Holding::unsure, false, {}, {}});
      known = std::prev(device.reservations.end());
    }
    if (known->holding == Holding::asked || known->holding == Holding::cancelling) continue;
    if (known->holding == Holding::held && same(known->as_asked, what)) continue;
    if (known->patience.retry_at > now && same(known->as_asked, what)) continue;
    known->as_asked = what;
    known->holding = Holding::asked;
    due.push_back(Reserve{what});
  }
}

}  // namespace

std::vector<Due> reconcile(const Wanted& wanted, Device& device, Instant now) {
  std::vector<Due> due;
  drop_unwanted(wanted, device, now, due);
  want_reservations(wanted, device, now, due);
  for (const WantedStart& what : wanted.starts) {
    if (what.until <= now) continue;
    auto known = find(device.starts, what.booking);
    if (known == device.starts.end()) {
      device.starts.push_back({what.booking, what.until, false, {}});
      known = std::prev(device.starts.end());
    }
    if (known->until != what.until) *known = {what.booking, what.until, false, {}};  // the driver has asked again
    if (known->asked || known->patience.retry_at > now) continue;
    known->asked = true;
    due.push_back(StartCharging{what});
  }
  for (const WantedStop& what : wanted.stops) {
    auto known = find(device.stops, what.session);
    if (known == device.stops.end()) {
      device.stops.push_back({what.session, false, {}});
      known = std::prev(device.stops.end());
    }
    if (known->asked || known->patience.retry_at > now) continue;
    known->asked = true;
    due.push_back(StopCharging{what});
  }
  return due;
}

void reserve_ended(Device& device, BookingId booking, const std::string& word, Instant now) {
  const auto known = find(device.reservations, booking);
  if (known == device.reservations.end()) return;
  if (word == "Accepted") {
    known->holding = Holding::held;
    known->may_be_there = true;
    known->patience = {};
    return;
  }
  // Silence may mean that it is held after all: it is not forgotten before its expiry or a cancellation.
  known->holding = word.empty() ? Holding::unsure : Holding::refused;
  known->may_be_there |= word.empty();
  known->answer = word.empty() ? "no answer" : word;
  back_off(known->patience, now);
}

void cancel_ended(Device& device, BookingId booking, const std::string& word, Instant now) {
  const auto known = find(device.reservations, booking);
  if (known == device.reservations.end()) return;
  // Rejected: the station has no such reservation (OCPP 1.6 5.2, 2.0.1 H02.FR.01).
  if (word == "Accepted" || word == "Rejected") {
    device.reservations.erase(known);
    return;
  }
  known->holding = Holding::unsure;
  back_off(known->patience, now);
}

void start_ended(Device& device, BookingId booking, const std::string& word, Instant now) {
  const auto known = find(device.starts, booking);
  if (known == device.starts.end() || word == "Accepted") return;
  known->asked = false;
  back_off(known->patience, now);
}

void stop_ended(Device& device, SessionId session, const std::string& word, Instant now) {
  const auto known = find(device.stops, session);
  if (known == device.stops.end()) return;
  known->asked = false;
  back_off(known->patience, now);
  if (word == "Accepted") known->patience.retry_at = now + stop_patience;
}

void reservation_used(Device& device, int64_t number, Instant now) {
  for (DeviceReservation& known : device.reservations) {
    if (device_number(number_in_site(known.as_asked.booking)) != number || known.holding == Holding::asked) continue;
    known.holding = Holding::used;
    known.may_be_there = false;
    known.patience.retry_at = now + use_patience;
  }
}

void reservation_lost(Device& device, int64_t number, Instant now) {
  for (DeviceReservation& known : device.reservations) {
    const bool this_one = device_number(number_in_site(known.as_asked.booking)) == number;
    if (!this_one || known.holding != Holding::held) continue;
    known.holding = Holding::refused;
    known.may_be_there = false;
    known.answer = "ended by the station";
    back_off(known.patience, now);
  }
}

void try_again(Device& device, uint16_t evse) {
  for (DeviceReservation& known : device.reservations) {
    if (known.as_asked.evse == evse && known.holding == Holding::refused) known.patience.retry_at = {};
  }
}

void stop_again(Device& device, SessionId session) {
  std::erase_if(device.stops, [&](const DeviceStop& known) { return known.session == session && !known.asked; });
}

void doubt(Device& device) {
  for (DeviceReservation& known : device.reservations) {
    known.holding = Holding::unsure;
    known.patience = {};
  }
  device.starts.clear();
  device.stops.clear();
}

}  // namespace bayward::stations
