// Looks at the bays for whoever asks: one look at a time, shared by all who ask meanwhile, and good for some seconds,
// so that a crowd takes no more pictures than one person. Cameras answer when they like; the detector works on a thread
// of its own. Everything but the constructor and destructor: the garage's thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "ports/camera.h"
#include "site/lan/look.h"
#include "site/occupancy/reference_detector.h"
#include "site/occupancy/reference_store.h"

namespace bayward::site {

// Runs something later on the garage's thread; callable from any.
using Post = std::function<void(std::function<void()>)>;

struct LookOptions {
  Duration camera_limit{3s};  // a camera that takes longer is gone
  Duration fresh{4s};         // a look younger than this is given again
};

class LookDesk {
 public:
  // Null: too many people wait already.
  using Answered = std::function<void(std::shared_ptr<const Looked>)>;

  // `bays`, `camera` outlive it; references are loaded from `store` now.
  LookDesk(BayStates& bays, Camera& camera, BayCameras cameras, ReferenceStore store, LookOptions options, Post post);
  // Waits for the picture in work.
  ~LookDesk();
  LookDesk(const LookDesk&) = delete;
  LookDesk& operator=(const LookDesk&) = delete;

  void ask(Instant now, Answered answered);
  // Often (every 100 ms or so): cameras' deadlines pass here.
  void tick(Instant now);

  // Staff says the bay is empty now: its next picture becomes the reference.
  void teach(BayId bay, std::function<void(Status)> done);

  // Of the latest looks; null: no longer there.
  const ShownPicture* picture(std::string_view id) const;

 private:
  struct Alive {};
  struct Worker;

  void take_pictures(Instant now);
  void judge_pictures(Instant now);
  void judged(Judged judged);
  void give(const std::shared_ptr<const Looked>& looked);

  BayStates& bays_;
  Camera& camera_;
  const std::shared_ptr<const BayCameras> cameras_;
  const LookOptions options_;
  const Post post_;

  std::shared_ptr<Look> look_;  // gathers pictures
  uint64_t look_number_ = 0;
  bool judging_ = false;
  std::vector<Answered> waiting_;
  std::deque<std::shared_ptr<const Looked>> kept_;  // newest last

  std::unique_ptr<Worker> worker_;
  const std::shared_ptr<Alive> alive_ = std::make_shared<Alive>();
};

}  // namespace bayward::site
