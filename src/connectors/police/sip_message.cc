#include "connectors/police/sip_message.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "base/limits.h"
#include "ports/http_util.h"

namespace bayward::police {
namespace {

constexpr std::string_view version = "SIP/2.0";
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> compact = {
    {{"v", "Via"}, {"f", "From"}, {"t", "To"}, {"i", "Call-ID"}, {"l", "Content-Length"}, {"c", "Content-Type"}}};

bool same_header(std::string_view written, std::string_view name) {
  if (equal_without_case(written, name)) return true;
  return std::any_of(compact.begin(), compact.end(), [&](const auto& one) {
    return equal_without_case(one.first, written) && equal_without_case(one.second, name);
  });
}

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

bool read_start(std::string_view line, SipMessage& out) {
  const size_t first = line.find(' ');
  if (first == std::string_view::npos || first == 0) return false;
  const size_t second = line.find(' ', first + 1);
  if (line.substr(0, first) == version) {
    const auto status = number<int>(line.substr(first + 1, std::min(second, line.size()) - first - 1));
    if (!status || *status < 100 || *status > 699) return false;
    out.status = *status;
    if (second != std::string_view::npos) out.reason = line.substr(second + 1);
    return true;
  }
  if (second == std::string_view::npos || line.substr(second + 1) != version) return false;
  out.method = line.substr(0, first);
  out.uri = line.substr(first + 1, second - first - 1);
  return std::all_of(out.method.begin(), out.method.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// Lines end with CRLF; a folded line (RFC 3261 7.3.1) belongs to the one before.
bool read_headers(std::string_view text, SipMessage& out) {
  bool start = true;
  while (!text.empty()) {
    const size_t end = std::min(text.find("\r\n"), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 2, text.size()));
    if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) return false;
    if (start) {
      if (!read_start(line, out)) return false;
      start = false;
    } else if (line.starts_with(' ') || line.starts_with('\t')) {
      if (out.headers.empty()) return false;
      out.headers.back().second += ' ' + std::string(trimmed(line));
    } else {
      const size_t colon = line.find(':');
      if (colon == std::string_view::npos || colon == 0 || out.headers.size() >= limits::sip_headers) return false;
      out.add(trimmed(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1))));
    }
  }
  return !start;
}

bool complete(SipMessage& message) {
  const std::string_view cseq = message.get("CSeq");
  if (!cseq_number(cseq) || message.get("Call-ID").empty() || message.get("From").empty() ||
      message.get("To").empty() || message.get("Via").empty()) {
    return false;
  }
  const std::string_view method = trimmed(cseq.substr(cseq.find_first_of(" \t")));
  if (message.request()) return method == message.method;
  message.method = method;
  return true;
}

}  // namespace

std::string_view SipMessage::get(std::string_view name) const {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [&](const auto& one) { return same_header(one.first, name); });
  return found == headers.end() ? std::string_view{} : found->second;
}

std::optional<uint32_t> cseq_number(std::string_view cseq) {
  const size_t end = cseq.find_first_of(" \t");
  return end == std::string_view::npos ? std::nullopt : number<uint32_t>(cseq.substr(0, end));
}

std::string encode(const SipMessage& message) {
  std::string out = message.request()
                        ? message.method + ' ' + message.uri + ' ' + std::string(version)
                        : std::string(version) + ' ' + std::to_string(message.status) + ' ' + message.reason;
  out += "\r\n";
  for (const auto& [name, value] : message.headers) out += name + ": " + value + "\r\n";
  return out + "Content-Length: " + std::to_string(message.body.size()) + "\r\n\r\n" + message.body;
}

SipMessage response_to(const SipMessage& request, int status, std::string_view reason, std::string_view tag) {
  SipMessage out;
  out.status = status;
  out.reason = reason;
  for (const auto& [name, value] : request.headers) {
    if (same_header(name, "Via")) out.add("Via", value);
  }
  out.add("From", std::string(request.get("From")));
  std::string to(request.get("To"));
  if (to.find(";tag=") == std::string::npos) to += ";tag=" + std::string(tag);
  out.add("To", std::move(to));
  out.add("Call-ID", std::string(request.get("Call-ID")));
  out.add("CSeq", std::string(request.get("CSeq")));
  return out;
}

void SipReader::reset() {
  buffer_.clear();
  garbage_bytes_ = 0;
}

void SipReader::feed(std::string_view bytes) {
  if (datagrams_) buffer_.clear();
  buffer_ += bytes;
}

void SipReader::drop(size_t bytes) {
  garbage_bytes_ += bytes;
  buffer_.erase(0, bytes);
}

std::optional<SipMessage> SipReader::next() {
  // Line breaks between messages keep a connection alive (RFC 5626 3.5.1).
  while (true) {
    buffer_.erase(0, std::min(buffer_.find_first_not_of("\r\n"), buffer_.size()));
    if (buffer_.empty()) return std::nullopt;
    const size_t end = buffer_.find("\r\n\r\n");
    if (end == std::string::npos) {
      if (datagrams_ || buffer_.size() > limits::sip_message_bytes) drop(buffer_.size());
      return std::nullopt;
    }
    SipMessage message;
    if (!read_headers(std::string_view(buffer_).substr(0, end), message) || !complete(message)) {
      drop(end + 4);
      continue;
    }
    const std::string_view length = message.get("Content-Length");
    const size_t there = buffer_.size() - end - 4;
    // In a datagram the body may be all that is left (RFC 3261 18.3).
    const auto size = length.empty() ? std::optional(datagrams_ ? there : 0) : number<size_t>(length);
    if (!size || *size > limits::sip_message_bytes || (datagrams_ && *size > there)) {
      drop(datagrams_ ? buffer_.size() : end + 4);
      continue;
    }
    if (*size > there) return std::nullopt;
    message.body = buffer_.substr(end + 4, *size);
    buffer_.erase(0, datagrams_ ? buffer_.size() : end + 4 + *size);
    garbage_bytes_ = 0;
    return message;
  }
}

}  // namespace bayward::police
