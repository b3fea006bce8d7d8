#include "sim/town/summary.h"

#include <unistd.h>

#include <array>

namespace bayward::town {
namespace {

std::string count(const Json& json, std::string_view name) {
  return std::to_string(integer_of(json, name));
}

std::string euros(int64_t minor) {
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), "%.2f EUR", static_cast<double>(minor) / 100);
  return out.data();
}

std::string kwh(int64_t wh) {
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), "%.1f kWh", static_cast<double>(wh) / 1000);
  return out.data();
}

std::string minutes_of(Instant at) {
  return to_rfc3339(at).substr(0, 16) + "Z";
}

}  // namespace

Summary::Summary(std::FILE* out) : out_(out), in_place_(isatty(fileno(out)) != 0) {}

void Summary::show(const SummaryInput& in) {
  const Json& bays = member(in.site, "bays");
  if (!in_place_) {
    std::fprintf(out_,
                 "%s  free %s held %s taken %s charging %s | bookings %s visits %s sessions %s | %s billed %s | "
                 "guided %llu incidents %zu unanswered %s errors %llu\n",
                 minutes_of(in.now).c_str(), count(bays, "free").c_str(), count(bays, "held").c_str(),
                 count(bays, "taken").c_str(), count(bays, "charging").c_str(), count(in.stats, "bookings").c_str(),
                 count(in.stats, "visits").c_str(), count(in.stats, "charging_sessions").c_str(),
                 kwh(integer_of(in.stats, "energy_wh")).c_str(), euros(integer_of(in.stats, "billed_minor")).c_str(),
                 static_cast<unsigned long long>(in.gate.guided), in.incidents,
                 count(in.stats, "unanswered_calls").c_str(), static_cast<unsigned long long>(in.errors));
    std::fflush(out_);
    return;
  }
  std::string text;
  int lines = 0;
  const auto line = [&](const char* what, const std::string& value) {
    std::array<char, 160> out{};
    std::snprintf(out.data(), out.size(), "  %-12s %s", what, value.c_str());
    text += std::string(out.data()) + "\x1b[K\n";
    ++lines;
  };
  std::array<char, 32> speed{};
  std::snprintf(speed.data(), speed.size(), "%g", in.speed);
  line("time", minutes_of(in.now) + "   (" + speed.data() + " x)");
  line("bays", count(bays, "free") + " free   " + count(bays, "held") + " held   " + count(bays, "taken") +
                   " taken   " + count(bays, "charging") + " charging   " + count(bays, "wrong_vehicle") +
                   " wrong car   " + count(bays, "closed") + " not shared now");
  line("today", count(in.stats, "bookings") + " bookings   " + count(in.stats, "visits") + " visits   " +
                    count(in.stats, "charging_sessions") + " charging sessions");
  line("money", kwh(integer_of(in.stats, "energy_wh")) + "   billed " + euros(integer_of(in.stats, "billed_minor")) +
                    "   ledger sum " + count(in.stats, "ledger_sum"));
  line("street", std::to_string(in.cars) + " cars parked   " + std::to_string(in.stations_online) + " of " +
                     std::to_string(in.stations) + " stations online   " + std::to_string(in.station_calls) +
                     " calls from stations");
  line("entrance", std::to_string(in.gate.cars) + " cars   " + std::to_string(in.gate.guided) + " guided   " +
                       std::to_string(in.gate.no_booking) + " without a booking   " + std::to_string(in.lamps_lit) +
                       " lamps lit");
  line("trouble", std::to_string(in.incidents) + " incidents   " + count(in.stats, "overlaps") + " overlaps   " +
                      count(in.stats, "unanswered_calls") + " unanswered calls   " + std::to_string(in.errors) +
                      " errors");
  if (lines_ > 0) std::fprintf(out_, "\x1b[%dA", lines_);
  std::fputs(text.c_str(), out_);
  std::fflush(out_);
  lines_ = lines;
}

}  // namespace bayward::town
