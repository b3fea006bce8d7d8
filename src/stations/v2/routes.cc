// OCPP 2.0.1 and 2.1: which action is served by what, and how our calls are worded.
#include "core/booking/booking.h"
#include "ocpp/v201/dialect.h"
#include "ocpp/v21/dialect.h"
#include "stations/token.h"
#include "stations/v2/actions.h"
#include "stations/v2/protocol.h"
#include "stations/v2/staff_orders.h"

namespace bayward::stations::v2 {
namespace {

constexpr ocpp::Route<StationSession> routes[] = {
    ocpp::answered_later_by<&authorize>(),
    ocpp::answered_by<&boot_notification>(),
    ocpp::answered_later_by<&data_transfer>(),
    ocpp::answered_by<&firmware_status>(),
    ocpp::answered_by<&heartbeat>(),
    ocpp::answered_by<&log_status>(),
    ocpp::answered_by<&meter_values>(),
    ocpp::answered_later_by<&notify_event>(),
    ocpp::answered_by<&notify_report>(),
    ocpp::answered_by<&notify_monitoring_report>(),
    ocpp::answered_by<&report_charging_profiles>(),
    ocpp::answered_by<&notify_customer_information>(),
    ocpp::answered_by<&notify_display_messages>(),
    ocpp::answered_by<&charging_limit>(),
    ocpp::answered_by<&charging_limit_cleared>(),
    ocpp::answered_by<&charging_needs>(),
    ocpp::answered_by<&charging_schedule>(),
    ocpp::answered_by<&contract_certificate>(),
    ocpp::answered_by<&certificate_status>(),
    ocpp::answered_by<&publish_firmware_status>(),
    ocpp::answered_by<&reservation_status_update>(),
    ocpp::answered_by<&security_event>(),
    ocpp::answered_later_by<&sign_certificate>(),
    ocpp::answered_later_by<&status_notification>(),
    ocpp::answered_later_by<&transaction_event>(),
    // 2.1; in 2.0.1 there are no such actions.
    ocpp::answered_by<&stream_opened>(),
    ocpp::answered_by<&stream_closed>(),
    ocpp::answered_by<&der_alarm>(),
    ocpp::answered_by<&der_start_stop>(),
    ocpp::answered_by<&priority_charging>(),
    ocpp::answered_by<&report_der_control>(),
};

types::IdTokenType central(std::string token) {
  types::IdTokenType out;
  out.id_token = std::move(token);
  out.type = central_token;
  return out;
}

// A list of OCPP has no beginnings; ours are for our own bays (bay/agent/actions_station.cc), others pass them over.
types::CustomDataType not_before(Instant from) {
  types::CustomDataType out;
  out.vendor_id = "bayward";
  out.others.push_back({"notBefore", ocpp::Json::text(to_rfc3339(from))});
  return out;
}

class ProtocolV2 final : public Protocol {
 public:
  explicit ProtocolV2(const ocpp::Dialect& dialect) : dialect_(dialect) {}

  const ocpp::Dialect& dialect() const override { return dialect_; }

  ocpp::Reply serve(StationSession& session, const ocpp::IncomingCall& call) const override {
    return ocpp::serve<StationSession>(dialect_, routes, session, call);
  }
  std::optional<ocpp::CallError> take(StationSession& session, const ocpp::IncomingSend& send) const override {
    return take_send(session, send);
  }

  // OCPP 2.0.1 H01. The group is the account's, so that its own cards open the reservation, too (H03).
  Drafted reserve(const WantedReservation& what) const override {
    types::ReserveNowRequest request;
    request.id = device_number(number_in_site(what.booking));
    request.expiry_date_time = what.expiry;
    request.id_token = central(core::booking_token(what.booking));
    request.evse_id = what.evse;
    request.group_id_token = central(group_token(what.account));
    return draft(dialect_, request);
  }
  Drafted cancel(BookingId booking) const override {
    types::CancelReservationRequest request;
    request.reservation_id = device_number(number_in_site(booking));
    return draft(dialect_, request);
  }
  Drafted start(const WantedStart& what) const override {
    types::RequestStartTransactionRequest request;
    request.evse_id = what.evse;
    request.id_token = central(core::booking_token(what.booking));
    request.group_id_token = central(group_token(what.account));
    request.remote_start_id = device_number(number_in_site(what.booking));
    return draft(dialect_, request);
  }
  // A transaction whose id isn't known (the server has restarted) is asked for first (E14 needs the id, F06 gives it).
  Drafted stop(const WantedStop& what, const std::string* transaction) const override {
    if (transaction) {
      types::RequestStopTransactionRequest request;
      request.transaction_id = *transaction;
      return draft(dialect_, request);
    }
    types::TriggerMessageRequest request;
    request.requested_message = types::MessageTriggerEnumType::transaction_event;
    request.evse.emplace().id = what.evse;
    return draft(dialect_, request);
  }
  // OCPP 2.0.1 D01.
  Drafted local_list(int64_t version, const std::vector<ListedToken>& tokens) const override {
    types::SendLocalListRequest request;
    request.version_number = version;
    request.update_type = types::UpdateEnumType::full;
    if (tokens.empty()) return draft(dialect_, request);  // an empty list is one that is absent (D01.FR.04)
    auto& list = request.local_authorization_list.emplace();
    for (const ListedToken& entry : tokens) {
      if (entry.token.size() > 36) continue;
      types::AuthorizationData& data = list.emplace_back();
      const bool booking = parse_booking_token(entry.token).has_value();
      data.id_token = central(entry.token);
      if (!booking) data.id_token.type = card_token;
      auto& info = data.id_token_info.emplace();
      info.status = types::AuthorizationStatusEnumType::accepted;
      info.group_id_token = central(group_token(entry.account));
      if (entry.expiry < far_future) info.cache_expiry_date_time = entry.expiry;
      if (entry.from > Instant{}) data.custom_data = not_before(entry.from);
    }
    return draft(dialect_, request);
  }
  Drafted certificate_signed(const std::string& pem, std::optional<int64_t> number) const override {
    types::CertificateSignedRequest request;
    request.certificate_chain = pem;
    request.certificate_type = types::CertificateSigningUseEnumType::charging_station_certificate;
    request.request_id = number;
    return draft(dialect_, request);
  }
  Drafted ask_for_signing_request() const override {
    types::TriggerMessageRequest request;
    request.requested_message = types::MessageTriggerEnumType::sign_charging_station_certificate;
    return draft(dialect_, request);
  }
  Drafted password(const std::string& secret) const override {
    return set_variable(dialect_, "SecurityCtrlr.BasicAuthPassword", secret);
  }
  // L01, L02.
  Drafted update_firmware(const FirmwareOrder& what) const override {
    types::UpdateFirmwareRequest request;
    request.request_id = what.request;
    request.firmware.location = what.location;
    request.firmware.retrieve_date_time = what.retrieve_at;
    if (!what.signature.empty()) {
      request.firmware.signing_certificate = what.certificate;
      request.firmware.signature = what.signature;
    }
    return draft(dialect_, request);
  }
  bool signing_is_extension() const override { return false; }
  bool has_keys() const override { return false; }
  // All in one call: many stations boot at once after an outage.
  std::vector<Draft> settings(const StationOptions& options) const override {
    ChangeSettings all;
    for (const auto& [name, value] : options.settings_v2) all.settings.push_back({name, value});
    auto drafts =
        all.settings.empty() ? Result<std::vector<Draft>, Error>(std::vector<Draft>{}) : staff_calls(dialect_, all);
    return drafts ? *std::move(drafts) : std::vector<Draft>{};
  }
  Result<std::vector<Draft>, Error> order(const StationOrder& order) const override {
    return staff_calls(dialect_, order);
  }
  void read_answer(const StationOrder& order, size_t, const ocpp::Json& payload, StationAnswer& answer) const override {
    read_staff_answer(dialect_, order, payload, answer);
  }

 private:
  const ocpp::Dialect& dialect_;
};

}  // namespace

const Protocol& protocol_v201() {
  static const ProtocolV2 it(ocpp::v201::dialect());
  return it;
}

const Protocol& protocol_v21() {
  static const ProtocolV2 it(ocpp::v21::dialect());
  return it;
}

}  // namespace bayward::stations::v2
