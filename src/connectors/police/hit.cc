#include "connectors/police/hit.h"

#include "ports/plate_prints.h"

namespace bayward::police {

std::string place_text(const AlarmPlace& place) {
  std::string out = place.site_name;
  if (!place.bay_label.empty()) out += ", " + place.bay_label;
  if (!place.level.empty()) out += " (" + place.level + ")";
  return out;
}

Result<HitTold> hit_of(Vault& vault, std::string_view desk, const AlarmMessage& message) {
  HitTold out;
  for (const core::WatchHit& hit : message.hits) {
    auto kept = vault.get({{}, VaultKind::watch_order, hit.order.value});
    if (!kept) return fail("the vault can't be read: " + kept.error().message);
    const auto order = *kept ? parse_order_text(**kept) : std::nullopt;
    if (!order || order->desk != desk) continue;
    out.orders.push_back({order->disposition_id, order->title, hit.score, place_text(message.place)});
  }
  out.seen.at = message.opened_at;
  out.seen.number = number_in_site(message.incident);
  out.seen.bay = place_text(message.place);
  // The hit's own copy; just after it began, or after a crash, the bay's last reading if it is the same plate still.
  for (const VaultKey& key : {VaultKey{{}, VaultKind::plate_hit, message.incident.value},
                              VaultKey{{}, VaultKind::plate_read, message.place.bay.value}}) {
    auto plate = vault.get(key);
    if (!plate) return fail("the vault can't be read: " + plate.error().message);
    if (!*plate || plate_prints(vault, **plate).exact != message.vehicle) continue;
    out.seen.plate = **plate;
    break;
  }
  return out;
}

}  // namespace bayward::police
