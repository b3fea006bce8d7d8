#include "stations/fleet/campaign.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/limits.h"

namespace bayward::stations {
namespace {

constexpr int64_t requests_per_campaign = 1 << 16;  // requestId tells campaign and try apart within 31 bits
constexpr int silences_per_try = 6;                 // a station that only ever says "Downloading" comes to an end, too

bool at_work(const CampaignStation& one) {
  return one.step == CampaignStep::asking || one.step == CampaignStep::working;
}
bool unfinished(const CampaignStation& one) {
  return at_work(one) || one.step == CampaignStep::waiting;
}

enum class Meaning : uint8_t { nothing, going_on, installed, try_failed, never };

// The words of every version (1.6 FirmwareStatus and its security extension, 2.x FirmwareStatusEnumType).
Meaning meaning_of(std::string_view status) {
  if (status == "Installed") return Meaning::installed;
  if (status == "Idle") return Meaning::nothing;
  constexpr std::array<std::string_view, 3> tries{"DownloadFailed", "InstallationFailed", "InstallVerificationFailed"};
  if (std::find(tries.begin(), tries.end(), status) != tries.end()) return Meaning::try_failed;
  constexpr std::array<std::string_view, 3> wrong{"InvalidSignature", "InvalidCertificate", "RevokedCertificate"};
  if (std::find(wrong.begin(), wrong.end(), status) != wrong.end()) return Meaning::never;
  return Meaning::going_on;
}

void end_try(const Campaign& campaign, CampaignStation& one, std::string word, Instant now) {
  one.word = std::move(word);
  one.since = now;
  if (one.tries >= campaign.plan.tries) {
    one.step = CampaignStep::failed;
    return;
  }
  one.step = CampaignStep::waiting;
  one.not_before = now + campaign.plan.try_pause * one.tries;
}

void finish(CampaignStation& one, CampaignStep step, std::string word, Instant now) {
  one.step = step;
  one.word = std::move(word);
  one.since = now;
}

std::string minutes(Duration time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::minutes>(time).count()) + " min";
}

// Tries that have lasted too long, and waiting that has.
void expire(Campaign& campaign, Instant now, Touched& touched) {
  const CampaignPlan& plan = campaign.plan;
  for (size_t index = 0; index < campaign.stations.size(); ++index) {
    CampaignStation& one = campaign.stations[index];
    if (one.step == CampaignStep::working &&
        (now - one.since >= plan.silence || now - one.asked_at >= plan.silence * silences_per_try)) {
      end_try(campaign, one, "no end for " + minutes(now - one.asked_at) + " after " + one.word, now);
      touched.insert(index);
    }
    const bool its_turn = campaign.phase == CampaignPhase::running && one.stage == campaign.stage;
    if (its_turn && one.step == CampaignStep::waiting && now - campaign.stage_since >= plan.patience) {
      const bool tried = one.tries > 0;
      finish(one, tried ? CampaignStep::failed : CampaignStep::unreachable,
             tried ? one.word : "never connected and free in its time", now);
      touched.insert(index);
    }
  }
}

struct StageCount {
  uint32_t stations = 0;
  uint32_t failed = 0;
  uint32_t unfinished = 0;
};

StageCount count_stage(const Campaign& campaign) {
  StageCount out;
  for (const CampaignStation& one : campaign.stations) {
    if (one.stage != campaign.stage) continue;
    ++out.stations;
    out.failed += one.step == CampaignStep::failed ? 1 : 0;
    out.unfinished += unfinished(one) ? 1 : 0;
  }
  return out;
}

uint32_t last_stage(const Campaign& campaign) {
  return campaign.stations.empty() ? 0 : campaign.stations.back().stage;
}

std::string too_many(const Campaign& campaign, const StageCount& count) {
  return "stage " + std::to_string(campaign.stage + 1) + ": " + std::to_string(count.failed) + " of " +
         std::to_string(count.stations) + " stations failed, more than " +
         std::to_string(campaign.plan.failures_percent) + " %";
}

}  // namespace

std::optional<std::string> defect_of(const CampaignPlan& plan) {
  const FirmwarePackage& package = plan.package;
  if (package.location.empty() && package.image == 0) return "an image or a location is expected";
  if (package.signature.empty() != package.certificate.empty()) return "signature and certificate go together";
  if (package.signature.empty() && !plan.unsigned_allowed) {
    return "the firmware is not signed: give signature and certificate, or allow it with unsigned_allowed";
  }
  if (!plan.group.names_something()) return "say which stations: sites, stations, vendor or model";
  if (plan.stages.empty() || plan.stages.size() > limits::campaign_stages) {
    return "1 to " + std::to_string(limits::campaign_stages) + " stages are expected";
  }
  for (const CampaignStage& stage : plan.stages) {
    if (stage.stations == 0 && (stage.percent == 0 || stage.percent > 100)) return "a stage is 1 to 100 percent";
  }
  if (plan.at_once == 0 || plan.at_once > limits::campaign_at_once) {
    return "1 to " + std::to_string(limits::campaign_at_once) + " stations at once are possible";
  }
  if (plan.tries < 1 || plan.tries > limits::campaign_tries) {
    return "1 to " + std::to_string(limits::campaign_tries) + " tries are possible";
  }
  return std::nullopt;
}

void split_into_stages(Campaign& campaign, Instant now) {
  const size_t all = campaign.stations.size();
  size_t begun = 0;
  for (uint32_t stage = 0; stage < campaign.plan.stages.size(); ++stage) {
    const CampaignStage& what = campaign.plan.stages[stage];
    const bool last = stage + 1 == campaign.plan.stages.size();
    size_t until = what.stations != 0 ? what.stations : (all * what.percent + 99) / 100;
    until = last ? all : std::min(until, all);
    for (; begun < until; ++begun) campaign.stations[begun].stage = stage;
  }
  campaign.stage = campaign.stations.empty() ? 0 : campaign.stations.front().stage;
  campaign.stage_since = now;
}

size_t room_for(const Campaign& campaign) {
  const auto working = static_cast<size_t>(std::count_if(campaign.stations.begin(), campaign.stations.end(), at_work));
  return campaign.plan.at_once > working ? campaign.plan.at_once - working : 0;
}

std::vector<size_t> next_to_ask(const Campaign& campaign, Instant now) {
  std::vector<size_t> out;
  if (campaign.phase != CampaignPhase::running) return out;
  for (size_t index = 0; index < campaign.stations.size(); ++index) {
    const CampaignStation& one = campaign.stations[index];
    if (one.stage == campaign.stage && one.step == CampaignStep::waiting && one.not_before <= now) out.push_back(index);
  }
  return out;
}

int64_t begin_try(Campaign& campaign, size_t index, Instant now) {
  CampaignStation& one = campaign.stations[index];
  const auto number = static_cast<int64_t>(campaign.number % (requests_per_campaign / 2));
  one.request = number * requests_per_campaign + ++campaign.requests % requests_per_campaign;
  ++one.tries;
  one.step = CampaignStep::asking;
  one.asked_at = one.since = now;
  one.word = "asked";
  return one.request;
}

void reply_came(Campaign& campaign, size_t index, FirmwareReply reply, const std::string& word, Instant now) {
  CampaignStation& one = campaign.stations[index];
  if (one.step != CampaignStep::asking) return;  // its first status was faster
  switch (reply) {
    case FirmwareReply::accepted:
      one.step = CampaignStep::working;
      one.word = word;
      one.since = now;
      return;
    case FirmwareReply::never:
      return finish(one, CampaignStep::failed, word, now);
    case FirmwareReply::refused:
      return end_try(campaign, one, word, now);
    case FirmwareReply::silent:
      return end_try(campaign, one, "no answer", now);
  }
}

std::optional<size_t> status_came(Campaign& campaign, StationId station, std::optional<int64_t> request,
                                  std::string_view status, Instant now) {
  for (size_t index = 0; index < campaign.stations.size(); ++index) {
    CampaignStation& one = campaign.stations[index];
    if (one.station != station || !at_work(one) || (request && *request != one.request)) continue;
    switch (meaning_of(status)) {
      case Meaning::nothing:
        return std::nullopt;
      case Meaning::going_on:
        finish(one, CampaignStep::working, std::string(status), now);
        break;
      case Meaning::installed:
        finish(one, CampaignStep::installed, std::string(status), now);
        break;
      case Meaning::try_failed:
        end_try(campaign, one, std::string(status), now);
        break;
      case Meaning::never:
        finish(one, CampaignStep::failed, std::string(status), now);
        break;
    }
    return index;
  }
  return std::nullopt;
}

std::optional<size_t> booted_with(Campaign& campaign, StationId station, std::string_view firmware, Instant now) {
  if (campaign.plan.package.version.empty() || firmware != campaign.plan.package.version) return std::nullopt;
  for (size_t index = 0; index < campaign.stations.size(); ++index) {
    CampaignStation& one = campaign.stations[index];
    if (one.station != station || one.step == CampaignStep::installed) continue;
    finish(one, CampaignStep::installed, "booted with " + std::string(firmware), now);
    return index;
  }
  return std::nullopt;
}

bool move_on(Campaign& campaign, Instant now, Touched& touched) {
  expire(campaign, now, touched);
  if (campaign.phase != CampaignPhase::running) return false;
  bool changed = false;
  for (;;) {
    const StageCount count = count_stage(campaign);
    const uint32_t counted = count.failed > campaign.failures_accepted ? count.failed - campaign.failures_accepted : 0;
    if (uint64_t{counted} * 100 > uint64_t{campaign.plan.failures_percent} * count.stations) {
      campaign.phase = CampaignPhase::paused;
      campaign.why = too_many(campaign, count);
      return true;
    }
    if (count.unfinished > 0) return changed;
    changed = true;
    if (campaign.stage >= last_stage(campaign)) {
      campaign.phase = CampaignPhase::done;
      campaign.ended_at = now;
      return true;
    }
    ++campaign.stage;
    campaign.stage_since = now;
    campaign.failures_accepted = 0;
  }
}

bool steer(Campaign& campaign, const CampaignOrder& order, Instant now, Touched& touched, std::string& why) {
  const bool over = campaign.phase == CampaignPhase::done || campaign.phase == CampaignPhase::cancelled;
  if (over) {
    why = "the campaign is over";
    return false;
  }
  switch (order.what) {
    case CampaignOrder::What::pause:
      campaign.phase = CampaignPhase::paused;
      campaign.why = "paused by staff";
      return true;
    case CampaignOrder::What::cancel:
      campaign.phase = CampaignPhase::cancelled;
      campaign.why = "cancelled by staff";
      campaign.ended_at = now;
      return true;
    case CampaignOrder::What::resume:
      break;
  }
  if (campaign.phase == CampaignPhase::running) {
    why = "the campaign is running";
    return false;
  }
  campaign.phase = CampaignPhase::running;
  campaign.why.clear();
  campaign.stage_since = now;
  campaign.failures_accepted = 0;
  for (size_t index = 0; index < campaign.stations.size(); ++index) {
    CampaignStation& one = campaign.stations[index];
    if (one.stage != campaign.stage || one.step != CampaignStep::failed) continue;
    if (!order.retry_failed) {
      ++campaign.failures_accepted;
      continue;
    }
    one.step = CampaignStep::waiting;
    one.tries = 0;
    one.not_before = now;
    touched.insert(index);
  }
  return true;
}

void after_restart(Campaign& campaign, Touched& touched) {
  for (size_t index = 0; index < campaign.stations.size(); ++index) {
    CampaignStation& one = campaign.stations[index];
    if (one.step != CampaignStep::asking) continue;
    // It may have heard: a further request under a new number replaces the first one there (2.0.1 L01.FR.24).
    one.step = CampaignStep::waiting;
    one.word = "asked anew after a restart of the server";
    if (one.tries > 0) --one.tries;
    touched.insert(index);
  }
}

std::map<CampaignStep, uint32_t> count_steps(const Campaign& campaign) {
  std::map<CampaignStep, uint32_t> out;
  for (const CampaignStation& one : campaign.stations) ++out[one.step];
  return out;
}

bool in_window(const CampaignPlan& plan, int32_t minute_of_day) {
  if (plan.window_from == plan.window_to) return true;
  const bool after_begin = minute_of_day >= plan.window_from;
  const bool before_end = minute_of_day < plan.window_to;
  return plan.window_from < plan.window_to ? after_begin && before_end : after_begin || before_end;
}

}  // namespace bayward::stations
