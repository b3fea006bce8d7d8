#include "sim/town/street.h"

#include <algorithm>

#include "net/websocket_client.h"
#include "sim/town/foreign_side.h"
#include "sim/town/speech.h"

namespace bayward::town {

Post& Street::add_post(OcppVersion version, ChargePointConfig config, const std::string& password) {
  const Speech& speech = version == OcppVersion::v16 ? speech_v16() : speech_v201();
  net::WebSocketClientConfig socket;
  socket.target = "/ocpp/" + percent_encode(config.identity);
  socket.subprotocols = {std::string(speech.dialect().subprotocol)};
  socket.credentials = BasicCredentials{config.identity, password};
  const auto dial = [&io = io_, &door = door_, socket](std::shared_ptr<WebSocketSession> session,
                                                       const std::function<void(std::string)>& failed) {
    net::WebSocketClientConfig there = socket;
    there.host = door.host;
    there.port = door.port;
    net::connect_websocket(io, there, std::move(session),
                           [failed](const Result<std::string, net::WebSocketRefusal>& connected) {
                             if (!connected) failed(connected.error().reason);
                           });
  };
  Post& post = posts_.emplace_back();
  post.identity = config.identity;
  post.point = std::make_unique<ChargePoint>(time_, std::move(config), speech, dial);
  post.point->changed = [&post] {
    for (BaySide* side : post.sides) side->changes.announce();
  };
  post.point->clock_told = clock_told;
  return post;
}

std::unique_ptr<BaySide> Street::side_of(Post& post, int32_t evse) {
  auto side = std::make_unique<ForeignSide>(*post.point, evse);
  post.sides.push_back(side.get());
  return side;
}

Place& Street::add_place(Place place) {
  Place& kept = places_.emplace_back(std::move(place));
  by_bay_[kept.bay] = &kept;
  return kept;
}

Place* Street::find(const std::string& bay) {
  const auto found = by_bay_.find(bay);
  return found == by_bay_.end() ? nullptr : found->second;
}

Place* Street::some_empty(uint64_t dice) {
  std::vector<Place*> empty;
  for (Place& place : places_) {
    if (place.car.empty()) empty.push_back(&place);
  }
  return empty.empty() ? nullptr : empty[dice % empty.size()];
}

void Street::switch_on() {
  for (Post& post : posts_) post.point->switch_on();
}

void Street::hang_up() {
  for (Post& post : posts_) post.point->link().hang_up();
}

bool Street::all_accepted() const {
  return std::all_of(posts_.begin(), posts_.end(), [](const Post& post) { return post.point->accepted(); });
}

bool Street::idle() const {
  return std::all_of(posts_.begin(), posts_.end(), [](const Post& post) { return post.point->link().idle(); });
}

size_t Street::online() const {
  return static_cast<size_t>(
      std::count_if(posts_.begin(), posts_.end(), [](const Post& post) { return post.point->link().up(); }));
}

StationLink::Counters Street::counters() const {
  StationLink::Counters sum;
  for (const Post& post : posts_) {
    const StationLink::Counters& one = post.point->link().counters();
    sum.connects += one.connects;
    sum.calls += one.calls;
    sum.errors += one.errors;
    sum.timeouts += one.timeouts;
    sum.overflows += one.overflows;
  }
  return sum;
}

}  // namespace bayward::town
