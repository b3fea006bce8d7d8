#include "stations/fleet/saver.h"

#include "ports/log.h"

namespace bayward::stations {

void Saver::flush(Then then) {
  if (then) told_.push_back(std::move(then));
  if (writing_ || (waiting_.empty() && told_.empty())) return;
  writing_ = true;
  write(this);
}

Flow Saver::write(Saver* self) {
  bool good = true;
  while (good && (!self->waiting_.empty() || !self->told_.empty())) {
    Documents taken = std::exchange(self->waiting_, {});
    const std::vector<Then> told = std::exchange(self->told_, {});
    std::vector<FleetDocument> documents;
    documents.reserve(taken.size());
    for (const auto& [place, body] : taken) {
      documents.push_back({std::get<0>(place), std::get<1>(place), std::get<2>(place), body});
    }
    FleetRecords* records = self->records_;
    Status status = documents.empty() ? Status(Done{}) : fail("this server keeps no fleet records");
    if (records && !documents.empty()) co_await self->door_.background([&] { status = records->put_all(documents); });
    good = status.ok();
    if (!good) {
      log::error("fleet.unavailable", {{"why", status.error().message}});
      self->waiting_.merge(taken);  // what is newer stays
    }
    for (const Then& then : told) then(status);
  }
  self->writing_ = false;
}

}  // namespace bayward::stations
