// The alarms' own corner of the running server: one thread with the dispatcher and the links to the far sides, apart
// from the API's, so that neither waits for the other.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "alarm_config.h"
#include "connectors/cap/cap_desk.h"
#include "connectors/email/letter.h"
#include "connectors/outbox/dispatcher.h"
#include "connectors/police/watch_desk.h"
#include "connectors/police/watch_keeper.h"
#include "connectors/sms/receipt_desk.h"
#include "net/http_client.h"
#include "net/http_server.h"
#include "net/io.h"
#include "net/smtp_client.h"
#include "net/tcp_client.h"
#include "net/tls.h"
#include "ports/duty_board.h"
#include "ports/http_out.h"

namespace bayward {

// As many connections to one server as a channel sends at once. On the io thread only.
class HttpPool {
 public:
  HttpPool(net::IoContext& io, const net::HttpClientConfig& config);
  HttpOut out();

 private:
  struct Connection {
    std::unique_ptr<net::HttpClient> client;
    size_t waiting = 0;
  };
  std::vector<Connection> connections_;
};

// Made before the engine runs, started with it; its doors are closed before the engine stops, the rest after it.
class AlarmLinks {
 public:
  // Fails when a secret can't be read, and says which.
  static Result<std::unique_ptr<AlarmLinks>> make(const AlarmConfig& config, EngineDoor& engine, Vault& vault,
                                                  DutyBoard& duty);
  ~AlarmLinks() { stop(); }
  AlarmLinks(const AlarmLinks&) = delete;
  AlarmLinks& operator=(const AlarmLinks&) = delete;

  // Where a mail server is configured; from any thread.
  void mail_code(CodeLetter letter, std::function<void(bool sent, std::string_view why)> done);
  // Fails when a port can't be had.
  Status start();
  // Takes no further orders, and says goodbye to those who want to hear it.
  void close_doors();
  void stop();

 private:
  AlarmLinks() = default;
  // Where others come to us: police platforms with their orders, desks for the CAP feed.
  struct Door {
    std::string what;
    HttpHandler* handler = nullptr;
    net::HttpServerConfig http;
    std::unique_ptr<net::HttpServer> server;
  };
  static Result<Door> make_door(std::string what, HttpHandler& handler, const StreamAddress& listen,
                                const std::filesystem::path& chain, const std::filesystem::path& key);
  Status add_sms(const AlarmConfig& config, EngineDoor& engine);
  Status add_email(const AlarmConfig& config);
  Status add_webhooks(const AlarmConfig& config);
  Status add_fire_desks(const AlarmConfig& config, DutyBoard& duty);
  Status add_police(const AlarmConfig& config, EngineDoor& engine, Vault& vault);
  Status add_viid_desk(const std::string& name, const ViidDeskConfig& desk, const AlarmConfig& config,
                       EngineDoor& engine, Vault& vault);
  Status add_sip_desk(const std::string& name, const SipDeskConfig& desk);
  Status add_cap(const AlarmConfig& config);
  void erase_old_pictures();
  Result<HttpOut> http_to(const HttpUrl& url, const AlarmConfig& config);
  std::vector<outbox::Route> routes(const std::vector<AlarmWay>& ways) const;

  net::IoContext io_;  // first: it outlives the connections
  net::SystemClock clock_;
  std::shared_ptr<net::TlsContext> tls_;
  net::TcpLoop streams_{io_};
  std::vector<std::unique_ptr<HttpPool>> pools_;
  std::unordered_map<std::string, std::unique_ptr<AlarmChannel>>
      channels_;  // "sms", "webhook:office", "fire:district", ...
  std::unique_ptr<sms::ReceiptDesk> receipts_;
  std::unique_ptr<net::SmtpClient> mail_;
  email::Sender sender_;
  std::vector<std::unique_ptr<police::WatchDesk>> watch_desks_;
  std::vector<Door> doors_;
  std::vector<police::ViidLink*> viid_links_;      // of channels_
  std::vector<police::WatchKeeper::Desk> passes_;  // those that want every vehicle
  std::unique_ptr<police::WatchKeeper> keeper_;
  std::unique_ptr<outbox::Dispatcher> dispatcher_;
  std::thread thread_;
};

}  // namespace bayward
