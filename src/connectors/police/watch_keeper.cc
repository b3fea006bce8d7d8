#include "connectors/police/watch_keeper.h"

#include <memory>
#include <utility>

#include "connectors/police/hit.h"
#include "ports/log.h"

namespace bayward::police {

WatchKeeper::WatchKeeper(Ports ports, std::vector<Desk> desks) : ports_(std::move(ports)), desks_(std::move(desks)) {
  ports_.engine.subscribe([this](const CommittedRecord& record) { hear(record); });
}

void WatchKeeper::start() {
  const auto open = std::make_shared<std::vector<IncidentId>>();
  ports_.engine.ask(
      [open](const core::State& state, Instant) {
        for (uint64_t number = 1; number <= state.site_count(); ++number) {
          state.site(SiteId{number})->incidents.for_each([&](const core::Incident& one) {
            if (one.kind == core::IncidentKind::watch_list) open->push_back(one.id);
          });
        }
      },
      [this, open] { ports_.post([this, open] { hits_.insert(open->begin(), open->end()); }); }, [] {});
}

void WatchKeeper::hear(const CommittedRecord& record) {
  uint32_t number = static_cast<uint32_t>(record.position);
  for (const StreamEvent& heard : record.events) {
    if (const auto* opened = std::get_if<core::IncidentOpened>(&heard.event)) {
      if (opened->incident.kind != core::IncidentKind::watch_list) continue;
      ports_.post([this, id = opened->incident.id, bay = opened->incident.bay] { keep_hit(id, bay); });
    } else if (const auto* closed = std::get_if<core::IncidentClosed>(&heard.event)) {
      ports_.post([this, id = closed->incident] {
        if (hits_.erase(id) != 0) forget({{}, VaultKind::plate_hit, id.value});
      });
    } else if (const auto* ended = std::get_if<core::WatchOrderEnded>(&heard.event)) {
      ports_.post([this, id = ended->order] { forget({{}, VaultKind::watch_order, id.value}); });
    } else if (const auto* looked = std::get_if<core::PlateLookedUp>(&heard.event)) {
      if (!desks_.empty()) ports_.post([this, look = *looked, number] { tell(look, number); });
    } else if (const auto* moved = std::get_if<core::BayOccupancyChanged>(&heard.event); moved && !moved->occupied) {
      ports_.post([this, bay = moved->bay] {
        forget({{}, VaultKind::plate_read, bay.value});
        forget(picture_key(bay));
      });
    }
  }
}

void WatchKeeper::keep_hit(IncidentId incident, BayId bay) {
  hits_.insert(incident);
  const auto plate = ports_.vault.get({{}, VaultKind::plate_read, bay.value});
  if (!plate || !*plate) return;
  const Status kept = ports_.vault.put({{{}, VaultKind::plate_hit, incident.value}, **plate, {}});
  if (!kept) log::error("police.plate_not_kept", {{"why", kept.error().message}});
}

void WatchKeeper::forget(const VaultKey& key) {
  // Erasing rewrites the vault's log: not for what isn't there.
  const auto kept = ports_.vault.get(key);
  if (kept && !*kept) return;
  const Status gone = ports_.vault.remove(key);
  if (!gone) log::error("police.not_erased", {{"why", gone.error().message}});
}

void WatchKeeper::tell(const core::PlateLookedUp& look, uint32_t number) {
  const auto plate = ports_.vault.get({{}, VaultKind::plate_read, look.bay.value});
  if (!plate || !*plate) return;  // it has left already
  const auto sighting = std::make_shared<Sighting>();
  sighting->plate = **plate;
  sighting->at = look.at;
  sighting->number = number;
  ports_.engine.ask(
      [sighting, id = look.bay](const core::State& state, Instant) {
        const core::Site* site = state.site(site_of(id));
        const core::Bay* bay = site ? site->bay(id) : nullptr;
        if (!bay) return;
        AlarmPlace place;
        place.site_name = site->name;
        place.bay_label = bay->info.label;
        place.level = bay->info.level;
        sighting->bay = place_text(place);
      },
      [this, sighting, look] {
        ports_.post([this, sighting, look] {
          for (const Desk& desk : desks_) give(desk, *sighting, look);
        });
      },
      [] {});
}

std::optional<PlatePicture> WatchKeeper::picture_of(BayId bay, std::string_view plate) {
  const auto row = ports_.vault.get(picture_key(bay));
  if (!row) log::error("vault.unreadable", {{"what", "picture"}, {"why", row.error().message}});
  auto picture = row && *row ? parse_picture(**row) : std::nullopt;
  return picture && picture->plate == plate ? picture : std::nullopt;
}

// A pass without a picture is no evidence of more than what the look-up's own record says.
void WatchKeeper::give(const Desk& desk, const Sighting& sighting, const core::PlateLookedUp& look) {
  auto picture = desk.pictures ? picture_of(look.bay, sighting.plate) : std::nullopt;
  if (!picture) return desk.seen(sighting);
  auto with = std::make_shared<Sighting>(sighting);
  with->jpeg = std::move(picture->jpeg);
  Envelope envelope;
  envelope.command = core::GivePicture{look.bay, look.plate.exact, picture->taken_at, desk.name};
  ports_.engine.submit(std::move(envelope), [this, &desk, with](const Outcome& recorded) {
    ports_.post([&desk, with, on_record = recorded.ok()] {
      // What can't be put on record doesn't go out.
      if (!on_record) with->jpeg.clear();
      desk.seen(*with);
    });
  });
}

void WatchKeeper::erase_old(Instant now) {
  const auto kept = ports_.vault.find(VaultKind::plate_picture, all_pictures(ports_.vault));
  if (!kept) return log::error("vault.unreadable", {{"what", "pictures"}, {"why", kept.error().message}});
  for (const VaultKey& key : *kept) {
    const auto row = ports_.vault.get(key);
    const auto picture = row && *row ? parse_picture(**row) : std::nullopt;
    if (!picture || picture->taken_at + plate_picture_kept <= now || picture->taken_at > now + plate_picture_kept) {
      forget(key);
    }
  }
}

}  // namespace bayward::police
