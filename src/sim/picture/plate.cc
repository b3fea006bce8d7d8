#include "sim/picture/plate.h"

#include <algorithm>
#include <array>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

namespace bayward::picture {
namespace {

const cv::Scalar white(245, 245, 245);
const cv::Scalar black(20, 20, 20);

// Strokes in a square of 100 by 100; OpenCV's own letters are Latin only.
struct Glyph {
  std::string_view character;
  std::vector<std::vector<cv::Point>> strokes;
};
const std::vector<Glyph>& glyphs() {
  static const std::vector<Glyph> table = {
      {"京",
       {{{50, 2}, {50, 15}},
        {{8, 20}, {92, 20}},
        {{26, 34}, {74, 34}, {74, 58}, {26, 58}, {26, 34}},
        {{50, 58}, {50, 95}, {38, 88}},
        {{30, 68}, {12, 88}},
        {{70, 68}, {88, 88}}}},
      {"川", {{{22, 10}, {22, 60}, {8, 94}}, {{50, 12}, {50, 84}}, {{80, 8}, {80, 96}}}},
      {"沪",
       {{{10, 10}, {22, 20}},
        {{5, 36}, {17, 46}},
        {{4, 94}, {22, 62}},
        {{62, 2}, {67, 14}},
        {{36, 24}, {92, 24}, {92, 50}, {36, 50}},
        {{36, 24}, {36, 60}, {24, 96}}}},
  };
  return table;
}

size_t first_character_bytes(std::string_view text) {
  return !text.empty() && static_cast<uint8_t>(text.front()) >= 0xe0 ? std::min<size_t>(3, text.size()) : 0;
}

std::string latin_of(std::string_view text) {
  std::string out;
  for (const char c : text.substr(first_character_bytes(text))) {
    if (static_cast<uint8_t>(c) < 0x80) out += c;
  }
  return out;
}

void put_character(cv::Mat& plate, std::string_view character, cv::Rect box, const cv::Scalar& ink) {
  const auto& table = glyphs();
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const Glyph& glyph) { return glyph.character == character; });
  if (found == table.end()) return cv::rectangle(plate, box, ink, 5);
  for (const auto& stroke : found->strokes) {
    std::vector<cv::Point> line;
    line.reserve(stroke.size());
    for (const cv::Point& at : stroke)
      line.emplace_back(box.x + at.x * box.width / 100, box.y + at.y * box.height / 100);
    cv::polylines(plate, line, false, ink, 7, cv::LINE_AA);
  }
}

// As wide as the room, at most as high.
void put_latin(cv::Mat& plate, const std::string& text, cv::Rect room, const cv::Scalar& ink) {
  constexpr int font = cv::FONT_HERSHEY_DUPLEX;
  int below = 0;
  const cv::Size unit = cv::getTextSize(text, font, 1, 2, &below);
  const double scale = std::min(static_cast<double>(room.width) / std::max(1, unit.width),
                                static_cast<double>(room.height) / std::max(1, unit.height));
  const int thick = std::max(2, static_cast<int>(scale * 2.2));
  const cv::Size size = cv::getTextSize(text, font, scale, thick, &below);
  cv::putText(plate, text, {room.x + (room.width - size.width) / 2, room.y + (room.height + size.height) / 2}, font,
              scale, ink, thick, cv::LINE_AA);
}

cv::Mat chinese(std::string_view text, bool green) {
  cv::Mat plate(140, 440, CV_8UC3, cv::Scalar(160, 70, 10));
  for (int y = 0; green && y < plate.rows; ++y) {
    const double share = static_cast<double>(y) / plate.rows;
    plate.row(y) = cv::Scalar(240 - 160 * share, 245 - 40 * share, 240 - 150 * share);
  }
  const cv::Scalar& ink = green ? black : white;
  cv::rectangle(plate, {5, 5}, {434, 134}, ink, 3, cv::LINE_AA);
  put_character(plate, text.substr(0, first_character_bytes(text)), {18, 28, 58, 84}, ink);
  std::string latin = latin_of(text);
  const std::string town = latin.substr(0, std::min<size_t>(1, latin.size()));
  latin.erase(0, 1);
  put_latin(plate, town, {84, 26, 50, 88}, ink);
  cv::circle(plate, {148, 70}, 6, ink, -1, cv::LINE_AA);
  put_latin(plate, latin, {166, 26, 256, 88}, ink);
  return plate;
}

}  // namespace

PlateStyle style_of(std::string_view plate) {
  const size_t province = first_character_bytes(plate);
  if (province > 0) {
    const std::string latin = latin_of(plate);
    const auto signs = std::count_if(latin.begin(), latin.end(),
                                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
    return signs >= 7 ? PlateStyle::china_green : PlateStyle::china_blue;
  }
  // 7ABC123, as California writes it.
  const bool digit_first = !plate.empty() && plate.front() >= '0' && plate.front() <= '9';
  return digit_first ? PlateStyle::united_states : PlateStyle::europe;
}

cv::Mat draw_plate(std::string_view text, PlateStyle style) {
  if (style == PlateStyle::china_blue || style == PlateStyle::china_green)
    return chinese(text, style == PlateStyle::china_green);
  if (style == PlateStyle::united_states) {
    cv::Mat plate(150, 300, CV_8UC3, white);
    cv::rectangle(plate, {0, 0}, {299, 32}, cv::Scalar(150, 60, 30), -1);
    cv::rectangle(plate, {2, 2}, {297, 147}, cv::Scalar(120, 120, 120), 2);
    put_latin(plate, latin_of(text), {16, 48, 268, 82}, cv::Scalar(120, 40, 20));
    return plate;
  }
  cv::Mat plate(110, 520, CV_8UC3, white);
  cv::rectangle(plate, {2, 2}, {517, 107}, black, 3);
  cv::rectangle(plate, {4, 4}, {44, 105}, cv::Scalar(170, 60, 0), -1);
  for (int star = 0; star < 12; ++star) {
    const double angle = star * CV_PI / 6;
    cv::circle(plate, {24 + static_cast<int>(13 * std::cos(angle)), 34 + static_cast<int>(13 * std::sin(angle))}, 2,
               cv::Scalar(0, 210, 255), -1);
  }
  put_latin(plate, "D", {14, 66, 20, 28}, white);
  put_latin(plate, latin_of(text), {60, 20, 444, 70}, black);
  return plate;
}

}  // namespace bayward::picture
