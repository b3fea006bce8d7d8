// A camera that gives single pictures, and one that reads plates. Drivers translate and never decide; who asks bounds
// the wait himself and treats whatever comes as untrusted bytes.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace bayward {

// As the camera sent it: unchecked (site/occupancy/picture.h decodes it in bounds).
using PictureBytes = std::string;

class Camera {
 public:
  using Taken = std::function<void(Result<PictureBytes>)>;

  virtual ~Camera() = default;
  // Takes one picture with the camera of that name. `taken` is called at most once, from any thread, possibly before
  // this returns; a failure says in plain words what is wrong with the camera. After `limit` nobody listens any more.
  virtual void take(std::string_view camera, Duration limit, Taken taken) = 0;
};

// What a plate camera says: unchecked text.
struct PlateReading {
  std::string camera;  // which one: an entrance has a name
  std::string plate;
  int confidence_percent = 0;
  Instant at{};
};

}  // namespace bayward
