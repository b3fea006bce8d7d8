// What a bay must still know after its power was cut in any instant: one small SQLite file. Named values, and the
// messages for the central system in the order in which they were written. The agent's thread.
//
// Always holds: commit() has the change on the medium (synchronous=FULL) or nothing of it. A medium that is full or
// broken is an answer, never a crash: charging and safety go on without it, and what was to be written stays with the
// caller.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace bayward::bay {

struct StoredMessage {
  int64_t number = 0;  // ascending, never reused
  std::string action;
  std::string payload;      // JSON
  bool droppable = false;   // the first to go when there are too many: a meter value between start and end
  int64_t unsure_boot = 0;  // the boot under whose unchecked clock its times were taken; 0: they are right
};

// What belongs together and is written at once.
struct Change {
  struct Value {
    std::string name;
    std::optional<std::string> text;  // none: forget it
  };
  std::vector<Value> values;
  std::vector<StoredMessage> messages;  // their numbers are given by commit()
};

class Store {
 public:
  // Makes the file when there is none. A file that is no readable database is moved aside (`*.damaged`), said in
  // `notice`, and begun anew: a bay without its memory is better than no bay.
  static Result<std::unique_ptr<Store>> open(const std::string& path, std::string& notice);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  std::optional<std::string> value(std::string_view name);
  // Gives the messages their numbers.
  Status commit(Change& change);
  Status remove_message(int64_t number);

  // The oldest with a number above `after`.
  std::optional<StoredMessage> next_message(int64_t after);
  size_t message_count();
  // The oldest droppable one; false: there is none.
  bool drop_oldest_droppable();
  // Rewrites one in its place.
  Status replace_payload(int64_t number, const std::string& payload);

 private:
  explicit Store(sqlite3* database) : database_(database) {}
  class Statement;
  Status run(const char* sql);
  Status prepare_tables();
  Error error(const char* doing) const;

  sqlite3* database_ = nullptr;
};

}  // namespace bayward::bay
