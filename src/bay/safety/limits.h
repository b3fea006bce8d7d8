// The limits a bay is held to, by what it is built of. Pure tables; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "bay/safety/sample.h"

namespace bayward::bay::safety {

// Lasting: IEC 60364-5-52 table 52.1 (rubber: IEC 60245-1). At once: the final temperature of a short circuit,
// IEC 60364-4-43 table 43A; for silicone the lower value of its makers.
enum class CableClass : uint8_t { rubber_60, pvc, butyl_rubber, xlpe_epr, silicone };
struct CableLimits {
  std::string_view word;
  int32_t lasting_mc = 0;  // thousandths of a degree Celsius
  int32_t at_once_mc = 0;
};
inline constexpr Duration heat_grace{5s};
const CableLimits& limits_of(CableClass cable);
std::optional<CableClass> cable_from_word(std::string_view word);

// IEC 62196-1 24 (and GB/T 20234.1 7.13): terminals may become 50 K warmer than their surroundings; tested at 40 °C, so
// never above 90 °C. A plain household outlet on a pole (IEC 60884-1 19): 45 K.
enum class ConnectorClass : uint8_t { iec_62196_t2, gbt_20234_ac, household };
struct ConnectorLimits {
  std::string_view word;
  int32_t rise_mc = 0;     // above the surroundings, lasting
  int32_t lasting_mc = 0;  // whatever the surroundings
  int32_t at_once_mc = 0;  // the housing's ball pressure test temperature (IEC 62196-1 25.2)
};
inline constexpr int32_t assumed_ambient_mc = 40'000;  // where nothing measures it
const ConnectorLimits& limits_of(ConnectorClass connector);
std::optional<ConnectorClass> connector_from_word(std::string_view word);

// How long a car may draw more than the rating, by how much more. IEC 60364-4-43 433.1 asks for 1.45 times within the
// conventional hour; people hold this cable in their hands, so we don't wait for that.
struct CurrentBand {
  int32_t permille = 0;  // of the rating
  Duration allowed{};
};
inline constexpr std::array<CurrentBand, 3> current_bands = {{{1100, 30s}, {1450, 2s}, {2000, 200ms}}};
inline constexpr int32_t short_circuit_permille = 3000;
inline constexpr Duration current_warning_after{5s};

inline constexpr int32_t residual_ac_limit_ua = 30'000;    // IEC 61008-1
inline constexpr int32_t residual_ac_warning_ua = 15'000;  // it may trip from half on
inline constexpr int32_t residual_dc_limit_ua = 6'000;     // IEC 62955 4.2

// Permille of the nominal voltage.
inline constexpr int32_t voltage_high_permille = 1100;  // lasting
inline constexpr int32_t voltage_low_permille = 850;    // lasting
inline constexpr int32_t voltage_at_once_permille = 1200;
inline constexpr int32_t voltage_gone_permille =
    500;  // the mains is gone: open at once, so that it may come back softly
inline constexpr Duration voltage_grace{3s};

// What a channel can read at all; anything else is a broken sensor.
struct ChannelRange {
  std::string_view word;
  int32_t lowest = 0;
  int32_t highest = 0;
};
const ChannelRange& range_of(Channel channel);
std::optional<Channel> channel_from_word(std::string_view word);

}  // namespace bayward::bay::safety
