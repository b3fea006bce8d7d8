#include "site/plates/plate_gate.h"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "base/limits.h"
#include "ports/normalise.h"

namespace bayward::site {

Result<std::string, PlateRefusal> PlateGate::admit(const PlateReading& reading, Instant now) {
  std::optional<std::string> plate = normalise_plate(reading.plate);
  if (!plate) return Failure{PlateRefusal::unreadable};
  if (reading.confidence_percent < options_.confidence_least_percent) return Failure{PlateRefusal::unsure};
  std::erase_if(seen_, [&](const Seen& one) { return now - one.at >= options_.repeat || one.at > now; });
  const auto again =
      std::ranges::find_if(seen_, [&](const Seen& one) { return one.camera == reading.camera && one.plate == *plate; });
  if (again != seen_.end()) {
    again->at = now;  // as long as it stands there
    return Failure{PlateRefusal::repeated};
  }
  if (seen_.size() >= limits::plates_remembered) seen_.pop_front();
  seen_.push_back({reading.camera, *plate, now});
  return std::move(*plate);
}

Result<PlateReading> read_plate_push(std::string_view body, Instant now) {
  if (body.size() > limits::lan_body_bytes) return fail("the body is too long");
  boost::system::error_code error;
  const boost::json::parse_options options{.max_depth = 4};
  const boost::json::value value = boost::json::parse(body, error, {}, options);
  const boost::json::object* object = error ? nullptr : value.if_object();
  if (object == nullptr) return fail("the body is not a JSON object");
  const auto text = [object](std::string_view name) -> const boost::json::string* {
    const boost::json::value* field = object->if_contains(name);
    return field == nullptr ? nullptr : field->if_string();
  };
  const boost::json::string* camera = text("camera");
  const boost::json::string* plate = text("plate");
  const boost::json::value* confidence = object->if_contains("confidence");
  if (camera == nullptr || camera->empty() || camera->size() > limits::garage_name_chars) {
    return fail("'camera' must be the camera's name");
  }
  if (plate == nullptr || plate->size() > 4 * limits::plate_chars) return fail("'plate' must be the plate's text");
  int64_t percent = 100;
  if (confidence != nullptr) {
    const boost::json::value number = *confidence;
    if (!number.is_int64() || number.get_int64() < 0 || number.get_int64() > 100) {
      return fail("'confidence' must be a whole number from 0 to 100");
    }
    percent = number.get_int64();
  }
  return PlateReading{.camera = std::string(*camera),
                      .plate = std::string(*plate),
                      .confidence_percent = static_cast<int>(percent),
                      .at = now};
}

}  // namespace bayward::site
