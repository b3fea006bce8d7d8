#include "connectors/police/watch_desk.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "ports/http_util.h"
#include "ports/log.h"
#include "ports/plate_prints.h"

namespace bayward::police {
namespace {

constexpr size_t requests_at_once = 4;
constexpr int status_busy = 2;     // GA/T 1400.4 table B.1
constexpr int status_invalid = 4;  //
constexpr int status_content = 8;  // the JSON's content can't be

std::vector<std::string> ids_of(const HttpRequest& request) {
  std::vector<std::string> out;
  std::string_view list = request.parameter("IDList").value_or("");
  while (!list.empty() && out.size() < limits::police_orders_together) {
    const size_t end = std::min(list.find(','), list.size());
    if (end > 0) out.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return out;
}

}  // namespace

// One request: its orders one after the other.
struct WatchDesk::Work {
  Responder responder;
  std::string url;
  std::vector<ReadOrder> orders;
  size_t at = 0;
  std::vector<Answered> answers;
};

HttpResponse WatchDesk::reply(int status, std::string body) const {
  HttpResponse response;
  response.status = status;
  response.content_type = viid_content_type;
  response.body = std::move(body);
  return response;
}

Fingerprint WatchDesk::reference(std::string_view id) const {
  return ports_.vault.fingerprint(VaultKind::watch_reference, config_.name + '\n' + std::string(id));
}

std::optional<HttpResponse> WatchDesk::refused(const HttpRequest& request) {
  const auto complain = [&](int status, std::string_view why) {
    log::warn("police.caller_refused", {{"desk", config_.name}, {"peer", request.peer}, {"why", why}});
    return reply(status, status_list(request.path, {{{}, status_invalid, std::string(why)}}, ports_.clock.now(),
                                     config_.utc_offset));
  };
  const bool known = config_.allowed.empty() ||
                     std::find(config_.allowed.begin(), config_.allowed.end(), request.peer) != config_.allowed.end();
  if (!known) return complain(403, "not an address of the platform");
  if (request.headers.get("User-Identify") != config_.platform_id)
    return complain(403, "not the platform's User-Identify");
  if (!config_.digest) return std::nullopt;
  const Instant now = ports_.clock.now();
  const std::string_view header = request.headers.get("Authorization");
  if (!header.empty() && guard_.allows(header, bayward::to_text(request.method), request.target, now)) {
    return std::nullopt;
  }
  HttpResponse response = header.empty() ? reply(401, "") : complain(401, "user or password are wrong, or a replay");
  response.headers.add("WWW-Authenticate", guard_.challenge(now));
  return response;
}

void WatchDesk::handle(HttpRequest request, Responder responder) {
  if (auto no = refused(request)) return responder.send(*std::move(no));
  const Instant now = ports_.clock.now();
  if (request.path == "/VIID/System/Time" && request.method == HttpMethod::get) {
    return responder.send(reply(200, system_time_body(config_.device_id, now, config_.utc_offset)));
  }
  const bool orders = request.path == "/VIID/Dispositions";
  const bool brings = request.method == HttpMethod::post || request.method == HttpMethod::put;
  const auto refuse = [&](int status, int code, std::string text) {
    responder.send(reply(status, status_list(request.path, {{{}, code, std::move(text)}}, now, config_.utc_offset)));
  };
  if (!orders || (!brings && request.method != HttpMethod::del)) {
    return refuse(404, status_invalid, "only POST, PUT and DELETE of /VIID/Dispositions and GET /VIID/System/Time");
  }
  if (working_ >= requests_at_once) return refuse(503, status_busy, "busy, send it again");
  auto work = std::make_shared<Work>(Work{std::move(responder), request.path, {}, 0, {}});
  if (brings) {
    auto read = parse_dispositions(request.body, config_.utc_offset);
    if (!read) {
      const Answered wrong{{}, status_content, read.error().message};
      return work->responder.send(reply(400, status_list(request.path, {wrong}, now, config_.utc_offset)));
    }
    work->orders = *std::move(read);
  } else {
    for (std::string& id : ids_of(request)) {
      DispositionOrder order;
      order.id = id;
      order.operation = OrderOperation::withdraw;
      work->orders.push_back({std::move(id), std::move(order)});
    }
  }
  ++working_;
  next(work);
}

void WatchDesk::next(const WorkPtr& work) {
  if (work->at == work->orders.size()) {
    --working_;
    const bool busy = std::any_of(work->answers.begin(), work->answers.end(),
                                  [](const Answered& one) { return one.code == status_busy; });
    return work->responder.send(
        reply(busy ? 503 : 200, status_list(work->url, work->answers, ports_.clock.now(), config_.utc_offset)));
  }
  const Result<DispositionOrder>& order = work->orders[work->at].order;
  if (!order) return answer(work, status_content, order.error().message);
  if (order->operation == OrderOperation::withdraw) return withdraw(work, order->id);
  place(work, *order);
}

void WatchDesk::answer(const WorkPtr& work, int code, std::string text) {
  const std::string& id = work->orders[work->at].id;
  if (code != 0) log::warn("police.order_refused", {{"desk", config_.name}, {"why", text}});
  work->answers.push_back({id, code, std::move(text)});
  ++work->at;
  ports_.post([this, work] { next(work); });
}

void WatchDesk::submit(const WorkPtr& work, core::Command command, std::function<void(const Accepted&)> then) {
  Envelope envelope;
  envelope.command = std::move(command);
  ports_.engine.submit(std::move(envelope), [this, work, then = std::move(then)](const Outcome& outcome) {
    ports_.post([this, work, then, outcome] {
      if (outcome) return then(*outcome);
      const bool later =
          outcome.error() == core::Refusal::overloaded || outcome.error() == core::Refusal::storage_unavailable;
      answer(work, later ? status_busy : status_content, std::string(core::to_text(outcome.error())));
    });
  });
}

// The order first, then its text, then its plates: a hit never meets an order that nobody can name.
void WatchDesk::place(const WorkPtr& work, const DispositionOrder& order) {
  core::PlaceWatchOrder command{reference(order.id), order.begin, order.end, {}};
  submit(work, std::move(command), [this, work](const Accepted& accepted) {
    const DispositionOrder& placed = *work->orders[work->at].order;
    const WatchOrderId id{accepted.subject};
    const OrderText text{config_.name, placed.id, placed.title};
    const Status kept = ports_.vault.put({{{}, VaultKind::watch_order, id.value}, to_text(text), {}});
    if (!kept) return answer(work, status_busy, "it can't be kept now");
    add_plates(work, id, 0);
  });
}

void WatchDesk::add_plates(const WorkPtr& work, WatchOrderId order, size_t from) {
  const DispositionOrder& placed = *work->orders[work->at].order;
  if (from >= placed.plates.size()) {
    log::info("police.order_in_force",
              {{"desk", config_.name}, {"order", to_text(order)}, {"plates", placed.plates.size()}});
    return answer(work, 0, placed.unreadable == 0 ? "OK" : std::to_string(placed.unreadable) + " plates can't be read");
  }
  core::AddWatchPlates command{order, {}};
  const size_t end = std::min(from + limits::watch_plates_together, placed.plates.size());
  for (size_t i = from; i < end; ++i) command.plates.push_back(plate_prints(ports_.vault, placed.plates[i]));
  submit(work, std::move(command), [this, work, order, end](const Accepted&) { add_plates(work, order, end); });
}

void WatchDesk::withdraw(const WorkPtr& work, const std::string& id) {
  submit(work, core::WithdrawWatchOrder{reference(id)}, [this, work](const Accepted&) { answer(work, 0, "OK"); });
}

}  // namespace bayward::police
