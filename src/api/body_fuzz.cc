// Whatever arrives as a body or a path, the readers and the router come through.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "api/body.h"
#include "api/route.h"
#include "api/views/views.h"

using namespace bayward;
using namespace bayward::api;

namespace {

void read_all(std::string_view text) {
  Body body(text);
  Fields in = body.fields();
  (void)in.maybe_text("name", 1, 64);
  (void)in.maybe_id<BayId>("bay");
  (void)in.maybe_time("start");
  (void)in.maybe_energy("energy_wh");
  (void)in.maybe_word("connector", connector_words);
  if (in.has("destination")) (void)place_in(in, "destination");
  if (in.has("amount")) (void)in.money("amount");
  if (in.has("week")) (void)week_in(in, "week");
  (void)ranges_in(in, "ranges");
  if (auto rules = in.maybe_object("site_rules")) (void)rules_in(*rules);
  core::BayInfo info;
  bay_info_in(in, info, false);
  (void)tariff_in(in);
  in.finish();
  (void)body.wrong();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const Router router;
  (void)router.match(HttpMethod::get, text);
  (void)router.match(HttpMethod::post, text);
  (void)site_in_path(text);
  read_all(text);
  return 0;
}
