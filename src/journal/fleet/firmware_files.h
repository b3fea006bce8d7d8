// Firmware images as files of a directory (`firmware/`), one each; what is known of them is with the fleet records.
//
// Any thread. Always holds: at most limits::firmware_images; a content is there whole or not at
// all, and the list says so only when it is on the disk.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "ports/fleet.h"
#include "ports/vault.h"

namespace bayward {

class FirmwareFiles final : public FirmwareImages {
 public:
  // `records` and `passwords`, which makes the tokens, outlive this.
  static Result<std::unique_ptr<FirmwareFiles>> open(const std::filesystem::path& data_directory, FleetRecords& records,
                                                     const Passwords& passwords);

  Result<FirmwareImage> add(FirmwareImage image) override;
  bool awaits(std::string_view token) override;
  Result<bool> take(std::string_view token, std::string_view content, Instant now) override;
  std::vector<FirmwareImage> list() override;
  Result<std::shared_ptr<const std::string>> content(std::string_view token) override;
  Result<bool> remove(uint64_t number) override;

 private:
  struct Kept {
    FirmwareImage image;
    bool being_written = false;
    std::weak_ptr<const std::string> read;  // stations that load at the same time share it
  };

  FirmwareFiles(std::filesystem::path directory, FleetRecords& records, const Passwords& passwords)
      : directory_(std::move(directory)), records_(records), passwords_(passwords) {}
  std::filesystem::path path_of(uint64_t number) const;
  std::vector<Kept>::iterator find(std::string_view token);

  const std::filesystem::path directory_;
  FleetRecords& records_;
  const Passwords& passwords_;
  std::mutex disk_;  // taken before the other: one at a time adds, removes and reads
  uint64_t last_number_ = 0;
  std::mutex mutex_;        // guards the list, and is never held while the disk is waited for
  std::vector<Kept> kept_;  // by number
};

}  // namespace bayward
