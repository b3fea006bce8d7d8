// A hit of the watch list with what the vault knows of it: the orders of one desk and the plate as it was read. Any
// thread.
#pragma once

#include <string_view>
#include <vector>

#include "connectors/police/viid_words.h"
#include "ports/alarm_channel.h"
#include "ports/vault.h"

namespace bayward::police {

struct HitTold {
  std::vector<HitNotice> orders;  // none: all have ended, or are other desks'
  Sighting seen;
};
// Fails when the vault can't be read.
Result<HitTold> hit_of(Vault& vault, std::string_view desk, const AlarmMessage& message);

// "Rosenhof, B1-017 (-1)".
std::string place_text(const AlarmPlace& place);

}  // namespace bayward::police
