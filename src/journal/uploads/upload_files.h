// Uploads as files of a directory, one each; the name says all about it, so that the directory can be copied and read
// without anything else. What is awaited has a small file, too, with the digest of its token: a station may come with
// its log after the server has restarted.
//
// Always holds: at most limits::station_uploads_kept files and limits::station_uploads_awaited that are awaited; a file
// is there whole or not at all.
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
  // `passwords` makes the tokens and outlives this. What is awaited and late by `now` is given up.
  static Result<std::unique_ptr<UploadFiles>> open(const std::filesystem::path& data_directory,
                                                   const Passwords& passwords, Instant now);

  Result<Expected> expect(Upload upload, Instant until) override;
  bool awaits(std::string_view token) override;
  Result<bool> take(std::string_view token, std::string_view content, Instant now) override;
  std::vector<Upload> list(StationId station) override;
  Result<std::optional<std::string>> read(StationId station, uint64_t number) override;

 private:
  struct Awaited {
    Upload upload;
    Instant until{};
    std::string digest;  // of its token
    int attempts = 0;
  };
  using AwaitedByNumber = std::map<uint64_t, Awaited>;

  UploadFiles(std::filesystem::path directory, const Passwords& passwords)
      : directory_(std::move(directory)), passwords_(passwords) {}
  std::filesystem::path path_of(const Upload& upload) const;
  std::filesystem::path path_of(const Awaited& awaited) const;
  void found(const std::filesystem::path& file, Instant now);
  AwaitedByNumber::iterator find(std::string_view token);
  void forget_oldest();

  const std::filesystem::path directory_;
  const Passwords& passwords_;
  std::mutex mutex_;  // guards what follows
  uint64_t last_number_ = 0;
  AwaitedByNumber awaited_;
  std::vector<Upload> kept_;  // by number
};

}  // namespace bayward
