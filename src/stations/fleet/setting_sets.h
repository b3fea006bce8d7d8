// Sets of settings as they are applied: a station is compared with the sets it belongs to after each boot, when it
// comes back after a restart of the server, and when staff changes a set; what differs is set, what came of it is
// shown.
//
// Belongs to the stations' thread. Always holds: of one station one call of these is under way at a time, of all
// stations at most limits::stations_set_at_once are being compared, and stations that boot together are spread over
// StationOptions::sets_spread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stations/fleet/campaigns.h"
#include "stations/fleet/saver.h"

namespace bayward::stations {

// What is wanted of a station, in the order of the names; `v16`: it has keys instead of variables. Pure.
std::vector<SettingStanding> wanted_of_sets(const std::map<uint64_t, SettingSet>& sets, const KnownStation& station,
                                            bool v16);
// What can't be, and what to do about it. Pure.
std::optional<std::string> defect_of(const SettingSet& set);
// Takes in what was read (or written) and gives the places of what is still to be set. Pure.
void take_in_read(std::vector<SettingStanding>& standing, const std::vector<SettingOutcome>& read);
std::vector<size_t> to_be_set(const std::vector<SettingStanding>& standing);
void take_in_written(std::vector<SettingStanding>& standing, const std::vector<SettingOutcome>& written);

class SettingSets {
 public:
  SettingSets(Csms& csms, Saver& saver, const KnownStations& known) : csms_(csms), saver_(saver), known_(known) {}

  // Before traffic.
  Status load(FleetRecords& records);
  // Once a second.
  void tick();
  void on_ready(StationId station, bool after_boot);

  const std::map<uint64_t, SettingSet>& all() const { return sets_; }
  void put(SettingSet set, std::function<void(Result<std::optional<SettingSet>>)> answer);
  void remove(uint64_t number, AccountId by, std::function<void(Result<bool>)> answer);
  std::optional<std::vector<StationStanding>> standing(uint64_t number) const;
  std::optional<size_t> compare_now(uint64_t number, AccountId by);

 private:
  struct Work {
    std::optional<Instant> due;  // in line time
    bool under_way = false;
    Instant compared_at{};
    std::string trouble;
    std::vector<SettingStanding> settings;
  };

  static Flow compare(SettingSets* self, StationId station);
  static Part<std::string> read_all(SettingSets* self, std::shared_ptr<StationSession> session,
                                    std::vector<SettingStanding>& standing);
  static Part<std::string> write_all(SettingSets* self, std::shared_ptr<StationSession> session,
                                     std::vector<SettingStanding>& standing);
  size_t make_due(const SettingSet& set);
  void note(const SettingSet& set, AccountId by, std::string type);

  Csms& csms_;
  Saver& saver_;
  const KnownStations& known_;
  std::map<uint64_t, SettingSet> sets_;
  std::map<StationId, Work> work_;
  uint64_t last_number_ = 0;
  size_t under_way_ = 0;
};

}  // namespace bayward::stations
