// The part of an HttpServer that lives on one io thread: its connections, their clock tick, their end. Internal to net.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "net/http_server.h"
#include "net/task_group.h"

namespace bayward::net {

// What all shards of a server share.
struct ServerState {
  HttpServerConfig config;
  HttpHandler& handler;
  WebSocketAcceptor* websockets;

  std::atomic<size_t> connections{0};
  std::atomic<size_t> event_streams{0};
  std::atomic<size_t> websocket_count{0};
  std::atomic<uint64_t> requests{0};
  std::atomic<uint64_t> refused{0};
};

// Its io thread only.
class Shard : public std::enable_shared_from_this<Shard> {
 public:
  Shard(Executor executor, std::shared_ptr<ServerState> server);

  void start();  // begins to tick
  void add(Task& task) { tasks_.add(task); }
  void remove(Task& task);
  // First and second stage of the shutdown; `gone` is called once, when no task is left.
  void ask_to_end(std::function<void()> gone);
  void cut();

  Executor executor() const { return executor_; }
  ServerState& server() { return *server_; }
  const HttpServerConfig& config() const { return server_->config; }
  bool stopping() const { return stopping_; }
  const std::string& date() const { return date_; }  // for the Date header field

 private:
  void tick();
  void tell_when_gone();

  const Executor executor_;
  const std::shared_ptr<ServerState> server_;
  TaskGroup tasks_;
  SteadyTimer ticker_;
  std::string date_;
  bool stopping_ = false;
  std::function<void()> gone_;
};

}  // namespace bayward::net
