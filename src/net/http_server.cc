#include "net/http_server.h"

#include <boost/asio/ip/v6_only.hpp>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "net/http_connection.h"
#include "net/http_shard.h"
#include "net/io_impl.h"
#include "net/tls_impl.h"
#include "ports/log.h"

namespace bayward::net {
namespace {

// Beyond the limit this many at a time are still told so; further ones are closed without a word.
constexpr size_t refusals_at_once = 64;
// How long accepting rests when the process has no file descriptor left.
constexpr Duration accept_pause = 100ms;

}  // namespace

struct HttpServer::Impl : std::enable_shared_from_this<HttpServer::Impl> {
  Impl(const std::vector<IoContext*>& io_contexts, std::shared_ptr<ServerState> state, Acceptor listening)
      : ios(io_contexts), server(std::move(state)), acceptor(std::move(listening)), pause(acceptor.get_executor()) {
    for (IoContext* io : ios) shards.push_back(std::make_shared<Shard>(executor_of(*io), server));
  }

  void accept();
  void accepted(const std::shared_ptr<Shard>& shard, error_code error, Socket socket);
  void admit(const std::shared_ptr<Shard>& shard, Socket socket);
  bool running() const;

  const std::vector<IoContext*> ios;
  const std::shared_ptr<ServerState> server;
  std::vector<std::shared_ptr<Shard>> shards;
  Acceptor acceptor;  // the first io thread
  SteadyTimer pause;
  size_t next_shard = 0;
  uint16_t port = 0;

  std::mutex mutex;
  std::condition_variable changed;
  size_t shards_gone = 0;
  bool stopped = false;
};

// ---- accepting

void HttpServer::Impl::accept() {
  const std::shared_ptr<Shard>& shard = shards[next_shard++ % shards.size()];
  acceptor.async_accept(shard->executor(), [self = shared_from_this(), shard](error_code error, Socket socket) {
    self->accepted(shard, error, std::move(socket));
  });
}

void HttpServer::Impl::accepted(const std::shared_ptr<Shard>& shard, error_code error, Socket socket) {
  if (!acceptor.is_open()) return;
  if (!error) {
    asio::post(shard->executor(), [self = shared_from_this(), shard, socket = std::move(socket)]() mutable {
      self->admit(shard, std::move(socket));
    });
  } else if (error != asio::error::connection_aborted) {
    // Out of descriptors or memory: connections wait in the backlog until some are given back.
    log::warn("http.accept_failed", {{"reason", error.message()}, {"port", port}});
    pause.expires_after(accept_pause);
    pause.async_wait([self = shared_from_this()](error_code cancelled) {
      if (!cancelled && self->acceptor.is_open()) self->accept();
    });
    return;
  }
  accept();
}

void HttpServer::Impl::admit(const std::shared_ptr<Shard>& shard, Socket socket) {
  if (shard->stopping()) return;
  const HttpServerConfig& config = server->config;
  const bool full = server->connections >= config.connections;
  if (full) ++server->refused;
  if (server->connections >= config.connections + refusals_at_once) return;
  error_code error;
  socket.set_option(Tcp::no_delay(true), error);
  const Tcp::endpoint peer = socket.remote_endpoint(error);
  if (error) return;  // gone already
  Stream stream = config.tls ? Stream(std::move(socket), config.tls->impl().context) : Stream(std::move(socket));
  std::make_shared<HttpConnection>(shard, std::move(stream), peer.address().to_string(), full)->start();
}

bool HttpServer::Impl::running() const {
  for (IoContext* io : ios) {
    if (io->impl().context.stopped()) return false;
  }
  return true;
}

// ---- the public side

Result<std::unique_ptr<HttpServer>> HttpServer::listen(const std::vector<IoContext*>& ios,
                                                       const HttpServerConfig& config, HttpHandler& handler,
                                                       WebSocketAcceptor* websockets) {
  BAYWARD_CHECK(!ios.empty());
  const std::string place = config.address + " port " + std::to_string(config.port);
  error_code error;
  const asio::ip::address address = asio::ip::make_address(config.address, error);
  if (error) return fail("cannot listen on '" + config.address + "': not an IP address");
  const Tcp::endpoint endpoint(address, config.port);
  Acceptor acceptor(executor_of(*ios.front()));
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(Acceptor::reuse_address(true), error);
  if (!error && address.is_v6()) acceptor.set_option(asio::ip::v6_only(false), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return fail("cannot listen on " + place + ": " + error.message());
  const uint16_t port = acceptor.local_endpoint(error).port();

  auto state = std::make_shared<ServerState>(config, handler, websockets);
  auto impl = std::make_shared<Impl>(ios, std::move(state), std::move(acceptor));
  impl->port = port;
  for (const auto& shard : impl->shards) asio::post(shard->executor(), [shard] { shard->start(); });
  asio::post(impl->acceptor.get_executor(), [impl] { impl->accept(); });
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::HttpServer(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() {
  stop(Duration{0});
}

uint16_t HttpServer::port() const {
  return impl_->port;
}

HttpServerCounts HttpServer::counts() const {
  const ServerState& server = *impl_->server;
  return {server.connections, server.event_streams, server.websocket_count, server.requests, server.refused};
}

void HttpServer::stop(Duration grace) {
  const std::shared_ptr<Impl> impl = impl_;
  std::unique_lock lock(impl->mutex);
  if (std::exchange(impl->stopped, true) || !impl->running()) return;
  asio::post(impl->acceptor.get_executor(), [impl] {
    error_code ignored;
    impl->acceptor.close(ignored);
    impl->pause.cancel();
  });
  for (const auto& shard : impl->shards) {
    asio::post(shard->executor(), [impl, shard] {
      shard->ask_to_end([impl] {
        const std::lock_guard guard(impl->mutex);
        ++impl->shards_gone;
        impl->changed.notify_all();
      });
    });
  }
  const auto all_gone = [&] { return impl->shards_gone == impl->shards.size(); };
  if (impl->changed.wait_for(lock, grace, all_gone)) return;
  for (const auto& shard : impl->shards) asio::post(shard->executor(), [shard] { shard->cut(); });
  impl->changed.wait(lock, all_gone);
}

}  // namespace bayward::net
