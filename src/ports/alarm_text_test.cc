#include <gtest/gtest.h>

#include <algorithm>

#include "base/utf8.h"
#include "ports/alarm_channel.h"

namespace bayward {
namespace {

using core::DeliveryStep;
using core::IncidentKind;
using core::Party;

AlarmMessage smoke() {
  AlarmMessage message;
  message.kind = IncidentKind::smoke;
  message.severity = core::Severity::danger;
  message.to = {Party::property, {}};
  message.place.site_name = "Rosenhof";
  message.place.bay = BayId{1};
  message.place.bay_label = "B1-017";
  message.place.level = "-1";
  message.opened_at = *parse_rfc3339("2026-11-21T13:03:22Z");
  message.at = message.opened_at + 20min;
  message.utc_offset_s = 3600;
  return message;
}

size_t characters(const std::string& text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char byte) { return (static_cast<uint8_t>(byte) & 0xc0) != 0x80; }));
}

TEST(AlarmText, SaysWhatWhereAndWhenOnTheClockOfThePlace) {
  AlarmMessage message = smoke();
  EXPECT_EQ(alarm_text(message), "Smoke at bay B1-017 (Rosenhof, level -1), 14:03:22.");
  message.to = {Party::driver, AccountId{7}};
  EXPECT_EQ(alarm_text(message),
            "Smoke at bay B1-017 (Rosenhof, level -1), 14:03:22. Keep away from it and leave the building.");
  message.kind = IncidentKind::residual_current;
  EXPECT_EQ(alarm_text(message),
            "Residual current at bay B1-017 (Rosenhof, level -1), 14:03:22. Do not touch charger or cable.");
}

TEST(AlarmText, RemindersAndAllClearsSaySo) {
  AlarmMessage message = smoke();
  message.step = DeliveryStep::reminder;
  EXPECT_EQ(alarm_text(message), "Nobody has answered: Smoke at bay B1-017 (Rosenhof, level -1), 14:03:22.");
  message.step = DeliveryStep::all_clear;
  message.to = {Party::driver, AccountId{7}};
  EXPECT_EQ(alarm_text(message), "All clear: Smoke at bay B1-017 (Rosenhof, level -1) is over, 14:23:22.");
}

TEST(AlarmText, WithoutABayItIsAboutTheSite) {
  AlarmMessage message = smoke();
  message.kind = IncidentKind::mains_lost;
  message.place.bay = {};
  EXPECT_EQ(alarm_text(message), "Mains lost (Rosenhof), 14:03:22.");
  message.chinese = true;
  EXPECT_EQ(alarm_text(message), "Rosenhof，市电中断，14:03:22。");
}

TEST(AlarmText, IsChineseForThoseWhoReadIt) {
  AlarmMessage message = smoke();
  message.chinese = true;
  message.place.site_name = "玫瑰园";
  message.to = {Party::nearby, AccountId{7}};
  EXPECT_EQ(alarm_text(message), "玫瑰园-1层B1-017车位，烟雾报警，14:03:22。请远离并撤离该建筑。");
  message.step = DeliveryStep::all_clear;
  EXPECT_EQ(alarm_text(message), "警报解除：玫瑰园-1层B1-017车位，烟雾报警已结束，14:23:22。");
}

TEST(AlarmText, FitsIntoAMessageHoweverLongTheNamesAre) {
  AlarmMessage message = smoke();
  for (const std::string& name : {std::string(64, 'n'), std::string("园") + std::string(62, 'x') + "园"}) {
    message.place.site_name = name;
    message.place.bay_label = name;
    message.place.level = name;
    for (size_t kind = 0; kind < core::incident_kinds; ++kind) {
      for (const auto step : {DeliveryStep::alarm, DeliveryStep::reminder, DeliveryStep::all_clear}) {
        for (const bool chinese : {false, true}) {
          message.kind = static_cast<IncidentKind>(kind);
          message.step = step;
          message.chinese = chinese;
          message.to.party = kind % 2 == 0 ? Party::driver : Party::property;
          const std::string text = alarm_text(message);
          EXPECT_LE(characters(text), 140U) << text;
          EXPECT_TRUE(is_utf8(text)) << text;
        }
      }
    }
  }
}

}  // namespace
}  // namespace bayward
