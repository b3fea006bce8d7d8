// What a reader read: a card or app token, or the token that the platform itself gave to a booking.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/fingerprint.h"
#include "base/ids.h"
#include "ports/vault.h"

namespace bayward::stations {

struct Presented {
  Fingerprint token;  // none: nothing was presented
  BookingId booking;  // the token is a booking's own (core::booking_token)

  bool nothing() const { return !token && !booking; }
};

// Compared without case (OCPP 1.6 7.28 CiString20Type, 2.0.1 C01.FR.20). Empty text: nothing was presented.
Presented present(const Vault& vault, std::string_view token);

// The inverse of core::booking_token().
std::optional<BookingId> parse_booking_token(std::string_view text);

// What stands for an account as the group of its tokens: parentIdTag (1.6), groupIdToken (2.0.1).
std::string group_token(AccountId account);

std::string upper_case(std::string_view ascii);

}  // namespace bayward::stations
