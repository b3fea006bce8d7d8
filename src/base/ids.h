// Strong identifiers. An id never mixes with one of another kind and is never reused.
#pragma once

#include <charconv>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace bayward {

template <class Tag>
struct Id {
  uint64_t value = 0;  // 0: none

  constexpr explicit operator bool() const { return value != 0; }
  friend constexpr auto operator<=>(const Id&, const Id&) = default;
};

// Things of a site carry the site in their high half, so that any id finds its stream: see site_of().
using SiteId = Id<struct SiteTag>;
using AccountId = Id<struct AccountTag>;
using VehicleId = Id<struct VehicleTag>;  // high half: the account
using BayId = Id<struct BayTag>;
using StationId = Id<struct StationTag>;
using WindowId = Id<struct WindowTag>;
using PermissionId = Id<struct PermissionTag>;
using TariffId = Id<struct TariffTag>;
using BookingId = Id<struct BookingTag>;
using VisitId = Id<struct VisitTag>;
using SessionId = Id<struct SessionTag>;
using IncidentId = Id<struct IncidentTag>;
using DeliveryId = Id<struct DeliveryTag>;
using WatchOrderId = Id<struct WatchOrderTag>;  // of no site
using PaymentId = Id<struct PaymentTag>;        // high half: the account

template <class IdType>
constexpr IdType site_scoped(SiteId site, uint32_t number) {
  return IdType{(site.value << 32) | number};
}
template <class Tag>
constexpr SiteId site_of(Id<Tag> id) {
  return SiteId{id.value >> 32};
}
template <class Tag>
constexpr uint32_t number_in_site(Id<Tag> id) {
  return static_cast<uint32_t>(id.value);
}

template <class IdType>
constexpr std::string_view id_prefix() {
  if constexpr (std::is_same_v<IdType, SiteId>) return "site";
  if constexpr (std::is_same_v<IdType, AccountId>) return "acc";
  if constexpr (std::is_same_v<IdType, VehicleId>) return "veh";
  if constexpr (std::is_same_v<IdType, BayId>) return "bay";
  if constexpr (std::is_same_v<IdType, StationId>) return "sta";
  if constexpr (std::is_same_v<IdType, WindowId>) return "win";
  if constexpr (std::is_same_v<IdType, PermissionId>) return "prm";
  if constexpr (std::is_same_v<IdType, TariffId>) return "trf";
  if constexpr (std::is_same_v<IdType, BookingId>) return "bkg";
  if constexpr (std::is_same_v<IdType, VisitId>) return "vis";
  if constexpr (std::is_same_v<IdType, SessionId>) return "ses";
  if constexpr (std::is_same_v<IdType, IncidentId>) return "inc";
  if constexpr (std::is_same_v<IdType, DeliveryId>) return "dlv";
  if constexpr (std::is_same_v<IdType, WatchOrderId>) return "wat";
  if constexpr (std::is_same_v<IdType, PaymentId>) return "pay";
}

// The public spelling: prefix, dash, lower-case hexadecimal without leading zeros: "bkg-10000002a".
template <class Tag>
std::string to_text(Id<Tag> id) {
  char digits[17] = {};
  const auto end = std::to_chars(digits, digits + 16, id.value, 16).ptr;
  std::string out(id_prefix<Id<Tag>>());
  out += '-';
  out.append(digits, end);
  return out;
}

// Only the exact spelling of to_text is accepted; 0 is not an id.
template <class IdType>
std::optional<IdType> parse_id(std::string_view text) {
  const std::string_view prefix = id_prefix<IdType>();
  if (text.size() < prefix.size() + 2 || text.substr(0, prefix.size()) != prefix || text[prefix.size()] != '-') {
    return std::nullopt;
  }
  IdType id;
  const std::string_view digits = text.substr(prefix.size() + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), id.value, 16);
  if (error != std::errc{} || end != digits.data() + digits.size() || !id || to_text(id) != text) return std::nullopt;
  return id;
}

}  // namespace bayward

template <class Tag>
struct std::hash<bayward::Id<Tag>> {
  size_t operator()(bayward::Id<Tag> id) const noexcept {
    uint64_t x = id.value * 0x9e3779b97f4a7c15ULL;
    return static_cast<size_t>(x ^ (x >> 32));
  }
};
