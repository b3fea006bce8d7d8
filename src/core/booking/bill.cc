#include "core/booking/bill.h"

#include <algorithm>

namespace bayward::core {
namespace {

Invoice nothing(const Site& site) {
  Invoice invoice;
  invoice.currency = site.currency;
  invoice.net = invoice.tax = invoice.total = Money{0, site.currency};
  return invoice;
}

int64_t share(int64_t minor, int32_t ppm) {
  return static_cast<int64_t>(static_cast<__int128>(minor) * ppm / 1'000'000);
}

// Sessions of one visit follow each other on the meter; should a station have moved or reset it in between, each
// session still counts by its own difference. A station that was offline may tell of the first one last.
std::vector<MeterPoint> readings_of(const Site& site, const Booking& booking) {
  std::vector<const Session*> sessions;
  site.sessions.for_each([&](const Session& session) {
    if (session.booking == booking.id) sessions.push_back(&session);
  });
  std::stable_sort(sessions.begin(), sessions.end(),
                   [](const Session* a, const Session* b) { return a->started_at < b->started_at; });
  std::vector<MeterPoint> readings;
  for (const Session* session : sessions) {
    const int64_t shift =
        readings.empty() ? 0 : readings.back().register_milliwh - session->readings.front().register_milliwh;
    for (const MeterPoint& reading : session->readings) {
      readings.push_back({reading.at, reading.register_milliwh + shift});
    }
  }
  return readings;
}

Invoice fee(const Site& site, const Booking& booking, int32_t ppm, LineKind kind) {
  const Tariff* tariff = site.tariff_of(*site.bay(booking.bay));
  Usage usage;
  usage.parking = booking.span;
  const Invoice whole = price(*tariff, site.zone, usage);
  Invoice invoice = nothing(site);
  const Money net{share(whole.net.minor, ppm), site.currency};
  const Money tax{share(whole.tax.minor, ppm), site.currency};
  invoice.net = net;
  invoice.tax = tax;
  invoice.total = net + tax;
  if (invoice.total.minor == 0) return invoice;
  InvoiceLine line;
  line.kind = kind;
  line.interval = booking.span;
  line.quantity = 1;
  line.amount = tariff->prices_include_tax ? invoice.total : net;
  invoice.lines.push_back(line);
  if (!tariff->prices_include_tax && tax.minor != 0) {
    line.kind = LineKind::tax;
    line.rate_e4 = tariff->tax_ppm;
    line.amount = tax;
    invoice.lines.push_back(line);
  }
  return invoice;
}

}  // namespace

Invoice quote(const Site& site, const Tariff& tariff, const Interval& span, int64_t energy_milliwh) {
  Usage usage;
  usage.parking = span;
  usage.visit_made = true;
  if (energy_milliwh > 0) usage.estimate = EnergyEstimate{energy_milliwh, span};
  return price(tariff, site.zone, usage);
}

Instant used_until(const Site& site, const Booking& booking, Instant left_at) {
  const Instant slot_end = site.calendar.start_of(site.calendar.slot_at(left_at - 1ms) + 1);
  return std::clamp(slot_end, booking.span.start, booking.span.end);
}

Invoice bill_visit(const Site& site, const Booking& booking, Instant at) {
  Usage usage;
  usage.visit_made = true;
  usage.parking = Interval{booking.span.start, used_until(site, booking, at)};
  if (at > booking.span.end) usage.overstay = Interval{booking.span.end, at};
  usage.readings = readings_of(site, booking);
  return price(*site.tariff_of(*site.bay(booking.bay)), site.zone, usage);
}

Invoice bill_end(const Site& site, const Booking& booking, BookingEnd end, Instant at) {
  if (end == BookingEnd::no_show) return fee(site, booking, site.rules.no_show_ppm, LineKind::no_show_fee);
  if (end == BookingEnd::cancelled && booking.phase == BookingPhase::confirmed &&
      at + site.rules.free_cancel_before > booking.span.start && booking.kind == BookingKind::advance) {
    return fee(site, booking, site.rules.late_cancel_ppm, LineKind::cancellation_fee);
  }
  return nothing(site);
}

BookingEnded end_booking(const Site& site, const Booking& booking, BookingEnd end, Instant at) {
  BookingEnded event;
  event.booking = booking.id;
  event.end = end;
  if (end == BookingEnd::completed) {
    event.invoice = bill_visit(site, booking, at);
    event.slots_end = used_until(site, booking, at);
  } else {
    event.invoice = bill_end(site, booking, end, at);
    event.slots_end = std::max(booking.span.start, site.calendar.start_of(site.calendar.slot_at(at)));
  }
  event.owner_share = Money{share(event.invoice.net.minor, site.rules.owner_share_ppm), site.currency};
  const bool our_fault = end == BookingEnd::displaced || end == BookingEnd::withdrawn;
  event.owner = site.bay(booking.bay)->info.owner;
  event.compensation = Money{our_fault ? site.rules.displaced_compensation_minor : 0, site.currency};
  return event;
}

}  // namespace bayward::core
