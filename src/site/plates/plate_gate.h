// What a plate camera says, before anything is done about it: one spelling, sure enough, and each car once. Pure; one
// thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "ports/camera.h"

namespace bayward::site {

enum class PlateRefusal : uint8_t { unreadable, unsure, repeated };

constexpr std::string_view to_text(PlateRefusal refusal) {
  constexpr std::string_view words[] = {"unreadable", "unsure", "repeated"};
  return words[static_cast<size_t>(refusal)];
}

struct PlateGateOptions {
  int confidence_least_percent = 70;
  Duration repeat{30s};  // a camera reads a standing car again and again
};

class PlateGate {
 public:
  explicit PlateGate(PlateGateOptions options) : options_(options) {}

  // The plate as normalise_plate() spells it.
  Result<std::string, PlateRefusal> admit(const PlateReading& reading, Instant now);

 private:
  struct Seen {
    std::string camera;
    std::string plate;
    Instant at{};
  };
  const PlateGateOptions options_;
  std::deque<Seen> seen_;  // oldest first
};

// The body a camera pushes: {"camera":"gate","plate":"M-AN 1234","confidence":93}. Untrusted.
Result<PlateReading> read_plate_push(std::string_view body, Instant now);

}  // namespace bayward::site
