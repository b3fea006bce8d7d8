#include "core/evolve.h"

#include "base/check.h"
#include "core/account/apply.h"
#include "core/booking/apply.h"
#include "core/claim/decide.h"
#include "core/driving/decide.h"
#include "core/incident/apply.h"
#include "core/office/decide.h"
#include "core/site/apply.h"
#include "core/watch/decide.h"

namespace bayward::core {

void evolve(State& state, StreamId stream, const Event& event, Instant at) {
  if (stream.kind == StreamKind::platform) return apply_to_watch(state, event);
  if (stream.kind == StreamKind::account) {
    if (const auto* opened = std::get_if<AccountOpened>(&event)) {
      open_account(state, *opened);
    } else if (Account& account = state.account(stream.account()); !apply_to_driving(state, account, event, at)) {
      apply_to_account(state, account, event, at);
    }
    ++state.account(stream.account()).sequence;
    return;
  }
  if (const auto* defined = std::get_if<SiteDefined>(&event)) {
    define_site(state, *defined, at);
  } else {
    Site& site = state.site(stream.site());
    if (!apply_to_site(state, site, event, at) && !apply_to_incident(state, site, event, at) &&
        !apply_to_office(site, event, at) && !apply_to_claims(site, event)) {
      apply_to_booking(state, site, event, at);
    }
  }
  ++state.site(stream.site()).sequence;
}

}  // namespace bayward::core
