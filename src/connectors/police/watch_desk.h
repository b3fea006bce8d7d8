// Where the police platform brings its watch orders (GA/T 1400.4 8.8): POST and PUT /VIID/Dispositions, DELETE
// /VIID/Dispositions?IDList=.., and GET /VIID/System/Time. An order is answered with StatusCode 0 when all of it is
// durable and in force; until then the platform sends it again, and an order with a known id takes the old one's place.
//
// Plates go no further than this file: what is kept of them is keyed fingerprints. Whoever asks has to be the platform:
// its address, its User-Identify, and its user and password by digest.
//
// handle() is called on the thread that `post` runs on; everything happens there.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "connectors/police/digest.h"
#include "connectors/police/viid_words.h"
#include "ports/clock.h"
#include "ports/engine.h"
#include "ports/http.h"
#include "ports/vault.h"

namespace bayward::police {

struct WatchDeskConfig {
  std::string name;         // of the link
  std::string platform_id;  // 20 digits: what it calls itself
  std::string device_id;    // what it calls us
  Duration utc_offset{};
  Credentials credentials;           // what it has to prove
  bool digest = true;                // false: address and User-Identify are enough (docs/connect-police.md says when)
  std::vector<std::string> allowed;  // addresses it may call from; empty: any
};

class WatchDesk final : public HttpHandler {
 public:
  struct Ports {
    EngineDoor& engine;
    Vault& vault;
    const Clock& clock;
    std::function<void(std::function<void()>)> post;
  };
  // Outlives the server that calls it and what `post` runs.
  WatchDesk(Ports ports, WatchDeskConfig config)
      : ports_(std::move(ports)), config_(std::move(config)), guard_(config_.credentials, "bayward") {}

  void handle(HttpRequest request, Responder responder) override;

 private:
  struct Work;
  using WorkPtr = std::shared_ptr<Work>;

  // What is wrong with the caller: the answer, else nothing.
  std::optional<HttpResponse> refused(const HttpRequest& request);
  void next(const WorkPtr& work);
  void place(const WorkPtr& work, const DispositionOrder& order);
  void add_plates(const WorkPtr& work, WatchOrderId order, size_t from);
  void withdraw(const WorkPtr& work, const std::string& id);
  void submit(const WorkPtr& work, core::Command command, std::function<void(const Accepted&)> then);
  void answer(const WorkPtr& work, int code, std::string text);
  HttpResponse reply(int status, std::string body) const;
  Fingerprint reference(std::string_view id) const;

  const Ports ports_;
  const WatchDeskConfig config_;
  DigestGuard guard_;
  size_t working_ = 0;
};

}  // namespace bayward::police
