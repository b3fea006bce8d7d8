// HTTP as the API layer sees it: plain requests and responses, an answer given later from any thread, and event
// streams. Implemented by net/http_server.h; fakes for tests are in ports/fake_http.h. Pure helpers: ports/http_util.h.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

namespace bayward {

enum class HttpMethod : uint8_t { get, post, put, patch, del, options, other };

std::string_view to_text(HttpMethod method);  // "GET", ..., "DELETE"; "?" for other

// Header fields in the order received; names compare without case. Views live until the next add().
class HttpHeaders {
 public:
  struct Entry {
    std::string_view name;
    std::string_view value;
  };

  void add(std::string_view name, std::string_view value);
  // The first of that name.
  std::optional<std::string_view> find(std::string_view name) const;
  // As find(), and empty when there is none.
  std::string_view get(std::string_view name) const { return find(name).value_or(std::string_view{}); }
  size_t size() const { return places_.size(); }
  Entry operator[](size_t index) const;

 private:
  struct Place {
    uint32_t at = 0;
    uint32_t name_size = 0;
    uint32_t value_size = 0;
  };
  std::string text_;  // all names and values, one after the other
  std::vector<Place> places_;
};

struct QueryParameter {
  std::string name;
  std::string value;
  friend bool operator==(const QueryParameter&, const QueryParameter&) = default;
};

// What a client has shown of itself by TLS: a certificate of an authority that the server trusts for clients.
struct PeerCertificate {
  std::string common_name;  // empty when there isn't exactly one
  std::string organization;
  std::string serial;  // hexadecimal, upper case, two digits a byte
  Instant not_before{};
  Instant not_after{};
};

// What reaches a handler is well formed: HTTP/1.x syntax, sizes within limits.h, path and query decoded.
struct HttpRequest {
  HttpMethod method = HttpMethod::get;  // HEAD arrives as get: the server drops the body of the answer
  std::string target;                   // as sent: "/api/v1/bays?near=a%20b"
  std::string path;  // decoded; starts with '/'; no "." or ".." segment, no control character, no "%2F"
  std::vector<QueryParameter> query;  // decoded, in order
  HttpHeaders headers;
  std::string body;
  std::string peer;  // address without port: "192.0.2.7", "2001:db8::7"
  bool tls = false;
  std::shared_ptr<const PeerCertificate> certificate;  // null: none was shown

  // The first of that name.
  std::optional<std::string_view> parameter(std::string_view name) const;
};

struct HttpResponse {
  int status = 200;
  std::string content_type;  // empty: none is sent
  std::string body;
  std::shared_ptr<const std::string> shared_body;  // instead of body: for static pages, never copied
  // Content-Length, Content-Type, Date and Connection are the server's. A field with a control character in it never
  // goes out: the whole answer becomes a 500.
  HttpHeaders headers;
};

// One open text/event-stream. All functions may be called from any thread. Letting go of it closes it.
class EventStream {
 public:
  virtual ~EventStream() = default;

  // `frame` is made by event_frame(); share one among many streams. False: the stream is closed. When
  // limits::feed_queue_messages are waiting the reader is too slow: it is disconnected and resumes by Last-Event-ID.
  virtual bool send(std::shared_ptr<const std::string> frame) = 0;
  // What was sent before is still written.
  virtual void close() = 0;

  bool send(std::string_view id, std::string_view event, std::string_view data);
};

// The wire form of one event (WHATWG HTML 9.2.6). An empty id or event is left out; a line break in either is dropped,
// in data it begins a further data line.
std::string event_frame(std::string_view id, std::string_view event, std::string_view data);

// The server's side of one request. Use it through Responder.
class HttpExchange {
 public:
  virtual ~HttpExchange() = default;
  virtual void respond(HttpResponse response) = 0;
  virtual std::shared_ptr<EventStream> open_events(std::function<void()> closed) = 0;
};

// The right to answer one request, from any thread and at any time. Copies share it; the first answer counts, later
// ones are ignored. If every copy goes away without an answer, the server answers 500. None may outlive the io threads.
class Responder {
 public:
  explicit Responder(std::shared_ptr<HttpExchange> exchange) : exchange_(std::move(exchange)) {}

  void send(HttpResponse response) const { exchange_->respond(std::move(response)); }
  // Answers 200 with an event stream instead. `closed` is called exactly once, on the io thread, when the reader has
  // gone or the stream was closed. Nothing is returned when the request was answered already.
  std::shared_ptr<EventStream> open_event_stream(std::function<void()> closed) const {
    return exchange_->open_events(std::move(closed));
  }

 private:
  std::shared_ptr<HttpExchange> exchange_;
};

// Called on an io thread: it must not block. What takes long goes to another thread, with the Responder.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  virtual void handle(HttpRequest request, Responder responder) = 0;
};

}  // namespace bayward
