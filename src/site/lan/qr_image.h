// QR images to print, by libqrencode: ISO/IEC 18004, error correction M, quiet zone of 4 modules. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace bayward::site {

// `text` is at most 512 bytes without NUL.
Result<std::string> qr_svg(std::string_view text);
// `module_px` 1 to 64: pixels of one module's side.
Result<std::string> qr_png(std::string_view text, int module_px);

}  // namespace bayward::site
