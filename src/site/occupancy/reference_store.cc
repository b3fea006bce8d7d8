#include "site/occupancy/reference_store.h"

#include <algorithm>
#include <opencv2/imgcodecs.hpp>
#include <system_error>

#include "base/limits.h"
#include "site/access/atomic_file.h"
#include "site/occupancy/picture.h"

namespace bayward::site {
namespace {

Status teach(ReferenceDetector& detector, BayId bay, const std::filesystem::path& path) {
  const Result<std::string> bytes = read_file(path, limits::picture_bytes);
  if (!bytes.ok()) return Failure{bytes.error()};
  const Result<cv::Mat> picture = decode_picture(*bytes);
  if (!picture.ok()) return fail(path.string() + ": " + picture.error().message);
  if (picture->cols != patch_width_px || picture->rows != patch_height_px) {
    return fail(path.string() + ": not the size of a reference");
  }
  if (!detector.learn(bay, *picture)) return fail(path.string() + ": too dark, too bright or blank to be a reference");
  return Done{};
}

}  // namespace

std::vector<std::string> ReferenceStore::load(ReferenceDetector& detector) const {
  std::vector<std::string> wrong;
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory_, error)) {
    if (entry.path().extension() == ".png" && files.size() < limits::bays_per_site) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const std::filesystem::path& file : files) {
    const auto bay = parse_id<BayId>(file.stem().string());
    const Status taught = bay ? teach(detector, *bay, file) : fail(file.string() + ": not named for a bay");
    if (!taught.ok()) wrong.push_back(taught.error().message);
  }
  return wrong;
}

Status ReferenceStore::keep(const ReferenceDetector& detector, BayId bay) const {
  const cv::Mat* reference = detector.reference(bay);
  if (reference == nullptr) return fail("there is no reference of " + to_text(bay) + " to keep");
  std::error_code error;
  std::filesystem::create_directories(directory_, error);
  std::vector<uint8_t> png;
  BAYWARD_CHECK(cv::imencode(".png", *reference, png));
  return write_file(file_of(bay), {reinterpret_cast<const char*>(png.data()), png.size()});
}

}  // namespace bayward::site
