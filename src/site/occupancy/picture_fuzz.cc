// Whatever a camera may send: sizes are honest, and nothing else comes out than what bounds allow.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/limits.h"
#include "site/occupancy/picture.h"
#include "site/occupancy/reference_detector.h"

using namespace bayward;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Result<site::PictureSize> header = site::picture_size(bytes);
  // Large honest pictures only make the fuzzer slow.
  if (!header.ok() || header->width_px * header->height_px > 300'000) return 0;
  const Result<cv::Mat> picture = site::decode_picture(bytes);
  if (!picture.ok()) return 0;
  BAYWARD_CHECK(picture->cols == header->width_px && picture->rows == header->height_px);
  site::ReferenceDetector detector;
  const cv::Mat patch = site::bay_patch(*picture, {});
  if (detector.learn(BayId{1}, patch)) {
    BAYWARD_CHECK(detector.look(BayId{1}, patch).occupancy != site::Occupancy::occupied);
  }
  return 0;
}
