#include "stations/fleet/campaigns.h"

#include <algorithm>

#include "base/limits.h"
#include "ports/log.h"
#include "stations/csms.h"
#include "stations/fleet/firmware_signature.h"

namespace bayward::stations {
namespace {

constexpr Duration round_every{2s};
constexpr size_t candidates_per_round = 500;

bool is_over(const Campaign& campaign) {
  return campaign.phase == CampaignPhase::done || campaign.phase == CampaignPhase::cancelled;
}

bool at_work(const CampaignStation& one) {
  return one.step == CampaignStep::asking || one.step == CampaignStep::working;
}

// The engine's thread: nobody charges there, nobody is about to come, and it is the hour for it.
bool is_free(const core::State& state, StationId station, const std::vector<StationBay>& bays, const CampaignPlan& plan,
             Instant now) {
  const core::Site* site = state.site(site_of(station));
  if (!site || !in_window(plan, site->zone.local(now).minute)) return false;
  return std::all_of(bays.begin(), bays.end(), [&](const StationBay& place) {
    const core::Bay* bay = site->bay(place.bay);
    if (!bay) return true;
    return !bay->session && !bay->wanted_start && !site->booking_at(place.bay, now, plan.booking_margin);
  });
}

// Also those that the business knows nothing of.
bool charges(const Station& station) {
  return std::any_of(station.transactions.begin(), station.transactions.end(),
                     [](const auto& one) { return one->start_seen && !one->stop; });
}

// In the background: an image of ours becomes a location, and what is signed is verified.
Status prepare(FirmwareImages* images, const std::string& url, Instant now, FirmwarePackage& package) {
  const bool is_signed = !package.signature.empty();
  if (package.image == 0) {
    return is_signed ? check_signature_form(package.certificate, package.signature, now) : Status(Done{});
  }
  if (!images) return fail("this server keeps no images");
  if (url.empty()) return fail("[ocpp] upload_url says where stations reach the server, and there is none");
  const auto all = images->list();
  const auto image = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.number == package.image; });
  const std::string name = "image " + std::to_string(package.image);
  if (image == all.end()) return fail("there is no " + name);
  if (image->received_at == Instant{}) return fail(name + " has no content yet: put it to its upload_url first");
  if (!is_signed) package.signature = image->signature, package.certificate = image->certificate;
  if (package.version.empty()) package.version = image->version;
  package.location = url + "/firmware/" + image->token + "/" + image->file;
  if (package.signature.empty()) return Done{};
  const auto content = images->content(image->token);
  if (!content) return Failure{content.error()};
  if (!*content) return fail(name + " is gone");
  return verify_firmware(**content, package.certificate, package.signature, now);
}

}  // namespace

Status Campaigns::load(FleetRecords& records) {
  const auto campaigns = records.read(FleetKind::campaign);
  if (!campaigns) return Failure{campaigns.error()};
  const auto stations = records.read(FleetKind::campaign_station);
  if (!stations) return Failure{stations.error()};
  for (const FleetDocument& document : *campaigns) {
    auto campaign = Saver::read<Campaign>(document);
    if (!campaign) return fail("campaign " + std::to_string(document.number) + " can't be read");
    last_number_ = std::max(last_number_, document.number);
    campaigns_.emplace(document.number, *std::move(campaign));
  }
  for (const FleetDocument& document : *stations) {
    auto station = Saver::read<CampaignStation>(document);
    const auto campaign = campaigns_.find(document.number);
    if (!station || campaign == campaigns_.end() || campaign->second.stations.size() != document.item) {
      return fail("the stations of campaign " + std::to_string(document.number) + " can't be read");
    }
    campaign->second.stations.push_back(*std::move(station));
  }
  for (auto& [number, campaign] : campaigns_) {
    Touched touched;
    after_restart(campaign, touched);
    keep(campaign, touched);
  }
  return Done{};
}

void Campaigns::tick() {
  for (auto& [number, campaign] : campaigns_) {
    if (!is_over(campaign) || std::any_of(campaign.stations.begin(), campaign.stations.end(), at_work)) move(campaign);
  }
  if (csms_.line_now() < round_at_ || going_round_) return;
  round_at_ = csms_.line_now() + round_every;
  go_round(this);
}

// ---- what staff wants

void Campaigns::begin(CampaignPlan plan, AccountId by, Begun answer) {
  begin_checked(this, std::move(plan), by, std::move(answer));
}

Flow Campaigns::begin_checked(Campaigns* self, CampaignPlan plan, AccountId by, Begun answer) {
  Csms& csms = self->csms_;
  Status prepared = Done{};
  FirmwareImages* images = csms.firmware_images();
  const std::string url = csms.options().public_url;
  const Instant now = csms.now();
  co_await csms.door().background([&] { prepared = prepare(images, url, now, plan.package); });
  if (!prepared) co_return answer(Failure{prepared.error()});
  auto made = self->made(std::move(plan), by);
  if (!made) co_return answer(Failure{made.error()});
  made->number = ++self->last_number_;
  self->keep(*made);
  for (size_t index = 0; index < made->stations.size(); ++index) self->keep(*made, index);
  self->saver_.flush([self, campaign = *made, answer](const Status& kept) {
    if (!kept) return answer(Failure{kept.error()});
    self->forget_oldest();
    self->campaigns_.emplace(campaign.number, campaign);
    self->note(campaign, true, "CampaignBegun",
               std::to_string(campaign.stations.size()) + " stations, by " + to_text(campaign.made_by));
    answer(campaign);
  });
}

Result<Campaign> Campaigns::made(CampaignPlan plan, AccountId by) const {
  if (!saver_.can_keep()) return fail("this server keeps no fleet records");
  if (auto defect = defect_of(plan)) return fail(*std::move(defect));
  for (const StationId station : plan.group.stations) {
    if (!known_.contains(station)) return fail(to_text(station) + " has never booted here");
  }
  Campaign out;
  for (const auto& [id, station] : known_) {
    if (!fits(plan.group, station)) continue;
    CampaignStation& one = out.stations.emplace_back();
    one.station = id;
    one.identity = station.identity;
  }
  if (out.stations.empty()) return fail("no station that has ever booted here fits the group");
  if (out.stations.size() > limits::campaign_stations) {
    return fail("at most " + std::to_string(limits::campaign_stations) + " stations fit into one campaign");
  }
  // The first stage is a trial: of stations that answer.
  std::stable_partition(out.stations.begin(), out.stations.end(),
                        [&](const CampaignStation& one) { return csms_.session_of(one.station) != nullptr; });
  out.plan = std::move(plan);
  out.made_by = by;
  out.made_at = csms_.now();
  split_into_stages(out, out.made_at);
  return out;
}

void Campaigns::order(uint64_t number, const CampaignOrder& order, Steered answer) {
  const auto found = campaigns_.find(number);
  if (found == campaigns_.end()) return answer(std::optional<Campaign>());
  Campaign& campaign = found->second;
  Touched touched;
  std::string why;
  if (!steer(campaign, order, csms_.now(), touched, why)) return answer(fail(why));
  keep(campaign);
  keep(campaign, touched);
  using What = CampaignOrder::What;
  note(campaign, true,
       order.what == What::pause    ? "CampaignPaused"
       : order.what == What::resume ? "CampaignResumed"
                                    : "CampaignCancelled",
       "by " + to_text(order.by));
  saver_.flush([campaign, answer](const Status& kept) {
    if (!kept) return answer(Failure{kept.error()});
    answer(std::optional(campaign));
  });
}

void Campaigns::forget_oldest() {
  if (campaigns_.size() < limits::firmware_campaigns) return;
  const auto oldest =
      std::find_if(campaigns_.begin(), campaigns_.end(), [](const auto& one) { return is_over(one.second); });
  if (oldest == campaigns_.end()) return;
  for (size_t item = 0; item < oldest->second.stations.size(); ++item) {
    saver_.remove(FleetKind::campaign_station, oldest->first, item);
  }
  saver_.remove(FleetKind::campaign, oldest->first, 0);
  campaigns_.erase(oldest);
}

// ---- asking

bool Campaigns::is_at_work(StationId station) const {
  return std::any_of(campaigns_.begin(), campaigns_.end(), [&](const auto& campaign) {
    const auto& stations = campaign.second.stations;
    return std::any_of(stations.begin(), stations.end(),
                       [&](const CampaignStation& one) { return one.station == station && at_work(one); });
  });
}

std::vector<Campaigns::Candidate> Campaigns::candidates() {
  std::vector<Candidate> out;
  const Instant now = csms_.now();
  for (const auto& [number, campaign] : campaigns_) {
    if (campaign.phase != CampaignPhase::running || room_for(campaign) == 0) continue;
    for (const size_t index : next_to_ask(campaign, now)) {
      if (out.size() >= candidates_per_round) return out;
      const StationId id = campaign.stations[index].station;
      const auto session = csms_.session_of(id);
      const bool there = session && session->ready() && session->station().bays_known;
      if (!there || charges(session->station()) || is_at_work(id)) continue;
      out.push_back({number, index, session->station().bays, nullptr, false});
    }
  }
  return out;
}

Flow Campaigns::go_round(Campaigns* self) {
  std::vector<Candidate> candidates = self->candidates();
  if (candidates.empty()) co_return;
  self->going_round_ = true;
  // Copies: on the engine's thread nothing of ours is looked at.
  std::map<uint64_t, CampaignPlan> plans;
  std::vector<StationId> stations;
  for (Candidate& one : candidates) {
    const Campaign& campaign = self->campaigns_.at(one.campaign);
    one.plan = &plans.try_emplace(one.campaign, campaign.plan).first->second;
    stations.push_back(campaign.stations[one.index].station);
  }
  const bool looked = co_await self->csms_.door().look([&](const core::State& state, Instant now) {
    for (size_t i = 0; i < candidates.size(); ++i) {
      candidates[i].free = is_free(state, stations[i], candidates[i].bays, *candidates[i].plan, now);
    }
  });
  self->going_round_ = false;
  if (looked) self->begin_tries(candidates);
}

void Campaigns::begin_tries(const std::vector<Candidate>& candidates) {
  std::vector<Try> tries;
  for (const Candidate& one : candidates) {
    const auto found = campaigns_.find(one.campaign);
    if (!one.free || found == campaigns_.end()) continue;
    Campaign& campaign = found->second;
    const CampaignStation& station = campaign.stations[one.index];
    const bool still = campaign.phase == CampaignPhase::running && room_for(campaign) > 0 &&
                       station.step == CampaignStep::waiting && !is_at_work(station.station);
    if (!still) continue;
    const int64_t request = begin_try(campaign, one.index, csms_.now());
    tries.push_back({one.campaign, one.index, request, campaign.plan.package.signature.empty()});
    keep(campaign, one.index);
    keep(campaign);
  }
  if (tries.empty()) return;
  saver_.flush([this, tries](const Status& kept) {
    for (const Try& one : tries) kept ? send(one) : replied(one, FirmwareReply::silent, "");
  });
}

CampaignStation* Campaigns::under_way(const Try& what) {
  const auto found = campaigns_.find(what.campaign);
  if (found == campaigns_.end()) return nullptr;
  CampaignStation& station = found->second.stations[what.index];
  return station.request == what.request && station.step == CampaignStep::asking ? &station : nullptr;
}

void Campaigns::send(const Try& what) {
  const CampaignStation* station = under_way(what);
  if (!station) return;
  const auto session = csms_.session_of(station->station);
  if (!session) return replied(what, FirmwareReply::silent, "");
  const FirmwarePackage& package = campaigns_.at(what.campaign).plan.package;
  FirmwareOrder order{package.location, package.signature, package.certificate, what.request, csms_.now()};
  if (what.plain) order.signature.clear();
  auto drafted = session->protocol().update_firmware(order);
  if (!drafted) return replied(what, FirmwareReply::never, drafted.error().message);
  log::info("campaign.asked", {{"campaign", what.campaign}, {"station", station->identity}, {"request", what.request}});
  const bool sent = session->call(*std::move(drafted), ocpp::Urgency::rest,
                                  [this, what](StationSession& told, const StationSession::CallOutcome& outcome) {
                                    answered(what, told, outcome);
                                  });
  if (!sent) replied(what, FirmwareReply::silent, "");
}

void Campaigns::answered(const Try& what, const StationSession& session, const StationSession::CallOutcome& outcome) {
  if (std::holds_alternative<ocpp::NoAnswer>(outcome)) return replied(what, FirmwareReply::silent, "");
  const std::string word = word_of(outcome);
  const auto* error = std::get_if<ocpp::CallError>(&outcome);
  const bool unknown =
      error && (error->code == ocpp::ErrorCode::not_implemented || error->code == ocpp::ErrorCode::not_supported);
  const auto found = campaigns_.find(what.campaign);
  if (unknown && found != campaigns_.end()) {
    // 1.6 without the security extension.
    const bool plain_instead =
        !what.plain && found->second.plan.unsigned_allowed && session.protocol().signing_is_extension();
    if (!plain_instead) return replied(what, FirmwareReply::never, word);
    return send({what.campaign, what.index, what.request, true});
  }
  if (error) return replied(what, FirmwareReply::refused, word);
  const ocpp::Json* status = std::get<ocpp::Json>(outcome).find("status");
  if (!status || word == "Accepted" || word == "AcceptedCanceled") {
    return replied(what, FirmwareReply::accepted, status ? word : "asked, without a signature");
  }
  const bool never = word == "InvalidCertificate" || word == "RevokedCertificate";
  replied(what, never ? FirmwareReply::never : FirmwareReply::refused, word);
}

void Campaigns::replied(const Try& what, FirmwareReply reply, const std::string& word) {
  CampaignStation* station = under_way(what);
  if (!station) return;
  Campaign& campaign = campaigns_.at(what.campaign);
  reply_came(campaign, what.index, reply, word, csms_.now());
  keep(campaign, what.index);
  note_end(campaign, *station);
  move(campaign);
  saver_.flush();
}

// ---- following

void Campaigns::heard(StationSession& session, std::optional<int64_t> request, std::string_view status) {
  if (!session.known()) return;
  for (auto& [number, campaign] : campaigns_) {
    const auto index = status_came(campaign, session.admission().station, request, status, csms_.now());
    if (!index) continue;
    keep(campaign, *index);
    note_end(campaign, campaign.stations[*index]);
    move(campaign);
    return saver_.flush();
  }
}

void Campaigns::booted(const KnownStation& station) {
  for (auto& [number, campaign] : campaigns_) {
    if (is_over(campaign) && !is_at_work(station.station)) continue;
    const auto index = booted_with(campaign, station.station, station.firmware, csms_.now());
    if (!index) continue;
    keep(campaign, *index);
    note_end(campaign, campaign.stations[*index]);
    move(campaign);
    saver_.flush();
  }
}

void Campaigns::move(Campaign& campaign) {
  Touched touched;
  const bool changed = move_on(campaign, csms_.now(), touched);
  keep(campaign, touched);
  for (const size_t index : touched) note_end(campaign, campaign.stations[index]);
  if (!changed) return;
  keep(campaign);
  if (campaign.phase == CampaignPhase::paused) note(campaign, false, "CampaignPaused", campaign.why);
  if (campaign.phase == CampaignPhase::done) note(campaign, false, "CampaignEnded", "every stage is over");
  log::info("campaign.moved",
            {{"campaign", campaign.number}, {"phase", to_text(campaign.phase)}, {"stage", campaign.stage + 1}});
}

void Campaigns::keep(const Campaign& campaign) {
  saver_.put(FleetKind::campaign, campaign.number, 0, campaign);
}

void Campaigns::keep(const Campaign& campaign, size_t index) {
  saver_.put(FleetKind::campaign_station, campaign.number, index, campaign.stations[index]);
}

void Campaigns::keep(const Campaign& campaign, const Touched& touched) {
  for (const size_t index : touched) keep(campaign, index);
}

void Campaigns::note_end(const Campaign& campaign, const CampaignStation& station) {
  const bool installed = station.step == CampaignStep::installed;
  if (!installed && station.step != CampaignStep::failed) return;
  csms_.note_security({0,
                       station.station,
                       station.identity,
                       SecurityOrigin::platform,
                       installed ? "FirmwareInstalled" : "FirmwareFailed",
                       "campaign " + std::to_string(campaign.number) + ": " + station.word,
                       csms_.now(),
                       {}});
}

void Campaigns::note(const Campaign& campaign, bool by_staff, std::string type, const std::string& detail) {
  csms_.note_security({0,
                       {},
                       {},
                       by_staff ? SecurityOrigin::staff : SecurityOrigin::platform,
                       std::move(type),
                       "campaign " + std::to_string(campaign.number) + " (" + campaign.plan.name + "): " + detail,
                       csms_.now(),
                       {}});
}

}  // namespace bayward::stations
