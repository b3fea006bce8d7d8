#include "site/access/habits.h"

#include <algorithm>
#include <numeric>

#include "base/limits.h"

namespace bayward::site {
namespace {

constexpr int habit_from = 5;
constexpr int hours_near = 2;

}  // namespace

std::vector<Unusual> Habits::judge(std::string_view phone, std::string_view device, int local_hour) const {
  const auto found = habits_.find(phone);
  if (found == habits_.end()) return {Unusual::new_account};
  const Habit& habit = found->second;
  if (std::accumulate(habit.hours.begin(), habit.hours.end(), 0) < habit_from) return {Unusual::new_account};
  std::vector<Unusual> out;
  if (std::ranges::find(habit.devices, device) == habit.devices.end()) out.push_back(Unusual::unusual_place);
  bool usual_hour = false;
  for (int off = -hours_near; off <= hours_near; ++off) {
    usual_hour = usual_hour || habit.hours[static_cast<size_t>((local_hour + off + 24) % 24)] > 0;
  }
  if (!usual_hour) out.push_back(Unusual::unusual_hour);
  return out;
}

void Habits::note(std::string_view phone, std::string_view device, int local_hour, Instant now) {
  auto found = habits_.find(phone);
  if (found == habits_.end()) {
    if (habits_.size() >= limits::wifi_habits) {
      habits_.erase(std::ranges::min_element(habits_, {}, [](const auto& one) { return one.second.last; }));
    }
    found = habits_.emplace(std::string(phone), Habit{.phone = std::string(phone)}).first;
  }
  Habit& habit = found->second;
  habit.last = now;
  uint16_t& times = habit.hours[static_cast<size_t>(local_hour)];
  if (times < UINT16_MAX) ++times;
  std::erase(habit.devices, device);
  if (habit.devices.size() >= limits::wifi_places_known) habit.devices.erase(habit.devices.begin());
  habit.devices.emplace_back(device);
}

void Habits::forget(std::string_view phone) {
  if (const auto found = habits_.find(phone); found != habits_.end()) habits_.erase(found);
}

void Habits::restore(const std::vector<Habit>& kept) {
  for (const Habit& habit : kept) {
    if (habits_.size() < limits::wifi_habits) habits_[habit.phone] = habit;
  }
}

Duration wifi_life(const std::vector<Unusual>& reasons) {
  if (std::ranges::count(reasons, Unusual::new_account) > 0) return 2h;
  if (reasons.size() >= 2) return 30min;
  return reasons.size() == 1 ? 1h : 4h;
}

}  // namespace bayward::site
