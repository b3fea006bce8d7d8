#include "stations/fleet/fleet.h"

#include "base/limits.h"
#include "ports/log.h"
#include "stations/csms.h"

namespace bayward::stations {

Fleet::Fleet(Csms& csms, Door& door, FleetRecords* records)
    : door_(door), saver_(door, records), campaigns_(csms, saver_, known_), sets_(csms, saver_, known_) {
  if (records) loaded_ = load(*records);
}

Status Fleet::load(FleetRecords& records) {
  const auto documents = records.read(FleetKind::known_station);
  if (!documents) return Failure{documents.error()};
  for (const FleetDocument& document : *documents) {
    auto station = Saver::read<KnownStation>(document);
    if (!station) return fail("what is known of station " + std::to_string(document.number) + " can't be read");
    const StationId id = station->station;
    known_.emplace(id, *std::move(station));
  }
  if (auto campaigns = campaigns_.load(records); !campaigns) return campaigns;
  return sets_.load(records);
}

void Fleet::tick() {
  // All boot at once after an outage: nobody's login waits behind ten thousand writes.
  for (size_t i = 0; i < limits::fleet_writes_at_once && !unkept_.empty(); ++i) {
    const StationId station = unkept_.extract(unkept_.begin()).value();
    saver_.put(FleetKind::known_station, station.value, 0, known_.at(station));
  }
  campaigns_.tick();
  sets_.tick();
  saver_.flush();
}

void Fleet::booted(StationSession& session) {
  const auto& plate = session.nameplate();
  if (!session.known() || !plate) return;
  const Admission& who = session.admission();
  const KnownStation now{who.station, who.identity, plate->vendor, plate->model, plate->serial_number, plate->firmware};
  KnownStation& known = known_[who.station];
  if (known != now) {
    known = now;
    unkept_.insert(who.station);
  }
  campaigns_.booted(known);
}

void Fleet::on_ready(StationSession& session, bool after_boot) {
  sets_.on_ready(session.admission().station, after_boot);
}

void Fleet::firmware_status(StationSession& session, std::optional<int64_t> request, std::string_view status) {
  log::info("station.firmware_status", {{"station", session.admission().identity}, {"status", status}});
  campaigns_.heard(session, request, status);
}

void Fleet::campaigns(std::function<void(std::vector<CampaignCount>)> answer) {
  door_.post([this, answer = std::move(answer)] {
    std::vector<CampaignCount> out;
    for (auto one = campaigns_.all().rbegin(); one != campaigns_.all().rend(); ++one) {
      CampaignCount& count = out.emplace_back();
      count.stations = count_steps(one->second);
      count.campaign = one->second;
      count.campaign.stations.clear();
    }
    answer(std::move(out));
  });
}

void Fleet::campaign(uint64_t number, std::function<void(std::optional<Campaign>)> answer) {
  door_.post([this, number, answer = std::move(answer)] {
    const auto found = campaigns_.all().find(number);
    if (found == campaigns_.all().end()) return answer(std::nullopt);
    // What staff has seen, a crash doesn't take back.
    saver_.flush([campaign = found->second, answer](const Status&) { answer(campaign); });
  });
}

void Fleet::begin_campaign(CampaignPlan plan, AccountId by, std::function<void(Result<Campaign>)> answer) {
  door_.post([this, plan = std::move(plan), by, answer = std::move(answer)] { campaigns_.begin(plan, by, answer); });
}

void Fleet::order_campaign(uint64_t number, CampaignOrder order,
                           std::function<void(Result<std::optional<Campaign>>)> answer) {
  door_.post([this, number, order, answer = std::move(answer)] { campaigns_.order(number, order, answer); });
}

void Fleet::setting_sets(std::function<void(std::vector<SettingSet>)> answer) {
  door_.post([this, answer = std::move(answer)] {
    std::vector<SettingSet> out;
    for (const auto& [number, set] : sets_.all()) out.push_back(set);
    answer(std::move(out));
  });
}

void Fleet::put_setting_set(SettingSet set, std::function<void(Result<std::optional<SettingSet>>)> answer) {
  door_.post([this, set = std::move(set), answer = std::move(answer)] { sets_.put(set, answer); });
}

void Fleet::remove_setting_set(uint64_t number, AccountId by, std::function<void(Result<bool>)> answer) {
  door_.post([this, number, by, answer = std::move(answer)] { sets_.remove(number, by, answer); });
}

void Fleet::standing(uint64_t number, std::function<void(std::optional<std::vector<StationStanding>>)> answer) {
  door_.post([this, number, answer = std::move(answer)] { answer(sets_.standing(number)); });
}

void Fleet::compare_now(uint64_t number, AccountId by, std::function<void(std::optional<size_t>)> answer) {
  door_.post([this, number, by, answer = std::move(answer)] { answer(sets_.compare_now(number, by)); });
}

}  // namespace bayward::stations
