// Uploads as files of a directory, one each; the name says all about it, so that the directory can be copied and read
// without anything else. What is awaited does not outlive the process: the station is asked again.
//
// Always holds: at most limits::station_uploads_kept files; a file is there whole or not at all.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>

#include "ports/uploads.h"
#include "ports/vault.h"

namespace bayward {

class UploadFiles final : public Uploads {
 public:
  // `passwords` makes the tokens and outlives this.
  static Result<std::unique_ptr<UploadFiles>> open(const std::filesystem::path& data_directory,
                                                   const Passwords& passwords);

  Expected expect(Upload upload, Instant until) override;
  bool awaits(std::string_view token) override;
  Result<bool> take(std::string_view token, std::string_view content, Instant now) override;
  std::vector<Upload> list(StationId station) override;
  Result<std::optional<std::string>> read(StationId station, uint64_t number) override;

 private:
  struct Awaited {
    Upload upload;
    Instant until{};
    int attempts = 0;
  };

  UploadFiles(std::filesystem::path directory, const Passwords& passwords)
      : directory_(std::move(directory)), passwords_(passwords) {}
  std::filesystem::path path_of(const Upload& upload) const;
  void forget_oldest();

  const std::filesystem::path directory_;
  const Passwords& passwords_;
  std::mutex mutex_;  // guards what follows
  uint64_t last_number_ = 0;
  std::map<std::string, Awaited, std::less<>> awaited_;  // by token
  std::vector<Upload> kept_;                             // by number
};

}  // namespace bayward
