// EXIF as it may come back from outside: never more than a refusal, and what is accepted is a place.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "site/lan/picture_place.h"

using namespace bayward;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const bool ready = [] {
    site::prepare_picture_places();
    return true;
  }();
  BAYWARD_CHECK(ready);
  const auto place = site::read_place({reinterpret_cast<const char*>(data), size});
  if (place.ok()) {
    BAYWARD_CHECK(site::valid_place(place->shifted));
    BAYWARD_CHECK(site::valid_place(site::unshift_place(place->shifted, "secret", place->picture_id)));
  }
  return 0;
}
