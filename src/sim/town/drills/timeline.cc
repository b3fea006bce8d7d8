#include "sim/town/drills/timeline.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace bayward::town {
namespace {

double ms_between(Timeline::At a, Timeline::At b) {
  return std::chrono::duration<double, std::milli>(b - a).count();
}

}  // namespace

const Timeline::Mark* Timeline::find(const std::string& name) const {
  const auto found = std::find_if(marks_.begin(), marks_.end(), [&](const Mark& mark) { return mark.name == name; });
  return found == marks_.end() ? nullptr : &*found;
}

void Timeline::mark(const std::string& name, At at, Instant town, std::string note) {
  if (!find(name)) marks_.push_back({name, at, town, std::move(note)});
}

void Timeline::move(const std::string& name, At at, Instant town, std::string note) {
  std::erase_if(marks_, [&](const Mark& mark) { return mark.name == name; });
  marks_.push_back({name, at, town, std::move(note)});
}

std::vector<Timeline::Mark> Timeline::in_order() const {
  std::vector<Mark> sorted = marks_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Mark& a, const Mark& b) { return a.at < b.at; });
  return sorted;
}

std::optional<double> Timeline::ms(const std::string& name, const std::string& since) const {
  const Mark* mark = find(name);
  const auto sorted = in_order();
  const Mark* from = since.empty() ? (sorted.empty() ? nullptr : &sorted.front()) : find(since);
  if (!mark || !from) return std::nullopt;
  return ms_between(from->at, mark->at);
}

std::string Timeline::for_people() const {
  std::string out;
  const auto sorted = in_order();
  for (const Mark& mark : sorted) {
    std::array<char, 96> line{};
    std::snprintf(line.data(), line.size(), "%12.3f ms  %s  %-24s", ms_between(sorted.front().at, mark.at),
                  to_rfc3339(mark.town).substr(11, 12).c_str(), mark.name.c_str());
    out += line.data();
    out += " " + mark.note + "\n";
  }
  return out;
}

ocpp::Json Timeline::to_json() const {
  using ocpp::Json;
  Json::Array items;
  const auto sorted = in_order();
  for (const Mark& mark : sorted) {
    const auto us = std::llround(1000 * ms_between(sorted.front().at, mark.at));
    items.push_back(Json::object({{"mark", Json::text(mark.name)},
                                  {"ms", Json::number(ocpp::Decimal::of(us, -3))},
                                  {"town_time", Json::text(to_rfc3339(mark.town))},
                                  {"note", Json::text(mark.note)}}));
  }
  return Json::array(std::move(items));
}

}  // namespace bayward::town
