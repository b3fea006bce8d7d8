// Number plates as pictures: Chinese (green for new energy, blue), European, of the United States. Any thread.
#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <string_view>

namespace bayward::picture {

enum class PlateStyle : uint8_t { europe, china_blue, china_green, united_states };

// By how it reads: the province's character and six or five signs behind the letter, or Latin with or without a hyphen.
PlateStyle style_of(std::string_view plate);

// 8-bit BGR; 440 x 140, 520 x 110 or 300 x 150 as the real ones are. Provinces whose character we cannot draw get a
// box.
cv::Mat draw_plate(std::string_view plate, PlateStyle style);

}  // namespace bayward::picture
