// The walk-up hold as the LAN page asks for it (A9, E4): decided by the site's authority, with or without the cloud.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"

namespace bayward::site {

struct HoldRequest {
  BayId bay;
  std::string phone;            // E.164, proven by SMS code: whose hold it is
  std::string network_address;  // the asker's address on the LAN, for the record
  uint64_t request = 0;         // the same request again gets the same answer
};

struct Hold {
  std::string hold;  // the authority's own name for it
  Instant until{};
};

enum class HoldRefusal : uint8_t {
  unknown_bay,
  taken,            // somebody else has it
  not_free,         // a vehicle stands there, or its station is faulted or silent
  unknown_account,  // no account with this phone number is known here
  not_allowed,      // no permission, or a debt
  too_many,         // this account holds one already
  not_ours_now,     // the slot isn't the site's to give: ask the cloud
  unavailable,      // the authority cannot record it now
};

constexpr std::string_view to_text(HoldRefusal refusal) {
  constexpr std::string_view words[] = {"unknown_bay", "taken",    "not_free",     "unknown_account",
                                        "not_allowed", "too_many", "not_ours_now", "unavailable"};
  return words[static_cast<size_t>(refusal)];
}

// Called on the garage's thread; answers once, from any thread.
class HoldDesk {
 public:
  using Answered = std::function<void(Result<Hold, HoldRefusal>)>;

  virtual ~HoldDesk() = default;
  virtual void hold(HoldRequest request, Answered answered) = 0;
};

}  // namespace bayward::site
