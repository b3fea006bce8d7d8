// SIP messages (RFC 3261) as GB/T 28181 needs them: parsed from untrusted bytes within bounds, and written. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bayward::police {

struct SipMessage {
  std::string method;  // of a request; of a response: of its CSeq
  std::string uri;     // of a request
  int status = 0;      // of a response; 0: a request
  std::string reason;
  std::vector<std::pair<std::string, std::string>> headers;  // in order, names as written
  std::string body;

  bool request() const { return status == 0; }
  // The first of that name, long or compact form, without case; empty when there is none.
  std::string_view get(std::string_view name) const;
  void add(std::string_view name, std::string value) { headers.emplace_back(name, std::move(value)); }
};

// "12 MESSAGE" → 12.
std::optional<uint32_t> cseq_number(std::string_view cseq);
// Content-Length is added.
std::string encode(const SipMessage& message);
// The answer to a request (RFC 3261 8.2.6): its Via, From, To with `tag`, Call-ID and CSeq.
SipMessage response_to(const SipMessage& request, int status, std::string_view reason, std::string_view tag);

// Cuts messages out of a stream, or takes each datagram for one.
class SipReader {
 public:
  explicit SipReader(bool datagrams) : datagrams_(datagrams) {}
  void feed(std::string_view bytes);
  std::optional<SipMessage> next();
  void reset();
  // In a row that were no message.
  size_t garbage_bytes() const { return garbage_bytes_; }

 private:
  void drop(size_t bytes);

  const bool datagrams_;
  std::string buffer_;
  size_t garbage_bytes_ = 0;
};

}  // namespace bayward::police
