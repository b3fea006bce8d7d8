#include "api/views/views.h"

namespace bayward::api {

using namespace core;

BookingView view_of(const Site& site, const Booking& booking) {
  BookingView view{booking, site.bay(booking.bay)->info.label, {}};
  site.sessions.for_each([&](const Session& session) {
    if (session.booking == booking.id) view.sessions.push_back(session.id);
  });
  return view;
}

void write(JsonOut& out, const BookingView& view) {
  const Booking& booking = view.booking;
  out.object().field("booking", booking.id).field("account", booking.account).field("vehicle", booking.vehicle);
  out.field("bay", booking.bay).field("site", site_of(booking.id)).field("label", view.label);
  out.field("kind", booking.kind).field("phase", booking.phase).name("end_reason");
  booking.end == BookingEnd::none ? out.null() : out.value(booking.end);
  out.field("start", booking.span.start).field("end", booking.span.end).field("slots_end", booking.slots_end);
  out.field("energy_wh", WattHours{booking.energy_estimate_milliwh}).field("hold", booking.hold).name("charged");
  const bool billed = booking.phase >= BookingPhase::settling && booking.charged.currency != Currency{};
  billed ? out.value(booking.charged) : out.null();
  out.field("visit", booking.visit).name("sessions").array();
  for (const SessionId session : view.sessions) out.value(session);
  out.end();
  const bool waits = booking.kind == BookingKind::walk_up && booking.phase == BookingPhase::confirmed;
  if (waits && booking.due != Instant{} && booking.due < far_future) out.field("hold_expires_at", booking.due);
  out.end();
}

void write(JsonOut& out, const Invoice& invoice) {
  out.object().field("currency", invoice.currency.text()).name("lines").array();
  for (const InvoiceLine& line : invoice.lines) {
    out.object().field("kind", line.kind).field("period", line.period);
    out.field("start", line.interval.start).field("end", line.interval.end);
    out.field("quantity", line.quantity).field("rate_e4", line.rate_e4).field("amount", line.amount);
    out.field("estimated", line.estimated).end();
  }
  out.end().field("net", invoice.net).field("tax", invoice.tax).field("total", invoice.total);
  out.field("register_defect", invoice.register_defect).field("interval_cut", invoice.interval_cut).end();
}

}  // namespace bayward::api
