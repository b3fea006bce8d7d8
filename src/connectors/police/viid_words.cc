#include "connectors/police/viid_words.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cstdio>

#include "base/limits.h"
#include "base/zone.h"
#include "ports/http_util.h"
#include "ports/normalise.h"

namespace bayward::police {
namespace {

namespace json = boost::json;

constexpr size_t id_chars_max = 64;
constexpr size_t title_bytes_max = 256;

std::string five(uint32_t number) {
  std::string out = std::to_string(number % 100'000);
  return std::string(5 - out.size(), '0') + out;
}

std::optional<json::value> parse(std::string_view text) {
  json::parse_options options;
  options.max_depth = 16;
  boost::system::error_code error;
  json::value out = json::parse({text.data(), text.size()}, error, {}, options);
  if (error || !out.is_object()) return std::nullopt;
  return out;
}

const json::value* find(const json::value* value, std::string_view name) {
  const auto* object = value ? value->if_object() : nullptr;
  return object ? object->if_contains({name.data(), name.size()}) : nullptr;
}

// Texts, and numbers, which some platforms write where the standard has a text.
std::string text_of(const json::value* value, size_t bytes_max) {
  if (!value) return {};
  if (const auto* text = value->if_string()) return std::string(text->data(), std::min(text->size(), bytes_max));
  if (const auto* number = value->if_int64()) return std::to_string(*number);
  if (const auto* number = value->if_uint64()) return std::to_string(*number);
  return {};
}

// One object or a list of them.
std::vector<const json::value*> items(const json::value* value) {
  std::vector<const json::value*> out;
  if (!value) return out;
  if (const auto* list = value->if_array()) {
    for (const json::value& one : *list) out.push_back(&one);
  } else {
    out.push_back(value);
  }
  return out;
}

json::object vehicle(const Speaker& speaker, const Sighting& seen) {
  const std::string time = viid_time(seen.at, speaker.utc_offset);
  const std::string source = speaker.device_id + "02" + time + five(seen.number);
  json::object out;
  out["MotorVehicleID"] = source + "02" + five(1);
  out["InfoKind"] = 1;  // taken by a device
  out["SourceID"] = source;
  if (!speaker.tollgate_id.empty()) out["TollgateID"] = speaker.tollgate_id;
  out["DeviceID"] = speaker.device_id;
  out["PassTime"] = time;
  out["HasPlate"] = seen.plate.empty() ? "0" : "1";
  out["PlateClass"] = "99";  // not known to us
  out["PlateColor"] = "99";
  if (!seen.plate.empty()) out["PlateNo"] = seen.plate;
  if (!seen.bay.empty()) out["LaneNo"] = 1;
  if (!seen.bay.empty()) out["PlateDescribe"] = seen.bay;
  if (!seen.picture_url.empty()) out["StorageUrl1"] = seen.picture_url;
  if (!seen.jpeg.empty()) {
    json::object picture;
    picture["ImageID"] = source;
    picture["EventSort"] = 10;  // a vehicle passes
    picture["DeviceID"] = speaker.device_id;
    picture["Type"] = "01";
    picture["FileFormat"] = "Jpeg";
    picture["ShotTime"] = time;
    picture["Data"] = base64_encode(seen.jpeg);
    out["SubImageList"] = json::object{{"SubImageInfoObject", json::array{std::move(picture)}}};
  }
  return out;
}

struct Plates {
  std::vector<std::string> readable;
  size_t unreadable = 0;
  bool too_many = false;
};

// "京A12345,京A12346": commas, semicolons and line breaks of either script divide.
Plates plates_in(std::string_view text) {
  static constexpr std::string_view dividers[] = {",",           ";", "\n", "\r", "|", "\xef\xbc\x8c", "\xef\xbc\x9b",
                                                  "\xe3\x80\x81"};
  Plates out;
  while (!text.empty()) {
    size_t end = text.size();
    size_t skip = 0;
    for (const std::string_view divider : dividers) {
      const size_t at = text.substr(0, end).find(divider);
      if (at != std::string_view::npos) {
        end = at;
        skip = divider.size();
      }
    }
    const std::string_view one = text.substr(0, end);
    text.remove_prefix(end + skip);
    if (one.find_first_not_of(" \t") == std::string_view::npos) continue;
    if (out.readable.size() >= limits::watch_plates) {
      out.too_many = true;
      return out;
    }
    const auto plate = normalise_plate(one);
    plate ? out.readable.push_back(*plate) : void(++out.unreadable);
  }
  std::sort(out.readable.begin(), out.readable.end());
  out.readable.erase(std::unique(out.readable.begin(), out.readable.end()), out.readable.end());
  return out;
}

Result<DispositionOrder> read_order(const json::value& value, Duration utc_offset) {
  DispositionOrder order;
  order.id = text_of(find(&value, "DispositionID"), id_chars_max + 1);
  const auto visible = [](char c) { return c > ' ' && c < 0x7f; };
  if (order.id.empty() || order.id.size() > id_chars_max || !std::all_of(order.id.begin(), order.id.end(), visible)) {
    return fail("DispositionID is missing or is no identifier");
  }
  order.title = text_of(find(&value, "Title"), title_bytes_max);
  const std::string status = text_of(find(&value, "DispositionStatus"), 4);
  if (text_of(find(&value, "OperateType"), 4) == "1" || status == "1" || status == "2") {
    order.operation = OrderOperation::withdraw;
    return order;
  }
  if (status == "9") return fail("DispositionStatus 9: the order is not approved yet");
  const auto begin = parse_viid_time(text_of(find(&value, "BeginTime"), 20), utc_offset);
  const auto end = parse_viid_time(text_of(find(&value, "EndTime"), 20), utc_offset);
  if (!begin || !end || *end <= *begin) return fail("BeginTime and EndTime must be times as 20261121143000, in order");
  order.begin = *begin;
  order.end = *end;
  const json::value* feature = find(&value, "TargetFeature");
  const auto* text = feature ? feature->if_string() : nullptr;
  Plates plates = plates_in(text ? std::string_view(text->data(), text->size()) : std::string_view{});
  if (plates.too_many) return fail("more plates than " + std::to_string(limits::watch_plates));
  if (plates.readable.empty()) return fail("TargetFeature has no number plate; only orders for vehicles are taken");
  order.plates = std::move(plates.readable);
  order.unreadable = plates.unreadable;
  return order;
}

}  // namespace

std::string viid_time(Instant at, Duration utc_offset) {
  std::string out;
  // 2026-11-21T14:30:00Z without what divides.
  for (const char c : to_rfc3339(at + utc_offset)) {
    if (c >= '0' && c <= '9' && out.size() < 14) out += c;
  }
  return out;
}

std::optional<Instant> parse_viid_time(std::string_view text, Duration utc_offset) {
  if (text.size() != 14 || !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  const auto part = [&](size_t at, size_t size) { return std::string(text.substr(at, size)); };
  const auto local = parse_rfc3339(part(0, 4) + "-" + part(4, 2) + "-" + part(6, 2) + "T" + part(8, 2) + ":" +
                                   part(10, 2) + ":" + part(12, 2) + "Z");
  if (!local) return std::nullopt;
  return *local - utc_offset;
}

bool is_device_id(std::string_view text) {
  return text.size() == 20 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string register_body(std::string_view object, std::string_view device_id) {
  return json::serialize(json::object{{object, json::object{{"DeviceID", device_id}}}});
}

std::string vehicles_body(const Speaker& speaker, const std::vector<Sighting>& sightings) {
  json::array list;
  for (const Sighting& one : sightings) list.push_back(vehicle(speaker, one));
  return json::serialize(
      json::object{{"MotorVehicleListObject", json::object{{"MotorVehicleObject", std::move(list)}}}});
}

std::string to_text(const OrderText& order) {
  return json::serialize(json::object{{"desk", order.desk}, {"id", order.disposition_id}, {"title", order.title}});
}

std::optional<OrderText> parse_order_text(std::string_view text) {
  const auto value = parse(text);
  if (!value) return std::nullopt;
  return OrderText{text_of(find(&*value, "desk"), id_chars_max), text_of(find(&*value, "id"), id_chars_max),
                   text_of(find(&*value, "title"), title_bytes_max)};
}

std::string hit_body(const Speaker& speaker, const std::vector<HitNotice>& orders, const Sighting& seen) {
  json::array list;
  const std::string time = viid_time(seen.at, speaker.utc_offset);
  const json::object car = vehicle(speaker, seen);
  for (const HitNotice& order : orders) {
    json::object one;
    one["NotificationID"] = order.disposition_id.substr(0, 12) + "02" + time + five(seen.number);
    one["DispositionID"] = order.disposition_id;
    one["Title"] = order.title;
    one["TriggerTime"] = time;
    one["CntObjectID"] = car.at("MotorVehicleID");
    // The standard has no field for how sure it is.
    one["Tag"] = "similarity=" + std::to_string(order.score) + "; place=" + order.place;
    one["MotorVehicleObject"] = car;
    list.push_back(std::move(one));
  }
  return json::serialize(json::object{
      {"DispositionNotificationListObject", json::object{{"DispositionNotificationObject", std::move(list)}}}});
}

std::optional<PlatformStatus> parse_status(std::string_view body) {
  const auto root = parse(body);
  if (!root) return std::nullopt;
  const json::value* list = find(&*root, "ResponseStatusListObject");
  const json::value* one = find(list ? list : &*root, "ResponseStatusObject");
  std::optional<PlatformStatus> worst;
  for (const json::value* item : items(one)) {
    const std::string code = text_of(find(item, "StatusCode"), 8);
    int number = -1;
    const auto [end, error] = std::from_chars(code.data(), code.data() + code.size(), number);
    if (error != std::errc{} || end != code.data() + code.size()) return std::nullopt;
    if (!worst || worst->code == 0) worst = PlatformStatus{number, text_of(find(item, "StatusString"), 80)};
  }
  return worst;
}

std::optional<Instant> parse_system_time(std::string_view body, Duration utc_offset) {
  const auto root = parse(body);
  if (!root) return std::nullopt;
  return parse_viid_time(text_of(find(find(&*root, "SystemTimeObject"), "LocalTime"), 20), utc_offset);
}

Result<std::vector<ReadOrder>> parse_dispositions(std::string_view body, Duration utc_offset) {
  const auto root = parse(body);
  if (!root) return fail("the body is not JSON, or too deep");
  const json::value* list = find(&*root, "DispositionListObject");
  const auto orders = items(find(list ? list : &*root, "DispositionObject"));
  if (orders.empty()) return fail("there is no DispositionObject");
  if (orders.size() > limits::police_orders_together) return fail("too many orders in one request");
  std::vector<ReadOrder> out;
  out.reserve(orders.size());
  for (const json::value* one : orders) {
    out.push_back({text_of(find(one, "DispositionID"), id_chars_max), read_order(*one, utc_offset)});
  }
  return out;
}

std::string status_list(std::string_view url, const std::vector<Answered>& answers, Instant now, Duration utc_offset) {
  json::array list;
  for (const Answered& one : answers) {
    list.push_back(json::object{{"Id", one.id},
                                {"RequestURL", url},
                                {"StatusCode", one.code},
                                {"StatusString", one.text},
                                {"LocalTime", viid_time(now, utc_offset)}});
  }
  return json::serialize(
      json::object{{"ResponseStatusListObject", json::object{{"ResponseStatusObject", std::move(list)}}}});
}

std::string system_time_body(std::string_view device_id, Instant now, Duration utc_offset) {
  return json::serialize(json::object{
      {"SystemTimeObject",
       json::object{{"VIIDServerID", device_id}, {"TimeMode", "1"}, {"LocalTime", viid_time(now, utc_offset)}}}});
}

}  // namespace bayward::police
