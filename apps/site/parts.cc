#include "parts.h"

#include <fstream>

#include "net/websocket_client.h"
#include "site/authority/near_bookings.h"
#include "site/uplink/hearing.h"

namespace bayward {
namespace {

net::WebSocketClientConfig upstream_of(const SiteConfig& config, const uplink::DialRequest& request,
                                       std::shared_ptr<net::TlsContext> tls) {
  net::WebSocketClientConfig out;
  out.host = config.upstream.host;
  out.port = config.upstream.port;
  out.tls = std::move(tls);
  out.target = config.upstream.path + "/" + percent_encode(request.identity);
  out.subprotocols = {request.subprotocol};
  out.credentials = BasicCredentials{request.identity, request.password};
  out.connect_timeout = 5s;
  return out;
}

}  // namespace

uplink::Dial dial_upstream(net::IoContext& io, const SiteConfig& config, const std::shared_ptr<net::TlsContext>& tls) {
  return [&io, &config, tls](const uplink::DialRequest& request, std::shared_ptr<WebSocketSession> session,
                             const uplink::Dialled& dialled) {
    net::connect_websocket(io, upstream_of(config, request, tls), std::move(session),
                           [dialled](const Result<std::string, net::WebSocketRefusal>& answer) {
                             if (answer) return dialled(*answer);
                             dialled(Failure{uplink::DialRefusal{answer.error().status, answer.error().reason}});
                           });
  };
}

Result<Authority> open_authority(const SiteConfig& config, const std::string& run, SiteClock& time, uplink::Dial dial) {
  Authority out;
  if (config.controller_identity.empty()) return out;
  authority::ControllerOptions options;
  options.identity = config.controller_identity;
  options.run = run;
  options.answer_timeout = config.by_the_clock(options.answer_timeout);
  options.retry_first = config.by_the_clock(options.retry_first);
  options.retry_max = config.by_the_clock(config.retry_max);
  options.time = &time;
  std::ifstream file(config.controller_password_file);
  if (!std::getline(file, options.password) || options.password.empty()) {
    return fail(config.controller_password_file.string() +
                ": the controller's password can't be read from its first line");
  }
  auto store = authority::SqliteBookStore::open(config.data_directory, config.controller_key_file);
  if (!store) return fail(store.error().message);
  auto book = (*store)->load();
  if (!book) return fail(book.error().message);
  out.store = *std::move(store);
  out.controller = std::make_unique<authority::Controller>(std::move(options), time.clock(), *out.store,
                                                           *std::move(book), std::move(dial));
  return out;
}

void hear(GarageProgram& garage, Clock& clock, std::string_view station, const ocpp::Dialect& dialect,
          const ocpp::CallFrame& call) {
  site::BayBoard& board = garage.bays();
  board.alive(station, clock.now());
  for (const uplink::Heard& heard : uplink::heard_in(dialect, call)) {
    const auto evse = static_cast<int>(heard.evse);
    if (heard.doing) board.heard(station, evse, *heard.doing, clock.now());
    if (!heard.vehicle) continue;
    board.sensed_at(station, evse, *heard.vehicle);
    const auto bay = board.bay_of(station, evse);
    if (bay && *heard.vehicle) garage.garage().arrived(*bay, clock.now());
  }
}
void show_holders(site::BayBoard& board, const authority::Controller& controller, Instant now) {
  for (const core::BriefedBay& bay : controller.book().briefing.bays) {
    board.taken(bay.bay, authority::held_until(controller.book(), bay.bay, now));
  }
}
void end_guidance(site::Garage& garage, std::map<BookingId, BayId>& known, const authority::Controller& controller,
                  Instant now) {
  std::map<BookingId, BayId> live;
  for (const site::CarToGuide& car : authority::all_claims(controller.book().briefing)) live[car.booking] = car.bay;
  for (const auto& [booking, bay] : known) {
    const auto still = live.find(booking);
    if (still == live.end() || still->second != bay) garage.guided_no_more(booking, now);
  }
  known = std::move(live);
}
std::set<BayId> bays_with_car(site::BayBoard& board, Instant now) {
  std::set<BayId> out;
  for (const site::BayState& bay : board.bays(now)) {
    const bool car = bay.sensed_vehicle == true || bay.doing == site::BayDoing::charging;
    if (car) out.insert(bay.bay);
  }
  return out;
}

}  // namespace bayward
