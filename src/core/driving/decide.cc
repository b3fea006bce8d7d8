#include "core/driving/decide.h"

#include <algorithm>

#include "base/limits.h"

namespace bayward::core {
namespace {

Failure<Refusal> refuse(Refusal refusal) {
  return {refusal};
}

Decision on(const Account& account, std::vector<Event> events, uint64_t subject) {
  return {StreamId::of(account.id), std::move(events), subject};
}

void apply(State&, Account& account, const DrivingConsentChanged& event, Instant at) {
  const uint32_t last = account.driving.last_accident;
  account.driving = {};
  account.driving.consented = event.consented;
  account.driving.changed_at = at;
  account.driving.last_accident = last;
}

void apply(State& state, Account& account, const AccidentRecorded& event, Instant) {
  DrivingRecord& driving = account.driving;
  driving.last_accident = event.accident.number;
  const auto later =
      std::upper_bound(driving.accidents.begin(), driving.accidents.end(), event.accident.expires_at,
                       [](Instant expires, const AccidentMark& other) { return expires < other.expires_at; });
  driving.accidents.insert(later, event.accident);
  state.watch({driving.due(), SiteId{}, DeadlineKind::accident, account.id.value});
}

void apply(State& state, Account& account, const AccidentForgotten& event, Instant) {
  DrivingRecord& driving = account.driving;
  std::erase_if(driving.accidents, [&](const AccidentMark& one) { return one.number == event.number; });
  if (driving.due() < far_future) {
    state.watch({driving.due(), SiteId{}, DeadlineKind::accident, account.id.value});
  }
}

void apply(State&, Account& account, const ParkingNoted& event, Instant) {
  std::vector<Side>& parked = account.driving.parked;
  parked.push_back(event.part);
  if (parked.size() > limits::parkings_known) parked.erase(parked.begin());
}

}  // namespace

Decided decide(const State& state, const Actor& actor, const SetDrivingConsent& command, Instant) {
  const Account* account = state.account(command.account);
  if (!account) return refuse(Refusal::unknown_account);
  // Nobody else can agree for a driver.
  if (actor.account != account->id) return refuse(Refusal::not_yours);
  std::vector<Event> events;
  if (account->driving.consented != command.consented) {
    for (const AccidentMark& one : account->driving.accidents) events.push_back(AccidentForgotten{one.number});
    events.push_back(DrivingConsentChanged{command.consented});
  }
  return on(*account, std::move(events), account->id.value);
}

Decided decide(const State& state, const Actor& actor, const RecordAccident& command, Instant now) {
  const Instant expires_at = command.happened_at + accident_counts_for;
  if (!command.plate || !command.reference || command.happened_at > now || expires_at <= now) {
    return refuse(Refusal::invalid);
  }
  const auto owner = state.account_of_plate.find(command.plate);
  const Account* account = owner == state.account_of_plate.end() ? nullptr : state.account(owner->second);
  if (!account || !account->driving.consented) return refuse(Refusal::no_consent);
  const DrivingRecord& driving = account->driving;
  const bool known = std::any_of(driving.accidents.begin(), driving.accidents.end(),
                                 [&](const AccidentMark& one) { return one.reference == command.reference; });
  if (known) return refuse(Refusal::already_exists);
  AccidentMark mark{driving.last_accident + 1, {}, command.reference, expires_at};
  for (const Vehicle& vehicle : account->vehicles) {
    if (vehicle.plate == command.plate) mark.vehicle = vehicle.id;
  }
  std::vector<Event> events;
  if (driving.accidents.size() >= limits::accidents_kept) {
    events.push_back(AccidentForgotten{driving.accidents.front().number});
  }
  events.push_back(AccidentRecorded{mark, actor.account});
  return on(*account, std::move(events), account->id.value << 32 | mark.number);
}

Decided decide(const State& state, const Actor& actor, const ReadAccidents& command, Instant) {
  const Account* account = state.account(command.account);
  if (!account) return refuse(Refusal::unknown_account);
  return on(*account, {AccidentsRead{actor.account}}, account->id.value);
}

Decided decide(const State& state, const Actor&, const NoteParking& command, Instant) {
  const Account* account = state.account(command.account);
  if (!account) return refuse(Refusal::unknown_account);
  std::vector<Event> events;
  if (account->driving.consented) events.push_back(ParkingNoted{command.booking, command.part});
  return on(*account, std::move(events), command.booking.value);
}

void forget_accidents(const Account& account, VehicleId vehicle, std::vector<Event>& events) {
  for (const AccidentMark& one : account.driving.accidents) {
    if (one.vehicle == vehicle) events.push_back(AccidentForgotten{one.number});
  }
}

std::vector<Event> pass_accidents(const Account& account, Instant now) {
  std::vector<Event> events;
  for (const AccidentMark& one : account.driving.accidents) {
    if (one.expires_at <= now) events.push_back(AccidentForgotten{one.number});
  }
  return events;
}

std::optional<NoteParking> parking_to_note(const State& state, const Booking& booking) {
  const Account* account = state.account(booking.account);
  const Site* site = state.site(site_of(booking.id));
  if (!account || !account->driving.consented || !booking.visit || booking.end != BookingEnd::completed) {
    return std::nullopt;
  }
  return NoteParking{account->id, booking.id, site->map.part(Site::index(booking.bay))};
}

bool apply_to_driving(State& state, Account& account, const Event& event, Instant at) {
  return std::visit(
      [&](const auto& e) {
        if constexpr (requires { apply(state, account, e, at); }) {
          apply(state, account, e, at);
          return true;
        } else {
          return false;
        }
      },
      event);
}

}  // namespace bayward::core
