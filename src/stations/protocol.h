// What differs between OCPP versions for the layer above the messages: how a station's calls are served and how ours
// are worded. v16/ has one, v2/ has one for each of 2.0.1 and 2.1, without state; any thread.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "ocpp/rpc/codec.h"
#include "ocpp/rpc/correlator.h"
#include "ocpp/rpc/route.h"
#include "ports/station_link.h"
#include "stations/options.h"
#include "stations/wanted.h"

namespace bayward::stations {

class StationSession;

struct Draft {
  std::string action;
  std::string payload;
};
using Drafted = Result<Draft, Error>;

template <ocpp::Request T>
Drafted draft(const T& request, const ocpp::Schema& schema = T::schema()) {
  auto payload = ocpp::encode(request, schema);
  if (!payload) return fail(std::string(T::action_name) + ": " + payload.error().text());
  return Draft{std::string(T::action_name), *std::move(payload)};
}

// As that version has it; T's fields cover its message.
template <ocpp::Request T>
Drafted draft(const ocpp::Dialect& dialect, const T& request) {
  return draft(request, ocpp::request_schema(dialect, T::action_name));
}

// An update of a station's firmware; without signature and certificate it is one that nobody checks.
struct FirmwareOrder {
  std::string location;
  std::string signature;    // Base64
  std::string certificate;  // PEM
  int64_t request = 0;      // comes back with the station's status, where the version has it
  Instant retrieve_at{};
};

struct ListedToken {
  std::string token;
  AccountId account;
  Instant from{};    // where the protocol can say it
  Instant expiry{};  // far_future: none
};

class Protocol {
 public:
  virtual ~Protocol() = default;

  virtual const ocpp::Dialect& dialect() const = 0;
  virtual ocpp::Reply serve(StationSession& session, const ocpp::IncomingCall& call) const = 0;

  // A SEND, and what is wrong with it: only counted, nothing is answered. Versions without SEND are never given one.
  virtual std::optional<ocpp::CallError> take(StationSession&, const ocpp::IncomingSend&) const { return std::nullopt; }

  virtual Drafted reserve(const WantedReservation& what) const = 0;
  virtual Drafted cancel(BookingId booking) const = 0;
  virtual Drafted start(const WantedStart& what) const = 0;
  // `transaction` as the station names it; when it isn't known, a call that makes the station tell.
  virtual Drafted stop(const WantedStop& what, const std::string* transaction) const = 0;
  virtual Drafted local_list(int64_t version, const std::vector<ListedToken>& tokens) const = 0;
  // `request`: the number of the signing request, where the version has one.
  virtual Drafted certificate_signed(const std::string& pem, std::optional<int64_t> request) const = 0;
  virtual Drafted ask_for_signing_request() const = 0;
  virtual Drafted password(const std::string& secret) const = 0;
  virtual Drafted update_firmware(const FirmwareOrder& what) const = 0;
  // 1.6: signed firmware is an extension that not every station has, and settings are keys instead of variables.
  virtual bool signing_is_extension() const = 0;
  virtual bool has_keys() const = 0;
  // After a boot.
  virtual std::vector<Draft> settings(const StationOptions& options) const = 0;

  // Of the staff: one or more calls, and what one answer adds to the outcome.
  virtual Result<std::vector<Draft>, Error> order(const StationOrder& order) const = 0;
  virtual void read_answer(const StationOrder& order, size_t call, const ocpp::Json& payload,
                           StationAnswer& answer) const = 0;
};

}  // namespace bayward::stations
