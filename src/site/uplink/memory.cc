#include "site/uplink/memory.h"

#include <algorithm>

#include "base/limits.h"

namespace bayward::uplink {
namespace {

// Far above what a platform counts to, and an int32 as OCPP 1.6 devices expect.
constexpr int64_t first_local_id = 2'000'000'000;
constexpr int64_t local_id_count = 140'000'000;

template <class T, class Wanted>
auto* find_in(T& items, Wanted wanted) {
  const auto found = std::find_if(items.begin(), items.end(), wanted);
  return found == items.end() ? nullptr : &*found;
}

bool opens(const KnownReservation& reservation, std::string_view token, std::string_view group) {
  return reservation.token == token || (!group.empty() && reservation.group == group);
}

}  // namespace

std::string upper_case(std::string_view ascii) {
  std::string out(ascii);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return out;
}

void remember_token(StationMemory& memory, KnownToken token) {
  token.token = upper_case(token.token);
  const auto same = [&](const KnownToken& one) { return one.token == token.token && one.from_list == token.from_list; };
  if (KnownToken* known = find_in(memory.tokens, same)) {
    if (!token.from_list) token.until = std::max(token.until, known->until);
    *known = std::move(token);
    return;
  }
  if (memory.tokens.size() >= limits::uplink_tokens) {
    const auto first_to_end = std::min_element(memory.tokens.begin(), memory.tokens.end(),
                                               [](const auto& a, const auto& b) { return a.until < b.until; });
    memory.tokens.erase(first_to_end);
  }
  memory.tokens.push_back(std::move(token));
}

void forget_token(StationMemory& memory, std::string_view token) {
  const std::string upper = upper_case(token);
  std::erase_if(memory.tokens, [&](const KnownToken& one) { return !one.from_list && one.token == upper; });
}

void take_from_list(StationMemory& memory, std::string_view token) {
  const std::string upper = upper_case(token);
  std::erase_if(memory.tokens,
                [&](const KnownToken& one) { return one.from_list && (upper.empty() || one.token == upper); });
}

void remember_reservation(StationMemory& memory, KnownReservation reservation, Instant now) {
  std::erase_if(memory.reservations,
                [&](const KnownReservation& one) { return one.id == reservation.id || one.expiry <= now; });
  reservation.token = upper_case(reservation.token);
  reservation.group = upper_case(reservation.group);
  if (memory.reservations.size() >= limits::uplink_reservations) memory.reservations.erase(memory.reservations.begin());
  memory.reservations.push_back(std::move(reservation));
}

void forget_reservation(StationMemory& memory, int64_t id) {
  std::erase_if(memory.reservations, [&](const KnownReservation& one) { return one.id == id; });
}

bool endless(const KnownToken& token, Instant now) {
  return token.from_list && token.until > now + std::chrono::years{100};
}

Verdict judge(const StationMemory& memory, const Asked& asked, Instant now) {
  const std::string token = upper_case(asked.token);
  const auto good = [&](const KnownToken& one) {
    return one.from <= now && now < one.until && (asked.clock_sure || endless(one, now));
  };
  const KnownToken* known = find_in(memory.tokens, [&](const KnownToken& one) { return one.token == token; });
  const KnownToken* now_good =
      find_in(memory.tokens, [&](const KnownToken& one) { return one.token == token && good(one); });
  if (now_good) known = now_good;
  const std::string group = known ? known->group : std::string{};
  for (const KnownReservation& reservation : memory.reservations) {
    const bool here = asked.evse == 0 || reservation.evse == 0 || reservation.evse == asked.evse;
    if (!here || reservation.expiry <= now) continue;
    if (opens(reservation, token, upper_case(group))) {
      if (!asked.clock_sure) return {Standing::expired, {}};
      return {Standing::accepted, reservation.group};
    }
    // Shown at a reader of the whole station, the token may be meant for another place.
    if (asked.evse != 0 && reservation.evse == asked.evse) return {Standing::reserved, {}};
  }
  if (!known) return {Standing::unknown, {}};
  if (!now_good) return {Standing::expired, {}};
  return {Standing::accepted, group};
}

LocalTransaction* begin_transaction(StationMemory& memory, const std::string& key) {
  if (LocalTransaction* known = find_by_key(memory, key)) return known;
  if (memory.transactions.size() >= limits::transactions_per_station) return nullptr;
  LocalTransaction begun;
  begun.local_id = first_local_id + memory.local_ids++ % local_id_count;
  begun.key = key;
  return &memory.transactions.emplace_back(std::move(begun));
}

LocalTransaction* find_local(StationMemory& memory, int64_t local_id) {
  return find_in(memory.transactions, [=](const LocalTransaction& one) { return one.local_id == local_id; });
}
const LocalTransaction* find_local(const StationMemory& memory, int64_t local_id) {
  return find_in(memory.transactions, [=](const LocalTransaction& one) { return one.local_id == local_id; });
}
const LocalTransaction* find_by_platform(const StationMemory& memory, int64_t platform_id) {
  return find_in(memory.transactions, [=](const LocalTransaction& one) { return one.platform_id == platform_id; });
}
LocalTransaction* find_by_key(StationMemory& memory, const std::string& key) {
  return find_in(memory.transactions, [&](const LocalTransaction& one) { return one.key == key; });
}
void forget_transaction(StationMemory& memory, int64_t local_id) {
  std::erase_if(memory.transactions, [=](const LocalTransaction& one) { return one.local_id == local_id; });
}

}  // namespace bayward::uplink
