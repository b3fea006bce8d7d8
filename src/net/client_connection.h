// What HttpClient and EventReader share: one connection, requests out, responses in, a deadline. Internal to net; its
// io thread only.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <memory>
#include <optional>
#include <string>

#include "net/client_stream.h"
#include "net/http_client.h"
#include "net/http_parser.h"

namespace bayward::net {

class ClientConnection : public std::enable_shared_from_this<ClientConnection> {
 public:
  ClientConnection(Executor executor, const HttpClientConfig& config);

  bool open() const { return stream_ && stream_->socket().is_open(); }
  void close();
  // Does nothing when it is open.
  Awaitable<Status> connect();
  Awaitable<Status> write(const HttpRequest& request);
  // Header and, with `body`, everything. On failure silent() tells whether the peer had said nothing at all.
  Awaitable<Status> read_response(bool body);
  bool silent() const { return silent_; }
  bool timed_out() const { return timed_out_; }
  // After read_response(false): a next piece of the body; empty at its end.
  Awaitable<Result<std::string>> read_piece();

  bool keep_alive() const { return parser_->keep_alive(); }
  HttpResponse take_response();

  // From now on the connection is closed when that much time passes; stop_clock() ends that.
  void start_clock();
  void stop_clock() { deadline_ = never; }

 private:
  void wait_for_deadline(SteadyTime at);
  Awaitable<Status> read_some();
  std::string why(error_code error) const;

  const Executor executor_;
  const ClientEndpoint endpoint_;
  const std::string host_field_;
  const Duration timeout_;
  std::optional<Stream> stream_;
  boost::beast::flat_buffer buffer_;
  std::optional<ResponseParser> parser_;
  std::string out_;
  bool silent_ = true;
  bool end_of_input_ = false;

  SteadyTimer timer_;
  SteadyTime deadline_ = never;
  bool timer_runs_ = false;
  bool timed_out_ = false;
};

}  // namespace bayward::net
