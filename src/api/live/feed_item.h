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

// What a record says to whom, but for bay states; `touched` gets the bays whose state may have changed.
std::vector<FeedItem> items_of(const CommittedRecord& record, LiveIndex& live, std::vector<BayId>& touched);

FeedItem bay_item(Position position, uint32_t n, Instant at, const BayView& view);

}  // namespace bayward::api
