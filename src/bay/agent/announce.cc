#include "bay/agent/announce.h"

#include <array>

namespace bayward::bay {
namespace {

using Colour = Lamp::Colour;

enum class Phrase : uint8_t {
  leave_now,
  danger_near,
  out_of_order,
  call_staff,
  warning,
  stop_or_go_on,
  wrong_bay,
  please_move,
  reserved,
  minutes_left,
  show_card,
  card_refused,
  plug_in,
  charging,
  car_full,
  take_plug,
  welcome,
  free_bay,
  closed,
};

struct Texts {
  const char* english;
  const char* chinese;
};
constexpr std::array<Texts, 19> texts = {{
    {"Danger. Leave this place now.", "危险！请立即离开。"},
    {"Danger at bay ", "危险车位："},
    {"Out of order. The power is off.", "设备故障，已断电。"},
    {"Please call the staff.", "请联系物业。"},
    {"Warning", "警告"},
    {"Press STOP to end charging, or GO ON.", "按“停止”结束充电，或按“继续”。"},
    {"Wrong bay. This bay is booked by somebody else.", "停错车位，此车位已被他人预订。"},
    {"Please move your car.", "请驶离。"},
    {"This bay is reserved.", "此车位已预留。"},
    {" min left", " 分钟后释放"},
    {"If it is yours: show your card or use the app.", "如为您本人预订，请刷卡或使用手机。"},
    {"This card may not charge here now.", "此卡现在不能在此充电。"},
    {"Welcome. Please plug in.", "欢迎，请插枪。"},
    {"Charging", "充电中"},
    {"The car takes no more power.", "车辆已停止充电。"},
    {"Finished. Please take the plug.", "充电结束，请拔枪。"},
    {"Welcome.", "欢迎。"},
    {"Free", "空闲"},
    {"Closed", "暂停使用"},
}};

struct Voice {
  Language language;
  std::string operator()(Phrase phrase) const {
    const Texts& both = texts[static_cast<size_t>(phrase)];
    return language == Language::chinese ? both.chinese : both.english;
  }
};

std::string kilowatt_hours(int64_t wh) {
  const int64_t tenths = wh / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " kWh";
}

Signs danger(const Situation& now, const Voice& say) {
  Signs out{{Colour::red, true}, {say(Phrase::leave_now)}, say(Phrase::leave_now), true};
  if (!now.danger_elsewhere.empty()) out.lines.push_back(say(Phrase::danger_near) + now.danger_elsewhere);
  return out;
}

Signs fault(const Situation& now, const Voice& say) {
  const bool flashing = safety::info(*now.fault).level >= safety::Level::danger;
  return {{Colour::red, flashing},
          {say(Phrase::out_of_order), say(Phrase::call_staff), std::string(safety::info(*now.fault).word)},
          say(Phrase::out_of_order) + " " + say(Phrase::call_staff),
          true};
}

Signs reserved(const Situation& now, const Voice& say) {
  const std::string left = std::to_string(*now.reserved_minutes) + say(Phrase::minutes_left);
  if (now.wrong_vehicle) {
    return {{Colour::red, true},
            {say(Phrase::wrong_bay), say(Phrase::please_move), left},
            say(Phrase::wrong_bay) + " " + say(Phrase::please_move),
            true};
  }
  if (now.refused) return {{Colour::red, true}, {say(Phrase::reserved), left}, say(Phrase::reserved), true};
  Signs out{{Colour::blue, now.occupied}, {say(Phrase::reserved), left, say(Phrase::show_card)}, "", false};
  if (now.occupied) out.sentence = say(Phrase::reserved) + " " + say(Phrase::show_card);
  return out;
}

Signs charging(const Situation& now, const Voice& say) {
  const std::string energy = kilowatt_hours(now.energy_wh);
  if (now.power_on) return {{Colour::green, true}, {say(Phrase::charging), energy}, "", false};
  return {{Colour::green, false}, {say(Phrase::car_full), energy}, "", false};
}

}  // namespace

Signs signs_of(const Situation& now, Language language) {
  const Voice say{language};
  if (now.everybody) return danger(now, say);
  if (now.fault) return fault(now, say);
  if (now.warning && now.transaction) {
    return {{Colour::amber, true},
            {say(Phrase::warning) + ": " + std::string(safety::info(*now.warning).word), say(Phrase::stop_or_go_on)},
            say(Phrase::warning) + ". " + say(Phrase::stop_or_go_on),
            true};
  }
  if (now.message && now.message_in_front) return {{Colour::white, false}, {*now.message}, "", false};
  if (now.transaction) return charging(now, say);
  if (!now.operative) return {{Colour::red, false}, {say(Phrase::closed)}, "", false};
  if (now.authorised) return {{Colour::green, true}, {say(Phrase::plug_in)}, say(Phrase::plug_in), false};
  if (now.reserved_minutes && !now.holder) return reserved(now, say);
  if (now.wrong_vehicle) return {{Colour::red, true}, {say(Phrase::please_move)}, say(Phrase::please_move), true};
  if (now.refused) return {{Colour::red, true}, {say(Phrase::card_refused)}, say(Phrase::card_refused), true};
  if (now.reserved_minutes || (now.holder && now.occupied)) {
    return {{Colour::green, false}, {say(Phrase::welcome), say(Phrase::show_card)}, say(Phrase::welcome), false};
  }
  if (now.plugged) return {{Colour::blue, false}, {say(Phrase::take_plug)}, "", false};
  if (now.message) return {{Colour::white, false}, {*now.message}, "", false};
  if (now.occupied) return {{Colour::white, false}, {say(Phrase::welcome)}, "", false};
  return {{Colour::green, false}, {say(Phrase::free_bay)}, "", false};
}

}  // namespace bayward::bay
