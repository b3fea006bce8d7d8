// B3, A8: what wrong parkers owe, for themselves and for the office. An appeal is a dispute of the claim
// (handlers/disputes.cc): a claim's id is taken wherever a booking's is.
#include "api/handlers/handlers.h"
#include "api/live/live_index.h"

namespace bayward::api {

using namespace core;

namespace {

struct ClaimView {
  Claim claim;
  std::string bay_label;
  std::optional<Dispute> dispute;
};

ClaimView view_of(const State& state, const Claim& claim) {
  ClaimView view{claim, {}, {}};
  const Site& site = *state.site(site_of(claim.id));
  if (const Bay* bay = site.bay(claim.bay)) view.bay_label = bay->info.label;
  const Account* account = state.account(claim.account);
  if (!account) return view;
  if (const auto found = account->disputes.find(claim.id); found != account->disputes.end()) {
    view.dispute = found->second;
  }
  return view;
}

void write(JsonOut& out, const std::vector<ClaimView>& views) {
  out.object().name("items").array();
  for (auto view = views.rbegin(); view != views.rend(); ++view) {
    const Claim& claim = view->claim;
    out.object().field("claim", claim.id).field("site", site_of(claim.id)).field("phase", to_text(claim.phase));
    out.field("bay", claim.bay).field("bay_label", view->bay_label).field("incident", claim.incident);
    out.field("account", claim.account).field("fee", claim.fee).field("from", claim.from).field("until", claim.until);
    out.field("settled_by", claim.settled_by).name("dispute");
    view->dispute ? out.value(to_text(view->dispute->phase)) : out.null();
    out.end();
  }
  out.end();
  write_next(out, std::nullopt);
  out.end();
}

void answer(Call& call, const std::vector<ClaimView>& views) {
  JsonOut out;
  write(out, views);
  call.reply(200, std::move(out));
}

}  // namespace

void list_my_claims(const CallPtr& call) {
  ask(
      call,
      [id = call->account()](const State& state, Instant) -> Seen<std::vector<ClaimView>> {
        const Account* account = state.account(id);
        if (!account) return Failure{Refusal::unknown_account};
        std::vector<ClaimView> views;
        // Only what was charged lately is among the account's holds: few claims of few sites.
        for (const BookingId booking : account->holds.sorted_keys()) {
          if (!is_claim(booking)) continue;
          for (const Claim& claim : state.site(site_of(booking))->claims) {
            if (claim.id == booking) views.push_back(view_of(state, claim));
          }
        }
        return views;
      },
      answer);
}

void list_site_claims(const CallPtr& call) {
  const auto id = path_id<SiteId>(call, 0, Refusal::unknown_site);
  if (!id) return;
  ask(
      call,
      [id = *id](const State& state, Instant) -> Seen<std::vector<ClaimView>> {
        const Site* site = state.site(id);
        if (!site) return Failure{Refusal::unknown_site};
        std::vector<ClaimView> views;
        views.reserve(site->claims.size());
        for (const Claim& claim : site->claims) views.push_back(view_of(state, claim));
        return views;
      },
      answer);
}

void settle_claim(const CallPtr& call) {
  const auto id = path_id<BookingId>(call, 0, Refusal::unknown_thing);
  if (!id) return;
  Body body(call->request().body);
  Fields in = body.fields();
  const bool paid = in.flag("paid");
  in.finish();
  if (call->refused_by(body)) return;
  submit(call, call->actor_at(site_of(*id)), SettleClaim{*id, paid},
         [](Call& settled, const Accepted&) { settled.no_content(); });
}

}  // namespace bayward::api
