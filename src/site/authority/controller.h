// The site's controller towards the platform: its own OCPP 2.0.1 connection (docs/authority.md), its book on disk, and
// what the garage asks it: holds on the spot, and who may charge where. The deciding is book.h's.
//
// Belongs to the io thread. Nothing is answered that is not on disk. A platform out of reach, and a disk at fault, are
// states: it goes on trying.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "core/handover/messages.h"
#include "ocpp/rpc/correlator.h"
#include "ports/clock.h"
#include "ports/websocket.h"
#include "site/authority/book_store.h"
#include "site/uplink/local_protocol.h"
#include "site/uplink/uplink.h"

namespace bayward::authority {

struct ControllerOptions {
  std::string identity;
  std::string password;
  std::string run;  // 1 to 15 of A-Z a-z 0-9: tells this run's message ids from those of earlier ones
  Duration answer_timeout{20s};
  Duration retry_first{1s};
  Duration retry_max{15s};
  uplink::TimeSense* time = nullptr;  // none: the clock is right; outlives the controller
};

struct ControllerStatus {
  bool connected = false;
  bool lost_memory = false;
  Instant watermark{};
  uint64_t told = 0;  // number of the log that the platform has
  size_t claims = 0;  // bookings it has briefed
  size_t waiting = 0;
  uint64_t given = 0;  // holds and consents, since start
};

class Controller final : public uplink::Places {
 public:
  Controller(ControllerOptions options, Clock& clock, BookStore& store, Book book, uplink::Dial dial);
  ~Controller() override;

  // About once a second.
  void tick();
  // Decides, and has it on disk when it answers.
  Result<Entry, core::Refusal> give(const Wish& wish);
  // What the garage sees: a hold does not expire while its car is there.
  void set_bays_with_car(std::function<std::set<BayId>()> see) { bays_with_car_ = std::move(see); }

  std::optional<uplink::Verdict> at(const uplink::Place& place, const uplink::Presented& presented,
                                    Instant now) override;
  // All that was decided here is in the books: what stations told since may follow.
  bool log_told() const { return !something_to_tell(); }

  const Book& book() const { return book_; }
  ControllerStatus status() const;

 private:
  class Socket;

  bool connected() const { return connection_ != nullptr && booted_; }
  void dial();
  void opened(std::shared_ptr<WebSocketConnection> connection);
  void closed(const std::string& why);
  void said(std::string_view text);
  void serve(const ocpp::IncomingCall& call);
  std::optional<ocpp::Json> take_message(std::string_view message, const ocpp::Json& data);
  ocpp::Json briefed(const core::Briefing& briefing);
  ocpp::Json asked(const core::Ask& ask);
  void call(std::string action, std::string payload);
  void finished(const ocpp::FinishedCall& call);
  void on_log_answer(const ocpp::Json& payload);
  bool something_to_tell() const;
  void tell_log();
  void pump();
  bool keep(Book next);

  ControllerOptions options_;
  Clock& clock_;
  BookStore& store_;
  Book book_;
  uplink::Dial dial_;
  std::function<std::set<BayId>()> bays_with_car_;
  std::shared_ptr<Socket> socket_;
  std::shared_ptr<WebSocketConnection> connection_;
  std::unique_ptr<ocpp::Correlator> correlator_;
  uint64_t connections_ = 0;
  bool dialling_ = false;
  bool booted_ = false;
  bool telling_ = false;
  bool lost_memory_ = false;
  uint64_t taken_ = 0;  // as the platform has said on this connection
  Instant told_at_{};
  Instant retry_at_{};
  Duration retry_after_{0};
  uint64_t given_ = 0;
};

}  // namespace bayward::authority
