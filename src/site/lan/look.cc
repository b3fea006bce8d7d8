#include "site/lan/look.h"

#include <algorithm>
#include <opencv2/core.hpp>
#include <optional>

#include "base/limits.h"
#include "site/access/keyed.h"
#include "site/occupancy/reference_detector.h"

namespace bayward::site {
namespace {

// The upright rectangle around the bay's view, with a little of its surroundings so that a person finds it.
cv::Mat bay_alone(const cv::Mat& picture, const BayView& view) {
  int left = 10000;
  int right = 0;
  int top = 10000;
  int bottom = 0;
  for (const BayView::Corner& corner : view.corners) {
    left = std::min(left, corner.x_e4);
    right = std::max(right, corner.x_e4);
    top = std::min(top, corner.y_e4);
    bottom = std::max(bottom, corner.y_e4);
  }
  const int margin = (right - left) / 20;
  const int x = std::max(left - margin, 0) * picture.cols / 10000;
  const int y = std::max(top - margin, 0) * picture.rows / 10000;
  const int end_x = std::min(right + margin, 10000) * picture.cols / 10000;
  const int end_y = std::min(bottom + margin, 10000) * picture.rows / 10000;
  return picture(cv::Rect(x, y, std::max(end_x - x, 1), std::max(end_y - y, 1)));
}

Offer offer_of(const Verdict& verdict) {
  switch (verdict.occupancy) {
    case Occupancy::empty:
      return Offer::seen_free;
    case Occupancy::occupied:
      return Offer::seen_taken;
    case Occupancy::unsure:
      return Offer::unsure;
  }
  return Offer::unsure;
}

class Judge {
 public:
  Judge(const Look& look, const BayCameras& cameras, ReferenceDetector& detector, Instant now)
      : look_(look), cameras_(cameras), detector_(detector) {
    out_.looked.at = now;
  }

  Judged run() {
    for (const std::string& camera : look_.cameras()) decode(camera);
    for (const BayState& state : look_.states()) {
      if (state.doing == BayDoing::idle) {
        out_.looked.bays.push_back(seen(state));
      } else {
        out_.looked.others.push_back(state);
      }
    }
    std::ranges::stable_sort(out_.looked.bays, {}, &BaySeen::offer);
    return std::move(out_);
  }

 private:
  void decode(const std::string& camera) {
    const Result<PictureBytes>* picture = look_.picture(camera);
    if (picture == nullptr) {
      out_.looked.cameras_gone[camera] = "the camera did not answer in time";
    } else if (!picture->ok()) {
      out_.looked.cameras_gone[camera] = picture->error().message;
    } else if (Result<cv::Mat> decoded = decode_picture(**picture); decoded.ok()) {
      decoded_.emplace(camera, std::move(*decoded));
    } else {
      out_.looked.cameras_gone[camera] = decoded.error().message;
    }
  }

  BaySeen seen(const BayState& state) {
    BaySeen out{.state = state};
    const auto camera = cameras_.find(state.bay);
    if (camera == cameras_.end()) {
      out.reason = "no camera looks at this bay";
      return out;
    }
    const auto picture = decoded_.find(camera->second.camera);
    if (picture == decoded_.end()) {
      out.reason = out_.looked.cameras_gone[camera->second.camera];
      return out;
    }
    const cv::Mat patch = bay_patch(picture->second, camera->second.view);
    out.verdict = detector_.look(state.bay, patch);
    learn(state, patch, out.verdict);
    out.offer = offer_of(out.verdict);
    if (out_.looked.pictures.size() < limits::look_pictures) {
      out.picture = random_token();
      const cv::Mat part = bay_alone(picture->second, camera->second.view);
      out_.looked.pictures.emplace(out.picture, ShownPicture{.bay = state.bay,
                                                             .place = {state.latitude_e7, state.longitude_e7},
                                                             .jpeg = encode_jpeg(part, limits::bay_picture_side_px)});
    }
    return out;
  }

  void learn(const BayState& state, const cv::Mat& patch, Verdict& verdict) {
    if (verdict.doubt == Doubt::no_reference && state.sensed_vehicle == false && detector_.learn(state.bay, patch)) {
      out_.learnt.push_back(state.bay);
    } else if (verdict.occupancy == Occupancy::empty && state.sensed_vehicle != true) {
      detector_.follow(state.bay, patch);
      out_.followed.push_back(state.bay);
    }
  }

  const Look& look_;
  const BayCameras& cameras_;
  ReferenceDetector& detector_;
  std::map<std::string, cv::Mat> decoded_;
  Judged out_;
};

}  // namespace

Look::Look(std::vector<BayState> states, const BayCameras& cameras, Instant deadline)
    : states_(std::move(states)), deadline_(deadline) {
  for (const BayState& state : states_) {
    const auto camera = cameras.find(state.bay);
    if (state.doing == BayDoing::idle && camera != cameras.end()) cameras_.push_back(camera->second.camera);
  }
  std::ranges::sort(cameras_);
  cameras_.erase(std::ranges::unique(cameras_).begin(), cameras_.end());
}

void Look::took(std::string_view camera, Result<PictureBytes> picture) {
  if (!std::ranges::binary_search(cameras_, camera)) return;
  pictures_.try_emplace(std::string(camera), std::move(picture));
}

const Result<PictureBytes>* Look::picture(std::string_view camera) const {
  const auto found = pictures_.find(camera);
  return found == pictures_.end() ? nullptr : &found->second;
}

Judged judge(const Look& look, const BayCameras& cameras, ReferenceDetector& detector, Instant now) {
  return Judge(look, cameras, detector, now).run();
}

}  // namespace bayward::site
