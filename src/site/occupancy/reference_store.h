// The references of the detector on disk: one PNG a bay in a directory, so that a restart needs no empty garage. One
// thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "site/occupancy/reference_detector.h"

namespace bayward::site {

class ReferenceStore {
 public:
  explicit ReferenceStore(std::filesystem::path directory) : directory_(std::move(directory)) {}

  // Teaches `detector` every reference that is there. Files that are damaged are left alone and told about: that bay is
  // "unsure" until it is taught anew.
  std::vector<std::string> load(ReferenceDetector& detector) const;
  Status keep(const ReferenceDetector& detector, BayId bay) const;

 private:
  std::filesystem::path file_of(BayId bay) const { return directory_ / (to_text(bay) + ".png"); }

  std::filesystem::path directory_;
};

}  // namespace bayward::site
