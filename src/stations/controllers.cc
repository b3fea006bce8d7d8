#include "stations/controllers.h"

#include <algorithm>

#include "ocpp/rpc/struct_json.h"
#include "ocpp/v201/types.h"
#include "ports/log.h"
#include "stations/charging.h"
#include "stations/csms.h"

namespace bayward::stations {
namespace {

namespace types = ocpp::v201;
namespace site_message = core::site_message;

constexpr Duration taken_within{10s};  // of the controller's consent: its log follows at once

Drafted transfer(std::string_view message, ocpp::Json data) {
  types::DataTransferRequest request;
  request.vendor_id = site_message::vendor;
  request.message_id = std::string(message);
  request.data = std::move(data);
  return draft(request);
}

// The data of an answer that says Accepted.
std::optional<ocpp::Json> data_of(const StationSession::CallOutcome& outcome) {
  const auto* payload = std::get_if<ocpp::Json>(&outcome);
  if (!payload) return std::nullopt;
  const auto response = ocpp::decode<types::DataTransferResponse>(*payload);
  if (!response || response->status != types::DataTransferStatusEnumType::accepted || !response->data) {
    return std::nullopt;
  }
  return *response->data;
}

// A person whose data was erased has none: the booking is still a claim.
std::string text_in(Vault& vault, const VaultKey& key) {
  auto text = vault.get(key);
  return text && *text ? **std::move(text) : std::string();
}

// What number `number` of the log has become.
Outcome outcome_of(const core::Site& site, uint64_t number, uint64_t subject) {
  const core::Booking* booking = site.bookings.find(BookingId{subject});
  if (booking && booking->end == core::BookingEnd::no_funds) return Failure{core::Refusal::insufficient_funds};
  if (booking) return Accepted{subject, 0, false};
  if (site.handover.refused == number) return Failure{site.handover.refused_for};
  return Failure{core::Refusal::slot_taken};
}

}  // namespace

// Fills in the claims; what was read before isn't read again.
Controllers::Guests Controllers::with_guests(Vault& vault, const Guests& known, core::Briefing& briefing) {
  Guests out;
  for (core::BriefedBay& bay : briefing.bays) {
    for (core::BriefedClaim& claim : bay.claims) {
      const auto before = known.find(claim.booking);
      Guest guest{claim.vehicle, {}, {}};
      if (before != known.end() && before->second.vehicle == claim.vehicle && !before->second.plate.empty()) {
        guest = before->second;
      } else {
        guest.plate = text_in(vault, {claim.account, VaultKind::plate, claim.vehicle.value});
        guest.phone = text_in(vault, {claim.account, VaultKind::phone, 0});
      }
      claim.plate = guest.plate;
      claim.phone = guest.phone;
      out.emplace(claim.booking, std::move(guest));
    }
  }
  return out;
}

std::shared_ptr<StationSession> Controllers::session_of(SiteId site) const {
  const auto link = links_.find(site);
  const auto session = link == links_.end() ? nullptr : csms_.session_of(link->second.controller);
  return session && session->ready() ? session : nullptr;
}

void Controllers::tick() {
  for (auto& [site, link] : links_) {
    link.handed_over = false;
    for (auto waiting = link.waiting.begin(); waiting != link.waiting.end();) {
      if (csms_.line_now() < waiting->second.give_up_at) {
        ++waiting;
        continue;
      }
      const Answer answer = std::move(waiting->second.answer);
      waiting = link.waiting.erase(waiting);
      answer(Failure{core::Refusal::site_offline});
    }
  }
  if (!looking_) look_round(this);
}

Flow Controllers::look_round(Controllers* self) {
  self->looking_ = true;
  std::map<SiteId, uint64_t> told;
  for (const auto& [site, link] : self->links_) told[site] = link.told;
  std::vector<Seen> seen;
  const bool looked = co_await self->csms_.door().look([&](const core::State& state, Instant now) {
    for (uint64_t number = 1; number <= state.site_count(); ++number) {
      const core::Site& site = *state.site(SiteId{number});
      if (!site.handover.controller) continue;
      Seen& one = seen.emplace_back();
      one.site = site.id;
      one.controller = site.handover.controller;
      one.due = site.handover.watermark < now + site.rules.handover_horizon;
      const auto known = told.find(site.id);
      if (known != told.end() && known->second != site.sequence) one.briefing = core::briefing_of(site, now);
    }
  });
  self->looking_ = false;
  if (looked) self->on_seen(std::move(seen));
}

// The controller is told at once: until it knows, neither side may sell what was just handed over.
Flow Controllers::hand_over(Controllers* self, SiteId site) {
  (void)co_await self->csms_.door().submit(core::HandOver{site});
  const bool looked = std::exchange(self->links_[site].handed_over, true);
  if (!looked && !self->looking_) look_round(self);
}

void Controllers::on_seen(std::vector<Seen> seen) {
  for (const Seen& one : seen) {
    Link& link = links_[one.site];
    if (link.controller != one.controller) link = Link{one.controller, 0, false, false, false, {}, {}};
    const auto session = session_of(one.site);
    if (!session) {
      // It may come back with another memory.
      link.told = 0;
      link.telling = false;
      continue;
    }
    if (one.due) hand_over(this, one.site);
    if (one.briefing && !link.telling) brief(this, one.site, *one.briefing);
  }
}

// The look has ended, so all that the briefing was read from is durable. Plates and phone numbers are in the vault
// only; those of the last briefing are still known.
Flow Controllers::brief(Controllers* self, SiteId site, core::Briefing briefing) {
  Link& link = self->links_[site];
  link.telling = true;
  const StationId controller = link.controller;
  const Guests known = std::move(link.guests);
  Guests guests;
  co_await self->csms_.door().background([&] { guests = with_guests(self->csms_.vault(), known, briefing); });
  Link& now = self->links_[site];
  if (now.controller != controller) co_return;
  now.guests = std::move(guests);
  now.telling = false;
  if (self->session_of(site)) self->send(site, briefing);
}

void Controllers::send(SiteId site, const core::Briefing& briefing) {
  Link& link = links_[site];
  auto drafted = transfer(site_message::briefing, ocpp::struct_json(briefing));
  if (!drafted) return log::error("controller.briefing_invalid", {{"why", drafted.error().message}});
  const auto ended = [this, site, revision = briefing.revision](StationSession&,
                                                                const StationSession::CallOutcome& outcome) {
    Link& now = links_[site];
    now.telling = false;
    const auto data = data_of(outcome);
    const auto answer = data ? ocpp::struct_of<core::BriefingAnswer>(*data) : fail("no answer");
    if (!answer) return log::warn("controller.not_briefed", {{"site", to_text(site)}, {"why", answer.error().message}});
    now.told = revision;
    if (std::exchange(now.handed_over, false) && !looking_) look_round(this);
    if (answer->lost_memory && !std::exchange(now.lost_memory, true)) {
      log::error("controller.lost_memory",
                 {{"site", to_text(site)}, {"what_to_do", "register the site's controller anew"}});
    }
  };
  link.telling = session_of(site)->call(*std::move(drafted), ocpp::Urgency::authorisation, ended);
  if (!link.telling) log::warn("controller.not_briefed", {{"site", to_text(site)}, {"why", "too long, or too busy"}});
}

void Controllers::ask(core::Ask ask, Answer answer) {
  csms_.door().post([this, ask = std::move(ask), answer = std::move(answer)] {
    const SiteId site = site_of(ask.wish.bay);
    const auto session = session_of(site);
    auto drafted = transfer(site_message::ask, ocpp::struct_json(ask));
    if (!session || !drafted) return answer(Failure{core::Refusal::site_offline});
    const auto ended = [this, site, account = ask.wish.account, answer](StationSession&,
                                                                        const StationSession::CallOutcome& outcome) {
      const auto data = data_of(outcome);
      const auto said = data ? ocpp::struct_of<core::AskAnswer>(*data) : fail("no answer");
      if (!said) return answer(Failure{core::Refusal::site_offline});
      if (said->refused && *said->refused <= core::Refusal::site_decides) return answer(Failure{*said->refused});
      if (said->refused) return answer(Failure{core::Refusal::slot_taken});
      wait_for(this, site, said->number, account, answer);
    };
    if (!session->call(*std::move(drafted), ocpp::Urgency::authorisation, ended)) {
      answer(Failure{core::Refusal::site_offline});
    }
  });
}

// The number is on its way in the controller's log, or has come already when the ask was repeated.
Flow Controllers::wait_for(Controllers* self, SiteId site, uint64_t number, AccountId account, Answer answer) {
  std::optional<Outcome> known;
  const bool looked = co_await self->csms_.door().look([&](const core::State& state, Instant) {
    const core::Site* there = state.site(site);
    if (!there || there->handover.taken < number) return;
    const std::vector<BookingId>* live = there->live_of_account.find(account);
    uint64_t subject = 0;
    for (const BookingId id : live ? *live : std::vector<BookingId>{}) {
      if (there->bookings.get(id).grant == number) subject = id.value;
    }
    known = outcome_of(*there, number, subject);
  });
  if (!looked) co_return answer(Failure{core::Refusal::overloaded});
  if (known) co_return answer(*known);
  self->links_[site].waiting[number] = {answer, self->csms_.line_now() + taken_within};
}

bool Controllers::takes(std::string_view vendor, std::string_view message) const {
  return vendor == site_message::vendor && message == site_message::log;
}

void Controllers::take_log(std::shared_ptr<StationSession> session, ocpp::CallSerial serial, const ocpp::Json& data) {
  auto log = ocpp::struct_of<core::SiteLog>(data);
  const bool good = log && log->entries.size() <= core::site_log_entries;
  if (!good) {
    types::DataTransferResponse response;
    response.status = types::DataTransferStatusEnumType::rejected;
    response.status_info = types::StatusInfoType{.reason_code = "InvalidValue"};
    response.status_info->additional_info = log ? "too many entries" : "data: " + log.error().message;
    return session->answer(serial, response);
  }
  take(this, std::move(session), serial, *std::move(log));
}

Flow Controllers::take(Controllers* self, std::shared_ptr<StationSession> session, ocpp::CallSerial serial,
                       core::SiteLog log) {
  const Turn turn = co_await session->turns().take();
  Csms& csms = self->csms_;
  const StationId controller = session->admission().station;
  const SiteId site = site_of(controller);
  std::vector<Taken> taken;
  for (core::LogEntry& entry : log.entries) {
    entry.grant.site = site;
    entry.grant.log = log.log;
    const bool kind_known = entry.grant.kind <= core::GrantKind::free;
    const bool booking_kind_known = entry.grant.booking_kind <= core::BookingKind::walk_up;
    if (!kind_known || !booking_kind_known || (entry.grant.bay && site_of(entry.grant.bay) != site)) break;
    const Fingerprint phone =
        entry.phone.empty() ? Fingerprint{} : csms.vault().fingerprint(VaultKind::phone, entry.phone);
    bool speaks_for_site = false;
    const bool looked = co_await csms.door().look([&](const core::State& state, Instant) {
      speaks_for_site = state.site(site)->handover.controller == controller;
      const auto known = state.account_of_phone.find(phone);
      if (phone && known != state.account_of_phone.end()) entry.grant.account = known->second;
    });
    if (!looked || !speaks_for_site) break;
    const Outcome outcome = co_await csms.door().submit(entry.grant);
    if (!outcome) break;
    taken.push_back({entry.grant.number, outcome});
  }
  core::SiteLogAnswer answer;
  const bool looked = co_await csms.door().look([&](const core::State& state, Instant) {
    const core::Site& there = *state.site(site);
    if (there.handover.controller != controller) return;
    answer = {there.handover.log, there.handover.taken};
    for (Taken& one : taken) one.outcome = outcome_of(there, one.number, one.outcome->subject);
  });
  if (!looked) co_return refuse_busy(*session, serial);
  types::DataTransferResponse response;
  response.status = types::DataTransferStatusEnumType::accepted;
  response.data = ocpp::struct_json(answer);
  session->answer(serial, response);
  for (const Taken& one : taken) self->on_taken(site, one);
}

void Controllers::on_taken(SiteId site, const Taken& taken) {
  auto found = links_[site].waiting.extract(taken.number);
  if (!found.empty()) found.mapped().answer(taken.outcome);
}

}  // namespace bayward::stations
