// What a bay's camera sees, drawn: floor, lines, wall with the bay's label, lamp light, a car of some shape and colour
// with its plate, smoke, the sensor's noise. The camera hangs over the lane and looks into the bay. The same scene
// gives the same bytes. Any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "ports/camera.h"
#include "sim/picture/plate.h"
#include "site/occupancy/picture.h"

namespace bayward::picture {

enum class CarShape : uint8_t { saloon, hatchback, van };

struct CarLook {
  CarShape shape = CarShape::saloon;
  std::array<uint8_t, 3> rgb{60, 70, 150};
  std::string plate;
  PlateStyle style = PlateStyle::europe;
  bool backed_in = false;      // its front is towards the camera
  double aside_m = 0;          // right of the bay's middle
  double deep_m = 0;           // further in than usual
  bool hazard_lights = false;  // lit in this picture
  friend bool operator==(const CarLook&, const CarLook&) = default;
};
// The look that always goes with this plate.
CarLook look_of(const std::string& plate);

struct BayScene {
  std::string label;
  std::optional<CarLook> car;
  double light = 1;  // 0.3: emergency light only; 1: all lamps
  double smoke_percent_per_m = 0;
  uint64_t moment = 1;  // noise and small movements of the light differ by it
};

inline constexpr int picture_width_px = 640;
inline constexpr int picture_height_px = 480;

PictureBytes draw_bay(const BayScene& scene);

// Where the bay is in those pictures.
site::BayView bay_view();

}  // namespace bayward::picture
