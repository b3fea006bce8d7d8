// Reservations, remote start and stop, smart charging (OCPP 2.0.1 F, H, K).
#include <algorithm>

#include "base/limits.h"
#include "bay/agent/json.h"
#include "bay/agent/messages.h"
#include "bay/agent/routes.h"
#include "ports/log.h"

namespace bayward::bay {
namespace {

using StartStop = v201::RequestStartStopStatusEnumType;
using ProfileStatus = v201::ChargingProfileStatusEnumType;
constexpr const char* stored_profiles = "profiles";

Holder holder_of(const v201::IdTokenType& token, const std::optional<v201::IdTokenType>& group) {
  return {token.id_token, token.type, group ? group->id_token : std::string()};
}

// A plate comes beside the token (C04; our server's Central tokens).
std::string plate_of(const v201::IdTokenType& token) {
  if (!token.additional_info) return {};
  for (const v201::AdditionalInfoType& info : *token.additional_info) {
    if (info.type == "LicensePlate" || info.type == "plate") return info.additional_id_token;
  }
  return {};
}

v201::StatusInfoType because(const char* code, std::string text) {
  v201::StatusInfoType out;
  out.reason_code = code;
  out.additional_info = cut(std::move(text), 512);
  return out;
}

LimitContext context_of(const Bay& bay) {
  LimitContext out;
  out.now = bay.time();
  out.rating_ma = bay.config.safety.rating_ma;
  out.phases = bay.config.safety.phases;
  out.nominal_mv = bay.config.safety.nominal_mv;
  if (bay.transaction) {
    out.transaction_started = bay.transaction->started_at;
    out.transaction = bay.transaction->id;
  }
  return out;
}

void save_profiles(Bay& bay) {
  ocpp::Json::Array kept;
  for (const ChargingProfile& profile : bay.profiles) {
    if (!profile.transaction_id) kept.push_back(write_json(profile));  // K01.FR.27: those of transactions need not stay
  }
  bay.line.write({{stored_profiles, to_text(ocpp::Json::array(std::move(kept)))}});
}

std::optional<std::string> take_profile(Bay& bay, const ChargingProfile& profile, const LimitContext& context) {
  if (auto wrong = defect(profile, context)) return wrong;
  std::vector<ChargingProfile> next = bay.profiles;
  install(next, profile);
  if (next.size() > limits::bay_charging_profiles) return "too many profiles";
  bay.profiles = std::move(next);
  save_profiles(bay);
  return std::nullopt;
}

}  // namespace

Answered<v201::ReserveNowResponse> reserve_now(Bay& bay, const v201::ReserveNowRequest& request) {
  v201::ReserveNowResponse response;
  if (request.evse_id && *request.evse_id > 1) {
    response.status = v201::ReserveNowStatusEnumType::rejected;
    response.status_info = because("UnknownEvse", "this bay has one EVSE");
    return response;
  }
  Reservation reservation;
  reservation.id = request.id;
  reservation.holder = holder_of(request.id_token, request.group_id_token);
  reservation.plate = plate_of(request.id_token);
  reservation.expiry = request.expiry_date_time;
  response.status = reserve(bay, std::move(reservation));
  log::info("bay.reserve_now", {{"reservation", request.id}, {"status", v201::to_text(response.status)}});
  return response;
}

Answered<v201::CancelReservationResponse> cancel_reservation_now(Bay& bay,
                                                                 const v201::CancelReservationRequest& request) {
  v201::CancelReservationResponse response;
  response.status = cancel_reservation(bay, request.reservation_id) ? v201::CancelReservationStatusEnumType::accepted
                                                                    : v201::CancelReservationStatusEnumType::rejected;
  return response;
}

Answered<v201::RequestStartTransactionResponse> request_start(Bay& bay,
                                                              const v201::RequestStartTransactionRequest& request) {
  v201::RequestStartTransactionResponse response;
  const Holder holder = holder_of(request.id_token, request.group_id_token);
  const auto refuse = [&](const char* code, const char* why) {
    response.status = StartStop::rejected;
    response.status_info = because(code, why);
    return response;
  };
  if (request.evse_id && *request.evse_id != 1) return refuse("UnknownEvse", "this bay has one EVSE");
  if (bay.transaction) return refuse("TxInProgress", "a transaction is running");
  if (!bay.operative) return refuse("Inoperative", "the bay is out of service");
  if (!bay.safety.latched.empty()) return refuse("Fault", "a fault is latched");
  if (bay.reservation && !is_holder(bay.reservation->holder, holder)) {
    return refuse("Reserved", "reserved for somebody else");  // F01.FR.21
  }
  Grant grant;
  grant.holder = holder;
  grant.remote_start = request.remote_start_id;
  if (bay.reservation) grant.reservation = bay.reservation->id;
  if (request.charging_profile) {
    // K05: it belongs to the transaction that is about to begin.
    ChargingProfile profile = *request.charging_profile;
    if (profile.charging_profile_purpose != v201::ChargingProfilePurposeEnumType::tx_profile ||
        profile.transaction_id) {
      return refuse("InvalidProfile", "a TxProfile without transactionId is expected");
    }
    profile.charging_profile_purpose = v201::ChargingProfilePurposeEnumType::tx_default_profile;
    if (auto wrong = take_profile(bay, profile, context_of(bay))) return refuse("InvalidProfile", wrong->c_str());
  }
  grant_charging(bay, std::move(grant));
  response.status = StartStop::accepted;
  if (bay.transaction) response.transaction_id = bay.transaction->id;
  return response;
}

Answered<v201::RequestStopTransactionResponse> request_stop(Bay& bay,
                                                            const v201::RequestStopTransactionRequest& request) {
  v201::RequestStopTransactionResponse response;
  if (!bay.transaction || bay.transaction->id != request.transaction_id) {
    response.status = StartStop::rejected;
    response.status_info = because("TxNotFound", "no such transaction");
    return response;
  }
  stop_charging(bay, v201::ReasonEnumType::remote, v201::TriggerReasonEnumType::remote_stop);
  response.status = StartStop::accepted;
  return response;
}

Answered<v201::GetTransactionStatusResponse> get_transaction_status(Bay& bay,
                                                                    const v201::GetTransactionStatusRequest& request) {
  v201::GetTransactionStatusResponse response;
  if (request.transaction_id) {
    response.ongoing_indicator = bay.transaction && bay.transaction->id == *request.transaction_id;
  }
  response.messages_in_queue = bay.line.waiting_kept() > 0;
  return response;
}

Answered<v201::UnlockConnectorResponse> unlock_connector(Bay& bay, const v201::UnlockConnectorRequest& request) {
  v201::UnlockConnectorResponse response;
  if (request.evse_id != 1 || request.connector_id != 1) {
    response.status = v201::UnlockStatusEnumType::unknown_connector;
  } else if (bay.transaction) {
    response.status = v201::UnlockStatusEnumType::ongoing_authorized_transaction;  // F05.FR.02
  } else if (bay.outputs.close || bay.sample[safety::Channel::contactor_feedback].value == 1) {
    response.status = v201::UnlockStatusEnumType::unlock_failed;  // never under power
  } else {
    bay.hardware.lock->set_locked(bay.now, false);
    response.status = v201::UnlockStatusEnumType::unlocked;
  }
  return response;
}

Answered<v201::SetChargingProfileResponse> set_charging_profile(Bay& bay,
                                                                const v201::SetChargingProfileRequest& request) {
  v201::SetChargingProfileResponse response;
  std::optional<std::string> wrong;
  if (request.evse_id < 0 || request.evse_id > 1) wrong = "this bay has one EVSE";
  const bool whole = request.charging_profile.charging_profile_purpose ==
                     v201::ChargingProfilePurposeEnumType::charging_station_max_profile;
  if (!wrong && whole && request.evse_id != 0) wrong = "a ChargingStationMaxProfile goes to EVSE 0";  // K01.FR.22
  if (!wrong) wrong = take_profile(bay, request.charging_profile, context_of(bay));
  response.status = wrong ? ProfileStatus::rejected : ProfileStatus::accepted;
  if (wrong) response.status_info = because("InvalidProfile", *wrong);
  return response;
}

Answered<v201::ClearChargingProfileResponse> clear_charging_profile(Bay& bay,
                                                                    const v201::ClearChargingProfileRequest& request) {
  const auto& criteria = request.charging_profile_criteria;
  const auto fits = [&](const ChargingProfile& profile) {
    if (request.charging_profile_id) return profile.id == *request.charging_profile_id;
    if (!criteria) return true;
    if (criteria->charging_profile_purpose && *criteria->charging_profile_purpose != profile.charging_profile_purpose) {
      return false;
    }
    return !criteria->stack_level || *criteria->stack_level == profile.stack_level;
  };
  const size_t cleared = std::erase_if(bay.profiles, fits);
  if (cleared > 0) save_profiles(bay);
  v201::ClearChargingProfileResponse response;
  response.status = cleared > 0 ? v201::ClearChargingProfileStatusEnumType::accepted
                                : v201::ClearChargingProfileStatusEnumType::unknown;
  return response;
}

Answered<v201::GetChargingProfilesResponse> get_charging_profiles(Bay& bay,
                                                                  const v201::GetChargingProfilesRequest& request) {
  const auto& wanted = request.charging_profile;
  v201::ReportChargingProfilesRequest report;
  report.request_id = request.request_id;
  report.charging_limit_source = v201::ChargingLimitSourceEnumType::cso;
  report.evse_id = request.evse_id.value_or(1);
  for (const ChargingProfile& profile : bay.profiles) {
    const auto& ids = wanted.charging_profile_id;
    if (ids && std::find(ids->begin(), ids->end(), profile.id) == ids->end()) continue;
    if (wanted.charging_profile_purpose && *wanted.charging_profile_purpose != profile.charging_profile_purpose)
      continue;
    if (wanted.stack_level && *wanted.stack_level != profile.stack_level) continue;
    report.charging_profile.push_back(profile);
  }
  v201::GetChargingProfilesResponse response;
  if (report.charging_profile.empty()) {
    response.status = v201::GetChargingProfileStatusEnumType::no_profiles;
    return response;
  }
  response.status = v201::GetChargingProfileStatusEnumType::accepted;
  bay.line.say(said(report));
  return response;
}

Answered<v201::GetCompositeScheduleResponse> get_composite_schedule(Bay& bay,
                                                                    const v201::GetCompositeScheduleRequest& request) {
  v201::GetCompositeScheduleResponse response;
  if (request.evse_id < 0 || request.evse_id > 1 || request.duration < 1 || request.duration > 7 * 86'400) {
    response.status = v201::GenericStatusEnumType::rejected;
    response.status_info = because("InvalidValue", "EVSE 0 or 1, a duration of one second to a week");
    return response;
  }
  response.status = v201::GenericStatusEnumType::accepted;
  response.schedule = composite(bay.profiles, context_of(bay), request.duration,
                                request.charging_rate_unit.value_or(v201::ChargingRateUnitEnumType::a));
  response.schedule->evse_id = request.evse_id;
  return response;
}

void recover_profiles(Bay& bay) {
  const auto stored = bay.store.value(stored_profiles);
  const auto json = stored ? ocpp::parse_json(*stored) : Result<ocpp::Json, Error>(fail(""));
  if (!json || !json->as_array()) return;
  for (const ocpp::Json& one : *json->as_array()) {
    ChargingProfile profile;
    read_json(one, profile);
    const bool whole = !profile.charging_schedule.empty() &&
                       std::none_of(profile.charging_schedule.begin(), profile.charging_schedule.end(),
                                    [](const auto& schedule) { return schedule.charging_schedule_period.empty(); });
    if (whole && bay.profiles.size() < limits::bay_charging_profiles) bay.profiles.push_back(std::move(profile));
  }
}

}  // namespace bayward::bay
