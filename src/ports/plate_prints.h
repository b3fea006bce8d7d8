// The keyed fingerprints by which a plate is compared with the watch lists (core/watch/watch.h), and the spelling under
// which look-alikes are one. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "core/watch/watch.h"
#include "ports/vault.h"

namespace bayward {

struct PlateSpelling {
  std::string alike;      // "京AD123O" → "京A01230": what cameras mix up made one
  std::string bare;       // without the province's character: "A01230"
  bool province = false;  // there is one
};

// Of a normalised plate (ports/normalise.h). O, Q, D and 0 are one, so are I, L and 1, Z and 2, S and 5, B and 8, G and
// 6; a province's character is itself in its traditional form, and as what it is often misread for.
PlateSpelling plate_spelling(std::string_view normalised);

core::PlatePrints plate_prints(const Vault& vault, std::string_view normalised);

}  // namespace bayward
