#include "api/live/feed_item.h"

#include "api/handlers/lists.h"

namespace bayward::api {

using namespace core;

namespace {

std::string id_of(Position position, uint32_t n) {
  return std::to_string(position) + "." + std::to_string(n);
}

class Translator {
 public:
  Translator(const CommittedRecord& record, LiveIndex& live, Touched& touched)
      : record_(record), live_(live), touched_(touched) {}

  void translate(const StreamEvent& event) {
    site_ = event.stream.site();
    std::visit(*this, event.event);
    for (const Notice& notice : notices_of(event, live_)) tell(notice);
  }

  void operator()(const BookingRequested& event) { touch(event.bay); }
  void operator()(const BookingConfirmed& event) { booking(event.booking, BookingPhase::confirmed); }
  void operator()(const BookingExtended& event) { booking(event.booking, std::nullopt); }
  void operator()(const BookingAnnounced& event) { touch(event.booking); }
  void operator()(const BookingMoved& event) {
    touch(event.from);
    touch(event.to);
    booking(event.booking, std::nullopt);
  }
  void operator()(const BookingLeft& event) { booking(event.booking, BookingPhase::active); }
  void operator()(const BookingEnded& event) { booking(event.booking, BookingPhase::settling, event.end); }
  void operator()(const BookingSettled& event) { booking(event.booking, BookingPhase::closed); }
  void operator()(const VisitBegan& event) {
    touch(event.visit.bay);
    if (event.visit.booking) booking(event.visit.booking, BookingPhase::active);
  }
  void operator()(const VisitEnded& event) { touch(event.bay); }
  void operator()(const BayDefined& event) { touch(event.bay); }
  void operator()(const BayChanged& event) { touch(event.bay); }
  void operator()(const BayServiceChanged& event) { touch(event.bay); }
  void operator()(const BayOccupancyChanged& event) { touch(event.bay); }
  void operator()(const ConnectorStatusChanged& event) { touch(event.bay); }
  void operator()(const VehicleIdentified& event) { touch(event.bay); }
  void operator()(const WindowPublished& event) { touch(event.window.bay); }
  void operator()(const WindowExceptionSet& event) { touch(live_.bay_of(event.window)); }
  void operator()(const WindowWithdrawn& event) { touch(live_.bay_of(event.window)); }
  void operator()(const SiteRulesChanged&) { touched_.sites.push_back(site_); }
  void operator()(const ZoneUpdated&) { touched_.sites.push_back(site_); }
  void operator()(const StationLinkChanged& event) {
    JsonOut out = begin("station");
    out.field("station", event.station).field("site", site_of(event.station)).field("online", event.online);
    end("station", std::move(out), Audience::staff, site_of(event.station), {});
    for (const BayId bay : live_.bays_of(event.station)) touch(bay);
  }
  void operator()(const SessionStarted& event) {
    session(event.session, event.bay, event.booking, event.account, true);
  }
  void operator()(const SessionMetered& event) { session_known(event.session, true); }
  void operator()(const SessionStopped& event) { session_known(event.session, false); }
  void operator()(const IncidentOpened& event) { incident(event.incident, true); }
  void operator()(const IncidentReported& event) {
    touch(event.bay);
    changed(event.incident);
  }
  void operator()(const IncidentReraised& event) {
    for (const BayId bay : live_.bays_of(event.incident)) touch(bay);
    changed(event.incident);
  }
  void operator()(const IncidentAcknowledged& event) { changed(event.incident); }
  void operator()(const IncidentAssigned& event) { changed(event.incident); }
  void operator()(const IncidentEscalated& event) { changed(event.incident); }
  void operator()(const IncidentClosed& event) {
    for (const BayId bay : live_.bays_of(event.incident)) touch(bay);
    if (const auto known = live_.known_incident(event.incident)) incident(*known, false);
  }
  template <class Other>
  void operator()(const Other&) {}

  std::vector<FeedItem> items;

 private:
  JsonOut begin(std::string_view kind) const {
    JsonOut out;
    out.object().field("kind", kind).field("at", record_.at);
    return out;
  }
  void end(std::string_view kind, JsonOut out, Audience audience, SiteId site, AccountId account) {
    const auto n = static_cast<uint32_t>(items.size() + 1);
    const std::string data = out.end().take();
    items.push_back({record_.position, n, audience, site, account,
                     std::make_shared<const std::string>(event_frame(id_of(record_.position, n), kind, data))});
  }
  void touch(BayId bay) {
    if (bay) touched_.bays.push_back(bay);
  }
  void touch(BookingId booking) {
    if (const auto known = live_.known_booking(booking)) touch(known->bay);
  }
  void booking(BookingId id, std::optional<BookingPhase> phase, BookingEnd ended = BookingEnd::none) {
    const auto known = live_.known_booking(id);
    if (!known) return;
    touch(known->bay);
    JsonOut out = begin("booking");
    out.field("booking", id).field("account", known->account).field("bay", known->bay).field("site", site_of(id));
    out.field("phase", phase.value_or(known->phase)).name("end_reason");
    ended == BookingEnd::none ? out.null() : out.value(ended);
    out.field("start", known->span.start).field("end", known->span.end);
    end("booking", std::move(out), Audience::holder_and_staff, site_of(id), known->account);
  }
  void session_known(SessionId id, bool open) {
    if (const auto known = live_.known_session(id)) session(id, known->bay, known->booking, known->account, open);
  }
  void session(SessionId id, BayId bay, BookingId of, AccountId account, bool open) {
    touch(bay);
    const auto known = live_.known_session(id);
    JsonOut out = begin("session");
    out.field("session", id).field("bay", bay).field("booking", of).field("site", site_of(id)).field("open", open);
    out.field("energy_wh", WattHours{known ? known->latest_milliwh - known->start_milliwh : 0});
    end("session", std::move(out), Audience::holder_and_staff, site_of(id), account);
  }
  void changed(IncidentId id) {
    if (const auto known = live_.known_incident(id)) incident(*known, !known->over());
  }
  void incident(const Incident& incident, bool open) {
    if (incident.kind == IncidentKind::watch_list) return;  // for the police desk alone (B5)
    touch(incident.bay);
    JsonOut out = begin("incident");
    out.field("incident", incident.id).field("site", site_of(incident.id)).field("open", open);
    out.field("incident_kind", incident.kind).field("bay", incident.bay).field("booking", incident.booking);
    out.field("severity", to_text(incident.severity)).field("acknowledged", bool{incident.acknowledged_by});
    out.field("level", incident.level);
    end("incident", std::move(out), Audience::staff, site_of(incident.id), {});
  }
  void tell(const Notice& notice) {
    JsonOut out = begin("notice");
    write(out, notice);
    const Audience audience = notice.for_property() ? Audience::staff : Audience::account_only;
    end("notice", std::move(out), audience, notice.site, notice.account);
  }

  const CommittedRecord& record_;
  LiveIndex& live_;
  Touched& touched_;
  SiteId site_;  // whose stream the event is of
};

}  // namespace

std::vector<FeedItem> items_of(const CommittedRecord& record, LiveIndex& live, Touched& touched) {
  Translator translator(record, live, touched);
  for (const StreamEvent& event : record.events) translator.translate(event);
  return std::move(translator.items);
}

std::string bay_message(Instant at, const BayView& view) {
  JsonOut out;
  out.object().field("kind", "bay").field("at", at).name("bay_now");
  write(out, view, false);
  return out.end().take();
}

FeedItem bay_item(Position position, uint32_t n, BayId bay, std::string_view message) {
  const std::string id = id_of(position, n);
  return {position,     n,  Audience::everyone,
          site_of(bay), {}, std::make_shared<const std::string>(event_frame(id, "bay", message))};
}

}  // namespace bayward::api
