// The outbox on disk: uplink.db in the site's data directory, each change one durable transaction. One thread.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/limits.h"
#include "site/uplink/database.h"
#include "site/uplink/outbox.h"

namespace bayward::uplink {

class SqliteOutbox final : public Outbox {
 public:
  struct Bounds {
    size_t messages = limits::uplink_kept_messages;
    size_t bytes = limits::uplink_kept_bytes;
  };
  static Result<std::unique_ptr<SqliteOutbox>> open(const std::filesystem::path& directory, Bounds bounds);
  static Result<std::unique_ptr<SqliteOutbox>> open(const std::filesystem::path& directory) {
    return open(directory, Bounds{});
  }

  Status change(std::string_view station, const OutboxChange& change) override;
  Result<std::optional<KeptMessage>> first(std::string_view station) override;
  Result<StationMemory> memory(std::string_view station) override;
  Backlog backlog(std::string_view station) override;

 private:
  struct Room {
    size_t messages = 0;  // waiting and set aside
    size_t bytes = 0;
  };
  SqliteOutbox(Database database, Bounds bounds) : database_(std::move(database)), bounds_(bounds) {}
  Status read_rooms();
  Result<Room> room_of(std::string_view station) const;
  bool full(const Room& room, size_t further_bytes) const;
  Status make_room(std::string_view station, size_t further_bytes);
  Status append(std::string_view station, const KeptMessage& message) const;
  Status write(std::string_view station, const OutboxChange& change, Room& room) const;

  Database database_;
  Bounds bounds_;
  std::map<std::string, Room, std::less<>> rooms_;     // as last committed
  std::map<std::string, uint64_t, std::less<>> shed_;  // since start
};

}  // namespace bayward::uplink
