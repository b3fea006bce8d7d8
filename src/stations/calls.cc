// The calls that Csms makes to stations.
#include <algorithm>

#include "base/limits.h"
#include "core/booking/booking.h"
#include "ports/log.h"
#include "stations/csms.h"

namespace bayward::stations {
namespace {

using CallOutcome = StationSession::CallOutcome;

constexpr Duration list_retry{15min};
constexpr Duration text_retry{5s};
constexpr int tries_for_texts = 3;  // then the list goes without the card that nobody can read
constexpr Duration list_retry_max{24h};

void report_ended(Device& device, const Due& due, const std::string& word, Instant now) {
  if (const auto* reserve = std::get_if<Reserve>(&due)) reserve_ended(device, reserve->what.booking, word, now);
  if (const auto* cancel = std::get_if<CancelReservation>(&due)) cancel_ended(device, cancel->booking, word, now);
  if (const auto* start = std::get_if<StartCharging>(&due)) start_ended(device, start->what.booking, word, now);
  if (const auto* stop = std::get_if<StopCharging>(&due)) stop_ended(device, stop->what.session, word, now);
}

Drafted draft_of(const StationSession& session, const Station& station, const Due& due) {
  const Protocol& protocol = session.protocol();
  if (const auto* reserve = std::get_if<Reserve>(&due)) return protocol.reserve(reserve->what);
  if (const auto* cancel = std::get_if<CancelReservation>(&due)) return protocol.cancel(cancel->booking);
  if (const auto* start = std::get_if<StartCharging>(&due)) return protocol.start(start->what);
  const auto& stop = std::get<StopCharging>(due);
  const auto transaction = station.transaction_of(stop.what.key);
  return protocol.stop(stop.what, transaction ? &transaction->id : nullptr);
}

ocpp::Urgency urgency_of(const Due& due) {
  const bool at_the_car = std::holds_alternative<StartCharging>(due) || std::holds_alternative<StopCharging>(due);
  return at_the_car ? ocpp::Urgency::authorisation : ocpp::Urgency::reservation;
}

}  // namespace

std::string word_of(const CallOutcome& outcome) {
  if (std::holds_alternative<ocpp::NoAnswer>(outcome)) return "";
  if (const auto* error = std::get_if<ocpp::CallError>(&outcome)) return "CALLERROR " + error->description;
  const ocpp::Json* status = std::get<ocpp::Json>(outcome).find("status");
  const std::string* text = status ? status->as_text() : nullptr;
  return text && !text->empty() ? *text : "no status";
}

void Csms::make_call(const std::shared_ptr<StationSession>& session, const Due& due) {
  Station& station = session->station();
  auto drafted = draft_of(*session, station, due);
  if (!drafted) {
    log::error("station.call_invalid", {{"station", station.identity}, {"why", drafted.error().message}});
    return report_ended(station.device, due, "cannot be expressed", now());
  }
  const std::string action = drafted->action;
  const auto ended = [this, due, action](StationSession& told, const CallOutcome& outcome) {
    if (!is_current(told)) return;  // the link has broken, or a newer one knows better
    const std::string word = word_of(outcome);
    if (word != "Accepted") {
      log::warn("station.call_refused", {{"station", told.admission().identity}, {"action", action}, {"answer", word}});
    }
    report_ended(told.station().device, due, word, now());
    drive(told.station().id);
  };
  const bool sent = session->call(*std::move(drafted), urgency_of(due), ended);
  if (!sent) report_ended(station.device, due, "", now());
}

namespace {

void list_ended(LocalList& list, const std::vector<Listed>& listed, const std::string& word, Instant now) {
  list.asked = false;
  list.known = word == "Accepted";
  if (list.known) {
    list.sent = listed;
    list.tries = 0;
    return;
  }
  const bool never = word == "NotSupported" || word.starts_with("CALLERROR");
  list.retry_at = now + (never ? list_retry_max : list_retry * (1 << std::min(list.tries, 6)));
  ++list.tries;
}

// A list has each token once. An owner's is good at any time; of a card for several bookings the first one counts, with
// what follows it without a gap: the others come when that is over (list_every), and nobody's slots are opened to it.
std::vector<ListedToken> once_each(std::vector<ListedToken> tokens) {
  const auto any_time = [](const ListedToken& one) { return one.expiry == far_future; };
  std::stable_sort(tokens.begin(), tokens.end(), [&](const auto& a, const auto& b) {
    if (a.token != b.token) return a.token < b.token;
    return any_time(a) != any_time(b) ? any_time(a) : a.from < b.from;
  });
  std::vector<ListedToken> out;
  for (ListedToken& one : tokens) {
    if (out.empty() || out.back().token != one.token)
      out.push_back(std::move(one));
    else if (one.from <= out.back().expiry)
      out.back().expiry = std::max(out.back().expiry, one.expiry);
  }
  return out;
}

// Adds the cards' texts; false if one isn't in the vault, where it is put just after the event that names it. One that
// is no longer the account's may still be there.
bool add_cards(Vault& vault, const Listed& entry, std::vector<ListedToken>& tokens) {
  const auto rows = vault.all_of(entry.account);
  if (!rows) return false;
  size_t found = 0;
  for (const VaultRow& row : *rows) {
    if (row.key.kind != VaultKind::token || std::ranges::find(entry.cards, row.fingerprint) == entry.cards.end())
      continue;
    tokens.push_back({row.text, entry.account, entry.from, entry.expiry});
    ++found;
  }
  return found == entry.cards.size();
}

Flow send_local_list(Csms& csms, std::shared_ptr<StationSession> session, std::vector<Listed> listed) {
  std::vector<ListedToken> tokens;
  bool complete = true;
  Vault& vault = csms.vault();
  co_await csms.door().background([&] {
    for (const Listed& entry : listed) {
      if (entry.booking)
        tokens.push_back({core::booking_token(entry.booking), entry.account, entry.from, entry.expiry});
      complete &= add_cards(vault, entry, tokens);
      if (tokens.size() >= limits::local_list_entries) break;
    }
    tokens.resize(std::min(tokens.size(), limits::local_list_entries));
  });
  LocalList& list = session->station().list;
  if (!complete && list.tries < tries_for_texts) {
    list.asked = false;
    list.retry_at = csms.now() + text_retry;
    ++list.tries;
    co_return;
  }
  tokens = once_each(std::move(tokens));
  // Higher than any before, also before a restart.
  list.version = std::max(list.version + 1, unix_s(csms.now()));
  auto drafted = session->protocol().local_list(list.version, tokens);
  if (!drafted) {
    log::error("station.call_invalid", {{"station", session->admission().identity}, {"why", drafted.error().message}});
    list_ended(list, listed, "", csms.now());
    co_return;
  }
  const auto ended = [&csms, listed](StationSession& told, const CallOutcome& outcome) {
    if (!csms.is_current(told)) return;
    const std::string word = word_of(outcome);
    list_ended(told.station().list, listed, word, csms.now());
    log::info("station.local_list", {{"station", told.admission().identity}, {"answer", word}});
  };
  const bool sent = session->call(*std::move(drafted), ocpp::Urgency::rest, ended);
  if (!sent) list.asked = false;
}

}  // namespace

void Csms::send_list(const std::shared_ptr<StationSession>& session) {
  LocalList& list = session->station().list;
  const bool up_to_date = list.known && list.sent == list.wanted;
  const bool nothing_ever = !list.known && list.wanted.empty();
  if (list.asked || up_to_date || nothing_ever || list.retry_at > now()) return;
  list.asked = true;
  send_local_list(*this, session, list.wanted);
}

void Csms::make_settings(const std::shared_ptr<StationSession>& session) {
  for (Draft& setting : session->protocol().settings(options_)) {
    const std::string what = setting.payload;
    (void)session->call(
        std::move(setting), ocpp::Urgency::configuration, [what](StationSession& told, const CallOutcome& out) {
          log::debug("station.setting",
                     {{"station", told.admission().identity}, {"setting", what}, {"answer", word_of(out)}});
        });
  }
}

}  // namespace bayward::stations
