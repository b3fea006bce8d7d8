#include "net/client_stream.h"

#include <boost/asio/ip/tcp.hpp>
#include <vector>

#include "net/tls_impl.h"

namespace bayward::net {
namespace {

using Resolver = asio::ip::basic_resolver<Tcp, Executor>;

Awaitable<Result<std::vector<Tcp::endpoint>>> resolve(Executor executor, const ClientEndpoint& to) {
  error_code error;
  const asio::ip::address address = asio::ip::make_address(to.host, error);
  if (!error) co_return std::vector<Tcp::endpoint>{{address, to.port}};
  Resolver resolver(executor);
  const auto [failure, found] = co_await resolver.async_resolve(to.host, std::to_string(to.port), as_result);
  if (failure) co_return fail("cannot find '" + to.host + "': " + failure.message());
  std::vector<Tcp::endpoint> endpoints;
  for (const auto& entry : found) endpoints.push_back(entry.endpoint());
  co_return endpoints;
}

}  // namespace

std::string host_field(const ClientEndpoint& endpoint) {
  std::string out = endpoint.host.find(':') == std::string::npos ? endpoint.host : '[' + endpoint.host + ']';
  if (endpoint.port != (endpoint.tls ? 443 : 80)) out += ':' + std::to_string(endpoint.port);
  return out;
}

Awaitable<Status> connect_stream(Executor executor, const ClientEndpoint& endpoint, std::optional<Stream>& stream) {
  stream.reset();
  const auto endpoints = co_await resolve(executor, endpoint);
  if (!endpoints.ok()) co_return Failure{endpoints.error()};
  error_code last = asio::error::host_not_found;
  for (const Tcp::endpoint& address : *endpoints) {
    Socket socket(executor);
    stream.emplace(endpoint.tls ? Stream(std::move(socket), endpoint.tls->impl().context) : Stream(std::move(socket)));
    const auto [error] = co_await stream->socket().async_connect(address, as_result);
    last = error;
    if (!error || error == asio::error::operation_aborted) break;  // the latter: the caller has waited enough
  }
  if (last) co_return fail("cannot connect to " + host_field(endpoint) + ": " + last.message());
  error_code ignored;
  stream->socket().set_option(Tcp::no_delay(true), ignored);
  if (endpoint.tls) {
    TlsStream& tls = stream->tls_layer();
    SSL_set_tlsext_host_name(tls.native_handle(), endpoint.host.c_str());
    tls.expect_host(endpoint.host);
    const auto [error] = co_await tls.async_handshake(ssl::stream_base::client, as_result);
    if (error) co_return fail("TLS with " + host_field(endpoint) + ": " + error.message());
  }
  co_return Done{};
}

}  // namespace bayward::net
