// Beast's HTTP/1 parser writing straight into our plain structs. Internal to net.
//
// Feed it with put(), which takes what it can use and says need_more; first up to the end of the header, then, with
// eager(true), to the end of the message.
#pragma once

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "ports/http.h"

namespace bayward::net {

namespace beast = boost::beast;

inline HttpMethod method_of(beast::http::verb verb) {
  switch (verb) {
    case beast::http::verb::get:
    case beast::http::verb::head:
      return HttpMethod::get;
    case beast::http::verb::post:
      return HttpMethod::post;
    case beast::http::verb::put:
      return HttpMethod::put;
    case beast::http::verb::patch:
      return HttpMethod::patch;
    case beast::http::verb::delete_:
      return HttpMethod::del;
    case beast::http::verb::options:
      return HttpMethod::options;
    default:
      return HttpMethod::other;
  }
}

template <bool is_request, class Message>
class MessageParser : public beast::http::basic_parser<is_request> {
 public:
  using BodyBytesOf = std::function<size_t(std::string_view target)>;

  // `body_bytes_of` outlives this; null: body_bytes for all.
  MessageParser(size_t header_bytes, size_t body_bytes, const BodyBytesOf* body_bytes_of = nullptr)
      : body_bytes_of_(body_bytes_of) {
    this->header_limit(static_cast<uint32_t>(header_bytes));
    this->body_limit(body_bytes);
  }

  Message message;
  bool head = false;  // of a request
  int version = 11;   // or 10

 protected:
  using Text = beast::string_view;
  using Error = boost::system::error_code;

  void on_request_impl(beast::http::verb verb, Text, Text target, int http_version, Error&) override {
    version = http_version;
    if constexpr (is_request) {
      head = verb == beast::http::verb::head;
      message.method = method_of(verb);
      message.target.assign(target.data(), target.size());
      if (body_bytes_of_ && *body_bytes_of_) this->body_limit((*body_bytes_of_)(message.target));
    }
  }
  void on_response_impl(int status, Text, int http_version, Error&) override {
    version = http_version;
    if constexpr (!is_request) message.status = status;
  }
  void on_field_impl(beast::http::field, Text name, Text value, Error&) override {
    // Trailer fields after a chunked body are dropped (RFC 9110 6.5.1): they must not pass for header fields.
    if (!header_done_) message.headers.add({name.data(), name.size()}, {value.data(), value.size()});
  }
  void on_header_impl(Error&) override { header_done_ = true; }
  void on_body_init_impl(const boost::optional<uint64_t>& length, Error&) override {
    if (length) message.body.reserve(static_cast<size_t>(std::min<uint64_t>(*length, reserved_body_bytes)));
  }
  size_t on_body_impl(Text part, Error&) override {
    message.body.append(part.data(), part.size());
    return part.size();
  }
  void on_chunk_header_impl(uint64_t, Text, Error&) override {}
  size_t on_chunk_body_impl(uint64_t, Text part, Error&) override {
    message.body.append(part.data(), part.size());
    return part.size();
  }
  void on_finish_impl(Error&) override {}

 private:
  // A peer that only announces a long body gets no memory for it.
  static constexpr uint64_t reserved_body_bytes = 16 * 1024;

  const BodyBytesOf* const body_bytes_of_;
  bool header_done_ = false;
};

using RequestParser = MessageParser<true, HttpRequest>;
using ResponseParser = MessageParser<false, HttpResponse>;

}  // namespace bayward::net
