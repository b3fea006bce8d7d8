// One device of Linux Industrial I/O in sysfs: found by its name, its channels read as numbers in the kernel's units.
// One thread.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "base/result.h"

namespace bayward::bay {

class IioDevice {
 public:
  IioDevice(std::filesystem::path directory, std::string device)
      : directory_(std::move(directory)), device_(std::move(device)) {}

  // (raw + offset) × scale, or what the kernel has worked out itself (`_input`). A failure says what to look at; the
  // device is then to be looked for anew.
  Result<double> read(const std::string& channel);
  void look_anew();

 private:
  struct Formula {
    std::filesystem::path file;
    double scale = 1;
    double offset = 0;
  };
  Result<std::filesystem::path> find() const;
  Result<Formula> formula_of(const std::string& channel) const;

  const std::filesystem::path directory_;
  const std::string device_;
  std::optional<std::filesystem::path> found_;
  std::map<std::string, Formula> formulas_;  // by channel
};

// The number that a small file has and nothing else; a failure names the file.
Result<double> read_number_file(const std::filesystem::path& file);

}  // namespace bayward::bay
