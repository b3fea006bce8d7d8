#include "site/lan/pod_routes.h"

#include <boost/json.hpp>

#include "ports/normalise.h"

namespace bayward::site {
namespace {

struct Words {
  int status;
  std::string_view detail;
};

Words words_of(PodRefusal refusal) {
  switch (refusal) {
    case PodRefusal::unknown_pod:
      return {404, "there is no such pod here"};
    case PodRefusal::not_allowed:
      return {403, "this account may not move pods; ask the property office"};
    case PodRefusal::in_use:
      return {409, "it charges, or somebody else moves it"};
    case PodRefusal::not_moving:
      return {409, "it is locked already"};
    case PodRefusal::not_yours:
      return {403, "somebody else unlocked it"};
    case PodRefusal::outside:
      return {409, "it stands outside the area of this site; tell the property office"};
    case PodRefusal::silent:
      return {503, "the pod does not answer; move it where it has contact"};
    case PodRefusal::too_many:
      return {409, "this login is shared with too many people"};
  }
  return {500, ""};
}

// Bad numbers are refused before.
Result<Done, PodRefusal> acted(Pods& pods, People& people, std::string_view what, std::string_view pod,
                               const PodUser& user, const PodUser& other, Instant now) {
  if (what == "unlock") return pods.unlock(pod, user, people.may_move_pods(user.phone, now), now);
  if (what == "lock") return pods.lock(pod, user, people.is_staff(user.phone), now);
  if (what == "share") return pods.share(pod, user, other, now);
  return pods.find(pod) == nullptr ? Result<Done, PodRefusal>(Failure{PodRefusal::unknown_pod}) : Done{};
}

}  // namespace

bool PodRoutes::handle(LanCall& call) {
  if (call.request.method != HttpMethod::post || call.session == nullptr || call.path.size() != 4 ||
      call.path[0] != "lan" || call.path[2] != "pods") {
    return false;
  }
  const std::string_view what = call.path[3];
  if (what != "unlock" && what != "lock" && what != "share" && what != "state") return false;
  act(call);
  return true;
}

void PodRoutes::act(const LanCall& call) {
  const std::string_view what = call.path[3];
  LanBody body(call.request);
  const std::string text = body.text("code", 96);
  const std::string other_text = what == "share" ? body.text("phone", 32) : std::string();
  if (const auto wrong = body.wrong()) return call.refuse(400, "bad_request", *wrong);
  if (call.session->phone.empty())
    return call.refuse(403, "no_phone", "prove a phone number first: POST /lan/v1/phone");
  const auto code = read_pod_code(text, site_key_, site_);
  if (!code) return call.refuse(404, to_text(code.error()), explain(code.error()));
  const PodUser user{call.session->phone, call.request.peer + ' ' + call.session->token.substr(0, 12)};
  PodUser other;
  if (what == "share") {
    const auto phone = normalise_phone(other_text);
    if (!phone) return call.refuse(400, "bad_phone", "write the number with its country: +86 138 0013 8000");
    other = {*phone, "shared by " + user.network_identity};
  }
  const auto done = acted(pods_, people_, what, code->name, user, other, call.now);
  if (!done.ok()) {
    const Words words = words_of(done.error());
    return call.refuse(words.status, to_text(done.error()), words.detail);
  }
  const Pod& pod = *pods_.find(code->name);
  boost::json::object out{
      {"pod", pod.name}, {"state", to_text(pod.place)}, {"yours", pod.original.phone == user.phone}};
  if (!pod.pole.empty()) out["pole"] = pod.pole;
  if (pod.lock_open()) out["until"] = to_rfc3339(pod.until);
  call.answer(200, out);
}

}  // namespace bayward::site
