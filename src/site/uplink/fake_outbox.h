// A fake of outbox.h for tests: in memory, with a disk that can be told to fail.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <utility>

#include "site/uplink/outbox.h"

namespace bayward::uplink {

class FakeOutbox final : public Outbox {
 public:
  Status change(std::string_view station, const OutboxChange& change) override {
    if (fails) return fail("the test's disk is full");
    auto& kept = messages[std::string(station)];
    if (change.append) {
      kept.push_back(*change.append);
      kept.back().number = ++last_number;
    }
    const int64_t gone = change.remove.value_or(change.set_aside.value_or(0));
    if (change.set_aside) ++aside;
    std::erase_if(kept, [=](const KeptMessage& one) { return one.number == gone; });
    if (change.memory) memories[std::string(station)] = *change.memory;
    return Done{};
  }
  Result<std::optional<KeptMessage>> first(std::string_view station) override {
    const auto& kept = messages[std::string(station)];
    return kept.empty() ? std::optional<KeptMessage>{} : std::optional(kept.front());
  }
  Result<StationMemory> memory(std::string_view station) override { return memories[std::string(station)]; }
  Backlog backlog(std::string_view station) override {
    return {messages[std::string(station)].size(), aside, 0, std::nullopt};
  }

  bool fails = false;
  size_t aside = 0;
  int64_t last_number = 0;
  std::map<std::string, std::deque<KeptMessage>> messages;
  std::map<std::string, StationMemory> memories;
};

}  // namespace bayward::uplink
