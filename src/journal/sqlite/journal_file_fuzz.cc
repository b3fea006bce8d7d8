// A journal file with anything in it: opening, verifying, reading and appending never crash, and of a journal that was
// changed no record comes out that was never written.
//
// Input that begins as a SQLite file is taken as the file; any other is a list of changes (offset, XOR mask; 4 + 1
// bytes) to a sound journal.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include "base/check.h"
#include "journal/sqlite/sqlite_journal.h"
#include "journal/testing.h"
#include "journal/verify.h"

namespace {

using namespace bayward;
using testing_support::record_at;
using testing_support::same;

std::string sound_journal() {
  testing_support::TemporaryDirectory directory;
  {
    auto journal = sqlite::SqliteJournal::open(directory.path());
    BAYWARD_CHECK((*journal)->append(0, testing_support::batch_after(0, 200)).ok());
  }
  std::ifstream file(directory / "journal.db", std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string changed(const std::string& sound, const uint8_t* data, size_t size) {
  std::string bytes = sound;
  for (; size >= 5; data += 5, size -= 5) {
    uint32_t offset = 0;
    std::memcpy(&offset, data, sizeof offset);
    bytes[offset % bytes.size()] ^= static_cast<char>(data[4]);
  }
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::string sound = sound_journal();
  static const testing_support::TemporaryDirectory directory;
  const bool whole_file = size >= 6 && std::memcmp(data, "SQLite", 6) == 0;
  const std::string bytes =
      whole_file ? std::string(reinterpret_cast<const char*>(data), size) : changed(sound, data, size);
  for (const char* suffix : {"-wal", "-shm"}) std::filesystem::remove(directory / ("journal.db" + std::string(suffix)));
  std::ofstream(directory / "journal.db", std::ios::binary | std::ios::trunc) << bytes;

  if (auto reader = sqlite::SqliteJournalReader::open(directory.path()); reader.ok()) {
    Position last = 0;
    (void)(*reader)->read(0, [&](const JournalRecord& record) {
      BAYWARD_CHECK(record.position == ++last);
      BAYWARD_CHECK(whole_file || same(record, record_at(last)));
      return true;
    });
    (void)verify_journal(**reader);
  }
  if (auto journal = sqlite::SqliteJournal::open(directory.path()); journal.ok()) {
    const Position last = (*journal)->last_position();
    (void)(*journal)->append(last, {record_at(last + 1)});
  }
  return 0;
}
