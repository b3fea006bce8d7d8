// A lamp's holding register on Modbus: sign in bits 0 to 3, colour in bits 4 to 7, rhythm in bits 8 to 11. Pure.
#pragma once

#include <cstdint>

#include "ports/lamp.h"

namespace bayward::site {

constexpr uint16_t lamp_register(const LampShow& show) {
  return static_cast<uint16_t>(static_cast<unsigned>(show.sign) | static_cast<unsigned>(show.colour) << 4 |
                               static_cast<unsigned>(show.rhythm) << 8);
}

}  // namespace bayward::site
