#include "bay/agent/firmware.h"

#include <algorithm>
#include <cstdlib>

#include "bay/agent/messages.h"
#include "bay/agent/routes.h"
#include "ports/log.h"

namespace bayward::bay {
namespace {

using Status = v201::FirmwareStatusEnumType;

void tell(Bay& bay, Status status) {
  log::info("bay.firmware", {{"status", v201::to_text(status)}});
  v201::FirmwareStatusNotificationRequest request;
  request.status = status;
  request.request_id = bay.firmware.request;
  bay.line.say(said(request, Said::Keep::yes));
}

void give_up(Bay& bay, Status status, const std::string& why) {
  log::error("bay.firmware_failed", {{"why", why}});
  tell(bay, status);
  bay.firmware = {};
}

void downloaded(Bay& bay, int64_t request, Result<std::string> file) {
  FirmwareJob& job = bay.firmware;
  if (job.request != request || job.step != FirmwareStep::downloading) return;
  if (!file) {
    if (job.tries_left <= 0) return give_up(bay, Status::download_failed, file.error().message);
    --job.tries_left;
    job.step = FirmwareStep::scheduled;
    job.try_at = bay.now.up + job.try_pause;
    return;
  }
  job.file = *file;
  job.step = FirmwareStep::downloaded;
  tell(bay, Status::downloaded);
}

void check_signature(Bay& bay) {
  FirmwareJob& job = bay.firmware;
  const auto good = bay.slots->verify(job.file, job.certificate, job.signature);
  if (!good) {
    tell_security(bay, "InvalidFirmwareSignature", good.error().message);  // L01.FR.02
    return give_up(bay, Status::invalid_signature, good.error().message);
  }
  tell(bay, Status::signature_verified);
  job.step = FirmwareStep::waiting;
}

void put_in(Bay& bay) {
  tell(bay, Status::installing);
  if (const auto installed = bay.slots->install(bay.firmware.file); !installed) {
    return give_up(bay, Status::installation_failed, installed.error().message);
  }
  tell(bay, Status::install_rebooting);
  bay.firmware.step = FirmwareStep::restarting;
  bay.line.write({{"firmware_request", std::to_string(bay.firmware.request)}});
  bay.restart_at = bay.now.up + 1s;
}

}  // namespace

void prove_firmware(Bay& bay) {
  if (!bay.slots) return;
  const auto proved = bay.slots->confirm();
  if (!proved) log::error("bay.firmware_slot", {{"why", proved.error().message}});
  const auto request = bay.store.value("firmware_request");
  if (!request) return;
  // The new program tells that it works; the old one, back again, that the new one did not.
  bay.firmware.request = std::strtoll(request->c_str(), nullptr, 10);
  tell(bay, proved && *proved ? Status::installed : Status::installation_failed);
  bay.firmware = {};
  bay.line.write({{"firmware_request", std::nullopt}});
}

// L01. A transaction that is running is never cut short: the new program waits for its end.
void drive_firmware(Bay& bay) {
  FirmwareJob& job = bay.firmware;
  if (job.step == FirmwareStep::scheduled && bay.time() >= job.retrieve_at && bay.now.up >= job.try_at) {
    job.step = FirmwareStep::downloading;
    tell(bay, Status::downloading);
    bay.slots->download(job.url, [&bay, request = job.request](Result<std::string> file) {
      downloaded(bay, request, std::move(file));
    });
  }
  if (job.step == FirmwareStep::downloaded) check_signature(bay);
  if (job.step == FirmwareStep::waiting && bay.time() >= job.install_at && !bay.transaction) put_in(bay);
}

Answered<v201::UpdateFirmwareResponse> update_firmware(Bay& bay, const v201::UpdateFirmwareRequest& request) {
  using Answer = v201::UpdateFirmwareStatusEnumType;
  v201::UpdateFirmwareResponse response;
  const v201::FirmwareType& firmware = request.firmware;
  const bool is_signed = firmware.signature && firmware.signing_certificate;
  if (!bay.slots || !is_signed || bay.firmware.step >= FirmwareStep::waiting) {
    response.status = Answer::rejected;
    v201::StatusInfoType& why = response.status_info.emplace();
    why.reason_code = !bay.slots ? "UnsupportedRequest" : is_signed ? "Busy" : "MissingParam";
    if (!is_signed) why.additional_info = "only signed firmware is installed";
    return response;
  }
  if (const auto trusted = bay.slots->trust(*firmware.signing_certificate, bay.time()); !trusted) {
    tell_security(bay, "InvalidFirmwareSigningCertificate", trusted.error().message);  // L01.FR.12
    response.status = Answer::invalid_certificate;
    return response;
  }
  response.status =
      bay.firmware.step == FirmwareStep::idle ? Answer::accepted : Answer::accepted_canceled;  // L01.FR.24
  FirmwareJob job;
  job.step = FirmwareStep::scheduled;
  job.request = request.request_id;
  job.url = firmware.location;
  job.certificate = *firmware.signing_certificate;
  job.signature = *firmware.signature;
  job.retrieve_at = firmware.retrieve_date_time;
  job.install_at = firmware.install_date_time.value_or(firmware.retrieve_date_time);
  job.tries_left = std::clamp<int64_t>(request.retries.value_or(0), 0, 10);
  job.try_pause = std::chrono::seconds{std::clamp<int64_t>(request.retry_interval.value_or(60), 1, 86'400)};
  job.try_at = bay.now.up;
  bay.firmware = std::move(job);
  if (bay.time() < bay.firmware.retrieve_at) tell(bay, Status::download_scheduled);
  return response;
}

}  // namespace bayward::bay
