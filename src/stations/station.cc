#include "stations/station.h"

#include <algorithm>

#include "base/limits.h"

namespace bayward::stations {
namespace {

using core::ConnectorStatus;

// The higher counts more.
int weight(ConnectorStatus status) {
  switch (status) {
    case ConnectorStatus::occupied:
      return 5;
    case ConnectorStatus::reserved:
      return 4;
    case ConnectorStatus::available:
      return 3;
    case ConnectorStatus::unavailable:
      return 2;
    case ConnectorStatus::faulted:
      return 1;
    case ConnectorStatus::unknown:
      return 0;
  }
  return 0;
}

}  // namespace

BayId Station::bay_at(int64_t evse) const {
  for (const StationBay& place : bays) {
    if (place.evse == evse) return place.bay;
  }
  return {};
}

std::shared_ptr<Transaction> Station::transaction(std::string_view wanted_id) const {
  for (const auto& known : transactions) {
    if (known->id == wanted_id) return known;
  }
  return nullptr;
}

std::shared_ptr<Transaction> Station::transaction_of(const core::SessionKey& key) const {
  for (const auto& known : transactions) {
    if (known->key == key) return known;
  }
  return nullptr;
}

void Station::remember(std::shared_ptr<Transaction> transaction) {
  forget_transaction(transaction->id);
  if (transactions.size() >= limits::transactions_per_station) transactions.erase(transactions.begin());
  transactions.push_back(std::move(transaction));
}

void Station::forget_transaction(std::string_view unwanted) {
  const std::string id_text(unwanted);  // it may be the id of what is erased
  std::erase_if(transactions, [&](const auto& known) { return known->id == id_text; });
}

ConnectorStatus Station::report(const ConnectorReport& report) {
  const auto known = std::find_if(connectors.begin(), connectors.end(), [&](const ConnectorReport& other) {
    return other.evse == report.evse && other.connector == report.connector;
  });
  if (known != connectors.end()) {
    known->status = report.status;
  } else if (connectors.size() < static_cast<size_t>(limits::connectors_per_station)) {
    connectors.push_back(report);
  }
  return status_of(report.evse);
}

ConnectorStatus Station::status_of(uint16_t evse) const {
  if (whole) return *whole;
  ConnectorStatus best = ConnectorStatus::unknown;
  for (const ConnectorReport& known : connectors) {
    if (known.evse == evse && weight(known.status) > weight(best)) best = known.status;
  }
  return best;
}

}  // namespace bayward::stations
