#include "connectors/fire/sia_dialect.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace bayward::fire {
namespace {

// Receivers take what is up to 40 s old or 20 s ahead (DC-09 5.5.1.9); their answers are held to a little more.
constexpr Duration answer_age_max{60'000};

bool hex_digits(std::string_view text, size_t min, size_t max) {
  return text.size() >= min && text.size() <= max &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); });
}

// DC-09 is ASCII, and brackets and bars are its own.
std::string plain_text(std::string_view text) {
  constexpr size_t chars_max = 64;
  std::string out(text.substr(0, chars_max));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c < ' ' || c > '~' || c == '[' || c == ']' || c == '|' || c == '"'; },
      '?');
  return out;
}

std::string data_of(const AlarmMessage& message, const SiaConfig& config) {
  const SiaCodes codes = sia_codes(message.kind);
  const bool over = message.step == core::DeliveryStep::all_clear;
  const uint32_t zone = message.place.bay ? number_in_site(message.place.bay) : 0;
  std::string out = '#' + config.account + "|Nri" + std::to_string(config.area) + '/';
  out += over ? codes.restoral : codes.alarm;
  out += std::to_string(zone);
  const std::string where = plain_text(message.place.bay_label);
  if (!where.empty()) out += "][I" + where;  // the text of the alarm, as extended data
  return out;
}

}  // namespace

std::optional<std::string_view> defect(const SiaConfig& config) {
  if (!hex_digits(config.account, 3, 16)) return "the account must be 3 to 16 of 0-9 and A-F: ask the receiver for it";
  if (!hex_digits(config.line, 1, 6)) return "the line must be 1 to 6 of 0-9 and A-F: 0 unless the receiver says else";
  return std::nullopt;
}

SiaCodes sia_codes(core::IncidentKind kind) {
  using Kind = core::IncidentKind;
  switch (kind) {
    case Kind::smoke:
      return {"FA", "FR"};
    case Kind::thermal_danger:
    case Kind::thermal_rising:
      return {"KA", "KR"};
    case Kind::thermal_warning:
      return {"KS", "KJ"};
    case Kind::panic_button:
      return {"PA", "PR"};
    case Kind::emergency_stop:
      return {"QA", "QR"};
    case Kind::break_in:
      return {"BA", "BR"};
    case Kind::tamper:
      return {"TA", "TR"};
    case Kind::mains_lost:
      return {"AT", "AR"};
    case Kind::station_silent:
    case Kind::link_down:
      return {"YS", "YK"};
    default:
      return {"UA", "UR"};
  }
}

std::string SiaDialect::frame(std::string_view id, uint32_t sequence, std::string_view data, Instant wall) const {
  std::array<char, 8> number{};
  std::snprintf(number.data(), number.size(), "%04u", sequence);
  const std::string body = std::string(data) + ']' + sia_time(wall);
  std::string content = config_.key ? "\"*" : "\"";
  content.append(id).append("\"").append(number.data()).append("L").append(config_.line);
  content.append("#").append(config_.account).append("[");
  content += config_.key ? config_.key->encrypt(body, config_.random) : body;
  return sia_frame(content);
}

std::optional<std::string> SiaDialect::say(const wire::Saying& saying, uint32_t serial, Instant wall) {
  if (const auto* message = std::get_if<AlarmMessage>(&saying)) {
    return frame("SIA-DCS", serial, data_of(*message, config_), wall);
  }
  if (!std::holds_alternative<wire::Supervision>(saying)) return std::nullopt;
  null_serial_ = serial;
  return frame("NULL", 0, {}, wall);
}

bool SiaDialect::genuine(const SiaMessage& message, Instant wall) const {
  if (!config_.key) return true;
  const auto plain = message.id.starts_with('*') ? config_.key->decrypt(message.data) : std::nullopt;
  if (!plain || !plain->starts_with("]_") || plain->size() < 21) return false;
  const auto at = parse_sia_time(std::string_view(*plain).substr(2, 19));
  return at && *at - wall <= answer_age_max && wall - *at <= answer_age_max;
}

wire::Heard SiaDialect::hear(const SiaMessage& message, Instant wall) const {
  const uint32_t serial = message.sequence == 0 ? null_serial_ : message.sequence;
  const std::string_view id = std::string_view(message.id).substr(message.id.starts_with('*') ? 1 : 0);
  // A NAK has no sequence of its own (DC-09 5.5.3) and comes in clear from a receiver that couldn't decrypt.
  if (id == "NAK") return {wire::HeardKind::refused, std::nullopt, {}, Duration{0}};
  if (id == "DUH") return {wire::HeardKind::not_understood, serial, {}, Duration{0}};
  if (id == "ACK" && genuine(message, wall)) return {wire::HeardKind::acknowledged, serial, {}, Duration{0}};
  return {wire::HeardKind::nothing, std::nullopt, {}, Duration{0}};
}

std::vector<wire::Heard> SiaDialect::hear(std::string_view bytes, Instant wall) {
  std::vector<wire::Heard> out;
  reader_.feed(bytes);
  while (const auto message = reader_.next()) out.push_back(hear(*message, wall));
  return out;
}

}  // namespace bayward::fire
