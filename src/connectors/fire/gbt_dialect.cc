#include "connectors/fire/gbt_dialect.h"

#include "base/limits.h"
#include "connectors/fire/units.h"

namespace bayward::fire {
namespace {

constexpr uint8_t software_major = 1;
constexpr uint8_t software_minor = 0;
// A larger correction is no drift but somebody's mistake.
constexpr Duration shift_max = std::chrono::hours{24};

std::string place_text(const AlarmPlace& place) {
  // The bay comes first: the end is what is cut off.
  std::string out = place.bay_label;
  for (const std::string* part : {&place.level, &place.site_name}) {
    if (!out.empty() && !part->empty()) out += ' ';
    out += *part;
  }
  return out;
}

}  // namespace

std::string GbtDialect::frame(FrameCommand command, uint16_t serial, std::string data, Instant wall) const {
  return encode(
      Frame{serial, 1, config_.user_version, time(wall), config_.device, config_.centre, command, std::move(data)});
}

std::string GbtDialect::device_state(Instant wall) const {
  const uint8_t fire = fires_.empty() ? 0 : device::fire;
  return device_state_unit(device::monitoring | fire, time(wall));
}

std::string GbtDialect::alarm_unit(const AlarmMessage& message) {
  const bool over = message.step == core::DeliveryStep::all_clear;
  ComponentState state;
  state.system_type = config_.system_type;
  state.system_address = config_.system_address;
  state.component_type = component_type(message.kind);
  state.component_address = message.place.bay ? number_in_site(message.place.bay) : 0;
  state.state = over ? component::running : component_state(message.kind);
  state.description = place_text(message.place);
  state.time = time(over ? message.at : message.opened_at);
  if (over) {
    fires_.erase(message.incident);
  } else if ((state.state & component::fire) != 0 && fires_.size() < limits::fire_open_incidents) {
    fires_.insert(message.incident);
  }
  return encode(state);
}

std::optional<std::string> GbtDialect::say(const wire::Saying& saying, uint32_t serial, Instant wall) {
  std::string unit;
  if (const auto* message = std::get_if<AlarmMessage>(&saying)) {
    unit = alarm_unit(*message);
  } else if (const auto* answer = std::get_if<wire::RollCallAnswer>(&saying)) {
    unit = roll_call_answer_unit(answer->operator_number, time(wall));
  } else {
    unit = device_state(wall);
  }
  return frame(FrameCommand::send, static_cast<uint16_t>(serial), std::move(unit), wall);
}

bool GbtDialect::synchronise(const FireTime& clock, Instant wall) {
  const auto ordered = parse_fire_time(clock, config_.utc_offset);
  if (!ordered || *ordered - wall > shift_max || wall - *ordered > shift_max) return false;
  // The order has no fractions of a second: a clock that is right already is left alone.
  const Duration shift = *ordered - std::chrono::floor<std::chrono::seconds>(wall);
  shift_ = shift;
  return true;
}

wire::Heard GbtDialect::hear_request(const Frame& asked, Instant wall) {
  wire::Heard heard{wire::HeardKind::asked, std::nullopt, {}, Duration{0}};
  const auto answer = [&](FrameCommand command, std::string data) {
    heard.reply = frame(command, asked.serial, std::move(data), wall);
    return heard;
  };
  const auto request = decode_request(asked.command, asked.data);
  if (!request) return answer(FrameCommand::refuse, {});
  switch (request->type) {
    case UnitType::read_device_state:
      return answer(FrameCommand::response, device_state(wall));
    case UnitType::read_device_time:
      return answer(FrameCommand::response, device_time_unit(time(wall)));
    case UnitType::read_device_version:
      return answer(FrameCommand::response, device_version_unit(software_major, software_minor));
    case UnitType::synchronise_clock: {
      const bool done = synchronise(request->clock, wall);
      return answer(done ? FrameCommand::acknowledge : FrameCommand::refuse, {});
    }
    case UnitType::roll_call:
      heard.kind = wire::HeardKind::roll_call;
      heard.answer_within = std::chrono::minutes{request->answer_within};
      return answer(FrameCommand::acknowledge, {});
    default:
      return answer(FrameCommand::refuse, {});
  }
}

std::vector<wire::Heard> GbtDialect::hear(std::string_view bytes, Instant wall) {
  std::vector<wire::Heard> out;
  reader_.feed(bytes);
  while (const auto frame = reader_.next()) {
    switch (frame->command) {
      case FrameCommand::acknowledge:
        out.push_back({wire::HeardKind::acknowledged, frame->serial, {}, Duration{0}});
        break;
      case FrameCommand::refuse:
        out.push_back({wire::HeardKind::refused, frame->serial, {}, Duration{0}});
        break;
      case FrameCommand::control:
      case FrameCommand::request:
        out.push_back(hear_request(*frame, wall));
        break;
      default:
        out.push_back({wire::HeardKind::nothing, std::nullopt, {}, Duration{0}});
    }
  }
  return out;
}

}  // namespace bayward::fire
