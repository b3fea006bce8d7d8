#include "connectors/police/viid_link.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "base/zone.h"
#include "connectors/police/hit.h"
#include "ports/log.h"

namespace bayward::police {
namespace {

constexpr Duration clocks_apart_max = std::chrono::seconds{60};
constexpr size_t passes_together = 16;

bool good(const Result<HttpResponse>& response) {
  return response && response->status >= 200 && response->status < 300;
}

// Why the platform did not take it; empty: it did.
std::string trouble_in(const Result<HttpResponse>& response) {
  if (!response) return response.error().message;
  if (!good(response)) return "answer " + std::to_string(response->status);
  const auto status = parse_status(response->body);
  if (!status) return "an answer without a ResponseStatusObject";
  if (status->code != 0) return "StatusCode " + std::to_string(status->code);
  return {};
}

}  // namespace

class ViidLink::Driver : public std::enable_shared_from_this<Driver> {
 public:
  Driver(const ViidPorts& ports, ViidConfig config, std::vector<HttpOut> addresses)
      : ports_(ports), config_(std::move(config)), addresses_(std::move(addresses)) {}

  void step();
  void submit(const AlarmMessage& message, SendDone done);
  void pass(Sighting sighting);
  void stop();

 private:
  struct Hit {
    std::string body;
    SendDone done;
    Instant until{};
  };
  using Answer = void (Driver::*)(const Result<HttpResponse>&);

  Instant now() const { return ports_.loop.steady(); }
  void ask(HttpMethod method, std::string_view path, std::string body, Answer then, const std::string& authorized = {});
  void register_now(const std::string& authorized);
  void registered(const Result<HttpResponse>& response);
  void challenged(const Result<HttpResponse>& response);
  void clock_told(const Result<HttpResponse>& response);
  void kept_alive(const Result<HttpResponse>& response);
  void hit_answered(const Result<HttpResponse>& response);
  void passes_answered(const Result<HttpResponse>& response);
  // False: the link is given up for now.
  bool works(const Result<HttpResponse>& response);
  void lose(const std::string& why);
  void drop_oldest_picture();
  void end_overdue();
  void arm(Instant due);

  const ViidPorts ports_;
  const ViidConfig config_;
  const std::vector<HttpOut> addresses_;
  size_t address_ = 0;
  bool stopped_ = false;
  bool busy_ = false;
  bool registered_ = false;
  bool clock_known_ = false;
  int failures_ = 0;  // in a row without an answer to what was said after registering
  Instant wait_until_{};
  Instant keepalive_at_{};
  Instant armed_for_ = far_future;
  std::deque<Hit> hits_;
  std::deque<Sighting> passes_;
  size_t passes_sent_ = 0;  // of passes_, on their way
  size_t passes_dropped_ = 0;
};

void ViidLink::Driver::step() {
  end_overdue();
  if (stopped_ || busy_) return;
  if (now() < wait_until_) return arm(wait_until_);
  if (!registered_) return register_now({});
  if (!clock_known_) return ask(HttpMethod::get, "/VIID/System/Time", {}, &Driver::clock_told);
  if (now() >= keepalive_at_) {
    return ask(HttpMethod::post, "/VIID/System/Keepalive", register_body("KeepaliveObject", config_.speaker.device_id),
               &Driver::kept_alive);
  }
  if (!hits_.empty()) {
    return ask(HttpMethod::post, "/VIID/DispositionNotifications", hits_.front().body, &Driver::hit_answered);
  }
  if (!passes_.empty()) {
    passes_sent_ = std::min(passes_together, passes_.size());
    const std::vector<Sighting> some(passes_.begin(), passes_.begin() + static_cast<std::ptrdiff_t>(passes_sent_));
    return ask(HttpMethod::post, "/VIID/MotorVehicles", vehicles_body(config_.speaker, some), &Driver::passes_answered);
  }
  arm(keepalive_at_);
}

void ViidLink::Driver::ask(HttpMethod method, std::string_view path, std::string body, Answer then,
                           const std::string& authorized) {
  busy_ = true;
  HttpRequest request;
  request.method = method;
  request.target = path;
  request.body = std::move(body);
  request.headers.add("User-Identify", config_.speaker.device_id);
  request.headers.add("Accept", "application/VIID+JSON, application/json");
  if (!request.body.empty()) request.headers.add("Content-Type", viid_content_type);
  if (!authorized.empty()) request.headers.add("Authorization", authorized);
  addresses_[address_](std::move(request), [weak = weak_from_this(), then](Result<HttpResponse> response) {
    const auto self = weak.lock();
    if (!self) return;
    self->ports_.loop.post([self, then, response = std::move(response)] {
      if (self->stopped_) return;
      self->busy_ = false;
      ((*self).*then)(response);
      self->step();
    });
  });
  if (!hits_.empty()) arm(hits_.front().until);
}

void ViidLink::Driver::register_now(const std::string& authorized) {
  ask(HttpMethod::post, "/VIID/System/Register", register_body("RegisterObject", config_.speaker.device_id),
      authorized.empty() ? &Driver::challenged : &Driver::registered, authorized);
}

void ViidLink::Driver::challenged(const Result<HttpResponse>& response) {
  if (!response || response->status != 401) return registered(response);
  const auto challenge = parse_challenge(response->headers.get("WWW-Authenticate"));
  if (!challenge) return lose("the platform asks for another authentication than Digest with MD5");
  register_now(
      authorization(*challenge, config_.credentials, {"POST", "/VIID/System/Register", 1, random_hex().substr(0, 16)}));
}

void ViidLink::Driver::registered(const Result<HttpResponse>& response) {
  if (response && (response->status == 401 || response->status == 403)) {
    return lose("registration refused: user, password or device id are wrong");
  }
  if (const std::string trouble = trouble_in(response); !trouble.empty()) return lose("registration: " + trouble);
  registered_ = true;
  clock_known_ = false;
  keepalive_at_ = now() + config_.keepalive;
  log::info("police.registered", {{"desk", config_.name}, {"address", address_ + 1}});
}

void ViidLink::Driver::clock_told(const Result<HttpResponse>& response) {
  if (!works(response)) return;
  clock_known_ = true;
  const auto theirs = good(response) ? parse_system_time(response->body, config_.speaker.utc_offset) : std::nullopt;
  if (!theirs) return;  // not every platform tells
  const Duration apart = *theirs - ports_.clock.now();
  if (apart > clocks_apart_max || apart < -clocks_apart_max) {
    log::warn("police.clocks_apart", {{"desk", config_.name}, {"seconds", apart.count() / 1000}});
  }
}

void ViidLink::Driver::kept_alive(const Result<HttpResponse>& response) {
  if (!works(response)) return;
  if (const std::string trouble = trouble_in(response); !trouble.empty()) return lose("keepalive: " + trouble);
  keepalive_at_ = now() + config_.keepalive;
  failures_ = 0;
}

void ViidLink::Driver::hit_answered(const Result<HttpResponse>& response) {
  if (!works(response) || hits_.empty()) return;
  Hit hit = std::move(hits_.front());
  hits_.pop_front();
  failures_ = 0;
  const std::string trouble = trouble_in(response);
  hit.done(trouble.empty() ? SendResult::delivered : SendResult::failed, trouble.empty() ? "StatusCode 0" : trouble);
}

void ViidLink::Driver::passes_answered(const Result<HttpResponse>& response) {
  if (!works(response)) return;
  failures_ = 0;
  // What the platform refuses would be refused again.
  if (const std::string trouble = trouble_in(response); !trouble.empty()) {
    log::warn("police.vehicles_refused", {{"desk", config_.name}, {"why", trouble}});
  }
  passes_.erase(passes_.begin(), passes_.begin() + static_cast<std::ptrdiff_t>(std::min(passes_sent_, passes_.size())));
}

bool ViidLink::Driver::works(const Result<HttpResponse>& response) {
  if (!response) return lose(response.error().message), false;
  if (response->status == 401 || response->status == 403) return lose("no longer registered"), false;
  if (response->status >= 500) return lose("answer " + std::to_string(response->status)), false;
  return true;
}

void ViidLink::Driver::lose(const std::string& why) {
  if (registered_ || failures_ == 0) log::warn("police.link_down", {{"desk", config_.name}, {"why", why}});
  registered_ = false;
  ++failures_;
  address_ = (address_ + 1) % addresses_.size();
  // The second address at once; only a round of all of them is followed by a pause.
  const int ways = static_cast<int>(addresses_.size());
  if (failures_ % ways != 0) return;
  const Duration pause = config_.pause_min * (int64_t{1} << std::clamp(failures_ / ways - 1, 0, 16));
  wait_until_ = now() + std::min(pause, config_.pause_max);
}

void ViidLink::Driver::submit(const AlarmMessage& message, SendDone done) {
  if (stopped_) return done(SendResult::failed, "the link was shut down");
  auto hit = hit_of(ports_.vault, config_.name, message);
  if (!hit) return done(SendResult::failed, hit.error().message);
  if (hit->orders.empty()) return done(SendResult::impossible, "no order of this desk is in force any more");
  if (hits_.size() >= limits::police_waiting_messages) return done(SendResult::failed, "too many hits are waiting");
  hits_.push_back({hit_body(config_.speaker, hit->orders, hit->seen), std::move(done), now() + config_.message_limit});
  step();
}

void ViidLink::Driver::pass(Sighting sighting) {
  if (stopped_) return;
  if (passes_.size() >= limits::police_passes) {
    // Those on their way stay in front.
    passes_.erase(passes_.begin() + static_cast<std::ptrdiff_t>(busy_ ? passes_sent_ : 0));
    if (passes_dropped_++ % 1000 == 0) {
      log::warn("police.vehicles_dropped", {{"desk", config_.name}, {"so_far", passes_dropped_}});
    }
  }
  passes_.push_back(std::move(sighting));
  drop_oldest_picture();
  step();
}

// A platform that is down must not fill the memory.
void ViidLink::Driver::drop_oldest_picture() {
  const auto with = [](const Sighting& one) { return !one.jpeg.empty(); };
  if (static_cast<size_t>(std::count_if(passes_.begin(), passes_.end(), with)) <= limits::police_pictures) return;
  const auto oldest = std::find_if(passes_.begin(), passes_.end(), with);
  oldest->jpeg.clear();
  oldest->jpeg.shrink_to_fit();
}

void ViidLink::Driver::end_overdue() {
  while (!hits_.empty() && hits_.front().until <= now() && !(busy_ && registered_)) {
    Hit hit = std::move(hits_.front());
    hits_.pop_front();
    hit.done(SendResult::failed, "the platform can't be reached");
  }
}

void ViidLink::Driver::arm(Instant due) {
  if (!hits_.empty()) due = std::min(due, hits_.front().until);
  if (due >= armed_for_) return;
  armed_for_ = due;
  ports_.loop.after(std::max(due - now(), Duration{1}), [weak = weak_from_this(), due] {
    const auto self = weak.lock();
    if (!self || self->stopped_) return;
    if (self->armed_for_ == due) self->armed_for_ = far_future;
    self->step();
  });
}

void ViidLink::Driver::stop() {
  if (std::exchange(registered_, false)) {
    HttpRequest request;
    request.method = HttpMethod::post;
    request.target = "/VIID/System/UnRegister";
    request.body = register_body("UnRegisterObject", config_.speaker.device_id);
    request.headers.add("User-Identify", config_.speaker.device_id);
    request.headers.add("Content-Type", viid_content_type);
    addresses_[address_](std::move(request), [](const Result<HttpResponse>&) {});
  }
  stopped_ = true;
  for (Hit& hit : std::exchange(hits_, {})) hit.done(SendResult::failed, "the link was shut down");
}

ViidLink::ViidLink(const ViidPorts& ports, ViidConfig config, std::vector<HttpOut> addresses) : loop_(ports.loop) {
  BAYWARD_CHECK(addresses.size() == 1 || addresses.size() == 2);
  driver_ = std::make_shared<Driver>(ports, std::move(config), std::move(addresses));
  loop_.post([driver = driver_] { driver->step(); });
}

ViidLink::~ViidLink() {
  close();
}

void ViidLink::close() {
  loop_.post([driver = driver_] { driver->stop(); });
}

void ViidLink::send(const AlarmMessage& message, SendDone done) {
  if (message.kind != core::IncidentKind::watch_list) {
    return done(SendResult::impossible, "GA/T 1400.4 has no words for it: add a desk of GB/T 28181");
  }
  loop_.post([driver = driver_, message = message, done = std::move(done)]() mutable {
    driver->submit(message, std::move(done));
  });
}

void ViidLink::pass(Sighting sighting) {
  loop_.post([driver = driver_, sighting = std::move(sighting)]() mutable { driver->pass(std::move(sighting)); });
}

}  // namespace bayward::police
