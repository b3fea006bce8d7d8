#include "core/recommend/search.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numbers>

#include "base/limits.h"
#include "core/booking/bill.h"

namespace bayward::core {
namespace {

constexpr double metres_per_e6_degree = 0.11119492664455873;

struct Candidate {
  double distance_m = 0;
  const Site* site = nullptr;
  uint32_t bay = 0;  // index

  friend bool operator<(const Candidate& a, const Candidate& b) {
    if (a.distance_m != b.distance_m) return a.distance_m < b.distance_m;
    return a.site != b.site ? a.site->id < b.site->id : a.bay < b.bay;
  }
};

class Search {
 public:
  Search(const State& state, const SearchRequest& request, Instant now)
      : state_(state),
        request_(request),
        now_(now),
        wanted_(std::min(request.results_max, limits::search_results)),
        kept_(request.order == SearchOrder::nearest ? wanted_ : limits::search_candidates),
        east_scale_(metres_per_e6_degree * std::cos(request.destination.latitude_e6 * std::numbers::pi / 180e6)) {}

  std::vector<Offer> run() {
    if (wanted_ == 0 || request_.wish.span.empty()) return {};
    candidates_.reserve(kept_ + 1);
    for (int32_t ring = 0;; ++ring) {
      const double nearest_m = SiteIndex::nearest_in_ring_m(request_.destination, ring) - state_.site_extent_max_m;
      if (nearest_m > reach()) break;
      look_through(ring);
    }
    std::sort_heap(candidates_.begin(), candidates_.end());
    return offers();
  }

 private:
  struct NearSite {
    const Site* site = nullptr;
    double east_m = 0;  // from the destination
    double north_m = 0;
    double nearest_m = 0;  // no bay of it is nearer
    friend bool operator<(const NearSite& a, const NearSite& b) { return a.nearest_m < b.nearest_m; }
  };

  // Nothing farther away than this can still be wanted.
  double reach() const { return candidates_.size() < kept_ ? request_.radius_m : candidates_.front().distance_m; }

  void look_through(int32_t ring) {
    sites_.clear();
    state_.site_index.visit_ring(request_.destination, ring, [this](const SiteIndex::Entry& entry) {
      NearSite near;
      near.site = state_.site(entry.site);
      near.east_m = (entry.place.longitude_e6 - request_.destination.longitude_e6) * east_scale_;
      near.north_m = (entry.place.latitude_e6 - request_.destination.latitude_e6) * metres_per_e6_degree;
      near.nearest_m = std::sqrt(near.east_m * near.east_m + near.north_m * near.north_m) - near.site->map.extent_m();
      if (near.nearest_m <= reach()) sites_.push_back(near);
    });
    std::sort(sites_.begin(), sites_.end());
    for (const NearSite& near : sites_) {
      if (near.nearest_m > reach()) break;
      look_at(near);
    }
  }

  void look_at(const NearSite& near) {
    const Site& site = *near.site;
    const SlotRange slots = site.calendar.touching(request_.wish.span);
    Wish wish = request_.wish;
    wish.span = site.calendar.interval_of(slots);
    const bool soon = wish.span.start <= now_ + site.rules.reallocation_lead;
    const bool charger_needed = request_.charger_needed || wish.energy_milliwh > 0;
    mask_.assign(site.map.words(), ~uint64_t{0});
    site.calendar.and_free(slots, mask_);
    for (size_t word = 0; word < mask_.size(); ++word) {
      const uint64_t free = mask_[word] & site.map.fitting(word, wish.connector, charger_needed);
      // Only these have to be looked at themselves; for the others calendar and map have said all.
      const uint64_t doubtful = soon ? free : free & site.map.shared(word);
      for (uint64_t bits = free; bits != 0; bits &= bits - 1) {
        const auto bit = static_cast<uint32_t>(std::countr_zero(bits));
        const uint32_t bay = static_cast<uint32_t>(word) * 64 + bit;
        const BayMap::Place place = site.map.place(bay);
        const double east_m = near.east_m + place.east_dm * 0.1;
        const double north_m = near.north_m + place.north_dm * 0.1;
        const double metres = std::sqrt(east_m * east_m + north_m * north_m);
        if (metres > reach()) continue;
        if (((doubtful >> bit) & 1) != 0 && unavailable_now(site, site.bays[bay], wish, now_)) continue;
        keep({metres, &site, bay});
      }
    }
  }

  // The nearest `kept_` as a heap with the farthest on top.
  void keep(const Candidate& candidate) {
    candidates_.push_back(candidate);
    std::push_heap(candidates_.begin(), candidates_.end());
    if (candidates_.size() <= kept_) return;
    std::pop_heap(candidates_.begin(), candidates_.end());
    candidates_.pop_back();
  }

  std::vector<Offer> offers() {
    offers_.reserve(candidates_.size());
    for (const Candidate& candidate : candidates_) {
      const Site& site = *candidate.site;
      const Interval span = site.calendar.interval_of(site.calendar.touching(request_.wish.span));
      offers_.push_back(
          {site_scoped<BayId>(site.id, candidate.bay + 1), span, candidate.distance_m, Money{0, site.currency}, {}});
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
    if (request_.order == SearchOrder::cheapest) {
      std::sort(offers_.begin(), offers_.end(), [](const Offer& a, const Offer& b) {
        if (a.price.minor != b.price.minor) return a.price.minor < b.price.minor;
        return a.distance_m != b.distance_m ? a.distance_m < b.distance_m : a.bay < b.bay;
      });
      if (offers_.size() > wanted_) offers_.resize(wanted_);
    }
    if (request_.with_price) explain();
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
    }
  }

  const State& state_;
  const SearchRequest& request_;
  const Instant now_;
  const size_t wanted_;
  const size_t kept_;  // candidates; more than wanted when the price decides
  const double east_scale_;
  std::vector<Candidate> candidates_;
  std::vector<NearSite> sites_;
  std::vector<uint64_t> mask_;
  std::vector<Offer> offers_;
  std::vector<std::pair<const Tariff*, Money>> prices_;
};

}  // namespace

std::string_view to_text(RankReason reason) {
  static constexpr std::array<std::string_view, 5> words = {"nearest", "cheapest", "charger_fits", "seen_empty",
                                                            "own_permission"};
  return words[static_cast<size_t>(reason)];
}

std::vector<Offer> search(const State& state, const SearchRequest& request, Instant now) {
  return Search(state, request, now).run();
}

}  // namespace bayward::core
