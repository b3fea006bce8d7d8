#include "site/access/sms_codes.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "site/access/keyed.h"

namespace bayward::site {
namespace {

constexpr Duration day = 24h;
constexpr size_t codes_a_day = 8;
constexpr Duration quarter = 15min;
constexpr size_t codes_a_quarter = 3;
constexpr size_t codes_a_minute = 30;

// A clock that stepped back leaves instants in the future: they count as now.
void drop_older(std::deque<Instant>& instants, Instant limit) {
  while (!instants.empty() && instants.front() <= limit) instants.pop_front();
}

}  // namespace

void SmsCodes::forget(Instant now) {
  std::erase_if(pending_, [now](const auto& one) { return one.second.until <= now; });
  drop_older(all_sent_, now - 1min);
  if (sent_.size() < limits::sms_numbers) return;
  for (auto& [phone, instants] : sent_) drop_older(instants, now - day);
  std::erase_if(sent_, [](const auto& one) { return one.second.empty(); });
}

Result<Done, CodeRefusal> SmsCodes::issue(std::string_view session, std::string_view phone, std::string code,
                                          Instant now) {
  forget(now);
  if (all_sent_.size() >= codes_a_minute || pending_.size() >= limits::lan_sessions) return Failure{CodeRefusal::busy};
  auto sent = sent_.find(phone);
  if (sent == sent_.end()) {
    if (sent_.size() >= limits::sms_numbers) return Failure{CodeRefusal::busy};
    sent = sent_.emplace(std::string(phone), std::deque<Instant>{}).first;
  }
  drop_older(sent->second, now - day);
  const auto recent = std::ranges::count_if(sent->second, [now](Instant at) { return at > now - quarter; });
  if (sent->second.size() >= codes_a_day || std::cmp_greater_equal(recent, codes_a_quarter)) {
    return Failure{CodeRefusal::too_often};
  }
  sent->second.push_back(now);
  all_sent_.push_back(now);
  pending_.insert_or_assign(std::string(session),
                            Pending{.phone = std::string(phone), .code = std::move(code), .until = now + life});
  return Done{};
}

Result<std::string, CodeRefusal> SmsCodes::redeem(std::string_view session, std::string_view code, Instant now) {
  forget(now);
  const auto found = pending_.find(session);
  if (found == pending_.end()) return Failure{CodeRefusal::no_code};
  Pending& pending = found->second;
  if (same_secret(pending.code, code)) {
    std::string phone = std::move(pending.phone);
    pending_.erase(found);
    return phone;
  }
  if (--pending.tries_left > 0) return Failure{CodeRefusal::wrong};
  pending_.erase(found);
  return Failure{CodeRefusal::used_up};
}

std::string random_code() {
  while (true) {
    const std::string bytes = random_bytes(4);
    uint32_t value = 0;
    for (const char byte : bytes) value = value << 8 | static_cast<uint8_t>(byte);
    if (value >= 4'294'000'000U) continue;  // the last part of the range would prefer small codes
    std::string digits = std::to_string(value % 1'000'000);
    return std::string(6 - digits.size(), '0') + digits;
  }
}

}  // namespace bayward::site
