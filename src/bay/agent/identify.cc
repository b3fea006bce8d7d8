// Who may charge (B3, B4, A4, A9): a card, a plate or a remote order against the reservation, the central system's
// word, and, when that is out of reach, the day's schedule in the local list (OCPP 2.0.1 C, D).
#include <algorithm>
#include <cctype>
#include <utility>

#include "bay/agent/bay.h"
#include "bay/agent/messages.h"
#include "ports/log.h"

namespace bayward::bay {
namespace {

constexpr Duration refusal_shown{8s};

bool equal_without_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

// Plates as people and cameras write them: spaces, dots and hyphens do not count.
std::string plain_plate(std::string_view plate) {
  std::string out;
  for (const char c : plate) {
    if (c == ' ' || c == '-' || c == '.') continue;
    out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

void refuse(Bay& bay, const char* why) {
  log::info("bay.identity_refused", {{"why", why}});
  bay.refused_until = bay.now.up + refusal_shown;
}

// OCPP 2.0.1 part 2 IdTokenType: an identifierString of at most 36.
bool is_token(std::string_view text) {
  return !text.empty() && text.size() <= 36 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) || std::string_view("*-_=:+|@.").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

bool is_staff(const Bay& bay, const Holder& shown) {
  return !bay.settings.master_pass_group.empty() && shown.group == bay.settings.master_pass_group;
}

// Known to be allowed as such; the reservation may still be somebody else's.
void allowed(Bay& bay, const Holder& shown) {
  if (is_staff(bay, shown)) {  // C16: may stop everything; here also ends faults for staff
    bay.wishes.clear = safety::Remedy::staff;
    if (bay.transaction)
      stop_charging(bay, v201::ReasonEnumType::master_pass, v201::TriggerReasonEnumType::stop_authorized);
    return;
  }
  if (bay.transaction) {
    if (!is_holder(bay.transaction->holder, shown)) return refuse(bay, "another transaction is running");
    return stop_charging(bay, v201::ReasonEnumType::local, v201::TriggerReasonEnumType::stop_authorized);
  }
  if (!bay.operative) return refuse(bay, "the bay is out of service");  // G03.FR.07
  if (bay.reservation && !is_holder(bay.reservation->holder, shown)) return refuse(bay, "reserved for somebody else");
  bay.wrong_vehicle = false;
  Grant grant;
  grant.holder = shown;
  if (bay.reservation) {
    grant.reservation = bay.reservation->id;
    bay.holder_came = true;
  }
  grant_charging(bay, std::move(grant));
}

void decide_offline(Bay& bay, Holder shown) {
  if (bay.reservation && shown.token == bay.reservation->holder.token) return allowed(bay, shown);
  if (!bay.settings.local_authorise_offline) return refuse(bay, "offline");
  if (!listed_now(bay, shown, &shown.group)) {
    return refuse(bay, bay.time_believable()
                           ? "not in the day's schedule now"
                           : "not in the day's schedule without an end, and the clock is not believed");
  }
  allowed(bay, shown);
}

void take_answer(Bay& bay, Holder shown, const ocpp::Json* answer) {
  bay.asking = false;
  if (!answer) return decide_offline(bay, std::move(shown));
  const auto response = ocpp::decode<v201::AuthorizeResponse>(*answer);
  if (!response) return refuse(bay, "the answer is unreadable");
  const v201::IdTokenInfoType& info = response->id_token_info;
  if (info.status != v201::AuthorizationStatusEnumType::accepted) return refuse(bay, "the central system says no");
  if (info.group_id_token) shown.group = info.group_id_token->id_token;
  allowed(bay, shown);
}

}  // namespace

bool is_holder(const Holder& wanted, const Holder& shown) {
  if (equal_without_case(wanted.token, shown.token)) return true;
  return !wanted.group.empty() && equal_without_case(wanted.group, shown.group);  // C09, H03
}

// The list is the day's schedule: owners without an end, holders with the end of their slots and, from our own
// platform, their beginning (Listed::not_before). Of holders without one only the one whose slots end first is served:
// bookings of one bay do not overlap.
bool listed_now(const Bay& bay, const Holder& shown, std::string* group) {
  const Instant now = bay.time();
  const Listed* found = nullptr;
  const Listed* first_holder = nullptr;
  for (const Listed& entry : bay.list) {
    if (!entry.accepted || (entry.expiry && (*entry.expiry <= now || !bay.time_believable()))) continue;
    if (entry.expiry && (!first_holder || *entry.expiry < *first_holder->expiry)) first_holder = &entry;
    if (equal_without_case(entry.holder.token, shown.token)) found = &entry;
  }
  if (!found || (found->not_before && now < *found->not_before)) return false;
  if (found->expiry && !found->not_before && first_holder && *first_holder->expiry < *found->expiry) return false;
  *group = found->holder.group;
  return true;
}

void card_shown(Bay& bay, const CardReader::Card& card) {
  Holder shown;
  shown.token = card.token;
  shown.type = ocpp::from_text<v201::IdTokenEnumType>(card.type).value_or(v201::IdTokenEnumType::iso14443);
  if (bay.asking) return;
  if (!is_token(card.token)) return refuse(bay, "no readable token");
  if (bay.transaction && is_holder(bay.transaction->holder, shown))
    return allowed(bay, shown);  // C01.FR.03: known here
  if (!bay.online()) return decide_offline(bay, std::move(shown));
  if (bay.settings.local_pre_authorise && listed_now(bay, shown, &shown.group)) return allowed(bay, shown);
  v201::AuthorizeRequest request;
  request.id_token.id_token = shown.token;
  request.id_token.type = shown.type;
  Said said = bay::said(request);
  said.ahead = true;
  said.answered = [&bay, shown](const ocpp::Json* answer) { take_answer(bay, shown, answer); };
  bay.asking = true;
  bay.line.say(std::move(said));
}

void vehicle_seen(Bay& bay, const std::string& plate) {
  const bool another = plain_plate(std::exchange(bay.sensed.plate, plate)) != plain_plate(plate);
  if (!bay.reservation || bay.reservation->plate.empty()) {
    if (another) bay.wrong_vehicle = false;
    return;
  }
  bay.holder_came = plain_plate(bay.reservation->plate) == plain_plate(plate);
  bay.wrong_vehicle = !bay.holder_came;
  if (bay.wrong_vehicle) log::info("bay.wrong_vehicle", {{"reservation", bay.reservation->id}});
}

}  // namespace bayward::bay
