#include "core/tariff/tariff.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/binary.h"
#include "base/limits.h"
#include "core/tariff/examples_for_test.h"

namespace bayward {
namespace {

using namespace tariff_examples;

TEST(TariffValidation, examples_are_valid) {
  EXPECT_TRUE(validate(plain()).ok());
  EXPECT_TRUE(validate(shanghai_summer()).ok());
}

TEST(TariffValidation, a_name_is_counted_in_characters) {
  Tariff tariff = plain();
  tariff.name.clear();
  for (size_t i = 0; i < limits::label_chars; ++i) tariff.name += "电";
  EXPECT_TRUE(validate(tariff).ok());
  tariff.name += "x";
  EXPECT_EQ(validate(tariff).error().message, "name has 65 characters; give 1 to 64");
}

struct Defect {
  std::function<void(Tariff&)> plant;
  const char* message;
};

TEST(TariffValidation, each_defect_is_named_with_what_to_do) {
  const Defect defects[] = {
      {[](Tariff& t) { t.name = ""; }, "name has 0 characters; give 1 to 64"},
      {[](Tariff& t) { t.name = "a\nb"; }, "name has a control character; leave it out"},
      {[](Tariff& t) { t.currency = {}; }, "currency is missing; give three capital letters of ISO 4217"},
      {[](Tariff& t) { t.energy_rates.peak_e4 = -1; },
       "energy_rates.peak is -1; give 0 to 10000000000 ten-thousandths of a minor unit"},
      {[](Tariff& t) { t.parking_rates.valley_e4 = 10'000'000'001; },
       "parking_rates.valley is 10000000001; give 0 to 10000000000 ten-thousandths of a minor unit"},
      {[](Tariff& t) { t.rules[2].from.month = 13; }, "rules[2].from.month is 13; give 1 to 12"},
      {[](Tariff& t) {
         t.rules[2].to = {2, 30};
       },
       "rules[2].to.day is 30; give 1 to 29"},
      {[](Tariff& t) {
         t.rules[0].to = {4, 31};
       },
       "rules[0].to.day is 31; give 1 to 30"},
      {[](Tariff& t) { t.rules[1].day_types = 0; },
       "rules[1].day_types is 0; give one or more of weekday (1), weekend (2) and holiday (4), added up"},
      {[](Tariff& t) { t.rules[1].start_minute = 1440; }, "rules[1].start_minute is 1440; give 0 to 1439"},
      {[](Tariff& t) { t.rules[5].end_minute = 0; }, "rules[5].end_minute is 0; give 1 to 1440; midnight is 1440"},
      {[](Tariff& t) { t.rules[5].end_minute = t.rules[5].start_minute; },
       "rules[5] starts and ends at minute 1320; give 0 and 1440 for the whole day"},
      {[](Tariff& t) { t.rules[0].period = static_cast<Period>(4); },
       "rules[0].period is unknown; give valley, flat, peak or sharp"},
      {[](Tariff& t) { t.rules.resize(65); }, "rules has 65 entries; give at most 64"},
      {[](Tariff& t) { t.default_period = static_cast<Period>(9); },
       "default_period is unknown; give valley, flat, peak or sharp"},
      {[](Tariff& t) {
         t.holidays = {20'000, 20'000};
       },
       "holidays are not in order or repeat; give each date once, earliest first"},
      {[](Tariff& t) { t.holidays.resize(513); }, "holidays has 513 entries; give at most 512"},
      {[](Tariff& t) { t.visit_fee_minor = -5; }, "visit_fee_minor is -5; give 0 to 1000000000"},
      {[](Tariff& t) { t.service_rate_e4 = -5; }, "service_rate_e4 is -5; give 0 to 10000000000"},
      {[](Tariff& t) { t.overstay_rate_e4 = -5; }, "overstay_rate_e4 is -5; give 0 to 10000000000"},
      {[](Tariff& t) { t.overstay_grace_minutes = 10'081; }, "overstay_grace_minutes is 10081; give 0 to 10080"},
      {[](Tariff& t) { t.free_parking_minutes = -1; }, "free_parking_minutes is -1; give 0 to 10080"},
      {[](Tariff& t) { t.unit_minutes = 0; }, "unit_minutes is 0; give 1 to 1440"},
      {[](Tariff& t) { t.parking_day_max_minor = 0; },
       "parking_day_max_minor is 0; give 1 to 1000000000, or leave it out for no maximum"},
      {[](Tariff& t) { t.minimum_minor = -1; }, "minimum_minor is -1; give 0 to 1000000000"},
      {[](Tariff& t) { t.tax_ppm = 1'000'001; }, "tax_ppm is 1000001; give 0 to 1000000; 190000 is 19 %"},
  };
  for (const Defect& defect : defects) {
    Tariff tariff = shanghai_summer();
    defect.plant(tariff);
    const Status status = validate(tariff);
    ASSERT_FALSE(status.ok()) << defect.message;
    EXPECT_EQ(status.error().message, defect.message);
  }
}

TEST(Tariff, survives_the_journal) {
  Tariff tariff = shanghai_summer();
  tariff.id = TariffId{7};
  tariff.holidays = {20'454, 20'455};
  tariff.parking_day_max_minor = 2000;
  tariff.prices_include_tax = true;
  EXPECT_EQ(from_binary<Tariff>(to_binary(tariff)), tariff);
}

}  // namespace
}  // namespace bayward
