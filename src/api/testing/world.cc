#include "api/testing/world.h"

namespace bayward::api {

TestWorld::TestWorld() : clock(town.now) {
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

TestWorld::~TestWorld() {
  stop_server();
}

std::shared_ptr<FakeExchange> TestWorld::start(HttpMethod method, std::string_view target, std::string_view body,
                                               const Ask& ask) {
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

Answer TestWorld::send(HttpMethod method, std::string_view target, std::string_view body, const Ask& ask) {
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

Answer TestWorld::get(std::string_view target, const std::string& token) {
  return send(HttpMethod::get, target, {}, Ask{.token = token});
}

Answer TestWorld::post(std::string_view target, std::string_view body, const std::string& token) {
  return send(HttpMethod::post, target, body, Ask{.token = token});
}

void TestWorld::tell(core::Command command) {
  bool replied = false;
  engine.submit({core::Actor{}, std::move(command), std::nullopt}, [&](const Outcome&) { replied = true; });
  BAYWARD_CHECK(until([&] { return replied; }));
}

void TestWorld::stop_server() {
  api->stop_feeds();
  api.reset();
  engine.forget_subscribers();
}

void TestWorld::start_server() {
  api = std::make_unique<Api>(ApiParts{engine, vault, passwords, lists, stations, clock,
                                       [](std::string_view name) -> Result<ZoneRules> {
                                         if (name == "Europe/Berlin") return tariff_examples::berlin();
                                         return fail("unknown zone");
                                       },
                                       [this] {
                                         PlatformHealth health;
                                         health.journal_position = engine.records.size();
                                         return health;
                                       },
                                       1, RateLimits{}, nullptr, &security_log, payments, nullptr, "", nullptr, &fleet,
                                       nullptr, mail_code});
  const auto history = [this](Position after, const std::function<bool(const CommittedRecord&)>& each) -> Status {
    for (const CommittedRecord& record : engine.records) {
      if (record.position > after && !each(record)) break;
    }
    return Done{};
  };
  BAYWARD_CHECK(api->load(town.state, engine.records.size(), history).ok());
}

std::string TestWorld::bay(size_t index) const {
  return to_text(town.bays[index]);
}

std::string TestWorld::car() const {
  return to_text(town.car);
}

std::string TestWorld::site() const {
  return to_text(town.site);
}

std::string TestWorld::after(Duration time) const {
  return to_rfc3339(town.now + time);
}

std::string TestWorld::booking_body(Duration in, Duration length, size_t bay_index) const {
  return R"({"bay":")" + bay(bay_index) + R"(","vehicle":")" + car() + R"(","start":")" + after(in) + R"(","end":")" +
         after(in + length) + R"("})";
}

AccountId TestWorld::core_account(uint8_t number, uint32_t roles) {
  return AccountId{town.make(core::OpenAccount{core::print_of(number), roles})};
}

std::string TestWorld::person(AccountId account, const std::string& phone, const std::string& name) {
  BAYWARD_CHECK(vault
                    .put_all({{{account, VaultKind::name, 0}, name, {}},
                              {{account, VaultKind::phone, 0}, phone, vault.fingerprint(VaultKind::phone, phone)},
                              {{account, VaultKind::password_hash, 0}, "fake-password:a good one", {}}})
                    .ok());
  auto made = Tokens(vault).create(account, TokenKind::session, "", town.now);
  BAYWARD_CHECK(made.ok());
  return made->token;
}

}  // namespace bayward::api
