// What operators have many stations do: campaigns and sets of settings, and what is known of every station that has
// ever booted. A part of the Csms; belongs to its thread, except FleetDesk's functions.
#pragma once

#include <set>

#include "stations/fleet/campaigns.h"
#include "stations/fleet/setting_sets.h"

namespace bayward::stations {

class Fleet final : public FleetDesk {
 public:
  // Reads what is kept: `records` may be null, then nothing can be begun.
  Fleet(Csms& csms, Door& door, FleetRecords* records);

  // Why what is kept can't be read; the server must not go on without it.
  const Status& loaded() const { return loaded_; }

  void tick();
  void booted(StationSession& session);
  void on_ready(StationSession& session, bool after_boot);
  // A FirmwareStatusNotification; `request`: not in 1.6 without the security extension.
  void firmware_status(StationSession& session, std::optional<int64_t> request, std::string_view status);

  // FleetDesk
  void campaigns(std::function<void(std::vector<CampaignCount>)> answer) override;
  void campaign(uint64_t number, std::function<void(std::optional<Campaign>)> answer) override;
  void begin_campaign(CampaignPlan plan, AccountId by, std::function<void(Result<Campaign>)> answer) override;
  void order_campaign(uint64_t number, CampaignOrder order,
                      std::function<void(Result<std::optional<Campaign>>)> answer) override;
  void setting_sets(std::function<void(std::vector<SettingSet>)> answer) override;
  void put_setting_set(SettingSet set, std::function<void(Result<std::optional<SettingSet>>)> answer) override;
  void remove_setting_set(uint64_t number, AccountId by, std::function<void(Result<bool>)> answer) override;
  void standing(uint64_t number, std::function<void(std::optional<std::vector<StationStanding>>)> answer) override;
  void compare_now(uint64_t number, AccountId by, std::function<void(std::optional<size_t>)> answer) override;

 private:
  Status load(FleetRecords& records);

  Door& door_;
  Saver saver_;
  KnownStations known_;
  std::set<StationId> unkept_;  // changed, and not yet with the saver
  Campaigns campaigns_;
  SettingSets sets_;
  Status loaded_ = Done{};
};

}  // namespace bayward::stations
