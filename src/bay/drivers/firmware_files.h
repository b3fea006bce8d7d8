// The two slots of the bay's program on disk, and the check of who made a new one (OCPP 2.0.1 L01). Files and OpenSSL;
// the agent's thread.
//
//   slots/a/bayward-bay  slots/b/bayward-bay    the programs
//   slots/state          "active a\n", or "active a\ntrial b 2\n": b is tried and has so many starts left to prove
//   itself
//
// Always holds: the state file is replaced in one step (rename), and the active slot is never written to.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "bay/agent/firmware.h"

namespace bayward::bay {

// A URL to a new file of at most limits::bay_firmware_bytes; as FirmwareSlots::download.
using Fetch = std::function<void(const std::string& url, std::function<void(Result<std::string>)> done)>;

class FirmwareFiles final : public FirmwareSlots {
 public:
  static constexpr int trial_starts = 3;

  // `maker_certificate`: PEM file of the maker, who signs firmware or signs those who do.
  FirmwareFiles(std::filesystem::path directory, std::string maker_certificate, Fetch fetch)
      : directory_(std::move(directory)), maker_(std::move(maker_certificate)), fetch_(std::move(fetch)) {}

  void download(const std::string& url, std::function<void(Result<std::string>)> done) override {
    fetch_(url, std::move(done));
  }
  Status trust(const std::string& certificate, Instant at) override;
  Status verify(const std::string& file, const std::string& certificate, const std::string& signature) override;
  Status install(const std::string& file) override;
  Result<bool> confirm() override;
  // This program has yet to prove itself.
  bool on_trial() const;

 private:
  const std::filesystem::path directory_;
  const std::string maker_;
  const Fetch fetch_;
};

// Which program to start now; counts one start of a trial, and gives the old one back when its starts are used up.
Result<std::filesystem::path> choose_slot(const std::filesystem::path& directory);

}  // namespace bayward::bay
