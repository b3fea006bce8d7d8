#include "core/recommend/search.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/limits.h"
#include "core/booking/bill.h"

namespace bayward::core {
namespace {

// Bays of a site lie within this of its place; sites are ranked by their place, bays by their own.
constexpr double site_extent_m = 400;

class Search {
 public:
  Search(const State& state, const SearchRequest& request, Instant now)
      : state_(state), request_(request), now_(now), wanted_(std::min(request.results_max, limits::search_results)) {
    offers_.reserve(wanted_ * 2);
  }

  std::vector<Offer> run() {
    if (wanted_ == 0 || request_.wish.span.empty()) return {};
    state_.site_index.near(
        request_.destination, request_.radius_m + site_extent_m,
        [this](SiteId site, double metres) { look_at(*state_.site(site), metres); },
        [this](double metres) { return enough(metres); });
    rank();
    return std::move(offers_);
  }

 private:
  bool enough(double metres) {
    if (request_.order != SearchOrder::nearest || offers_.size() < wanted_) return false;
    keep_nearest();
    return offers_.back().distance_m + site_extent_m < metres;
  }

  void keep_nearest() {
    const auto nearer = [](const Offer& a, const Offer& b) {
      return a.distance_m != b.distance_m ? a.distance_m < b.distance_m : a.bay < b.bay;
    };
    if (offers_.size() > wanted_) {
      std::nth_element(offers_.begin(), offers_.begin() + static_cast<std::ptrdiff_t>(wanted_) - 1, offers_.end(),
                       nearer);
      offers_.resize(wanted_);
    }
    std::sort(offers_.begin(), offers_.end(), nearer);
  }

  void look_at(const Site& site, double metres) {
    if (metres > request_.radius_m + site_extent_m) return;
    if (request_.order == SearchOrder::nearest && offers_.size() >= 2 * wanted_) {
      keep_nearest();
    }
    if (request_.order == SearchOrder::nearest && offers_.size() >= wanted_ && metres - site_extent_m > farthest())
      return;
    const SlotRange slots = site.calendar.touching(request_.wish.span);
    mask_.assign(site.calendar.mask_words(), ~uint64_t{0});
    site.calendar.and_free(slots, mask_);
    Wish wish = request_.wish;
    wish.span = site.calendar.interval_of(slots);
    for (size_t word = 0; word < mask_.size(); ++word) {
      for (uint64_t bits = mask_[word]; bits != 0; bits &= bits - 1) {
        const size_t index = word * 64 + static_cast<size_t>(std::countr_zero(bits));
        if (index < site.bays.size()) consider(site, site.bays[index], wish);
      }
    }
  }

  double farthest() const {
    double far = 0;
    for (const Offer& offer : offers_) far = std::max(far, offer.distance_m);
    return far;
  }

  void consider(const Site& site, const Bay& bay, const Wish& wish) {
    if (request_.charger_needed && !bay.info.charger) return;
    const double metres = distance_m(request_.destination, shifted(site.place, bay.info.east_dm, bay.info.north_dm));
    if (metres > request_.radius_m || unavailable(site, bay, wish, now_)) return;
    offers_.push_back({bay.id, wish.span, metres, Money{0, site.currency}, {}});
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
    if (request_.order == SearchOrder::nearest) keep_nearest();
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
  std::vector<Offer> offers_;
  std::vector<uint64_t> mask_;
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
