#include "core/tariff/price.h"

#include <array>
#include <span>

#include "base/limits.h"
#include "core/tariff/readings.h"
#include "core/tariff/schedule.h"

namespace bayward {
namespace {

constexpr int64_t ms_per_hour = 3'600'000;
constexpr int64_t milliwh_per_kwh = 1'000'000;
constexpr int64_t e4 = 10'000;
constexpr int64_t ppm = 1'000'000;

// All arguments are at least 0. The result fits: limits::priced_days and register_milliwh_max keep every line below
// 2e15 minor units.
int64_t multiply_divide_half_up(int64_t a, int64_t b, int64_t divisor) {
  int64_t product = 0;
  // The same division in 64 bits where it fits (nearly always) is several times faster.
  if (!__builtin_mul_overflow(a, b, &product) && !__builtin_add_overflow(product, divisor / 2, &product)) {
    return product / divisor;
  }
  return static_cast<int64_t>((static_cast<__int128>(a) * b + divisor / 2) / divisor);
}

// Quantities by period, for lines of one kind.
class Tally {
 public:
  void add(Period period, const Interval& part, int64_t quantity, bool estimated) {
    if (quantity <= 0) return;
    Entry& entry = entries_[static_cast<size_t>(period)];
    if (entry.quantity == 0) {
      order_[used_++] = period;
      entry.hull = part;
    }
    entry.hull.start = std::min(entry.hull.start, part.start);
    entry.hull.end = std::max(entry.hull.end, part.end);
    entry.quantity += quantity;
    entry.estimated |= estimated;
  }

  struct Entry {
    Interval hull;
    int64_t quantity = 0;
    bool estimated = false;
  };
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (size_t i = 0; i < used_; ++i) visit(order_[i], entries_[static_cast<size_t>(order_[i])]);
  }

 private:
  std::array<Entry, period_count> entries_{};
  std::array<Period, period_count> order_{};
  size_t used_ = 0;
};

class Bill {
 public:
  Bill(const Tariff& tariff, const ZoneRules& zone) : tariff_(tariff), zone_(zone) {
    invoice_.currency = tariff.currency;
    invoice_.lines.reserve(8);
  }

  void parking(const Interval& parked);
  void energy(const Usage& usage);
  void fees(const Usage& usage);
  void overstay(const Interval& stayed);
  void minimum(const Usage& usage);
  Invoice finish() &&;

 private:
  Interval cut(Interval interval);
  int64_t units_before(Duration time) const;
  void parking_of(const Interval& part, Instant billed_from);
  int64_t lines(LineKind kind, const Tally& tally, const PeriodRates& rates, int64_t per);
  void energy_of(std::span<const MeterPoint> readings, bool estimate, Tally& tally);
  void line(LineKind kind, const Interval& interval, int64_t quantity, int64_t rate_e4, int64_t amount,
            std::optional<Period> period = {}, bool estimated = false);

  const Tariff& tariff_;
  const ZoneRules& zone_;
  Invoice invoice_;
  int64_t sum_ = 0;  // of all lines so far
  Interval hull_;    // of everything used
  int64_t milliwh_ = 0;
  bool milliwh_estimated_ = false;
};

void Bill::line(LineKind kind, const Interval& interval, int64_t quantity, int64_t rate_e4, int64_t amount,
                std::optional<Period> period, bool estimated) {
  invoice_.lines.push_back({kind, period, interval, quantity, rate_e4, {amount, tariff_.currency}, estimated});
  sum_ += amount;
}

Interval Bill::cut(Interval interval) {
  constexpr Duration longest = std::chrono::days{limits::priced_days};
  if (interval.length() > longest) {
    interval.end = interval.start + longest;
    invoice_.interval_cut = true;
  }
  if (hull_ == Interval{}) hull_ = interval;
  hull_ = {std::min(hull_.start, interval.start), std::max(hull_.end, interval.end)};
  return interval;
}

// Units that start before `time` has passed since the first one started.
int64_t Bill::units_before(Duration time) const {
  const Duration unit = std::chrono::minutes{tariff_.unit_minutes};
  return (time + unit - Duration{1}) / unit;
}

int64_t Bill::lines(LineKind kind, const Tally& tally, const PeriodRates& rates, int64_t per) {
  const int64_t before = sum_;
  tally.for_each([&](Period period, const Tally::Entry& entry) {
    const int64_t rate = rates.of(period);
    line(kind, entry.hull, entry.quantity, rate, multiply_divide_half_up(entry.quantity, rate, per * e4), period,
         entry.estimated);
  });
  return sum_ - before;
}

void Bill::parking(const Interval& parked) {
  const Interval whole = cut(parked);
  const Interval billed{whole.start + std::chrono::minutes{tariff_.free_parking_minutes}, whole.end};
  if (billed.empty()) return;
  if (!tariff_.parking_day_max_minor) {
    parking_of(billed, billed.start);
    return;
  }
  Date date = zone_.local_date(billed.start);
  for (Instant start = billed.start; start < billed.end; date = next_day(date)) {
    const Instant midnight = zone_.at_local(next_day(date), 0);
    if (midnight <= start) continue;  // a day that the clock was set back into is over already
    const Instant end = std::min(midnight, billed.end);
    parking_of({start, end}, billed.start);
    start = end;
  }
}

// One day, or everything when there is no maximum per day.
void Bill::parking_of(const Interval& part, Instant billed_from) {
  Tally tally;
  for_each_span(tariff_, zone_, part, [&](const Interval& span, Period period) {
    const int64_t units = units_before(span.end - billed_from) - units_before(span.start - billed_from);
    tally.add(period, span, units * tariff_.unit_minutes * 60'000, false);
  });
  const int64_t amount = lines(LineKind::parking, tally, tariff_.parking_rates, ms_per_hour);
  if (!tariff_.parking_day_max_minor || amount <= *tariff_.parking_day_max_minor) return;
  line(LineKind::daily_maximum, part, 1, 0, *tariff_.parking_day_max_minor - amount);
}

// `readings` rise in time and register.
void Bill::energy_of(std::span<const MeterPoint> readings, bool estimate, Tally& tally) {
  if (readings.size() < 2) return;
  const Interval metered{readings.front().at, readings.back().at};
  const int64_t total = readings.back().register_milliwh - readings.front().register_milliwh;
  milliwh_ += total;
  milliwh_estimated_ |= estimate && total > 0;
  if (metered.empty()) {
    tally.add(period_at(tariff_, zone_, metered.start), metered, total, estimate);
    return;
  }
  RegisterCurve curve(readings);
  int64_t start_milliwh = readings.front().register_milliwh;
  bool start_estimated = false;
  for_each_span(tariff_, zone_, metered, [&](const Interval& span, Period period) {
    const RegisterAt end =
        span.end == metered.end ? RegisterAt{readings.back().register_milliwh, false} : curve.at(span.end);
    tally.add(period, span, end.milliwh - start_milliwh, estimate || start_estimated || end.estimated);
    start_milliwh = end.milliwh;
    start_estimated = end.estimated;
  });
}

void Bill::energy(const Usage& usage) {
  Tally tally;
  std::vector<MeterPoint> repaired;
  std::span<const MeterPoint> readings = usage.readings;
  if (!rises(readings)) {
    repaired = rising_readings(readings, invoice_.register_defect);
    readings = repaired;
  }
  if (!readings.empty()) {
    const Interval metered = cut({readings.front().at, readings.back().at});
    // Energy after the cut counts where the cut is: the register is right even if the clock is not.
    if (metered.end < readings.back().at) {
      if (repaired.empty()) repaired.assign(readings.begin(), readings.end());
      for (MeterPoint& point : repaired) point.at = std::min(point.at, metered.end);
      readings = repaired;
    }
    energy_of(readings, false, tally);
  }
  if (usage.estimate) {
    const Interval charging = cut(usage.estimate->charging);
    const int64_t milliwh = std::clamp<int64_t>(usage.estimate->milliwh, 0, limits::register_milliwh_max);
    const std::array<MeterPoint, 2> even{MeterPoint{charging.start, 0},
                                         MeterPoint{std::max(charging.start, charging.end), milliwh}};
    energy_of(even, true, tally);
  }
  lines(LineKind::energy, tally, tariff_.energy_rates, milliwh_per_kwh);
}

void Bill::fees(const Usage& usage) {
  if (usage.visit_made && tariff_.visit_fee_minor > 0) {
    line(LineKind::visit_fee, hull_, 1, tariff_.visit_fee_minor * e4, tariff_.visit_fee_minor);
  }
  if (milliwh_ > 0 && tariff_.service_rate_e4 > 0) {
    const int64_t amount = multiply_divide_half_up(milliwh_, tariff_.service_rate_e4, milliwh_per_kwh * e4);
    line(LineKind::service_energy, hull_, milliwh_, tariff_.service_rate_e4, amount, {}, milliwh_estimated_);
  }
}

void Bill::overstay(const Interval& stayed) {
  const Interval whole = cut(stayed);
  const Interval billed{whole.start + std::chrono::minutes{tariff_.overstay_grace_minutes}, whole.end};
  if (billed.empty() || tariff_.overstay_rate_e4 == 0) return;
  const int64_t quantity = units_before(billed.length()) * tariff_.unit_minutes * 60'000;
  const int64_t amount = multiply_divide_half_up(quantity, tariff_.overstay_rate_e4, ms_per_hour * e4);
  line(LineKind::overstay, billed, quantity, tariff_.overstay_rate_e4, amount);
}

void Bill::minimum(const Usage& usage) {
  if (usage.visit_made && sum_ < tariff_.minimum_minor) {
    line(LineKind::minimum, hull_, 1, 0, tariff_.minimum_minor - sum_);
  }
}

Invoice Bill::finish() && {
  int64_t tax = 0;
  if (tariff_.prices_include_tax) {
    tax = multiply_divide_half_up(sum_, tariff_.tax_ppm, ppm + tariff_.tax_ppm);
  } else {
    tax = multiply_divide_half_up(sum_, tariff_.tax_ppm, ppm);
    if (tax > 0) line(LineKind::tax, hull_, 1, tariff_.tax_ppm, tax);
  }
  invoice_.total = {sum_, tariff_.currency};
  invoice_.tax = {tax, tariff_.currency};
  invoice_.net = invoice_.total - invoice_.tax;
  return std::move(invoice_);
}

}  // namespace

std::string_view to_text(LineKind kind) {
  switch (kind) {
    case LineKind::parking:
      return "parking";
    case LineKind::daily_maximum:
      return "daily_maximum";
    case LineKind::energy:
      return "energy";
    case LineKind::visit_fee:
      return "visit_fee";
    case LineKind::service_energy:
      return "service_energy";
    case LineKind::overstay:
      return "overstay";
    case LineKind::minimum:
      return "minimum";
    case LineKind::tax:
      return "tax";
    case LineKind::no_show_fee:
      return "no_show_fee";
    case LineKind::cancellation_fee:
      return "cancellation_fee";
  }
  return "unknown";
}

Invoice price(const Tariff& tariff, const ZoneRules& zone, const Usage& usage) {
  Bill bill(tariff, zone);
  if (usage.parking) bill.parking(*usage.parking);
  bill.energy(usage);
  bill.fees(usage);
  if (usage.overstay) bill.overstay(*usage.overstay);
  bill.minimum(usage);
  return std::move(bill).finish();
}

}  // namespace bayward
