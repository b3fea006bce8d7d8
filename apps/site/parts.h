// What main.cc puts together, where it takes more than a line. All on the io thread.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "config.h"
#include "garage_wiring.h"
#include "net/io.h"
#include "net/tls.h"
#include "site/authority/book_store.h"
#include "site/authority/controller.h"
#include "site/lan/bay_board.h"
#include "site/uplink/uplink.h"
#include "site_clock.h"

namespace bayward {

// Sockets to the platform. `config` and `io` outlive what it returns.
uplink::Dial dial_upstream(net::IoContext& io, const SiteConfig& config, const std::shared_ptr<net::TlsContext>& tls);

// The site's own station at the platform, with its book. None is configured: null.
struct Authority {
  std::unique_ptr<authority::SqliteBookStore> store;
  std::unique_ptr<authority::Controller> controller;
};
Result<Authority> open_authority(const SiteConfig& config, const std::string& run, SiteClock& time, uplink::Dial dial);

// What stations say of their bays goes on the garage's board, and what is booked or held of them. A guided car that a
// bay's sensor sees has arrived.
void hear(GarageProgram& garage, Clock& clock, std::string_view station, const ocpp::Dialect& dialect,
          const ocpp::CallFrame& call);
void show_holders(site::BayBoard& board, const authority::Controller& controller, Instant now);
// A booking that is over or was moved guides nobody any more; `known` is what the last call saw.
void end_guidance(site::Garage& garage, std::map<BookingId, BayId>& known, const authority::Controller& controller,
                  Instant now);
std::set<BayId> bays_with_car(site::BayBoard& board, Instant now);

}  // namespace bayward
