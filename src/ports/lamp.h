// Lamps that guide: what one shows, and the driver that makes it so. Which car sees what when is decided above
// (site/entrance/guide.h); a driver only carries it to the lamp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bayward {

enum class LampSign : uint8_t { off, straight, left, right, back, up, down, here };
enum class LampColour : uint8_t { none, green, blue, magenta, amber, cyan, white };
// Colour is never the only signal: each guided car has its own rhythm too.
enum class LampRhythm : uint8_t { none, steady, slow_flash, fast_flash, double_flash, triple_flash, long_flash };

struct LampShow {
  LampSign sign = LampSign::off;
  LampColour colour = LampColour::none;
  LampRhythm rhythm = LampRhythm::none;
  friend bool operator==(const LampShow&, const LampShow&) = default;
};

inline std::string_view to_text(LampSign sign) {
  constexpr std::string_view words[] = {"off", "straight", "left", "right", "back", "up", "down", "here"};
  return words[static_cast<size_t>(sign)];
}
inline std::string_view to_text(LampColour colour) {
  constexpr std::string_view words[] = {"none", "green", "blue", "magenta", "amber", "cyan", "white"};
  return words[static_cast<size_t>(colour)];
}
inline std::string_view to_text(LampRhythm rhythm) {
  constexpr std::string_view words[] = {"none",         "steady",       "slow_flash", "fast_flash",
                                        "double_flash", "triple_flash", "long_flash"};
  return words[static_cast<size_t>(rhythm)];
}

class LampDriver {
 public:
  virtual ~LampDriver() = default;
  // Never blocks; any thread. The last word for a lamp counts, also when the lamp is out of reach just now. An unknown
  // lamp is ignored: it belongs to another driver.
  virtual void show(std::string_view lamp, LampShow show) = 0;
};

}  // namespace bayward
