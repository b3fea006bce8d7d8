// The first detector: compares a bay with its own empty reference. One thread.
//
// Light is divided out: each pixel is taken relative to its surroundings, so a picture twice as bright or half as dark
// is the same picture. Two independent witnesses must agree. Blocks: in how many of the 60 blocks of the patch the
// texture (or, where there is none, the colour) is not the reference's any more. Edges: how much of the patch has an
// edge where the reference has none. Many of both: occupied. Few of both: empty. Anything else: unsure, never a guess.
//
// Stated limits (kept by its tests): brightness 0.35 to 1.7 times the reference's, one hard shadow across the bay down
// to 45 % of the light, sensor noise of 4 grey levels, a camera moved by 1 pixel of the patch. Beyond them it may be
// unsure. A thing smaller than a fifth of the bay is "unsure" or not seen. It tells that something stands there, not
// that it is a car.
#pragma once

#include <map>
#include <opencv2/core/mat.hpp>

#include "site/occupancy/detector.h"

namespace bayward::site {

// The two witnesses, in ten-thousandths of the patch.
struct Witnesses {
  int changed_blocks_e4 = 0;
  int new_edges_e4 = 0;
};

class ReferenceDetector : public Detector {
 public:
  // From now on this is what the empty bay looks like. False: the patch is too dark, too bright or blank to be one.
  bool learn(BayId bay, const cv::Mat& patch);
  // The bay was surely empty in this picture: its slow changes (season, stains, paint) go into the reference. Call it
  // only when the verdict was a confident "empty" and the bay's own sensor agrees; it does nothing on a lesser verdict.
  void follow(BayId bay, const cv::Mat& patch);
  void forget(BayId bay) { references_.erase(bay); }

  Verdict look(BayId bay, const cv::Mat& patch) override;

  // 8-bit BGR; null: there is none.
  const cv::Mat* reference(BayId bay) const;

 private:
  std::map<BayId, cv::Mat> references_;
};

// For tests and for setting a camera up: both are patches.
Witnesses compare(const cv::Mat& reference, const cv::Mat& patch);

}  // namespace bayward::site
