// One look at the bays (E4): which are asked for a picture, what came of it, and what a person is told. Pure: the
// cameras and the clock are LookDesk's. One thread at a time.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "ports/camera.h"
#include "site/lan/bay_states.h"
#include "site/lan/picture_place.h"
#include "site/occupancy/detector.h"
#include "site/occupancy/picture.h"

namespace bayward::site {

struct BayCamera {
  std::string camera;
  BayView view;
};
using BayCameras = std::map<BayId, BayCamera>;

// What is known of an idle bay's picture. In the order in which bays are offered.
enum class Offer : uint8_t {
  seen_free,   // its station says idle and the picture is empty
  not_seen,    // idle, but there is no picture to judge; the reason says why
  unsure,      // idle, and the detector cannot tell: the person looks at the picture
  seen_taken,  // idle, but something stands there: shown, never offered
};

constexpr std::string_view to_text(Offer offer) {
  constexpr std::string_view words[] = {"seen_free", "not_seen", "unsure", "seen_taken"};
  return words[static_cast<size_t>(offer)];
}

struct BaySeen {
  BayState state;
  Offer offer = Offer::not_seen;
  Verdict verdict;
  std::string reason;   // why there is no picture to judge: the camera's or the decoder's word; or ""
  std::string picture;  // id of the picture; or ""
};

struct ShownPicture {
  BayId bay;
  Place place;
  PictureBytes jpeg;  // the bay alone: no neighbour's car
};

struct Looked {
  Instant at{};
  std::vector<BaySeen> bays;                        // idle ones, by offer, then in the garage's order
  std::vector<BayState> others;                     // neither idle nor asked
  std::map<std::string, ShownPicture> pictures;     // by id
  std::map<std::string, std::string> cameras_gone;  // name to reason
};

// Gathers the pictures of one look.
class Look {
 public:
  // Only cameras that see an idle bay are asked, each once.
  Look(std::vector<BayState> states, const BayCameras& cameras, Instant deadline);

  const std::vector<std::string>& cameras() const { return cameras_; }
  // A second answer of a camera, or one of a camera that was not asked, is ignored.
  void took(std::string_view camera, Result<PictureBytes> picture);
  // Everything is there, or the time is over: cameras that are missing now are gone.
  bool complete(Instant now) const { return pictures_.size() == cameras_.size() || now >= deadline_; }

  const std::vector<BayState>& states() const { return states_; }
  // Null: it did not answer in time.
  const Result<PictureBytes>* picture(std::string_view camera) const;

 private:
  std::vector<BayState> states_;
  std::vector<std::string> cameras_;
  std::map<std::string, Result<PictureBytes>, std::less<>> pictures_;
  Instant deadline_;
};

// Slow: decodes and judges. `detector` may learn on the way: a bay without a reference whose own sensor says "no
// vehicle" gives its first one, and a bay that is surely empty keeps its reference fresh.
class ReferenceDetector;
struct Judged {
  Looked looked;
  std::vector<BayId> learnt;    // have a first reference now
  std::vector<BayId> followed;  // have a fresher one
};
Judged judge(const Look& look, const BayCameras& cameras, ReferenceDetector& detector, Instant now);

}  // namespace bayward::site
