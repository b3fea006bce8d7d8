#include "stations/fleet/setting_sets.h"

#include <algorithm>

#include "base/limits.h"
#include "ports/log.h"
#include "stations/csms.h"
#include "stations/v16/protocol.h"
#include "stations/v2/protocol.h"

namespace bayward::stations {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

// Stations spell truth in their own way.
bool same_value(const std::string& wanted, const std::string& reported) {
  if (wanted == reported) return true;
  const std::string word = lower(wanted);
  return (word == "true" || word == "false") && word == lower(reported);
}

SettingStanding* find(std::vector<SettingStanding>& standing, std::string_view name) {
  const std::string wanted = lower(name);
  const auto found =
      std::find_if(standing.begin(), standing.end(), [&](const auto& one) { return lower(one.name) == wanted; });
  return found == standing.end() ? nullptr : &*found;
}

// The platform makes these itself (stations/security.h): in a set everybody who may read sets would know them.
bool is_secret(std::string_view name) {
  const std::string word = lower(name);
  return word == "authorizationkey" || word.find("basicauthpassword") != std::string::npos;
}

// Told to a station, and what came of it.
struct Told {
  Csms& csms;
  std::shared_ptr<StationSession> session;
  StationOrder order;
  std::shared_ptr<StationAnswer> answer = std::make_shared<StationAnswer>();

  bool await_ready() const noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> handle) {
    auto next = continuation_of(handle);
    csms.carry_out(session, order, ocpp::Urgency::rest,
                   [&door = csms.door(), next, result = answer](StationAnswer came) {
                     *result = std::move(came);
                     door.post([next] { next->go_on(); });
                   });
  }
  StationAnswer await_resume() const { return std::move(*answer); }
};

std::string trouble_of(const StationAnswer& answer) {
  switch (answer.kind) {
    case StationAnswer::Kind::answered:
      return "";
    case StationAnswer::Kind::error:
    case StationAnswer::Kind::malformed:
      return answer.status;
    case StationAnswer::Kind::silent:
      return "no answer";
    case StationAnswer::Kind::offline:
      return "not connected";
    case StationAnswer::Kind::busy:
      return "too many calls are waiting for it";
  }
  return "";
}

}  // namespace

std::vector<SettingStanding> wanted_of_sets(const std::map<uint64_t, SettingSet>& sets, const KnownStation& station,
                                            bool v16) {
  std::map<std::string, SettingStanding> out;  // by name without case; a later set replaces
  for (const auto& [number, set] : sets) {
    if (!fits(set.group, station)) continue;
    for (const SetSetting& setting : set.settings) {
      const std::string& name = v16 ? setting.key : setting.variable;
      if (!name.empty()) out[lower(name)] = {number, name, setting.value, std::nullopt, ""};
    }
  }
  std::vector<SettingStanding> standing;
  standing.reserve(out.size());
  for (auto& [name, one] : out) standing.push_back(std::move(one));
  return standing;
}

std::optional<std::string> defect_of(const SettingSet& set) {
  if (!set.group.names_something()) return "say which stations: sites, stations, vendor or model";
  if (set.settings.empty() || set.settings.size() > limits::settings_of_set) {
    return "1 to " + std::to_string(limits::settings_of_set) + " settings are expected";
  }
  for (const SetSetting& one : set.settings) {
    if (one.variable.empty() && one.key.empty()) return "a setting needs a variable (2.x), a key (1.6) or both";
    if (is_secret(one.variable) || is_secret(one.key)) {
      return "passwords are changed by the order change_password, not by a set";
    }
    for (const auto& [name, protocol] :
         {std::pair{&one.variable, &v2::protocol_v201()}, std::pair{&one.key, &v16::protocol()}}) {
      if (name->empty()) continue;
      if (const auto drafted = protocol->order(ChangeSettings{{{*name, one.value}}}); !drafted) {
        return drafted.error().message;
      }
    }
  }
  return std::nullopt;
}

void take_in_read(std::vector<SettingStanding>& standing, const std::vector<SettingOutcome>& read) {
  for (const SettingOutcome& one : read) {
    SettingStanding* found = find(standing, one.name);
    if (!found) continue;
    found->reported = one.value;
    found->status = one.status;
    const bool equal = one.value && same_value(found->wanted, *one.value);
    if (equal) found->status = "InStep";
    if (!equal && one.readonly) found->status = "ReadOnly";
  }
}

std::vector<size_t> to_be_set(const std::vector<SettingStanding>& standing) {
  std::vector<size_t> out;
  for (size_t i = 0; i < standing.size(); ++i) {
    // "Rejected" is said of what can only be written; "": nothing was said, as some stations do of what has no value.
    const std::string& status = standing[i].status;
    if (status == "Accepted" || status == "Rejected" || status.empty()) out.push_back(i);
  }
  return out;
}

void take_in_written(std::vector<SettingStanding>& standing, const std::vector<SettingOutcome>& written) {
  for (const SettingOutcome& one : written) {
    SettingStanding* found = find(standing, one.name);
    if (!found) continue;
    found->status = one.status;
    if (one.status == "Accepted") found->reported = found->wanted;
  }
}

Status SettingSets::load(FleetRecords& records) {
  const auto documents = records.read(FleetKind::setting_set);
  if (!documents) return Failure{documents.error()};
  for (const FleetDocument& document : *documents) {
    auto set = Saver::read<SettingSet>(document);
    if (!set) return fail("set of settings " + std::to_string(document.number) + " can't be read");
    last_number_ = std::max(last_number_, document.number);
    sets_.emplace(document.number, *std::move(set));
  }
  return Done{};
}

void SettingSets::on_ready(StationId station, bool after_boot) {
  const auto known = known_.find(station);
  if (known == known_.end()) return;
  const bool concerned =
      std::any_of(sets_.begin(), sets_.end(), [&](const auto& set) { return fits(set.second.group, known->second); });
  if (!concerned) {
    work_.erase(station);
    return;
  }
  Work& work = work_[station];
  if (!after_boot && work.compared_at != Instant{} && work.trouble.empty()) return;
  const auto spread = std::max<int64_t>(csms_.options().sets_spread.count(), 1);
  work.due = csms_.line_now() + Duration{static_cast<int64_t>(std::hash<StationId>{}(station) >> 1) % spread};
}

void SettingSets::tick() {
  const Instant now = csms_.line_now();
  for (auto& [station, work] : work_) {
    if (under_way_ >= limits::stations_set_at_once) return;
    if (work.under_way || !work.due || *work.due > now) continue;
    const auto session = csms_.session_of(station);
    if (!session || !session->ready()) continue;  // when it comes back
    work.due.reset();
    work.under_way = true;
    ++under_way_;
    compare(this, station);
  }
}

Part<std::string> SettingSets::read_all(SettingSets* self, std::shared_ptr<StationSession> session,
                                        std::vector<SettingStanding>& standing) {
  for (size_t from = 0; from < standing.size(); from += limits::settings_at_once) {
    ReadSettings order;
    const size_t to = std::min(from + limits::settings_at_once, standing.size());
    for (size_t i = from; i < to; ++i) order.names.push_back(standing[i].name);
    const StationAnswer answer = co_await Told{self->csms_, session, std::move(order)};
    if (answer.kind != StationAnswer::Kind::answered) co_return "reading: " + trouble_of(answer);
    take_in_read(standing, answer.settings);
  }
  co_return std::string();
}

Part<std::string> SettingSets::write_all(SettingSets* self, std::shared_ptr<StationSession> session,
                                         std::vector<SettingStanding>& standing) {
  const std::vector<size_t> places = to_be_set(standing);
  for (size_t from = 0; from < places.size(); from += limits::settings_at_once) {
    ChangeSettings order;
    const size_t to = std::min(from + limits::settings_at_once, places.size());
    for (size_t i = from; i < to; ++i) order.settings.push_back({standing[places[i]].name, standing[places[i]].wanted});
    const StationAnswer answer = co_await Told{self->csms_, session, std::move(order)};
    take_in_written(standing, answer.settings);
    if (answer.kind != StationAnswer::Kind::answered) co_return "setting: " + trouble_of(answer);
  }
  co_return std::string();
}

Flow SettingSets::compare(SettingSets* self, StationId station) {
  const auto session = self->csms_.session_of(station);
  const bool v16 = session->protocol().has_keys();
  std::vector<SettingStanding> standing = wanted_of_sets(self->sets_, self->known_.at(station), v16);
  std::string trouble = co_await read_all(self, session, standing);
  const size_t differing = to_be_set(standing).size();
  if (trouble.empty()) trouble = co_await write_all(self, session, standing);
  --self->under_way_;
  Work& work = self->work_[station];
  work.under_way = false;
  work.trouble = std::move(trouble);
  work.settings = std::move(standing);
  work.compared_at = self->csms_.now();
  if (differing > 0 || !work.trouble.empty()) {
    log::info("station.settings_differed",
              {{"station", session->admission().identity}, {"settings", differing}, {"trouble", work.trouble}});
  }
}

// ---- what staff wants

size_t SettingSets::make_due(const SettingSet& set) {
  size_t connected = 0;
  for (const auto& [id, station] : known_) {
    if (!fits(set.group, station)) continue;
    work_[id].due = csms_.line_now();  // at most stations_set_at_once at a time
    connected += csms_.session_of(id) ? 1 : 0;
  }
  return connected;
}

void SettingSets::note(const SettingSet& set, AccountId by, std::string type) {
  csms_.note_security({0,
                       {},
                       {},
                       SecurityOrigin::staff,
                       std::move(type),
                       "set " + std::to_string(set.number) + " (" + set.name + "), by " + to_text(by),
                       csms_.now(),
                       {}});
}

void SettingSets::put(SettingSet set, std::function<void(Result<std::optional<SettingSet>>)> answer) {
  if (!saver_.can_keep()) return answer(fail("this server keeps no fleet records"));
  if (auto defect = defect_of(set)) return answer(fail(*std::move(defect)));
  if (set.number != 0 && !sets_.contains(set.number)) return answer(std::optional<SettingSet>());
  if (set.number == 0 && sets_.size() >= limits::setting_sets) {
    return answer(fail("there are " + std::to_string(limits::setting_sets) + " sets already: delete one first"));
  }
  if (set.number == 0) set.number = ++last_number_;
  set.changed_at = csms_.now();
  saver_.put(FleetKind::setting_set, set.number, 0, set);
  saver_.flush([this, set, answer](const Status& kept) {
    if (!kept) return answer(Failure{kept.error()});
    sets_.insert_or_assign(set.number, set);
    note(set, set.changed_by, "SettingSetChanged");
    make_due(set);
    answer(std::optional(set));
  });
}

void SettingSets::remove(uint64_t number, AccountId by, std::function<void(Result<bool>)> answer) {
  const auto found = sets_.find(number);
  if (found == sets_.end()) return answer(false);
  note(found->second, by, "SettingSetRemoved");
  sets_.erase(found);
  saver_.remove(FleetKind::setting_set, number, 0);
  saver_.flush([answer](const Status& kept) {
    if (!kept) return answer(Failure{kept.error()});
    answer(true);
  });
}

std::optional<std::vector<StationStanding>> SettingSets::standing(uint64_t number) const {
  const auto set = sets_.find(number);
  if (set == sets_.end()) return std::nullopt;
  std::vector<StationStanding> out;
  for (const auto& [id, station] : known_) {
    if (!fits(set->second.group, station)) continue;
    StationStanding& one = out.emplace_back();
    one.station = id;
    one.identity = station.identity;
    const auto work = work_.find(id);
    if (work == work_.end()) continue;
    one.checked_at = work->second.compared_at;
    one.trouble = work->second.trouble;
    for (const SettingStanding& setting : work->second.settings) {
      if (setting.set == number) one.settings.push_back(setting);
    }
  }
  return out;
}

std::optional<size_t> SettingSets::compare_now(uint64_t number, AccountId by) {
  const auto set = sets_.find(number);
  if (set == sets_.end()) return std::nullopt;
  note(set->second, by, "SettingSetCompared");
  return make_due(set->second);
}

}  // namespace bayward::stations
