// How long a password lives: shorter where place or hour are unusual for the account (E3), with the reasons. Pure; one
// thread.
//
// A number's habits are the hours of the day and the devices of its earlier passwords. From the fifth on they count: an
// hour is unusual when none of the earlier ones was within two hours of it, a place when its device is new. Before, the
// number itself is new.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.h"
#include "base/time.h"

namespace bayward::site {

enum class Unusual : uint8_t { new_account, unusual_place, unusual_hour };
constexpr std::string_view to_text(Unusual unusual) {
  constexpr std::string_view words[] = {"new_account", "unusual_place", "unusual_hour"};
  return words[static_cast<size_t>(unusual)];
}

struct Habit {
  std::string phone;
  std::array<uint16_t, 24> hours{};  // how often, by local hour
  std::vector<std::string> devices;  // oldest first
  Instant last{};
  BAYWARD_FIELDS(Habit, phone, hours, devices, last)
};

class Habits {
 public:
  std::vector<Unusual> judge(std::string_view phone, std::string_view device, int local_hour) const;
  void note(std::string_view phone, std::string_view device, int local_hour, Instant now);
  // To erase a person.
  void forget(std::string_view phone);

  const std::map<std::string, Habit, std::less<>>& all() const { return habits_; }
  void restore(const std::vector<Habit>& kept);

 private:
  std::map<std::string, Habit, std::less<>> habits_;
};

// 4 hours; 2 for a new number; 1 when one thing is unusual, half an hour when both are.
Duration wifi_life(const std::vector<Unusual>& reasons);

}  // namespace bayward::site
