// A booking from the request to the bill, and the charging in it.
#include <array>

#include "api/handlers/handlers.h"
#include "api/handlers/lists.h"
#include "api/live/live_index.h"
#include "api/views/views.h"

namespace bayward::api {

using namespace core;

namespace {

constexpr std::array<Word<BookingKind>, 2> kinds = {
    {{"advance", BookingKind::advance}, {"walk_up", BookingKind::walk_up}}};

bool may_see(const Call& call, SiteId site, AccountId account) {
  return account == call.account() || call.staff_of(site);
}

void answer_with(Call& call, int status, const BookingView& view) {
  JsonOut out;
  write(out, view);
  call.reply(status, std::move(out));
}

// Closed bookings leave the engine's state after some days; the tables keep them.
void show_from_tables(const CallPtr& call, BookingId id) {
  call->on_worker([call, id] {
    ReadModels& lists = call->services().lists;
    auto row = lists.booking(id);
    if (!row) return call->unavailable("booking", row.error());
    if (!*row) return call->refuse(Refusal::unknown_booking);
    if (!may_see(*call, site_of(id), (*row)->booking.account)) return call->refuse(Refusal::not_yours);
    auto sessions = lists.sessions_of(id);
    if (!sessions) return call->unavailable("booking", sessions.error());
    const auto bay = call->services().live.known_bay((*row)->booking.bay);
    BookingView view{(*row)->booking, bay ? bay->label : std::string(), {}};
    for (const SessionRow& session : *sessions) view.sessions.push_back(session.session);
    answer_with(*call, 200, view);
  });
}

void show(const CallPtr& call, BookingId id, int status) {
  ask(
      call,
      [call, id](const State& state, Instant) -> Seen<std::optional<BookingView>> {
        const Booking* booking = state.booking(id);
        if (!booking) return std::optional<BookingView>{};
        if (!may_see(*call, site_of(id), booking->account)) return Failure{Refusal::not_yours};
        return std::optional(view_of(*state.site(site_of(id)), *booking));
      },
      [id, status](Call& answer, const std::optional<BookingView>& view) {
        if (!view) return show_from_tables(answer.shared_from_this(), id);
        answer_with(answer, status, *view);
      });
}

// The hot path: what the new booking looks like is known from its own record, so no second question is asked.
void answer_created(Call& call, const Accepted& accepted) {
  const BookingId id{accepted.subject};
  const auto known = accepted.repeated ? std::nullopt : call.services().live.known_booking(id);
  const auto bay = known ? call.services().live.known_bay(known->bay) : std::nullopt;
  if (!bay || known->kind == BookingKind::walk_up) return show(call.shared_from_this(), id, 201);
  BookingView view;
  view.label = bay->label;
  Booking& booking = view.booking;
  booking.id = id;
  booking.account = known->account;
  booking.vehicle = known->vehicle;
  booking.bay = known->bay;
  booking.kind = known->kind;
  booking.phase = known->phase;
  booking.end = known->end;
  booking.span = known->span;
  booking.slots_end = known->span.end;
  booking.hold = known->hold;
  answer_with(call, 201, view);
}

// Commands that only name a booking.
template <class Command>
void act_on_booking(const CallPtr& call) {
  const auto id = path_id<BookingId>(call, 0, Refusal::unknown_booking);
  if (!id) return;
  submit(call, call->actor_at(site_of(*id)), Command{*id},
         [id = *id](Call& answer, const Accepted&) { show(answer.shared_from_this(), id, 200); });
}

void write_bill(Call& call, const Invoice& invoice, bool final) {
  JsonOut out;
  out.object().name("invoice");
  write(out, invoice);
  call.reply(200, std::move(out.field("final", final).end()));
}

// What was billed stands in the tables; they follow the journal by a moment.
void show_filed_invoice(const CallPtr& call, BookingId id) {
  call->on_worker([call, id] {
    auto row = call->services().lists.invoice(id);
    if (!row) return call->unavailable("invoice", row.error());
    if (*row) return write_bill(*call, (*row)->invoice, true);
    auto booking = call->services().lists.booking(id);
    if (booking && !*booking && !call->services().live.known_booking(id)) return call->refuse(Refusal::unknown_booking);
    call->refuse(Trouble::busy, {"The invoice is being filed. Ask again in a moment.", "账单正在归档，请稍后再查询。"});
  });
}

struct Bill {
  bool live = false;  // false: it has ended (or is no longer in the state)
  bool known = false;
  Invoice invoice;
};

Seen<Bill> bill_now(const State& state, const Call& call, BookingId id, Instant now) {
  Bill bill;
  const Booking* booking = state.booking(id);
  if (!booking) return bill;
  bill.known = true;
  if (!may_see(call, site_of(id), booking->account)) return Failure{Refusal::not_yours};
  if (!booking->live()) return bill;
  bill.live = true;
  const Site& site = *state.site(site_of(id));
  if (booking->phase == BookingPhase::active) {
    bill.invoice = bill_visit(site, *booking, booking->left_at != Instant{} ? booking->left_at : now);
  } else {
    const Tariff* tariff = site.tariff_of(*site.bay(booking->bay));
    if (!tariff) return Failure{Refusal::no_tariff};
    bill.invoice = quote(site, *tariff, booking->span, booking->energy_estimate_milliwh);
  }
  return bill;
}

struct SessionView {
  Session session;
  bool seen = false;
};

void write_session(Call& call, const Session& session) {
  SessionRow row;
  row.session = session.id;
  row.station = session.station;
  row.evse = session.evse;
  row.bay = session.bay;
  row.booking = session.booking;
  row.account = session.account;
  row.started_at = session.started_at;
  if (!session.open) row.stopped_at = session.stopped_at;
  row.energy_milliwh = session.energy_milliwh();
  row.register_defect = session.register_defect;
  JsonOut out;
  write(out, call, row);
  call.reply(200, std::move(out));
}

void show_session_of(const CallPtr& call, SessionId id) {
  ask(
      call,
      [call, id](const State& state, Instant) -> Seen<SessionView> {
        const Session* session = state.session(id);
        if (!session) return SessionView{};
        if (!may_see(*call, site_of(id), session->account)) return Failure{Refusal::not_yours};
        return SessionView{*session, true};
      },
      [id](Call& answer, const SessionView& view) {
        if (view.seen) return write_session(answer, view.session);
        answer.on_worker([call = answer.shared_from_this(), id] {
          auto row = call->services().lists.session(id);
          if (!row) return call->unavailable("session", row.error());
          if (!*row) return call->refuse(Refusal::unknown_thing);
          if (!may_see(*call, site_of(id), (*row)->account)) return call->refuse(Refusal::not_yours);
          JsonOut out;
          write(out, *call, **row);
          call->reply(200, std::move(out));
        });
      });
}

// What begins so soon that the site's controller decides: it is asked, and what it gives is a booking by the time the
// answer is here. Asked again with the same Idempotency-Key, it is the same wish to the controller, too.
template <class Command, class Done>
void submit_near(const CallPtr& call, const Actor& actor, const Command& command, Done done) {
  bool broken = false;
  auto key = call->idempotency_key(broken);
  if (broken) return;
  const std::string ask = key ? bayward::to_text(key->key) : std::string{};
  call->services().engine.submit({actor, command, key}, [call, command, ask, done](const Outcome& outcome) {
    if (outcome) return done(*call, *outcome);
    if (outcome.error() != Refusal::site_decides) return call->refuse(outcome.error());
    call->services().stations.ask_site(command, ask, [call, done](const Outcome& consent) {
      consent ? done(*call, *consent) : call->refuse(consent.error());
    });
  });
}

}  // namespace

void create_booking(const CallPtr& call) {
  Body body(call->request().body);
  Fields in = body.fields();
  RequestBooking command;
  command.account = call->account();
  command.bay = in.id<BayId>("bay");
  command.vehicle = in.id<VehicleId>("vehicle");
  command.kind = in.maybe_word("kind", kinds).value_or(BookingKind::advance);
  if (command.kind == BookingKind::advance) {
    command.span.start = in.time("start");
    command.span.end = in.time("end");
  } else {
    command.span.end = in.maybe_time("end").value_or(Instant{});
  }
  command.energy_estimate_milliwh = in.maybe_energy("energy_wh").value_or(0);
  in.finish();
  if (call->refused_by(body)) return;
  submit_near(call, call->person(), command, answer_created);
}

void show_booking(const CallPtr& call) {
  if (const auto id = path_id<BookingId>(call, 0, Refusal::unknown_booking)) show(call, *id, 200);
}

void show_invoice(const CallPtr& call) {
  const auto id = path_id<BookingId>(call, 0, Refusal::unknown_booking);
  if (!id) return;
  ask(
      call, [call, id = *id](const State& state, Instant now) { return bill_now(state, *call, id, now); },
      [id = *id](Call& answer, const Bill& bill) {
        if (bill.live) return write_bill(answer, bill.invoice, false);
        const CallPtr again = answer.shared_from_this();
        if (bill.known) return show_filed_invoice(again, id);
        // Out of the state: the tables say whose it was.
        again->on_worker([again, id] {
          auto row = again->services().lists.booking(id);
          if (!row) return again->unavailable("booking", row.error());
          if (!*row) return again->refuse(Refusal::unknown_booking);
          if (!may_see(*again, site_of(id), (*row)->booking.account)) return again->refuse(Refusal::not_yours);
          show_filed_invoice(again, id);
        });
      });
}

void cancel_booking(const CallPtr& call) {
  act_on_booking<CancelBooking>(call);
}

void arrive_at_bay(const CallPtr& call) {
  act_on_booking<CheckIn>(call);
}

void leave_bay(const CallPtr& call) {
  act_on_booking<LeaveBay>(call);
}

void start_charging(const CallPtr& call) {
  act_on_booking<RequestCharging>(call);
}

void extend_booking(const CallPtr& call) {
  const auto id = path_id<BookingId>(call, 0, Refusal::unknown_booking);
  if (!id) return;
  Body body(call->request().body);
  Fields in = body.fields();
  const Instant end = in.time("end");
  in.finish();
  if (call->refused_by(body)) return;
  submit_near(call, call->actor_at(site_of(*id)), ExtendBooking{*id, end},
              [id = *id](Call& answer, const Accepted&) { show(answer.shared_from_this(), id, 200); });
}

void show_session(const CallPtr& call) {
  if (const auto id = path_id<SessionId>(call, 0, Refusal::unknown_thing)) show_session_of(call, *id);
}

void stop_charging(const CallPtr& call) {
  const auto id = path_id<SessionId>(call, 0, Refusal::unknown_thing);
  if (!id) return;
  submit(call, call->actor_at(site_of(*id)), RequestChargingStop{*id},
         [id = *id](Call& answer, const Accepted&) { show_session_of(answer.shared_from_this(), id); });
}

}  // namespace bayward::api
