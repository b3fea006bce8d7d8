// The firmware campaigns as they run: asks the stations whose turn it is (fleet/campaign.h) when they are free, follows
// what they say, keeps every step, and tells staff.
//
// Belongs to the stations' thread. Always holds: a try is durable before its call goes out; a station with a running
// session, a booking near or outside the window is never asked.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "stations/fleet/campaign.h"
#include "stations/fleet/saver.h"
#include "stations/session.h"

namespace bayward::stations {

// Every station that has ever booted, by id.
using KnownStations = std::map<StationId, KnownStation>;

class Campaigns {
 public:
  using Begun = std::function<void(Result<Campaign>)>;
  using Steered = std::function<void(Result<std::optional<Campaign>>)>;

  Campaigns(Csms& csms, Saver& saver, const KnownStations& known) : csms_(csms), saver_(saver), known_(known) {}

  // Before traffic.
  Status load(FleetRecords& records);
  // Once a second.
  void tick();
  void heard(StationSession& session, std::optional<int64_t> request, std::string_view status);
  void booted(const KnownStation& station);

  const std::map<uint64_t, Campaign>& all() const { return campaigns_; }
  void begin(CampaignPlan plan, AccountId by, Begun answer);
  void order(uint64_t number, const CampaignOrder& order, Steered answer);

 private:
  struct Candidate {
    uint64_t campaign = 0;
    size_t index = 0;
    std::vector<StationBay> bays;
    const CampaignPlan* plan = nullptr;  // of `plans` of the round
    bool free = false;
  };
  struct Try {
    uint64_t campaign = 0;
    size_t index = 0;
    int64_t request = 0;
    bool plain = false;  // without a signature
  };

  static Flow begin_checked(Campaigns* self, CampaignPlan plan, AccountId by, Begun answer);
  static Flow go_round(Campaigns* self);
  Result<Campaign> made(CampaignPlan plan, AccountId by) const;
  std::vector<Candidate> candidates();
  void begin_tries(const std::vector<Candidate>& candidates);
  void send(const Try& what);
  void answered(const Try& what, const StationSession& session, const StationSession::CallOutcome& outcome);
  void replied(const Try& what, FirmwareReply reply, const std::string& word);
  CampaignStation* under_way(const Try& what);
  bool is_at_work(StationId station) const;
  void move(Campaign& campaign);
  void keep(const Campaign& campaign);
  void keep(const Campaign& campaign, size_t index);
  void keep(const Campaign& campaign, const Touched& touched);
  void note_end(const Campaign& campaign, const CampaignStation& station);
  void note(const Campaign& campaign, bool by_staff, std::string type, const std::string& detail);
  void forget_oldest();

  Csms& csms_;
  Saver& saver_;
  const KnownStations& known_;
  std::map<uint64_t, Campaign> campaigns_;
  uint64_t last_number_ = 0;
  Instant round_at_{};  // in line time
  bool going_round_ = false;
};

}  // namespace bayward::stations
