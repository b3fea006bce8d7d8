// Pictures from cameras: untrusted bytes in, bounded pixels out, and clean JPEG for people. Pure; any thread.
#pragma once

#include <array>
#include <opencv2/core/mat.hpp>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ports/camera.h"

namespace bayward::site {

struct PictureSize {
  int width_px = 0;
  int height_px = 0;
};

// What the header says, read without decoding anything. JPEG (baseline, extended, progressive) and PNG only; anything
// else, and what is over limits::picture_bytes, picture_side_px or picture_pixels, gets a reason.
Result<PictureSize> picture_size(std::string_view bytes);

// 8-bit BGR. A picture that is cut off or does not decode to its own size is refused. No metadata is looked at.
Result<cv::Mat> decode_picture(std::string_view bytes);

// JPEG of 8-bit BGR or grey, its longest side at most `side_px`: only pixels, none of the camera's metadata.
PictureBytes encode_jpeg(const cv::Mat& picture, int64_t side_px);

// Where a bay's ground and the space above it are in its camera's picture: near left, near right, far right, far left
// as the car drives in, in ten-thousandths of width and height, so that another resolution changes nothing.
struct BayView {
  struct Corner {
    int x_e4 = 0;
    int y_e4 = 0;
  };
  std::array<Corner, 4> corners{Corner{0, 10000}, Corner{10000, 10000}, Corner{10000, 0}, Corner{0, 0}};
};

// The corners lie inside the picture and span a convex area of at least 1 % of it; otherwise a reason.
Status check_view(const BayView& view);

inline constexpr int patch_width_px = 96;
inline constexpr int patch_height_px = 160;
// The bay alone, straightened to patch_width_px by patch_height_px, 8-bit BGR. The view was checked.
cv::Mat bay_patch(const cv::Mat& picture, const BayView& view);

}  // namespace bayward::site
