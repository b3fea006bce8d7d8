// Says whether a vehicle stands in a bay, by one picture. An interface, so that a trained detector can take the place
// of the first one; "unsure" is an honest answer of both.
#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <string>
#include <string_view>

#include "base/ids.h"

namespace bayward::site {

enum class Occupancy : uint8_t { empty, occupied, unsure };

constexpr std::string_view to_text(Occupancy occupancy) {
  constexpr std::string_view words[] = {"empty", "occupied", "unsure"};
  return words[static_cast<size_t>(occupancy)];
}

// Why a detector is unsure; `none` with the two other answers.
enum class Doubt : uint8_t { none, no_reference, too_dark, too_bright, blank, in_between };

constexpr std::string_view to_text(Doubt doubt) {
  constexpr std::string_view words[] = {"none", "no_reference", "too_dark", "too_bright", "blank", "in_between"};
  return words[static_cast<size_t>(doubt)];
}

struct Verdict {
  Occupancy occupancy = Occupancy::unsure;
  Doubt doubt = Doubt::none;
  int confidence_percent = 0;  // 50 to 99 for empty and occupied, 0 when unsure
};

// One thread at a time.
class Detector {
 public:
  virtual ~Detector() = default;
  // `patch` is what bay_patch() gives.
  virtual Verdict look(BayId bay, const cv::Mat& patch) = 0;
};

}  // namespace bayward::site
