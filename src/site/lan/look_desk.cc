#include "site/lan/look_desk.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "ports/log.h"

namespace bayward::site {
namespace {

constexpr Duration keep_references_every = 1h;

}  // namespace

// Owns the detector. Jobs are few: one look at a time, and what staff teaches.
struct LookDesk::Worker {
  explicit Worker(ReferenceStore references) : store(std::move(references)) {
    for (const std::string& wrong : store.load(detector)) log::warn("site.reference_unreadable", {{"reason", wrong}});
    thread = std::thread([this] { run(); });
  }
  ~Worker() {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    wake.notify_one();
    thread.join();
  }

  void add(std::function<void()> job) {
    {
      const std::lock_guard lock(mutex);
      jobs.push_back(std::move(job));
    }
    wake.notify_one();
  }

  void run() {
    std::unique_lock lock(mutex);
    while (true) {
      wake.wait(lock, [this] { return stopping || !jobs.empty(); });
      if (stopping) return;
      const std::function<void()> job = std::move(jobs.front());
      jobs.pop_front();
      lock.unlock();
      job();
      lock.lock();
    }
  }

  Status keep(BayId bay) const { return store.keep(detector, bay); }

  void keep_all(const Judged& judged) {
    std::vector<BayId> bays = judged.learnt;
    if (judged.looked.at - kept_at >= keep_references_every) {
      bays.insert(bays.end(), judged.followed.begin(), judged.followed.end());
      kept_at = judged.looked.at;
    }
    for (const BayId bay : bays) {
      const Status kept = keep(bay);
      if (!kept.ok()) log::warn("site.reference_not_kept", {{"reason", kept.error().message}});
    }
  }

  const ReferenceStore store;
  ReferenceDetector detector;  // the worker's thread, once it runs
  Instant kept_at{};           // as detector
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::function<void()>> jobs;
  bool stopping = false;
  std::thread thread;
};

LookDesk::LookDesk(BayStates& bays, Camera& camera, BayCameras cameras, ReferenceStore store, LookOptions options,
                   Post post)
    : bays_(bays),
      camera_(camera),
      cameras_(std::make_shared<const BayCameras>(std::move(cameras))),
      options_(options),
      post_(std::move(post)),
      worker_(std::make_unique<Worker>(std::move(store))) {}

LookDesk::~LookDesk() = default;

void LookDesk::ask(Instant now, Answered answered) {
  if (!kept_.empty() && now >= kept_.back()->at && now - kept_.back()->at < options_.fresh) {
    answered(kept_.back());
    return;
  }
  if (waiting_.size() >= limits::lan_waiting) {
    answered(nullptr);
    return;
  }
  waiting_.push_back(std::move(answered));
  if (look_ || judging_) return;
  take_pictures(now);
}

void LookDesk::take_pictures(Instant now) {
  look_ = std::make_shared<Look>(bays_.bays(now), *cameras_, now + options_.camera_limit);
  const uint64_t number = ++look_number_;
  const std::shared_ptr<Look> look = look_;  // a camera may answer at once
  for (const std::string& name : look->cameras()) {
    camera_.take(name, options_.camera_limit,
                 [this, number, name, alive = std::weak_ptr(alive_), post = post_](Result<PictureBytes> picture) {
                   post([this, number, name, alive, picture = std::move(picture)]() mutable {
                     if (alive.expired() || number != look_number_ || !look_) return;
                     look_->took(name, std::move(picture));
                   });
                 });
  }
}

void LookDesk::tick(Instant now) {
  if (look_ && look_->complete(now)) judge_pictures(now);
}

void LookDesk::judge_pictures(Instant now) {
  judging_ = true;
  worker_->add([this, look = std::exchange(look_, nullptr), cameras = cameras_, now, worker = worker_.get(),
                alive = std::weak_ptr(alive_), post = post_] {
    Judged done = judge(*look, *cameras, worker->detector, now);
    worker->keep_all(done);
    post([this, alive, done = std::make_shared<Judged>(std::move(done))] {
      if (!alive.expired()) judged(std::move(*done));
    });
  });
}

void LookDesk::judged(Judged judged) {
  judging_ = false;
  for (const auto& [camera, reason] : judged.looked.cameras_gone) {
    log::warn("site.camera_gone", {{"camera", camera}, {"reason", reason}});
  }
  kept_.push_back(std::make_shared<const Looked>(std::move(judged.looked)));
  if (kept_.size() > limits::looks_kept) kept_.pop_front();
  give(kept_.back());
}

void LookDesk::give(const std::shared_ptr<const Looked>& looked) {
  for (const Answered& answered : std::exchange(waiting_, {})) answered(looked);
}

void LookDesk::teach(BayId bay, std::function<void(Status)> done) {
  const auto camera = cameras_->find(bay);
  if (camera == cameras_->end()) {
    done(fail("no camera looks at " + to_text(bay) + ": add one to [[bay]] in the configuration"));
    return;
  }
  const auto told = [post = post_, done = std::move(done)](Status status) { post([done, status] { done(status); }); };
  camera_.take(camera->second.camera, options_.camera_limit,
               [this, bay, view = camera->second.view, told, alive = std::weak_ptr(alive_),
                post = post_](const Result<PictureBytes>& picture) {
                 if (!picture.ok()) return told(Failure{picture.error()});
                 // Through the garage's thread: there the worker is known to be there still.
                 post([this, bay, view, told, alive, bytes = *picture] {
                   if (alive.expired()) return;
                   worker_->add([bay, view, told, bytes, worker = worker_.get()] {
                     const Result<cv::Mat> decoded = decode_picture(bytes);
                     if (!decoded.ok()) return told(Failure{decoded.error()});
                     if (!worker->detector.learn(bay, bay_patch(*decoded, view))) {
                       return told(fail("the picture is too dark, too bright or blank to be a reference"));
                     }
                     told(worker->keep(bay));
                   });
                 });
               });
}

const ShownPicture* LookDesk::picture(std::string_view id) const {
  for (const auto& looked : kept_) {
    const auto found = looked->pictures.find(std::string(id));
    if (found != looked->pictures.end()) return &found->second;
  }
  return nullptr;
}

}  // namespace bayward::site
