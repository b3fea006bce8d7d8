#include "site/lan/qr_image.h"

#include <qrencode.h>

#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <vector>

namespace bayward::site {
namespace {

constexpr int quiet_modules = 4;

using Code = std::unique_ptr<QRcode, decltype(&QRcode_free)>;

Result<Code> encode(std::string_view text) {
  if (text.empty() || text.size() > 512 || text.find('\0') != std::string_view::npos) {
    return fail("a QR code takes 1 to 512 characters");
  }
  const std::string terminated(text);
  Code code(QRcode_encodeString8bit(terminated.c_str(), 0, QR_ECLEVEL_M), &QRcode_free);
  if (!code) return fail("the QR code could not be made");
  return code;
}

bool dark(const QRcode& code, int x, int y) {
  return (code.data[y * code.width + x] & 1) != 0;
}

}  // namespace

Result<std::string> qr_svg(std::string_view text) {
  const Result<Code> made = encode(text);
  if (!made.ok()) return Failure{made.error()};
  const QRcode& code = **made;
  const std::string side = std::to_string(code.width + 2 * quiet_modules);
  std::string path;
  for (int y = 0; y < code.width; ++y) {
    for (int x = 0; x < code.width; ++x) {
      if (!dark(code, x, y)) continue;
      int end = x;
      while (end < code.width && dark(code, end, y)) ++end;
      path += 'M' + std::to_string(x + quiet_modules) + ' ' + std::to_string(y + quiet_modules) + 'h' +
              std::to_string(end - x) + "v1h-" + std::to_string(end - x) + 'z';
      x = end;
    }
  }
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + side + ' ' + side +
         "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h" + side + 'v' + side + "H0z\"/><path d=\"" +
         path + "\"/></svg>\n";
}

Result<std::string> qr_png(std::string_view text, int module_px) {
  if (module_px < 1 || module_px > 64) return fail("a module of a QR code has 1 to 64 pixels");
  const Result<Code> made = encode(text);
  if (!made.ok()) return Failure{made.error()};
  const QRcode& code = **made;
  const int side = (code.width + 2 * quiet_modules) * module_px;
  cv::Mat picture(side, side, CV_8UC1, cv::Scalar(255));
  for (int y = 0; y < code.width; ++y) {
    for (int x = 0; x < code.width; ++x) {
      if (!dark(code, x, y)) continue;
      const cv::Rect module((x + quiet_modules) * module_px, (y + quiet_modules) * module_px, module_px, module_px);
      picture(module).setTo(0);
    }
  }
  std::vector<uint8_t> png;
  BAYWARD_CHECK(cv::imencode(".png", picture, png));
  return std::string(png.begin(), png.end());
}

}  // namespace bayward::site
