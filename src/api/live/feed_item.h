// One message of the live feed, and how records become messages.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "api/live/live_index.h"
#include "api/views/views.h"
#include "ports/engine.h"
#include "ports/http.h"

namespace bayward::api {

enum class Audience : uint8_t {
  everyone,          // public bay states
  holder_and_staff,  // the account, and staff of the site
  account_only,      // notices to a person
  staff,
};

struct FeedItem {
  Position position = 0;
  uint32_t n = 0;  // 1, 2, ... within the position
  Audience audience{};
  SiteId site;
  AccountId account;
  std::shared_ptr<const std::string> frame;  // with its id
};

// What must be looked at again because its state may have changed.
struct Touched {
  std::vector<BayId> bays;
  std::vector<SiteId> sites;  // all bays of them

  bool empty() const { return bays.empty() && sites.empty(); }
};

// What a record says to whom, but for bay states.
std::vector<FeedItem> items_of(const CommittedRecord& record, LiveIndex& live, Touched& touched);

std::string bay_message(Instant at, const BayView& view);
FeedItem bay_item(Position position, uint32_t n, BayId bay, std::string_view message);

}  // namespace bayward::api
