#include "sim/town/cameras.h"

#include <algorithm>

#include "sim/picture/bay_picture.h"

namespace bayward::town {
namespace {

constexpr double emergency_light = 0.35;
constexpr int64_t picture_every_ms = 500;  // of the town's time: two looks within it are the same picture

}  // namespace

std::optional<PictureBytes> look_at(Street& street, Field& field, std::string_view label, Instant now) {
  const auto& places = street.places();
  const auto place =
      std::find_if(places.begin(), places.end(), [&](const Place& candidate) { return candidate.label == label; });
  if (place == places.end()) return std::nullopt;
  picture::BayScene scene;
  scene.label = place->label;
  scene.moment = static_cast<uint64_t>(unix_ms(now) / picture_every_ms);
  scene.light = field.mains().volts(now)[0] > 0 ? 1.0 : emergency_light;
  if (const OwnBay* bay = field.find(label)) {
    const BayBody& body = bay->body();
    if (!body.camera_on) return std::nullopt;
    scene.smoke_percent_per_m = field.smoke_at(*bay);
    if (body.occupied()) scene.car = picture::look_of(body.plate());
    if (scene.car) scene.car->hazard_lights = body.faults.hazard_lights && scene.moment % 2 == 0;
  } else if (place->stands) {
    scene.car = picture::look_of(place->car);
  }
  return picture::draw_bay(scene);
}

}  // namespace bayward::town
