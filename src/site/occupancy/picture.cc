#include "site/occupancy/picture.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <vector>

#include "base/limits.h"

namespace bayward::site {
namespace {

uint32_t big_endian(std::string_view bytes, size_t at, size_t count) {
  uint32_t out = 0;
  for (size_t i = 0; i < count; ++i) out = out << 8 | static_cast<uint8_t>(bytes[at + i]);
  return out;
}

constexpr std::string_view png_signature = "\x89PNG\r\n\x1a\n";

bool is_jpeg(std::string_view bytes) {
  return bytes.starts_with("\xff\xd8\xff");
}

Result<PictureSize> png_size(std::string_view bytes) {
  // PNG (ISO/IEC 15948) 11.2.2: IHDR is first, with width and height.
  if (bytes.size() < 33 || bytes.substr(12, 4) != "IHDR") return fail("the picture is a damaged PNG: it has no IHDR");
  const uint32_t width = big_endian(bytes, 16, 4);
  const uint32_t height = big_endian(bytes, 20, 4);
  if (width > 0x7fffffff || height > 0x7fffffff) return fail("the picture is a damaged PNG: its size is impossible");
  return PictureSize{static_cast<int>(width), static_cast<int>(height)};
}

bool is_frame_header(uint8_t marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

// ITU-T T.81 B.1.1: segments up to the first frame header.
Result<PictureSize> jpeg_size(std::string_view bytes) {
  size_t at = 2;
  while (at + 4 <= bytes.size()) {
    if (static_cast<uint8_t>(bytes[at]) != 0xff) return fail("the picture is a damaged JPEG: a marker is missing");
    const auto marker = static_cast<uint8_t>(bytes[at + 1]);
    if (marker == 0xff) {  // fill byte
      ++at;
      continue;
    }
    const uint32_t length = big_endian(bytes, at + 2, 2);
    if (length < 2) return fail("the picture is a damaged JPEG: a segment has no length");
    if (marker == 0xda) break;
    if (is_frame_header(marker)) {
      if (marker > 0xc2) return fail("the picture is a JPEG of a kind no camera makes (lossless or arithmetic)");
      if (length < 8 || at + 9 > bytes.size()) return fail("the picture is a damaged JPEG: its frame is cut off");
      return PictureSize{static_cast<int>(big_endian(bytes, at + 7, 2)),
                         static_cast<int>(big_endian(bytes, at + 5, 2))};
    }
    at += 2 + length;
  }
  return fail("the picture is a damaged JPEG: it has no frame");
}

// What follows the end is padding of some cameras; the end itself must be there.
bool jpeg_is_whole(std::string_view bytes) {
  const size_t tail = std::min<size_t>(bytes.size(), 4096);
  return bytes.substr(bytes.size() - tail).rfind("\xff\xd9") != std::string_view::npos;
}

std::optional<cv::Mat> decoded(std::string_view bytes) {
  try {
    const std::vector<uint8_t> copy(bytes.begin(), bytes.end());
    cv::Mat out = cv::imdecode(copy, cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
    if (out.empty() || out.type() != CV_8UC3) return std::nullopt;
    return out;
  } catch (const cv::Exception&) {
    return std::nullopt;
  }
}

int64_t cross(const BayView::Corner& a, const BayView::Corner& b, const BayView::Corner& c) {
  return int64_t{b.x_e4 - a.x_e4} * (c.y_e4 - a.y_e4) - int64_t{b.y_e4 - a.y_e4} * (c.x_e4 - a.x_e4);
}

}  // namespace

Result<PictureSize> picture_size(std::string_view bytes) {
  if (bytes.empty()) return fail("the picture is empty");
  if (bytes.size() > limits::picture_bytes) {
    return fail("the picture has more than " + std::to_string(limits::picture_bytes) +
                " bytes; set the camera to a smaller one");
  }
  if (!is_jpeg(bytes) && !bytes.starts_with(png_signature)) return fail("the picture is neither JPEG nor PNG");
  Result<PictureSize> size = is_jpeg(bytes) ? jpeg_size(bytes) : png_size(bytes);
  if (!size.ok()) return size;
  if (size->width_px < 16 || size->height_px < 16) return fail("the picture is smaller than 16 by 16 pixels");
  if (size->width_px > limits::picture_side_px || size->height_px > limits::picture_side_px ||
      int64_t{size->width_px} * size->height_px > limits::picture_pixels) {
    return fail("the picture has " + std::to_string(size->width_px) + " by " + std::to_string(size->height_px) +
                " pixels, more than is taken; set the camera to a smaller one");
  }
  return size;
}

Result<cv::Mat> decode_picture(std::string_view bytes) {
  const Result<PictureSize> size = picture_size(bytes);
  if (!size.ok()) return fail(size.error().message);
  if (is_jpeg(bytes) && !jpeg_is_whole(bytes)) return fail("the picture is cut off: its end is missing");
  std::optional<cv::Mat> picture = decoded(bytes);
  if (!picture || picture->cols != size->width_px || picture->rows != size->height_px) {
    return fail("the picture does not decode: it is damaged");
  }
  return std::move(*picture);
}

PictureBytes encode_jpeg(const cv::Mat& picture, int64_t side_px) {
  BAYWARD_CHECK(!picture.empty() && side_px > 0);
  cv::Mat small = picture;
  const int longest = std::max(picture.cols, picture.rows);
  if (longest > side_px) {
    const double scale = static_cast<double>(side_px) / longest;
    cv::resize(picture, small, {}, scale, scale, cv::INTER_AREA);
  }
  std::vector<uint8_t> out;
  BAYWARD_CHECK(cv::imencode(".jpg", small, out, {cv::IMWRITE_JPEG_QUALITY, 80}));
  return PictureBytes(out.begin(), out.end());
}

Status check_view(const BayView& view) {
  const auto& corner = view.corners;
  for (const BayView::Corner& one : corner) {
    if (one.x_e4 < 0 || one.x_e4 > 10000 || one.y_e4 < 0 || one.y_e4 > 10000) {
      return fail("a corner of the bay's view lies outside the picture; corners are 0 to 10000");
    }
  }
  const int64_t turn = cross(corner[0], corner[1], corner[2]);
  for (size_t i = 0; i < 4; ++i) {
    const int64_t next = cross(corner[i], corner[(i + 1) % 4], corner[(i + 2) % 4]);
    if (next == 0 || (next > 0) != (turn > 0))
      return fail("the four corners of the bay's view are not convex in order");
  }
  const int64_t twice_area = cross(corner[0], corner[1], corner[2]) + cross(corner[0], corner[2], corner[3]);
  if (std::abs(twice_area) < 2 * 1'000'000) return fail("the bay's view is less than 1 % of the picture");
  return Done{};
}

cv::Mat bay_patch(const cv::Mat& picture, const BayView& view) {
  std::array<cv::Point2f, 4> from;
  for (size_t i = 0; i < 4; ++i) {
    from[i] = {static_cast<float>(view.corners[i].x_e4) * 1e-4F * static_cast<float>(picture.cols - 1),
               static_cast<float>(view.corners[i].y_e4) * 1e-4F * static_cast<float>(picture.rows - 1)};
  }
  constexpr auto right = static_cast<float>(patch_width_px - 1);
  constexpr auto bottom = static_cast<float>(patch_height_px - 1);
  const std::array<cv::Point2f, 4> to{cv::Point2f{0, bottom}, {right, bottom}, {right, 0}, {0, 0}};
  cv::Mat out;
  cv::warpPerspective(picture, out, cv::getPerspectiveTransform(from.data(), to.data()),
                      {patch_width_px, patch_height_px}, cv::INTER_AREA, cv::BORDER_REPLICATE);
  return out;
}

}  // namespace bayward::site
