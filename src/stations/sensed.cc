#include "stations/sensed.h"

#include "base/limits.h"
#include "ocpp/rpc/text.h"
#include "ports/http_util.h"
#include "ports/plate_picture.h"

namespace bayward::stations {

std::optional<std::string> read_sensed(const ocpp::Json& json, std::string_view place, Instant now, Sensed& sensed) {
  const ocpp::Json* named = json.find(place);
  const auto number = named && named->as_number() ? named->as_number()->scaled(0) : std::optional<int64_t>{};
  if (!number || *number < 1) return std::string(place) + ": a whole number from 1 is expected";
  sensed.place = *number;
  if (const ocpp::Json* occupied = json.find("occupied"); occupied && occupied->as_boolean()) {
    sensed.occupied = *occupied->as_boolean();
  }
  if (const ocpp::Json* plate = json.find("plate"); plate && plate->as_text()) sensed.plate = *plate->as_text();
  sensed.at = now;
  if (const ocpp::Json* time = json.find("timestamp")) {
    const auto at = time->as_text() ? ocpp::parse_date_time(*time->as_text()) : std::optional<Instant>{};
    if (!at) return "timestamp: a date and time as in RFC 3339 is expected";
    sensed.at = *at;
  }
  if (const ocpp::Json* picture = json.find("picture")) {
    const auto bytes = picture->as_text() ? base64_decode(*picture->as_text()) : std::nullopt;
    if (!bytes || !is_small_jpeg(*bytes)) {
      return "picture: a JPEG of at most " + std::to_string(limits::plate_picture_bytes) +
             " bytes in base64 is expected";
    }
    sensed.picture = *bytes;
  }
  return std::nullopt;
}

}  // namespace bayward::stations
