// One supervised link to a police platform by GA/T 1400.4: we are the lower platform, which registers with digest,
// keeps alive, looks at the platform's clock, and sends hits of watch orders and, where that is wanted, every vehicle
// seen.
//
//   unregistered ──401, digest, 200──▶ registered ──no answer, 401, 5xx──▶ unregistered, at the other address
//
// - A hit ends as `delivered` by StatusCode 0 of the platform and by nothing else (D7).
// - A hit whose order has been withdrawn meanwhile ends as `impossible`: the police want to hear of it no more.
// - Other kinds of incident have no words here: they are `impossible`, and GB/T 28181 (sip_link.h) says them.
// - One request at a time: registration, keepalive, hits, then vehicles. Vehicles that find no room push out the
// oldest;
//   they are no alarms and don't survive a restart.
//
// send() and pass() may be called from any thread; everything else happens on the loop's thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "connectors/police/digest.h"
#include "connectors/police/viid_words.h"
#include "ports/alarm_channel.h"
#include "ports/byte_stream.h"
#include "ports/clock.h"
#include "ports/http_out.h"
#include "ports/vault.h"

namespace bayward::police {

struct ViidConfig {
  std::string name;  // of the link, as orders and the log say it
  Speaker speaker;
  Credentials credentials;
  Duration keepalive{60'000};
  Duration pause_min{1'000};
  Duration pause_max{60'000};
  Duration message_limit{40'000};  // then the core is told that it failed, and comes back with it
};

struct ViidPorts {
  StreamLoop& loop;
  const Clock& clock;
  Vault& vault;
};

class ViidLink final : public AlarmChannel {
 public:
  // `addresses`: one or two ways to the platform, the first is preferred. What the ports name outlives it.
  ViidLink(const ViidPorts& ports, ViidConfig config, std::vector<HttpOut> addresses);
  ~ViidLink() override;
  ViidLink(const ViidLink&) = delete;
  ViidLink& operator=(const ViidLink&) = delete;

  void send(const AlarmMessage& message, SendDone done) override;
  void pass(Sighting sighting);
  // The server is about to end: says UnRegister, without waiting for the answer. Hits under way are told as failed, the
  // core still owes them.
  void close();

 private:
  class Driver;
  StreamLoop& loop_;
  std::shared_ptr<Driver> driver_;
};

}  // namespace bayward::police
