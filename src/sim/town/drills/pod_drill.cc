// The drill "pod-stray" (E2): what bayward-site does about a pod that is carried away. The pod's words go to the site's
// field door, as a pod's would; its mover uses the page of the local network.
#include "sim/town/drills/drill_steps.h"

namespace bayward::town {
namespace {

using Steady = std::chrono::steady_clock;

constexpr Duration silence{3min};  // of the town's: more than the site waits for (site/pods/pods.h)

class PodDrill {
 public:
  explicit PodDrill(DrillRun& run) : run_(run), site_(run.world.site), mover_(site_.new_guest()) {}

  Task<> play() {
    if (co_await unlock() && co_await stray() && co_await fall_silent()) co_await come_back();
  }

 private:
  std::string path(std::string_view what) const { return std::string("/pods/") + town_pod + "/" + std::string(what); }

  // What the pod says, and the state in which the site sees it then; anything else than `wanted` is trouble.
  Task<bool> pod_says(std::string what, Json body, std::string wanted) {
    const ApiAnswer answer = co_await site_.field_says(path(what), std::move(body));
    co_return expect(what, answer, wanted);
  }
  Task<bool> mover_asks(std::string what, std::string wanted) {
    const ApiAnswer answer = co_await mover_->post("/pods/" + what, object({{"code", text(site_.pod_code())}}));
    co_return expect(what, answer, wanted);
  }
  bool expect(const std::string& what, const ApiAnswer& answer, const std::string& wanted) {
    const std::string state = text_of(answer.body, "state");
    if (answer.ok() && state == wanted) return true;
    run_.report.trouble = what + ": " + (answer.ok() ? "the pod is " + state + ", not " + wanted : answer.why());
    return false;
  }
  Json position(double east_m, double north_m) const {
    const core::GeoPoint at = site_.place(east_m, north_m);
    return object({{"latitude", Json::number(ocpp::Decimal::of(at.latitude_e6, -6))},
                   {"longitude", Json::number(ocpp::Decimal::of(at.longitude_e6, -6))}});
  }
  Task<bool> mover_is_told(Steady::time_point since, std::string mark, Duration patience) {
    FieldDoor& door = site_.door();
    const std::string phone = site_.mover();
    const auto came = [&door, &phone, since] { return door.last_sms(phone, since) != nullptr; };
    if (!co_await run_.wait(came, patience, "the mover got no SMS: " + mark)) co_return false;
    const Sms* sms = door.last_sms(phone, since);
    run_.watch.timeline.mark(mark, sms->at, run_.world.time.now(), sms->text);
    co_return true;
  }

  Task<bool> unlock() {
    if (!co_await pod_says("connected", object({{"pole", text(town_pole)}}), "hung")) co_return false;
    run_.watch.note("pod hangs", std::string("on ") + town_pole);
    run_.report.trouble = co_await site_.log_in(*mover_, site_.mover());
    if (run_.failed()) co_return false;
    run_.watch.note("mover known", "phone number proved by SMS, on the local network");
    if (!co_await pod_says("heard", object({}), "hung") || !co_await mover_asks("unlock", "unlocked")) co_return false;
    run_.watch.note("unlocked", "by the code on the pod");
    if (!co_await pod_says("disconnected", object({}), "moving")) co_return false;
    run_.watch.note("taken off");
    co_return co_await pod_says("position", position(30, 30), "moving");
  }

  Task<bool> stray() {
    const auto since = Steady::now();
    run_.watch.note("leaves the site", "its position is outside the fence");
    if (!co_await pod_says("position", position(600, 0), "locked")) co_return false;
    run_.watch.note("locked", "by bayward-site");
    if (!co_await mover_is_told(since, "mover told it is locked", 1min)) co_return false;
    const ApiAnswer refused = co_await mover_->post("/pods/unlock", object({{"code", text(site_.pod_code())}}));
    if (refused.ok()) run_.report.trouble = "it could be unlocked outside the site";
    run_.watch.note("unlock refused", refused.why());
    co_return !run_.failed();
  }

  Task<bool> fall_silent() {
    const auto since = Steady::now();
    run_.watch.note("falls silent");
    co_return co_await mover_is_told(since, "mover told of the silence", silence);
  }

  Task<> come_back() {
    if (!co_await pod_says("position", position(20, 20), "locked")) co_return;
    run_.watch.note("heard again", "inside the site");
    if (!co_await mover_asks("unlock", "moving")) co_return;
    if (co_await pod_says("connected", object({{"pole", text(other_pole)}}), "hung"))
      run_.watch.note("hangs again", std::string("on ") + other_pole);
  }

  DrillRun& run_;
  SiteSide& site_;
  std::unique_ptr<LanGuest> mover_;
};

}  // namespace

Task<> drill_pod_stray(DrillRun& run, std::string) {
  PodDrill drill(run);
  co_await drill.play();
}

}  // namespace bayward::town
