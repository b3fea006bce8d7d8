// Local smart charging (OCPP 2.0.1 K): from the profiles the central system has sent to the current that is offered
// now. Pure functions over generated types.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "ocpp/v201/types.h"

namespace bayward::bay {

using ChargingProfile = ocpp::v201::ChargingProfileType;

// What a profile's times and watts are counted with.
struct LimitContext {
  Instant now{};
  std::optional<Instant> transaction_started;  // none: no transaction is running
  std::string transaction;
  int32_t rating_ma = 0;
  int32_t phases = 3;
  int32_t nominal_mv = 230'000;
};

// The lowest of the purposes that apply, each by its highest stack level that has a schedule now (K01, K08, K09); never
// above the rating. Milliampere a phase.
int32_t offered_ma(std::span<const ChargingProfile> profiles, const LimitContext& context);

// Why a profile can't be taken; nothing when it can (K01.FR.04 to .53).
std::optional<std::string> defect(const ChargingProfile& profile, const LimitContext& context);

// Takes it in; one with the same id, or the same purpose and stack level (and transaction), gives way (K01.FR.05, .39).
void install(std::vector<ChargingProfile>& profiles, ChargingProfile profile);

// The schedule over so many seconds, in steps where the limit changes (K08). At least one period.
ocpp::v201::CompositeScheduleType composite(std::span<const ChargingProfile> profiles, LimitContext context,
                                            int64_t duration_s, ocpp::v201::ChargingRateUnitEnumType unit);

}  // namespace bayward::bay
