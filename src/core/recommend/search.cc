#include "core/recommend/search.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numbers>
#include <span>

#include "base/limits.h"
#include "core/booking/bill.h"

namespace bayward::core {
namespace {

constexpr double metres_per_e6_degree = 0.11119492664455873;

// A site that was looked at.
struct LookedAt {
  const Site* site = nullptr;
  SiteId id;
  SlotRange slots;
  Interval span;  // as it would be booked
};

struct Candidate {
  double square_m2 = 0;  // of the distance
  uint32_t site = 0;     // which of those looked at
  uint32_t bay = 0;      // index
};

class Search {
 public:
  Search(const State& state, const SearchRequest& request, Instant now)
      : state_(state),
        request_(request),
        now_(now),
        wanted_(std::min(request.results_max, limits::search_results)),
        kept_(request.order == SearchOrder::nearest && !request.habits.known() ? wanted_ : limits::search_candidates),
        charger_needed_(request.charger_needed || request.wish.energy_milliwh > 0),
        east_scale_(metres_per_e6_degree * std::cos(request.destination.latitude_e6 * std::numbers::pi / 180e6)),
        reach_m_(request.radius_m),
        reach_m2_(request.radius_m * request.radius_m) {}

  std::vector<Offer> run() {
    if (wanted_ == 0 || request_.wish.span.empty()) return {};
    candidates_.reserve(usual_candidates);
    near_.reserve(usual_sites);
    looked_at_.reserve(usual_sites);
    for (int32_t ring = 0;; ++ring) {
      const double nearest_m = SiteIndex::nearest_in_ring_m(request_.destination, ring) - state_.site_extent_max_m;
      if (nearest_m > reach_m_) break;
      look_through(ring);
    }
    return offers();
  }

 private:
  static constexpr size_t usual_candidates = 256;
  static constexpr size_t usual_sites = 64;
  static constexpr size_t few_candidates = 64;
  // Sites whose memory is asked for together: a search is mostly waiting for memory, and mostly one site is enough.
  static constexpr size_t asked_for_together = 2;

  struct NearSite {
    double nearest_m = 0;  // no bay of it is nearer
    double east_m = 0;     // from the destination
    double north_m = 0;
    SiteId site;
  };

  void look_through(int32_t ring) {
    near_.clear();
    double nearest_so_far_m = reach_m_;
    state_.site_index.visit_ring(request_.destination, ring, [&](const SiteIndex::Entry& entry) {
      const double east_m = (entry.place.longitude_e6 - request_.destination.longitude_e6) * east_scale_;
      const double north_m = (entry.place.latitude_e6 - request_.destination.latitude_e6) * metres_per_e6_degree;
      const double nearest_m = std::sqrt(east_m * east_m + north_m * north_m) - entry.extent_m;
      if (nearest_m > reach_m_) return;
      near_.push_back({nearest_m, east_m, north_m, entry.site});
      if (nearest_m >= nearest_so_far_m) return;
      nearest_so_far_m = nearest_m;
      ask_memory_for(*state_.site(entry.site));
    });
    const auto farther = [](const NearSite& a, const NearSite& b) { return a.nearest_m > b.nearest_m; };
    std::make_heap(near_.begin(), near_.end(), farther);
    while (!near_.empty() && near_.front().nearest_m <= reach_m_) {
      std::array<NearSite, asked_for_together> next;
      size_t count = 0;
      while (count < next.size() && !near_.empty()) {
        std::pop_heap(near_.begin(), near_.end(), farther);
        next[count++] = near_.back();
        near_.pop_back();
      }
      look_at(std::span(next).first(count));
    }
  }

  // Of all that look_at() and offers() read of it itself.
  static void ask_memory_for(const Site& site) {
    ask_memory_of(site.calendar);
    ask_memory_of(site.map);
    ask_memory_of(site.rules.reallocation_lead);
    ask_memory_of(site.currency);
  }
  template <class T>
  static void ask_memory_of(const T& object) {
    constexpr size_t line_bytes = 64;
    const auto* const bytes = reinterpret_cast<const char*>(&object);
    for (size_t at = 0; at < sizeof(T); at += line_bytes) __builtin_prefetch(bytes + at);
  }

  void look_at(std::span<const NearSite> sites) {
    const size_t first = looked_at_.size();
    for (const NearSite& near : sites) {
      const Site* site = state_.site(near.site);
      looked_at_.push_back({site, near.site, {}, {}});
      ask_memory_for(*site);
    }
    for (size_t i = 0; i < sites.size(); ++i) {
      LookedAt& at = looked_at_[first + i];
      at.slots = at.site->calendar.touching(request_.wish.span);
      at.span = at.site->calendar.interval_of(at.slots);
      at.site->calendar.prefetch(at.slots);
      at.site->map.prefetch();
    }
    for (size_t i = 0; i < sites.size() && sites[i].nearest_m <= reach_m_; ++i) {
      look_at(sites[i], static_cast<uint32_t>(first + i));
      shorten_reach();
    }
  }

  void look_at(const NearSite& near, uint32_t number) {
    const LookedAt& at = looked_at_[number];
    const Site& site = *at.site;
    const bool soon = at.span.start <= now_ + site.rules.reallocation_lead;
    for (size_t word = 0; word < site.map.words(); ++word) {
      const uint64_t free =
          site.calendar.free_bays(at.slots, word) & site.map.fitting(word, request_.wish.connector, charger_needed_);
      // Only these have to be looked at themselves; for the others calendar and map have said all.
      const uint64_t doubtful = soon ? free : free & site.map.shared(word);
      for (uint64_t bits = free; bits != 0; bits &= bits - 1) {
        const auto bit = static_cast<uint32_t>(std::countr_zero(bits));
        const uint32_t bay = static_cast<uint32_t>(word) * 64 + bit;
        const BayMap::Place place = site.map.place(bay);
        const double east_m = near.east_m + place.east_dm * 0.1;
        const double north_m = near.north_m + place.north_dm * 0.1;
        const double square_m2 = east_m * east_m + north_m * north_m;
        if (square_m2 > reach_m2_) continue;
        if (((doubtful >> bit) & 1) != 0 && unfit_now(at, bay)) continue;
        candidates_.push_back({square_m2, number, bay});
      }
    }
  }

  bool unfit_now(const LookedAt& at, uint32_t bay) const {
    Wish wish = request_.wish;
    wish.span = at.span;
    return unavailable_now(*at.site, at.site->bays[bay], wish, now_).has_value();
  }

  static bool nearer(const Candidate& a, const Candidate& b) {
    if (a.square_m2 != b.square_m2) return a.square_m2 < b.square_m2;
    return a.site != b.site ? a.site < b.site : a.bay < b.bay;
  }

  // With enough candidates nothing farther away than the farthest of them can still be wanted. Those that are too many
  // are let go when the first are enough, which shortens the reach most, and when they have become many again.
  void shorten_reach() {
    if (candidates_.size() < kept_) return;
    if (reach_shortened_ && candidates_.size() <= 4 * kept_ + usual_candidates) return;
    reach_shortened_ = true;
    keep_nearest();
    reach_m2_ = candidates_.back().square_m2;
    reach_m_ = std::sqrt(reach_m2_);
  }

  // In order, and no more than are kept.
  void keep_nearest() {
    if (in_order_ == candidates_.size()) return;
    if (candidates_.size() <= few_candidates) {
      order_few();
    } else {
      std::sort(candidates_.begin(), candidates_.end(), nearer);
    }
    candidates_.resize(std::min(candidates_.size(), kept_));
    in_order_ = candidates_.size();
  }

  // By counting for each how many come before it: sorting so few is mostly branches guessed wrong. Of equally far ones
  // the site that was looked at first comes first, then the bay with the lower number, as they were put in.
  void order_few() {
    std::array<double, few_candidates> squares;
    std::array<Candidate, few_candidates> ordered;
    const size_t count = candidates_.size();
    for (size_t i = 0; i < count; ++i) squares[i] = candidates_[i].square_m2;
    for (size_t i = 0; i < count; ++i) {
      const double own = squares[i];
      uint64_t before = 0;
      for (size_t j = 0; j < i; ++j) before += squares[j] <= own ? 1 : 0;
      for (size_t j = i + 1; j < count; ++j) before += squares[j] < own ? 1 : 0;
      ordered[before] = candidates_[i];
    }
    std::copy_n(ordered.begin(), count, candidates_.begin());
  }

  std::vector<Offer> offers() {
    keep_nearest();
    offers_.reserve(candidates_.size());
    for (const Candidate& candidate : candidates_) {
      const LookedAt& at = looked_at_[candidate.site];
      Offer& offer = offers_.emplace_back();
      offer.bay = site_scoped<BayId>(at.id, candidate.bay + 1);
      offer.span = at.span;
      offer.distance_m = std::sqrt(candidate.square_m2);
      offer.price.currency = at.site->currency;
    }
    rank();
    return std::move(offers_);
  }

  // Bays of a site share few tariffs: each is priced once.
  void add_price(Offer& offer) {
    const Site& site = *state_.site(site_of(offer.bay));
    const Tariff* tariff = site.tariff_of(*site.bay(offer.bay));
    if (!tariff) return;
    const auto known = std::find_if(prices_.begin(), prices_.end(), [&](const auto& p) { return p.first == tariff; });
    if (known != prices_.end()) {
      offer.price = known->second;
      return;
    }
    offer.price = quote(site, *tariff, offer.span, request_.wish.energy_milliwh).total;
    prices_.emplace_back(tariff, offer.price);
  }

  void rank() {
    if (request_.with_price || request_.order == SearchOrder::cheapest) {
      for (Offer& offer : offers_) add_price(offer);
    }
    if (request_.order == SearchOrder::cheapest || request_.habits.known()) order_offers();
    if (request_.with_price) explain();
  }

  // By price and by how far away they are for this driver (A6).
  void order_offers() {
    struct Key {
      int64_t price = 0;
      double metres = 0;
      BayId bay;
      size_t at = 0;
      auto operator<=>(const Key&) const = default;
    };
    std::vector<Key> keys;
    keys.reserve(offers_.size());
    for (const Offer& offer : offers_) {
      const BayMap& map = state_.site(site_of(offer.bay))->map;
      const BayIndex bay = Site::index(offer.bay);
      const double detour = request_.habits.known() ? detour_m(request_.habits, map.clear(bay), map.part(bay)) : 0;
      const int64_t price = request_.order == SearchOrder::cheapest ? offer.price.minor : 0;
      keys.push_back({price, offer.distance_m + detour, offer.bay, keys.size()});
    }
    std::sort(keys.begin(), keys.end());
    if (keys.size() > wanted_) keys.resize(wanted_);
    std::vector<Offer> ordered;
    ordered.reserve(keys.size());
    for (const Key& key : keys) ordered.push_back(std::move(offers_[key.at]));
    offers_ = std::move(ordered);
  }

  void explain() {
    if (offers_.empty()) return;
    const auto by_price = [](const Offer& a, const Offer& b) { return a.price.minor < b.price.minor; };
    const auto by_distance = [](const Offer& a, const Offer& b) { return a.distance_m < b.distance_m; };
    const int64_t cheapest = std::min_element(offers_.begin(), offers_.end(), by_price)->price.minor;
    const double nearest = std::min_element(offers_.begin(), offers_.end(), by_distance)->distance_m;
    for (Offer& offer : offers_) {
      const Bay& bay = *state_.site(site_of(offer.bay))->bay(offer.bay);
      if (offer.distance_m <= nearest) offer.reasons.push_back(RankReason::nearest);
      if (offer.price.minor <= cheapest) offer.reasons.push_back(RankReason::cheapest);
      if (bay.info.charger && request_.wish.connector != ConnectorType::none) {
        offer.reasons.push_back(RankReason::charger_fits);
      }
      if (bay.occupancy_known && !bay.occupied) offer.reasons.push_back(RankReason::seen_empty);
      if (bay.info.shared_pile) offer.reasons.push_back(RankReason::own_permission);
      explain_habits(offer, bay);
    }
  }

  void explain_habits(Offer& offer, const Bay& bay) const {
    const DrivingHabits& habits = request_.habits;
    if (habits.scraped && (bay.info.clear & bit(*habits.scraped)) != 0) offer.reasons.push_back(RankReason::clear_side);
    const BayMap& map = state_.site(site_of(bay.id))->map;
    if (habits.usual == map.part(Site::index(bay.id))) offer.reasons.push_back(RankReason::usual_part);
  }

  const State& state_;
  const SearchRequest& request_;
  const Instant now_;
  const size_t wanted_;
  const size_t kept_;  // candidates; more than wanted when the price decides
  const bool charger_needed_;
  const double east_scale_;
  // Nothing farther away than this can still be wanted.
  double reach_m_;
  double reach_m2_;               // its square
  bool reach_shortened_ = false;  // there are enough candidates, and the reach says how far they go
  std::vector<NearSite> near_;    // a heap, the nearest on top
  std::vector<LookedAt> looked_at_;
  std::vector<Candidate> candidates_;
  size_t in_order_ = 0;  // all of them, when they are so many
  std::vector<Offer> offers_;
  std::vector<std::pair<const Tariff*, Money>> prices_;
};

}  // namespace

std::string_view to_text(RankReason reason) {
  static constexpr std::array<std::string_view, 7> words = {
      "nearest", "cheapest", "charger_fits", "seen_empty", "own_permission", "clear_side", "usual_part"};
  return words[static_cast<size_t>(reason)];
}

std::vector<Offer> search(const State& state, const SearchRequest& request, Instant now) {
  return Search(state, request, now).run();
}

}  // namespace bayward::core
