// A counter store in one small text file, replaced as a whole: what is there is either the old state or the new.
#pragma once

#include <filesystem>

#include "mesh/counters.h"

namespace bayward::mesh {

// Any one thread. The folder must exist and be writable.
class FileCounterStore final : public CounterStore {
 public:
  explicit FileCounterStore(std::filesystem::path file) : file_(std::move(file)) {}

  Result<CounterState> load() override;
  Status save(const CounterState& state) override;

 private:
  std::filesystem::path file_;
};

// The text of the file; for its test and its fuzzer.
std::string to_text(const CounterState& state);
Result<CounterState> parse_counter_state(std::string_view text);

}  // namespace bayward::mesh
