// A platform in memory for the API's tests: the core's test town (core/world_for_test.h) behind the fake engine, with
// people who have phones, passwords and tokens. Only tests include it.
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "api/access/tokens.h"
#include "api/api.h"
#include "api/testing/fake_engine.h"
#include "api/testing/fake_lists.h"
#include "core/world_for_test.h"
#include "ports/clock.h"
#include "ports/fake_http.h"
#include "ports/fake_vault.h"
#include "ports/http_util.h"

namespace bayward::api {

struct Answer {
  int status = 0;
  HttpHeaders headers;
  std::string text;
  boost::json::value body;  // null when it isn't JSON

  const boost::json::value* field(std::string_view name) const {
    const auto* object = body.if_object();
    return object ? object->if_contains(name) : nullptr;
  }
  std::string string(std::string_view name) const {
    const auto* value = field(name);
    const auto* found = value ? value->if_string() : nullptr;
    return found ? std::string(found->data(), found->size()) : std::string();
  }
  std::string code() const { return string("code"); }
  const boost::json::array& items() const { return field("items")->as_array(); }
};

struct Ask {
  std::string token{};
  std::string idempotency_key{};
  std::string language{};
  std::string last_event_id{};
};

class TestWorld {
 public:
  TestWorld() : clock(town.now) {
    town.tell(core::ChangeRoles{town.community, core::role_driver | core::role_property, {town.site}});
    operator_account = core_account(210, core::role_driver | core::role_operator);
    stranger_account = core_account(211, core::role_driver | core::role_property);
    driver = person(town.driver, "+4915100000001", "Dora");
    other = person(town.other, "+4915100000002", "Otto");
    owner = person(town.owner, "+4915100000003", "Olga");
    property = person(town.community, "+4915100000004", "Hof");
    operator_ = person(operator_account, "+4915100000005", "Ops");
    stranger = person(stranger_account, "+4915100000006", "Elsewhere");
    start_server();
  }
  ~TestWorld() { stop_server(); }

  std::shared_ptr<FakeExchange> start(HttpMethod method, std::string_view target, std::string_view body = {},
                                      const Ask& ask = {}) {
    HttpRequest request;
    request.method = method;
    request.target = target;
    auto parts = parse_target(target);
    BAYWARD_CHECK(parts.ok());
    request.path = parts->path;
    request.query = parts->query;
    request.body = body;
    request.peer = "192.0.2.1";
    if (!ask.token.empty()) request.headers.add("Authorization", "Bearer " + ask.token);
    if (!ask.idempotency_key.empty()) request.headers.add("Idempotency-Key", ask.idempotency_key);
    if (!ask.language.empty()) request.headers.add("Accept-Language", ask.language);
    if (!ask.last_event_id.empty()) request.headers.add("Last-Event-ID", ask.last_event_id);
    auto exchange = std::make_shared<FakeExchange>();
    api->handle(std::move(request), Responder(exchange));
    return exchange;
  }
  Answer send(HttpMethod method, std::string_view target, std::string_view body = {}, const Ask& ask = {}) {
    const auto exchange = start(method, target, body, ask);
    Answer answer;
    if (!until([&] { return exchange->response().has_value() || exchange->events(); })) return answer;
    if (exchange->events()) {
      answer.status = 200;
      exchange->events()->close();
      return answer;
    }
    const HttpResponse response = *exchange->response();
    answer.status = response.status;
    answer.headers = response.headers;
    answer.text = response.shared_body ? *response.shared_body : response.body;
    boost::json::error_code error;
    auto parsed = boost::json::parse(answer.text, error);
    if (!error) answer.body = parsed;
    return answer;
  }
  Answer get(std::string_view target, const std::string& token = {}) {
    return send(HttpMethod::get, target, {}, Ask{.token = token});
  }
  Answer post(std::string_view target, std::string_view body, const std::string& token = {}) {
    return send(HttpMethod::post, target, body, Ask{.token = token});
  }

  // Steps until `ready`; false when it was not within the limit.
  template <class Ready>
  bool until(Ready ready) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!ready()) {
      if (std::chrono::steady_clock::now() > limit) return false;
      if (!engine.step()) std::this_thread::yield();
    }
    return true;
  }
  // As the system: stations, clocks.
  void tell(core::Command command) {
    bool replied = false;
    engine.submit({core::Actor{}, std::move(command), std::nullopt}, [&](const Outcome&) { replied = true; });
    BAYWARD_CHECK(until([&] { return replied; }));
  }

  void stop_server() {
    api->stop_feeds();
    api.reset();
    engine.forget_subscribers();
  }
  void start_server() {
    api = std::make_unique<Api>(ApiParts{engine, vault, passwords, lists, stations, clock,
                                         [](std::string_view name) -> Result<ZoneRules> {
                                           if (name == "Europe/Berlin") return tariff_examples::berlin();
                                           return fail("unknown zone");
                                         },
                                         [] { return PlatformHealth{}; }, 1, RateLimits{}, nullptr, &security_log});
    const auto history = [this](Position after, const std::function<bool(const CommittedRecord&)>& each) -> Status {
      for (const CommittedRecord& record : engine.records) {
        if (record.position > after && !each(record)) break;
      }
      return Done{};
    };
    BAYWARD_CHECK(api->load(town.state, engine.records.size(), history).ok());
  }

  std::string bay(size_t index = 0) const { return to_text(town.bays[index]); }
  std::string car() const { return to_text(town.car); }
  std::string site() const { return to_text(town.site); }
  std::string after(Duration time) const { return to_rfc3339(town.now + time); }
  // The body of a booking by the driver, `in` after the beginning.
  std::string booking_body(Duration in, Duration length = 1h, size_t bay_index = 0) const {
    return R"({"bay":")" + bay(bay_index) + R"(","vehicle":")" + car() + R"(","start":")" + after(in) + R"(","end":")" +
           after(in + length) + R"("})";
  }

  core::World town;
  FakeClock clock;
  FakeVault vault;
  FakePasswords passwords;
  FakeLists lists;
  FakeStations stations;
  FakeSecurityLog security_log;
  FakeEngine engine{town.state, clock};
  AccountId operator_account, stranger_account;
  std::string driver, other, owner, property, operator_, stranger;  // tokens
  std::unique_ptr<Api> api;

 private:
  AccountId core_account(uint8_t number, uint32_t roles) {
    return AccountId{town.make(core::OpenAccount{core::print_of(number), roles})};
  }
  std::string person(AccountId account, const std::string& phone, const std::string& name) {
    BAYWARD_CHECK(vault
                      .put_all({{{account, VaultKind::name, 0}, name, {}},
                                {{account, VaultKind::phone, 0}, phone, vault.fingerprint(VaultKind::phone, phone)},
                                {{account, VaultKind::password_hash, 0}, "fake-password:a good one", {}}})
                      .ok());
    auto made = Tokens(vault).create(account, TokenKind::session, "", town.now);
    BAYWARD_CHECK(made.ok());
    return made->token;
  }
};

}  // namespace bayward::api
