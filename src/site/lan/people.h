// What the garage asks of whoever knows the accounts of this site (the authority). The garage's thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/time.h"

namespace bayward::site {

class People {
 public:
  virtual ~People() = default;
  // May the account with this phone number move pods here (A3, E2)?
  virtual bool may_move_pods(std::string_view phone, Instant now) = 0;
  virtual bool is_staff(std::string_view phone) = 0;
  // Its booking that runs or begins soon.
  virtual std::optional<BookingId> booking_of(std::string_view phone, Instant now) = 0;
};

}  // namespace bayward::site
