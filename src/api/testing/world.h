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
  TestWorld();
  ~TestWorld();

  std::shared_ptr<FakeExchange> start(HttpMethod method, std::string_view target, std::string_view body = {},
                                      const Ask& ask = {});
  Answer send(HttpMethod method, std::string_view target, std::string_view body = {}, const Ask& ask = {});
  Answer get(std::string_view target, const std::string& token = {});
  Answer post(std::string_view target, std::string_view body, const std::string& token = {});

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
  void tell(core::Command command);

  void stop_server();
  void start_server();

  std::string bay(size_t index = 0) const;
  std::string car() const;
  std::string site() const;
  std::string after(Duration time) const;
  // The body of a booking by the driver, `in` after the beginning.
  std::string booking_body(Duration in, Duration length = 1h, size_t bay_index = 0) const;

  core::World town;
  FakeClock clock;
  FakeVault vault;
  FakePasswords passwords;
  FakeLists lists;
  FakeStations stations;
  FakeSecurityLog security_log;
  FakeFleet fleet;
  FakeEngine engine{town.state, clock};
  AccountId operator_account, stranger_account;
  std::string driver, other, owner, property, operator_, stranger;  // tokens
  std::unique_ptr<Api> api;
  PaymentProvider* payments = nullptr;  // known from the next start_server() on
  MailCode mail_code;                   // the same

 private:
  AccountId core_account(uint8_t number, uint32_t roles);
  std::string person(AccountId account, const std::string& phone, const std::string& name);
};

}  // namespace bayward::api
