// A firmware campaign as a state machine: whom to ask next, what a station's word means, when a stage is over, when it
// pauses itself. Pure: time is an argument, the calls are made by fleet/campaigns.h. Any thread, one at a time.
//
// Always holds: of the stations at most plan.at_once are being asked or at work; a later stage begins only when nobody
// of the one before has anything left to do and no more failed than the plan allows; a station is asked at most
// plan.tries times, unless staff says so again.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ports/fleet.h"

namespace bayward::stations {

// What can't be, and what to do about it; nothing: it is fine.
std::optional<std::string> defect_of(const CampaignPlan& plan);

// Puts the stations into the plan's stages; the last stage takes whoever is left.
void split_into_stages(Campaign& campaign, Instant now);

// How many more may be at work now.
size_t room_for(const Campaign& campaign);
// Those whose turn it is, whether or not they can be asked and there is room for all of them; by index.
std::vector<size_t> next_to_ask(const Campaign& campaign, Instant now);

// Indices of the stations that have changed.
using Touched = std::set<size_t>;

// The next try of that station. Its requestId is given back.
int64_t begin_try(Campaign& campaign, size_t index, Instant now);

enum class FirmwareReply : uint8_t {
  accepted,
  refused,  // may be asked again
  never,    // it can't, or the image or its certificate is not for it
  silent,   // no answer, or the link broke
};
void reply_came(Campaign& campaign, size_t index, FirmwareReply reply, const std::string& word, Instant now);

// A FirmwareStatusNotification. `request`: 1.6 without the security extension has none. Nothing: it isn't about this
// campaign.
std::optional<size_t> status_came(Campaign& campaign, StationId station, std::optional<int64_t> request,
                                  std::string_view status, Instant now);
// It has booted and said its firmware. Nothing: that changes nothing here.
std::optional<size_t> booted_with(Campaign& campaign, StationId station, std::string_view firmware, Instant now);

// Time has passed, or one of the above has happened: ends tries, stages and the campaign. True: the campaign itself has
// changed.
bool move_on(Campaign& campaign, Instant now, Touched& touched);

// False: it can't be done in its phase; `why` says so.
bool steer(Campaign& campaign, const CampaignOrder& order, Instant now, Touched& touched, std::string& why);

// After a restart: whoever was being asked may not have heard it.
void after_restart(Campaign& campaign, Touched& touched);

std::map<CampaignStep, uint32_t> count_steps(const Campaign& campaign);

// Within the window, in minutes of the site's day; over midnight when it ends before it begins.
bool in_window(const CampaignPlan& plan, int32_t minute_of_day);

}  // namespace bayward::stations
