// What the handlers about one charging station share. Only they include it.
#pragma once

#include "api/handlers/handlers.h"
#include "ports/station_link.h"

namespace bayward::api {

// `then` runs when there is such a station.
template <class Then>
void with_station(const CallPtr& call, Then then) {
  const auto id = path_id<StationId>(call, 0, core::Refusal::unknown_station);
  if (!id) return;
  ask(
      call,
      [id = *id](const core::State& state, Instant) -> Seen<StationId> {
        const core::Site* site = state.site(site_of(id));
        if (!site || !site->station(id)) return Failure{core::Refusal::unknown_station};
        return id;
      },
      [then = std::move(then)](Call& answer, StationId station) { then(answer.shared_from_this(), station); });
}

// False: stations can't upload here, and the call was refused.
bool can_expect_upload(const CallPtr& call);
// On a worker: makes the place that the station uploads to, and says so in `order`. False: the call was refused.
bool expect_upload(const CallPtr& call, StationId station, FetchLog& order);

}  // namespace bayward::api
