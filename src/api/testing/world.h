// A whole platform in memory for the API's tests: the real engine on the memory journal, fakes for the rest. The engine
// runs on the test's thread, in step().
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "api/api.h"
#include "api/testing/fake_lists.h"
#include "engine/engine.h"
#include "journal/memory/memory_journal.h"
#include "ports/clock.h"
#include "ports/fake_http.h"
#include "ports/fake_vault.h"

namespace bayward::api {

struct Answer {
  int status = 0;
  HttpHeaders headers;
  std::string text;
  boost::json::value body;  // null when it isn't JSON

  std::string code() const { return string("code"); }
  std::string string(std::string_view name) const;
  int64_t integer(std::string_view name) const;
};

struct Ask {
  std::string token{};
  std::string idempotency_key{};
  std::string language{};
  std::string last_event_id{};
  std::string peer = "192.0.2.1";
};

class World {
 public:
  // A site in Berlin with three bays (the first two of an owner, with chargers whose station is online), a tariff,
  // windows that are always open, and one account of each role.
  World();
  ~World();

  Answer send(HttpMethod method, std::string_view target, std::string_view body = {}, const Ask& ask = {});
  Answer get(std::string_view target, const std::string& token = {}) {
    return send(HttpMethod::get, target, {}, Ask{.token = token});
  }
  Answer post(std::string_view target, std::string_view body, const std::string& token = {}) {
    return send(HttpMethod::post, target, body, Ask{.token = token});
  }
  std::shared_ptr<FakeExchange> start(HttpMethod method, std::string_view target, std::string_view body, const Ask& ask);
  // Lets the engine do all that waits; true when there was something.
  bool step();
  // Steps until `ready`, with a limit; false when it never was.
  template <class Ready>
  bool until(Ready ready);
  core::State const& state() const { return engine_->state(); }
  Outcome run(core::Command command, core::Actor actor = {});

  // A new server on the same journal and vault.
  void restart();

  std::string account_of(const std::string& token);
  std::string sign_in(const std::string& phone, const std::string& password = "a good password");
  // A booking of the first bay by the driver, `in_hours` from now; its id.
  Answer book(int in_hours, int quarters = 4, const std::string& bay = "bay-100000001");
  std::string at(int hours, int minutes = 0) const;  // RFC 3339, from the start of the test

  FakeClock clock;
  FakeVault vault;
  FakePasswords passwords;
  FakeLists lists;
  FakeStations stations;

  std::string driver, owner, property, operator_;  // tokens
  std::string vehicle;                             // of the driver
  const Instant begin = from_unix_s(1'772'438'400);  // Monday 2026-03-02 08:00 UTC

 private:
  void start_server();
  void found();
  std::string open_account(const std::string& phone, uint32_t roles, std::vector<SiteId> property_of);

  MemoryJournal journal_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Api> api_;
};

template <class Ready>
bool World::until(Ready ready) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!ready()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    if (!step()) std::this_thread::yield();
  }
  return true;
}

}  // namespace bayward::api
