#include "site/access/wifi_grants.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "site/access/keyed.h"

namespace bayward::site {
namespace {

bool same_terms(const WifiTerms& a, const WifiTerms& b) {
  return a.device == b.device && a.phone == b.phone && a.booking == b.booking && a.time.start == b.time.start;
}

}  // namespace

bool valid_mac(std::string_view mac) {
  if (mac.size() != 17 || mac == "00:00:00:00:00:00") return false;
  for (size_t i = 0; i < mac.size(); ++i) {
    const char c = mac[i];
    const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if (i % 3 == 2 ? c != ':' : !digit) return false;
  }
  constexpr std::string_view odd = "13579bdf";  // the group bit of the first byte
  return odd.find(mac[1]) == std::string_view::npos;
}

Result<WifiGrant, WifiRefusal> WifiGrants::give(std::string id, WifiTerms terms, std::vector<Unusual> shortened,
                                                std::string network_address, Instant now) {
  advance(now);
  const auto found = std::ranges::find_if(grants_, [&](const WifiGrant& one) { return same_terms(one.terms, terms); });
  if (found != grants_.end()) return *found;
  if (grants_.size() >= limits::wifi_grants) return Failure{WifiRefusal::full};
  grants_.push_back({.id = std::move(id),
                     .terms = std::move(terms),
                     .shortened = std::move(shortened),
                     .network_address = std::move(network_address)});
  ++version_;
  return grants_.back();
}

Result<WifiGrant, WifiRefusal> WifiGrants::use(std::string_view text, std::string_view device, std::string_view mac,
                                               Instant now) {
  advance(now);
  const auto is_it = [&](const WifiGrant& one) { return same_secret(passphrase(one), text); };
  const auto found = std::ranges::find_if(grants_, is_it);
  if (found == grants_.end()) {
    return Failure{std::ranges::any_of(ended_, is_it) ? WifiRefusal::expired : WifiRefusal::unknown};
  }
  if (found->terms.device != device) return Failure{WifiRefusal::foreign_device};
  if (!valid_mac(mac) || !bind(found->id, mac)) return Failure{WifiRefusal::replayed};
  return *found;
}

bool WifiGrants::bind(std::string_view id, std::string_view mac) {
  const auto found = std::ranges::find(grants_, id, &WifiGrant::id);
  if (found == grants_.end() || !valid_mac(mac)) return false;
  if (found->mac.empty()) {
    found->mac = mac;
    ++version_;
  }
  return found->mac == mac;
}

bool WifiGrants::revoke(std::string_view id) {
  const auto found = std::ranges::find(grants_, id, &WifiGrant::id);
  if (found == grants_.end()) return false;
  grants_.erase(found);
  ++version_;
  return true;
}

void WifiGrants::advance(Instant now) {
  const auto over = std::ranges::partition(grants_, [now](const WifiGrant& one) {
    // Also over when the clock stepped back before its time: it must not live longer than it was given for.
    return one.terms.time.contains(now);
  });
  if (!over.empty()) {
    ended_.insert(ended_.end(), std::make_move_iterator(over.begin()), std::make_move_iterator(over.end()));
    grants_.erase(over.begin(), over.end());
    ++version_;
  }
  std::erase_if(ended_, [now](const WifiGrant& one) { return now - one.terms.time.end > 24h; });
  if (ended_.size() > limits::wifi_grants) {
    ended_.erase(ended_.begin(), ended_.begin() + static_cast<std::ptrdiff_t>(ended_.size() - limits::wifi_grants));
  }
}

void WifiGrants::restore(std::vector<WifiGrant> kept) {
  if (kept.size() > limits::wifi_grants) kept.resize(limits::wifi_grants);
  grants_ = std::move(kept);
  ++version_;
}

}  // namespace bayward::site
