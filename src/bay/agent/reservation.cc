// Reservations (OCPP 2.0.1 H; A4, A9): one at a time, kept through power loss, freed by itself when its time is over.
#include <algorithm>

#include "bay/agent/bay.h"
#include "bay/agent/json.h"
#include "bay/agent/messages.h"
#include "ports/log.h"

namespace bayward::bay {
namespace {

constexpr const char* stored_name = "reservation";

std::string to_json(const Reservation& reservation) {
  return to_text(fields({
      {"id", number(reservation.id)},
      {"token", text(reservation.holder.token)},
      {"type", text(std::string(v201::to_text(reservation.holder.type)))},
      {"group", text(reservation.holder.group)},
      {"plate", text(reservation.plate)},
      {"expiry", number(unix_ms(reservation.expiry))},
  }));
}

void save(Bay& bay) {
  std::optional<std::string> stored;
  if (bay.reservation) stored = to_json(*bay.reservation);
  bay.line.write({{stored_name, std::move(stored)}});
}

void forget(Bay& bay) {
  bay.reservation.reset();
  bay.holder_came = false;
  save(bay);
  tell_status(bay, false);
}

void tell_update(Bay& bay, int64_t id, v201::ReservationUpdateStatusEnumType status) {
  v201::ReservationStatusUpdateRequest request;
  request.reservation_id = id;
  request.reservation_update_status = status;
  bay.line.say(said(request, Said::Keep::yes));
}

}  // namespace

v201::ReserveNowStatusEnumType reserve(Bay& bay, Reservation reservation) {
  using Status = v201::ReserveNowStatusEnumType;
  if (!bay.safety.latched.empty()) return Status::faulted;
  if (!bay.operative) return Status::unavailable;
  const bool renewed = bay.reservation && bay.reservation->id == reservation.id;  // H01.FR.02
  if (bay.transaction || bay.sensed.plugged || (bay.reservation && !renewed)) return Status::occupied;
  if (reservation.expiry <= bay.time()) return Status::rejected;
  reservation.ends_up = bay.now.up + (reservation.expiry - bay.time());
  bay.reservation = std::move(reservation);
  bay.holder_came = false;
  bay.wrong_vehicle = false;
  save(bay);
  if (!bay.sensed.plate.empty()) vehicle_seen(bay, bay.sensed.plate);
  tell_status(bay, false);
  return Status::accepted;
}

bool cancel_reservation(Bay& bay, int64_t id) {
  if (!bay.reservation || bay.reservation->id != id) return false;
  const bool came = bay.holder_came;
  forget(bay);
  // Cancelled under a car: its booking has begun, or it has been moved away from the wrong one (A8).
  bay.holder_came = came || (bay.sensed.occupied == true && !bay.wrong_vehicle);
  return true;
}

void use_reservation(Bay& bay) {
  forget(bay);
}

void drive_reservation(Bay& bay) {
  if (!bay.reservation) return;
  const bool unusable =
      !bay.operative || !(bay.safety.latched & safety::with_remedy(safety::Remedy::inspection)).empty();
  if (bay.now.up < bay.reservation->ends_up && !unusable) return;
  const int64_t id = bay.reservation->id;
  log::info("bay.reservation_ended", {{"reservation", id}, {"unusable", unusable}});
  forget(bay);
  tell_update(bay, id,
              unusable ? v201::ReservationUpdateStatusEnumType::removed  // H04.FR.01
                       : v201::ReservationUpdateStatusEnumType::expired);
}

void recover_reservation(Bay& bay) {
  const auto stored = bay.store.value(stored_name);
  if (!stored) return;
  const auto json = ocpp::parse_json(*stored);
  if (!json) return;
  Reservation reservation;
  reservation.id = number_of(*json, "id");
  reservation.holder.token = text_of(*json, "token");
  reservation.holder.type =
      ocpp::from_text<v201::IdTokenEnumType>(text_of(*json, "type")).value_or(v201::IdTokenEnumType::central);
  reservation.holder.group = text_of(*json, "group");
  reservation.plate = text_of(*json, "plate");
  reservation.expiry = from_unix_ms(number_of(*json, "expiry"));
  // The clock may be wrong after a power cut, either way: the reservation stands for at most a day of uptime until the
  // central system tells the time.
  const Duration left = std::clamp<Duration>(reservation.expiry - bay.now.wall, 10min, 24h);
  reservation.ends_up = bay.now.up + left;
  bay.reservation = std::move(reservation);
}

}  // namespace bayward::bay
