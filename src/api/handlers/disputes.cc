// A10: a driver disputes a bill, the property office or the operator decides, and both are told (ports/notice.h). What
// they write is personal: it is kept in the vault, and only in there.
#include <algorithm>

#include "api/handlers/handlers.h"
#include "api/handlers/people.h"
#include "api/live/live_index.h"
#include "core/account/account.h"

namespace bayward::api {

using namespace core;

namespace {

constexpr size_t words_chars_max = 1000;

struct DisputeView {
  BookingId booking;
  AccountId account;
  Dispute dispute;
  Money paid;
  int64_t refunded_minor = 0;
  BayId bay;  // of a claim; a booking's is known
};

DisputeView view_of(const State& state, const Account& account, BookingId booking) {
  const FundsHold& hold = account.holds.at(booking);
  DisputeView view{booking, account.id, account.disputes.at(booking), hold.captured, hold.refunded_minor, {}};
  if (!is_claim(booking)) return view;
  for (const Claim& claim : state.site(site_of(booking))->claims) {
    if (claim.id == booking) view.bay = claim.bay;
  }
  return view;
}

// On a worker: the words come from the vault.
void write(JsonOut& out, const CallPtr& call, const DisputeView& view) {
  const auto booking = call->services().live.known_booking(view.booking);
  const BayId where = booking ? booking->bay : view.bay;
  const auto bay = where ? call->services().live.known_bay(where) : std::nullopt;
  const Dispute& dispute = view.dispute;
  out.object().field("booking", view.booking).field("account", view.account);
  out.field("bay", where).field("bay_label", bay ? bay->label : std::string());
  out.field("phase", to_text(dispute.phase)).field("reason", to_text(dispute.reason));
  out.field("opened_at", dispute.opened_at);
  out.field("text", personal(call, {view.account, VaultKind::dispute_text, view.booking.value}));
  out.field("paid", view.paid).name("refund");
  dispute.phase == DisputePhase::refunded ? out.value(dispute.refund) : out.null();
  out.name("decided_at");
  dispute.phase == DisputePhase::open ? out.null() : out.value(dispute.decided_at);
  out.field("decided_by", dispute.decided_by);
  out.field("reply", personal(call, {view.account, VaultKind::dispute_reply, view.booking.value}));
  out.field("refundable", Money{view.paid.minor - view.refunded_minor, view.paid.currency}).end();
}

Seen<DisputeView> look(const State& state, const Call& call, BookingId booking) {
  const auto found = state.disputes.find(booking);
  if (found == state.disputes.end()) return Failure{Refusal::unknown_thing};
  if (found->second != call.account() && !call.staff_of(site_of(booking))) return Failure{Refusal::not_yours};
  return view_of(state, *state.account(found->second), booking);
}

void answer_dispute(const CallPtr& call, BookingId booking, int status) {
  ask(
      call, [call, booking](const State& state, Instant) { return look(state, *call, booking); },
      [status](Call& answer, const DisputeView& view) {
        answer.services().workers.finish([call = answer.shared_from_this(), view, status] {
          JsonOut out;
          write(out, call, view);
          call->reply(status, std::move(out));
        });
      });
}

// Keeps the words, then shows the dispute.
void keep_words(Call& answer, AccountId subject, VaultKind kind, BookingId booking, const std::string& words,
                int status) {
  answer.services().workers.finish([call = answer.shared_from_this(), subject, kind, booking, words, status] {
    if (!words.empty()) {
      const auto put = call->services().vault.put({{subject, kind, booking.value}, words, {}});
      if (!put) return call->unavailable("dispute", put.error());
    }
    answer_dispute(call, booking, status);
  });
}

}  // namespace

void open_dispute(const CallPtr& call) {
  const auto id = path_id<BookingId>(call, 0, Refusal::unknown_booking);
  if (!id) return;
  Body body(call->request().body);
  Fields in = body.fields();
  const auto reason = parse_dispute_reason(in.text("reason", 1, 64));
  if (!reason) {
    in.refuse("reason", "must be one of: wrong_amount, overstay, no_show, charging, not_me, other",
              "必须是以下之一：wrong_amount、overstay、no_show、charging、not_me、other");
  }
  const std::string words = in.maybe_text("text", 1, words_chars_max).value_or("");
  in.finish();
  if (call->refused_by(body)) return;
  submit(call, call->person(), OpenDispute{call->account(), *id, *reason},
         [id = *id, words](Call& answer, const Accepted&) {
           keep_words(answer, answer.account(), VaultKind::dispute_text, id, words, 201);
         });
}

void show_dispute(const CallPtr& call) {
  if (const auto id = path_id<BookingId>(call, 0, Refusal::unknown_booking)) answer_dispute(call, *id, 200);
}

void decide_dispute(const CallPtr& call) {
  const auto id = path_id<BookingId>(call, 0, Refusal::unknown_booking);
  if (!id) return;
  Body body(call->request().body);
  Fields in = body.fields();
  const int64_t refund_minor = in.integer("refund_minor", {0, 10'000'000'000});
  const std::string words = in.maybe_text("reply", 1, words_chars_max).value_or("");
  in.finish();
  if (call->refused_by(body)) return;
  ask(
      call, [call, id = *id](const State& state, Instant) { return look(state, *call, id); },
      [id = *id, refund_minor, words](Call& seen, const DisputeView& view) {
        submit(seen.shared_from_this(), seen.actor_at(site_of(id)), DecideDispute{id, refund_minor},
               [id, words, account = view.account](Call& answer, const Accepted&) {
                 keep_words(answer, account, VaultKind::dispute_reply, id, words, 200);
               });
      });
}

// Open ones first, then the latest.
void list_disputes(const CallPtr& call) {
  const auto site = path_id<SiteId>(call, 0, Refusal::unknown_site);
  const auto page = site ? page_of(call) : std::nullopt;
  if (!page) return;
  struct Listed {
    std::vector<DisputeView> items;
    std::optional<uint64_t> next;
  };
  ask(
      call,
      [id = *site, page = *page](const State& state, Instant) -> Seen<Listed> {
        if (!state.site(id)) return Failure{Refusal::unknown_site};
        std::vector<DisputeView> all;
        for (auto at = state.disputes.lower_bound(site_scoped<BookingId>(id, 0));
             at != state.disputes.end() && site_of(at->first) == id; ++at) {
          all.push_back(view_of(state, *state.account(at->second), at->first));
        }
        std::stable_sort(all.begin(), all.end(), [](const DisputeView& a, const DisputeView& b) {
          const bool a_open = a.dispute.phase == DisputePhase::open;
          const bool b_open = b.dispute.phase == DisputePhase::open;
          return a_open != b_open ? a_open : a.dispute.opened_at > b.dispute.opened_at;
        });
        const size_t from = std::min<size_t>(page.after.value_or(0), all.size());
        const size_t to = std::min(from + page.limit, all.size());
        Listed listed;
        listed.items.assign(all.begin() + static_cast<ptrdiff_t>(from), all.begin() + static_cast<ptrdiff_t>(to));
        if (to < all.size()) listed.next = to;
        return listed;
      },
      [](Call& answer, const Listed& listed) {
        answer.services().workers.finish([call = answer.shared_from_this(), listed] {
          JsonOut out;
          out.object().name("items").array();
          for (const DisputeView& view : listed.items) write(out, call, view);
          out.end();
          write_next(out, listed.next);
          call->reply(200, std::move(out.end()));
        });
      });
}

}  // namespace bayward::api
