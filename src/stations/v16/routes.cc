// OCPP 1.6: which action is served by what, and how our calls are worded.
#include "core/booking/booking.h"
#include "ocpp/v16/dialect.h"
#include "stations/token.h"
#include "stations/v16/actions.h"
#include "stations/v16/protocol.h"
#include "stations/v16/staff_orders.h"

namespace bayward::stations::v16 {
namespace {

constexpr ocpp::Route<StationSession> routes[] = {
    ocpp::answered_later_by<&authorize>(),
    ocpp::answered_by<&boot_notification>(),
    ocpp::answered_later_by<&data_transfer>(),
    ocpp::answered_by<&diagnostics_status>(),
    ocpp::answered_by<&firmware_status>(),
    ocpp::answered_by<&heartbeat>(),
    ocpp::answered_later_by<&meter_values>(),
    ocpp::answered_by<&security_event>(),
    ocpp::answered_by<&log_status>(),
    ocpp::answered_by<&signed_firmware_status>(),
    ocpp::answered_later_by<&sign_certificate>(),
    ocpp::answered_later_by<&start_transaction>(),
    ocpp::answered_later_by<&status_notification>(),
    ocpp::answered_later_by<&stop_transaction>(),
};

class ProtocolV16 final : public Protocol {
 public:
  const ocpp::Dialect& dialect() const override { return ocpp::v16::dialect(); }

  ocpp::Reply serve(StationSession& session, const ocpp::IncomingCall& call) const override {
    return ocpp::serve<StationSession>(dialect(), routes, session, call);
  }

  // OCPP 1.6 5.13. The group is the account's, so that its own cards open the reservation, too.
  Drafted reserve(const WantedReservation& what) const override {
    types::ReserveNowRequest request;
    request.connector_id = what.evse;
    request.expiry_date = what.expiry;
    request.id_tag = core::booking_token(what.booking);
    request.parent_id_tag = group_token(what.account);
    request.reservation_id = device_number(number_in_site(what.booking));
    return draft(request);
  }
  Drafted cancel(BookingId booking) const override {
    return draft(types::CancelReservationRequest{.reservation_id = device_number(number_in_site(booking))});
  }
  Drafted start(const WantedStart& what) const override {
    types::RemoteStartTransactionRequest request;
    request.connector_id = what.evse;
    request.id_tag = core::booking_token(what.booking);
    return draft(request);
  }
  Drafted stop(const WantedStop& what, const std::string*) const override {
    return draft(types::RemoteStopTransactionRequest{.transaction_id = device_number(number_in_site(what.session))});
  }
  Drafted local_list(int64_t version, const std::vector<ListedToken>& tokens) const override {
    types::SendLocalListRequest request;
    request.list_version = version;
    request.update_type = types::UpdateType::full;
    auto& list = request.local_authorization_list.emplace();
    for (const ListedToken& entry : tokens) {
      if (entry.token.size() > 20) continue;  // IdToken of 1.6: a longer one cannot be read there
      types::AuthorizationData& data = list.emplace_back();
      data.id_tag = entry.token;
      auto& info = data.id_tag_info.emplace();
      info.status = types::AuthorizationStatus::accepted;
      info.parent_id_tag = group_token(entry.account);
      if (entry.expiry < far_future) info.expiry_date = entry.expiry;
    }
    return draft(request);
  }
  Drafted certificate_signed(const std::string& pem, std::optional<int64_t>) const override {
    return draft(types::CertificateSignedRequest{.certificate_chain = pem});
  }
  Drafted ask_for_signing_request() const override {
    types::ExtendedTriggerMessageRequest request;
    request.requested_message = types::MessageTriggerEnumType::sign_charge_point_certificate;
    return draft(request);
  }
  Drafted password(const std::string& secret) const override {
    return draft(types::ChangeConfigurationRequest{.key = "AuthorizationKey", .value = secret});
  }
  // 6.19, and 5.21 of the security extension.
  Drafted update_firmware(const FirmwareOrder& what) const override {
    if (what.signature.empty()) {
      types::UpdateFirmwareRequest request;
      request.location = what.location;
      request.retrieve_date = what.retrieve_at;
      return draft(request);
    }
    types::SignedUpdateFirmwareRequest request;
    request.request_id = what.request;
    request.firmware.location = what.location;
    request.firmware.retrieve_date_time = what.retrieve_at;
    request.firmware.signing_certificate = what.certificate;
    request.firmware.signature = what.signature;
    return draft(request);
  }
  bool signing_is_extension() const override { return true; }
  bool has_keys() const override { return true; }
  std::vector<Draft> settings(const StationOptions& options) const override {
    std::vector<Draft> out;
    for (const auto& [key, value] : options.settings_v16) {
      auto drafted = draft(types::ChangeConfigurationRequest{.key = key, .value = value});
      if (drafted) out.push_back(*std::move(drafted));
    }
    return out;
  }
  Result<std::vector<Draft>, Error> order(const StationOrder& order) const override { return staff_calls(order); }
  void read_answer(const StationOrder& order, size_t call, const ocpp::Json& payload,
                   StationAnswer& answer) const override {
    read_staff_answer(order, call, payload, answer);
  }
};

}  // namespace

const Protocol& protocol() {
  static const ProtocolV16 it;
  return it;
}

}  // namespace bayward::stations::v16
