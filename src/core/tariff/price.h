// What a visit costs: the one pricing function behind quote, live cost, device display and invoice, so that they show
// the same numbers (mission C3). Pure; any thread. The tariff must have passed validate().
//
// How the bill is made, in the order of its lines:
//   parking         The first `free_parking_minutes` cost nothing. What is left is cut into units of `unit_minutes`
//                   from there on; each started unit is billed whole, at the rate in force at the moment it starts.
//   daily_maximum   With a maximum per day, parking lines are per local day (a unit belongs to the day it starts in),
//                   and what a day's lines exceed the maximum by is taken off in one negative line for that day.
//   energy          The difference of the meter register between boundaries of periods. A boundary between two
//                   readings gets the register on the straight line between them, cut to whole mWh; the parts always
//                   sum to the whole. Lines that rest on such a register, or on an estimate, say `estimated`.
//   visit_fee       Once, for a visit that took place.
//   service_energy  The service fee per kWh, on all energy.
//   overstay        As parking, but at one rate, and with the grace time first; only time after the grace is billed.
//   minimum         What is missing to the minimum charge, for a visit that took place.
//   tax             Only when prices exclude it: on the sum of all lines above. When they include it there is no line,
//                   and Invoice::tax says how much of the total it is.
//
// Within a kind there is one line per period, in the order of first appearance, so that people read "peak 2.35 kWh x
// 1.20"; its interval reaches from the first to the last part. Parking and energy lines appear when there is a quantity
// even if the rate is 0, the others when they amount to something. Each line is rounded once, half up.
//
// Always: total is the sum of the lines, and net + tax; nothing is negative but daily_maximum; more time or energy
// never costs less (unless a later reading shows that an earlier one was defective).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/tariff/tariff.h"

namespace bayward {

struct MeterPoint {
  Instant at{};
  int64_t register_milliwh = 0;  // import register, as read: it only ever rises
  BAYWARD_FIELDS(MeterPoint, at, register_milliwh)
};

// Energy that is only expected: spread evenly over the interval.
struct EnergyEstimate {
  int64_t milliwh = 0;
  Interval charging;
};

// Usage comes from people's clocks and from chargers: every value is allowed and gives a bill.
struct Usage {
  std::optional<Interval> parking;         // billable parked time
  std::optional<Interval> overstay;        // from the end of what was booked; not part of `parking`
  std::vector<MeterPoint> readings;        // start register to stop register; one reading alone is no energy
  std::optional<EnergyEstimate> estimate;  // on top of the readings
  bool visit_made = false;                 // brings the visit fee and the minimum
};

enum class LineKind : uint8_t {
  parking,
  daily_maximum,
  energy,
  visit_fee,
  service_energy,
  overstay,
  minimum,
  tax,
  // Not made by price(): the site's rules charge a share of a price for these (core/booking/bill.h). Always appended:
  // invoices are journalled.
  no_show_fee,
  cancellation_fee,
};
std::string_view to_text(LineKind kind);

struct InvoiceLine {
  LineKind kind = LineKind::parking;
  std::optional<Period> period;  // parking and energy
  Interval interval;
  int64_t quantity = 0;  // parking, overstay: ms billed; energy, service_energy: mWh; others: 1
  int64_t rate_e4 = 0;   // ten-thousandths of a minor unit per hour, kWh or piece; tax: ppm; 0 for maximum and minimum
  Money amount;
  bool estimated = false;
  BAYWARD_FIELDS(InvoiceLine, kind, period, interval, quantity, rate_e4, amount, estimated)
};

struct Invoice {
  Currency currency;
  std::vector<InvoiceLine> lines;
  Money net;
  Money tax;
  Money total;
  // Readings contradicted each other (the register fell, or is outside 0..limits::register_milliwh_max). The fewest
  // readings are left out that make the rest rise, and of equal choices the one that ends lowest; a person should look.
  bool register_defect = false;
  // Parking, overstay or charging was longer than limits::priced_days and is billed up to there.
  bool interval_cut = false;
  BAYWARD_FIELDS(Invoice, currency, lines, net, tax, total, register_defect, interval_cut)
};

Invoice price(const Tariff& tariff, const ZoneRules& zone, const Usage& usage);

}  // namespace bayward
