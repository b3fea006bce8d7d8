// Replacing the bay's own program from afar (OCPP 2.0.1 L01): downloaded, its signature checked against the maker's
// key, put into the slot that isn't running, tried once, and taken back if it doesn't reach the central system.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "bay/moment.h"

namespace bayward::bay {

struct Bay;

// Files and network, behind the agent: apps/bay has the real ones. All calls on the agent's thread; `done` is called on
// it later, once.
class FirmwareSlots {
 public:
  virtual ~FirmwareSlots() = default;
  // Fetches at most limits::bay_firmware_bytes into a file of its own and gives its path.
  virtual void download(const std::string& url, std::function<void(Result<std::string>)> done) = 0;
  // Whether `certificate` (PEM) is the maker's, or signed by the maker's, and valid at `at`.
  virtual Status trust(const std::string& certificate, Instant at) = 0;
  // Whether `signature` (Base64, over SHA-256) of the file was made with the certificate's key.
  virtual Status verify(const std::string& file, const std::string& certificate, const std::string& signature) = 0;
  // Puts the file into the idle slot and marks it to be tried at the next start.
  virtual Status install(const std::string& file) = 0;
  // This program has reached the central system: it stays. True when that was still to be proved.
  virtual Result<bool> confirm() = 0;
};

enum class FirmwareStep : uint8_t { idle, scheduled, downloading, downloaded, waiting, restarting };

struct FirmwareJob {
  FirmwareStep step = FirmwareStep::idle;
  int64_t request = 0;
  std::string url, certificate, signature, file;
  Instant retrieve_at{};
  Instant install_at{};
  int64_t tries_left = 0;
  Duration try_pause{};
  Uptime try_at{};
};

void drive_firmware(Bay& bay);
// The central system has accepted this program's boot.
void prove_firmware(Bay& bay);

}  // namespace bayward::bay
