// The JSON of GA/T 1400.3 and 1400.4 (VIID) that a lower platform says and hears. Pure; any thread. What is read is
// untrusted: sizes, depth and texts are bounded, and what can't be read is refused with a word.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace bayward::police {

inline constexpr std::string_view viid_content_type = "application/VIID+JSON;charset=UTF-8";

// yyyyMMddHHmmss on a clock with that offset.
std::string viid_time(Instant at, Duration utc_offset);
std::optional<Instant> parse_viid_time(std::string_view text, Duration utc_offset);

bool is_device_id(std::string_view text);  // 20 digits

// ---- what we say ----
std::string register_body(std::string_view object, std::string_view device_id);  // RegisterObject, KeepaliveObject, ...

// A vehicle that was seen (GA/T 1400.3 table A.6, MotorVehicle).
struct Sighting {
  std::string plate;  // empty: none was read
  Instant at{};
  uint32_t number = 0;      // tells apart what happened in one second
  std::string bay;          // as people know it
  std::string picture_url;  // empty: there is none
  std::string jpeg;         // inline, instead, at most limits::plate_picture_bytes; empty: none
};
struct Speaker {
  std::string device_id;    // 20 digits
  std::string tollgate_id;  // 20 digits; empty: none was given to us
  Duration utc_offset{};
};
std::string vehicles_body(const Speaker& speaker, const std::vector<Sighting>& sightings);

// What is kept of an order beside its fingerprints, and goes back with a hit.
struct OrderText {
  std::string desk;  // the link's name
  std::string disposition_id;
  std::string title;
};
std::string to_text(const OrderText& order);
std::optional<OrderText> parse_order_text(std::string_view text);

struct HitNotice {
  std::string disposition_id;
  std::string title;
  int32_t score = 0;
  std::string place;
};
// NotificationID: the order's office, "02", the time, a number.
std::string hit_body(const Speaker& speaker, const std::vector<HitNotice>& orders, const Sighting& seen);

// ---- what we hear ----
struct PlatformStatus {
  int code = -1;  // GA/T 1400.4 table B.1: 0 is good
  std::string text;
};
// Of one ResponseStatusObject or of a list of them: the worst. Nothing when it is no such answer.
std::optional<PlatformStatus> parse_status(std::string_view body);
std::optional<Instant> parse_system_time(std::string_view body, Duration utc_offset);

enum class OrderOperation : uint8_t { place, withdraw };
struct DispositionOrder {
  std::string id;
  std::string title;
  OrderOperation operation{};
  std::vector<std::string> plates;  // normalised
  size_t unreadable = 0;            // plates that can't be
  Instant begin{};
  Instant end{};
};
struct ReadOrder {
  std::string id;  // empty: not even that
  Result<DispositionOrder> order;
};
Result<std::vector<ReadOrder>> parse_dispositions(std::string_view body, Duration utc_offset);

// ---- what we answer ----
struct Answered {
  std::string id;
  int code = 0;
  std::string text;
};
std::string status_list(std::string_view url, const std::vector<Answered>& answers, Instant now, Duration utc_offset);
std::string system_time_body(std::string_view device_id, Instant now, Duration utc_offset);

}  // namespace bayward::police
