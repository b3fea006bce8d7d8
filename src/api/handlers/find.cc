// A5: finding a bay, and what it would cost.
#include <array>
#include <cmath>

#include "api/access/accidents.h"
#include "api/handlers/handlers.h"
#include "api/views/views.h"
#include "base/limits.h"
#include "core/recommend/search.h"

namespace bayward::api {

using namespace core;

namespace {

constexpr Duration quarter = 15min;
constexpr double walking_m_per_minute = 80;
constexpr double detour = 1.3;  // streets aren't straight

constexpr std::array<Word<SearchOrder>, 2> orders = {
    {{"nearest", SearchOrder::nearest}, {"cheapest", SearchOrder::cheapest}}};

// Outwards to quarter hours, which are whole slots of nearly every site.
Interval to_quarters(const Interval& span) {
  const auto floor = [](Instant at) {
    return Instant{std::chrono::floor<std::chrono::minutes>(at.time_since_epoch()) / quarter * quarter};
  };
  const Instant end = floor(span.end);
  return {floor(span.start), end < span.end ? end + quarter : end};
}

std::optional<Refusal> bad_span(const Interval& span, Instant now) {
  if (span.empty()) return Refusal::bad_interval;
  if (span.length() / quarter > limits::booking_slots_max) return Refusal::too_long;
  if (span.end <= now) return Refusal::in_the_past;
  if (span.start > now + limits::calendar_days * 24h) return Refusal::beyond_horizon;
  return std::nullopt;
}

struct Found {
  Offer offer;
  std::string label;
  std::optional<Charger> charger;
};

struct Looked {
  std::vector<Found> found;
  std::vector<AccidentMark> accidents;  // to be read first: nothing was looked for yet
};

// A6: what the driver has agreed to.
std::vector<AccidentMark> accidents_of(const Account& account, VehicleId vehicle) {
  std::vector<AccidentMark> marks = account.driving.accidents;
  if (vehicle) std::erase_if(marks, [&](const AccidentMark& one) { return one.vehicle != vehicle; });
  return marks;
}

// `read`: the accidents are in request.habits already.
Seen<Looked> look_for(const State& state, SearchRequest request, VehicleId vehicle, bool read, Instant now) {
  if (const auto reason = bad_span(request.wish.span, now)) return Failure{*reason};
  const Account* account = state.account(request.wish.account);
  if (account) request.habits.usual = usual_part(account->driving);
  if (vehicle) {
    const Vehicle* mine = account ? account->vehicle(vehicle) : nullptr;
    if (!mine) return Failure{Refusal::unknown_vehicle};
    request.wish.plate = mine->plate;
    if (request.wish.connector == ConnectorType::none) request.wish.connector = mine->connector;
  }
  Looked looked;
  if (account && !read) looked.accidents = accidents_of(*account, vehicle);
  if (!looked.accidents.empty()) return looked;
  for (Offer& offer : search(state, request, now)) {
    const Bay& bay = *state.site(site_of(offer.bay))->bay(offer.bay);
    looked.found.push_back({std::move(offer), bay.info.label, bay.info.charger});
  }
  return looked;
}

void write(JsonOut& out, const Found& found) {
  const Offer& offer = found.offer;
  out.object().field("bay", offer.bay).field("site", site_of(offer.bay)).field("label", found.label);
  out.name("span").object().field("start", offer.span.start).field("end", offer.span.end).end();
  out.field("distance_m", std::round(offer.distance_m * 10) / 10);
  out.field("walk_minutes", static_cast<int64_t>(std::ceil(offer.distance_m * detour / walking_m_per_minute)));
  out.field("price", offer.price).name("charger");
  found.charger ? write(out, *found.charger, false) : void(out.null());
  out.name("reasons").array();
  for (const RankReason reason : offer.reasons) out.value(reason);
  out.end().end();
}

void search_now(const CallPtr& call, const SearchRequest& request, VehicleId vehicle, bool read) {
  ask(
      call, [=](const State& state, Instant now) { return look_for(state, request, vehicle, read, now); },
      [request, vehicle](Call& answer, Looked looked) {
        if (!looked.accidents.empty()) {
          return answer.on_worker([call = answer.shared_from_this(), request, vehicle, looked] {
            SearchRequest with = request;
            with.habits.scraped = prone_side(call->services().vault, call->account(), looked.accidents);
            search_now(call, with, vehicle, true);
          });
        }
        JsonOut out;
        out.object().name("items").array();
        for (const Found& one : looked.found) write(out, one);
        answer.reply(200, std::move(out.end().end()));
      });
}

}  // namespace

void search_bays(const CallPtr& call) {
  Body body(call->request().body);
  Fields in = body.fields();
  SearchRequest request;
  request.destination = place_in(in, "destination");
  const Instant start = in.time("start");
  request.wish.span = to_quarters({start, in.time("end")});
  request.wish.account = call->account();
  request.wish.connector = in.maybe_word("connector", connector_words).value_or(ConnectorType::none);
  request.wish.energy_milliwh = in.maybe_energy("energy_wh").value_or(0);
  request.radius_m = in.maybe_number("radius_m", {1, 50'000}).value_or(2000);
  const IntegerRange results{1, static_cast<int64_t>(limits::search_results)};
  request.results_max = static_cast<size_t>(in.maybe_integer("limit", results).value_or(20));
  request.order = in.maybe_word("order", orders).value_or(SearchOrder::nearest);
  request.charger_needed = in.maybe_flag("charger_needed").value_or(request.wish.energy_milliwh > 0);
  const VehicleId vehicle = in.maybe_id<VehicleId>("vehicle").value_or(VehicleId{});
  in.finish();
  if (call->refused_by(body)) return;
  search_now(call, request, vehicle, false);
}

void quote_booking(const CallPtr& call) {
  Body body(call->request().body);
  Fields in = body.fields();
  const BayId bay = in.id<BayId>("bay");
  const Instant start = in.time("start");
  const Interval span{start, in.time("end")};
  const int64_t energy_milliwh = in.maybe_energy("energy_wh").value_or(0);
  in.finish();
  if (call->refused_by(body)) return;
  ask(
      call,
      [=](const State& state, Instant) -> Seen<Invoice> {
        const Site* site = state.site(site_of(bay));
        const Bay* found = site ? site->bay(bay) : nullptr;
        if (!found) return Failure{Refusal::unknown_bay};
        if (!site->calendar.aligned(span)) return Failure{Refusal::bad_interval};
        if (span.length() / std::chrono::seconds{site->rules.slot_unit_s} > limits::booking_slots_max) {
          return Failure{Refusal::too_long};
        }
        const Tariff* tariff = site->tariff_of(*found);
        if (!tariff) return Failure{Refusal::no_tariff};
        return quote(*site, *tariff, span, energy_milliwh);
      },
      [](Call& answer, const Invoice& invoice) {
        JsonOut out;
        out.object().name("invoice");
        write(out, invoice);
        answer.reply(200, std::move(out.end()));
      });
}

}  // namespace bayward::api
