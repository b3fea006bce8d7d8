#include "bay/safety/limits.h"

#include <algorithm>

namespace bayward::bay::safety {
namespace {

constexpr std::array<CableLimits, 5> cables = {{
    {"rubber_60", 60'000, 200'000},
    {"pvc", 70'000, 160'000},
    {"butyl_rubber", 85'000, 220'000},
    {"xlpe_epr", 90'000, 250'000},
    {"silicone", 180'000, 250'000},
}};

constexpr std::array<ConnectorLimits, 3> connectors = {{
    {"iec_62196_t2", 50'000, 90'000, 125'000},
    {"gbt_20234_ac", 50'000, 90'000, 125'000},
    {"household", 45'000, 85'000, 125'000},
}};

constexpr int32_t hottest = 1'250'000;  // a thermocouple in a fire still reads
constexpr std::array<ChannelRange, channel_count> ranges = {{
    {"current_l1", 0, 2'000'000},
    {"current_l2", 0, 2'000'000},
    {"current_l3", 0, 2'000'000},
    {"voltage_l1", 0, 1'000'000},
    {"voltage_l2", 0, 1'000'000},
    {"voltage_l3", 0, 1'000'000},
    {"connector_temperature", -50'000, hottest},
    {"cable_temperature", -50'000, hottest},
    {"ambient_temperature", -50'000, hottest},
    {"residual_ac", 0, 100'000'000},
    {"residual_dc", 0, 100'000'000},
    {"earth", 0, 1},
    {"contactor_feedback", 0, 1},
    {"smoke", 0, 1},
    {"emergency_stop", 0, 1},
    {"lock", 0, 1},
    {"pilot", 0, 5},
}};

template <class E, class Table>
std::optional<E> from_word(const Table& table, std::string_view word) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.word == word; });
  return found == table.end() ? std::nullopt : std::optional(static_cast<E>(found - table.begin()));
}

}  // namespace

const CableLimits& limits_of(CableClass cable) {
  return cables[static_cast<size_t>(cable)];
}
std::optional<CableClass> cable_from_word(std::string_view word) {
  return from_word<CableClass>(cables, word);
}
const ConnectorLimits& limits_of(ConnectorClass connector) {
  return connectors[static_cast<size_t>(connector)];
}
std::optional<ConnectorClass> connector_from_word(std::string_view word) {
  return from_word<ConnectorClass>(connectors, word);
}
const ChannelRange& range_of(Channel channel) {
  return ranges[static_cast<size_t>(channel)];
}
std::optional<Channel> channel_from_word(std::string_view word) {
  return from_word<Channel>(ranges, word);
}

}  // namespace bayward::bay::safety
