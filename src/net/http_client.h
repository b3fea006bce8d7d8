// An HTTP/1.1 client over one kept-alive connection, and a reader of event streams: for the town, tests, benches and
// connectors. Thousands run on one io thread. None may outlive its IoContext.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "net/io.h"
#include "net/tls.h"
#include "ports/http.h"

namespace bayward::net {

struct HttpClientConfig {
  std::string host = "127.0.0.1";  // name or address
  uint16_t port = 0;
  std::shared_ptr<TlsContext> tls;  // none: plain
  Duration timeout = 30s;           // for one request, connecting included
};

// Requests go out one after the other, in order. They use method, target, headers (Host and Content-Length are added)
// and body of HttpRequest. A failure is one of the connection; any status is an answer.
class HttpClient {
 public:
  using Answered = std::function<void(Result<HttpResponse>)>;

  HttpClient(IoContext& io, HttpClientConfig config);
  // What is under way is given up without a word, unless close() came first.
  ~HttpClient();

  // Any thread; `answered` is called exactly once, on the io thread. When a kept connection turns out to be closed, a
  // GET or a request with Idempotency-Key is tried once more on a new one. More than
  // limits::http_client_queue_requests waiting: fails.
  void send(HttpRequest request, Answered answered);
  // Waits for the answer. Not on the io thread.
  Result<HttpResponse> fetch(HttpRequest request);
  // Fails what is under way and waiting; a further send() connects anew. Any thread.
  void close();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

struct ServerEvent {
  std::string id;     // the last one given
  std::string event;  // "message" when none was given
  std::string data;
};

// One event stream, without reconnecting: resume by a new reader with the header Last-Event-ID.
class EventReader {
 public:
  // On the io thread. `ended` is called exactly once: with the answer when it wasn't an event stream, else with what
  // ended it.
  struct Callbacks {
    std::function<void()> opened;  // may be empty
    std::function<void(const ServerEvent&)> event;
    std::function<void(Result<HttpResponse>)> ended;
  };

  EventReader(IoContext& io, HttpClientConfig config, HttpRequest request, Callbacks callbacks);
  // Closes; nothing is called any more if this happens on the io thread.
  ~EventReader();
  // Ends the stream; `ended` is still called. Any thread.
  void close();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

// The request most callers want.
HttpRequest http_request(HttpMethod method, std::string target, std::string json_body = {});

}  // namespace bayward::net
