#include "net/websocket_frames.h"

#include <algorithm>
#include <cstring>

#include "base/utf8.h"
#include "net/websocket_deflate.h"
#include "ports/websocket.h"

namespace bayward::net {
namespace {

constexpr uint8_t final_bit = 0x80;
constexpr uint8_t reserved_bits = 0x70;
constexpr uint8_t compressed_bit = 0x40;  // RSV1: RFC 7692 6
constexpr uint8_t opcode_bits = 0x0f;
constexpr uint8_t mask_bit = 0x80;
constexpr uint8_t length_bits = 0x7f;
constexpr uint8_t length_of_16_bits = 126;
constexpr uint8_t length_of_64_bits = 127;
constexpr size_t control_bytes = 125;
constexpr size_t reason_bytes = control_bytes - 2;

bool is_control(uint8_t opcode) {
  return (opcode & 0x8) != 0;
}

bool known(uint8_t opcode) {
  return opcode <= static_cast<uint8_t>(Opcode::binary) ||
         (opcode >= static_cast<uint8_t>(Opcode::close) && opcode <= static_cast<uint8_t>(Opcode::pong));
}

// 7.4: what may stand in a close frame.
bool may_be_sent(uint16_t code) {
  if (code >= 3000) return code < 5000;
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
}

uint64_t big_endian(const char* bytes, size_t count) {
  uint64_t out = 0;
  for (size_t i = 0; i < count; ++i) out = out << 8 | static_cast<uint8_t>(bytes[i]);
  return out;
}

// 5.3. `at` is how far into the payload `bytes` begins.
void apply_mask(char* bytes, size_t count, const std::array<char, 4>& mask, size_t at) {
  std::array<char, 8> twice{};
  for (size_t i = 0; i < twice.size(); ++i) twice[i] = mask[(at + i) % mask.size()];
  uint64_t key = 0;
  std::memcpy(&key, twice.data(), sizeof key);
  if (key == 0) return;
  size_t i = 0;
  for (uint64_t eight = 0; count - i >= sizeof eight; i += sizeof eight) {
    std::memcpy(&eight, bytes + i, sizeof eight);
    eight ^= key;
    std::memcpy(bytes + i, &eight, sizeof eight);
  }
  for (; i < count; ++i) bytes[i] = static_cast<char>(bytes[i] ^ twice[i % twice.size()]);
}

}  // namespace

FrameReader::Item FrameReader::next() {
  if (over_) return fault_;
  if (std::exchange(handed_out_, false)) {
    for (std::string* used : {&message_, &inflated_}) {
      used->clear();
      if (used->capacity() > room_bytes) used->shrink_to_fit();
    }
  }
  for (;;) {
    if (in_frame_) {
      take_payload();
      if (in_frame_) return need_more();
      if (frame_.final) return finished(message_);
    }
    const auto found = header();
    if (over_) return fault_;
    if (!found) return need_more();
    if (is_control(found->opcode)) {
      if (waiting() < found->bytes + found->payload) return need_more();
      return control(*found);
    }
    if (!in_message_) {
      message_opcode_ = found->opcode;
      compressed_ = found->compressed;
    }
    begin_ += found->bytes;
    const bool here = found->final && !in_message_ && waiting() >= found->payload;
    in_message_ = true;
    if (here) return finished(take(static_cast<size_t>(found->payload), found->mask, 0));
    frame_ = *found;
    frame_read_ = 0;
    in_frame_ = true;
  }
}

// 5.2.
const char* FrameReader::fault_of(uint8_t first, uint8_t second) const {
  const auto opcode = static_cast<uint8_t>(first & opcode_bits);
  const bool may_be_compressed =
      deflate_ && !is_control(opcode) && opcode != static_cast<uint8_t>(Opcode::continuation);
  const uint8_t reserved = may_be_compressed ? reserved_bits & ~compressed_bit : reserved_bits;
  if ((first & reserved) != 0) return "a reserved bit is set";
  if (!known(opcode)) return "unknown kind of frame";
  if (((second & mask_bit) != 0) != (role_ == WebSocketRole::server)) {
    return role_ == WebSocketRole::server ? "a frame is not masked" : "a frame is masked";
  }
  if (is_control(opcode)) {
    const bool fits = (first & final_bit) != 0 && (second & length_bits) <= control_bytes;
    return fits ? nullptr : "a control frame is fragmented or too long";
  }
  const bool goes_on = opcode == static_cast<uint8_t>(Opcode::continuation);
  if (goes_on && !in_message_) return "a continuation of nothing";
  if (!goes_on && in_message_) return "a message begins inside another";
  return nullptr;
}

std::optional<FrameReader::Header> FrameReader::header() {
  if (waiting() < 2) return std::nullopt;
  const char* bytes = buffer_.data() + begin_;
  const auto first = static_cast<uint8_t>(bytes[0]);
  const auto second = static_cast<uint8_t>(bytes[1]);
  if (const char* why = fault_of(first, second)) {
    (void)fault(close_code::protocol_error, why);
    return std::nullopt;
  }
  const auto length = static_cast<uint8_t>(second & length_bits);
  const size_t length_bytes = length == length_of_64_bits ? 8 : length == length_of_16_bits ? 2 : 0;
  const size_t mask_bytes = role_ == WebSocketRole::server ? 4 : 0;
  Header out;
  out.bytes = 2 + length_bytes + mask_bytes;
  if (waiting() < out.bytes) return std::nullopt;
  out.payload = length_bytes == 0 ? length : big_endian(bytes + 2, length_bytes);
  out.opcode = first & opcode_bits;
  out.final = (first & final_bit) != 0;
  out.compressed = (first & compressed_bit) != 0;
  std::copy_n(bytes + 2 + length_bytes, mask_bytes, out.mask.begin());
  const bool minimal = length_bytes == 0 || out.payload > (length_bytes == 2 ? control_bytes : size_t{0xffff});
  if (!minimal || out.payload >> 63 != 0) {
    (void)fault(close_code::protocol_error, "a length is not written in its shortest form");
  } else if (!is_control(out.opcode) && out.payload > message_bytes_ - message_.size()) {
    (void)fault(close_code::too_big, "messages of at most " + std::to_string(message_bytes_) + " bytes are taken");
  }
  return over_ ? std::nullopt : std::optional(out);
}

std::string_view FrameReader::take(size_t bytes, const std::array<char, 4>& mask, size_t mask_at) {
  char* from = buffer_.data() + begin_;
  apply_mask(from, bytes, mask, mask_at);
  begin_ += bytes;
  return {from, bytes};
}

void FrameReader::take_payload() {
  const size_t here = static_cast<size_t>(std::min<uint64_t>(waiting(), frame_.payload - frame_read_));
  message_ += take(here, frame_.mask, frame_read_);
  frame_read_ += here;
  in_frame_ = frame_read_ < frame_.payload;
}

FrameReader::Item FrameReader::finished(std::string_view message) {
  in_message_ = false;
  handed_out_ = message.data() == message_.data();
  if (!compressed_) return whole(message);
  handed_out_ = true;
  switch (inflate_into(inflated_, message, message_bytes_)) {
    case Inflated::whole:
      return whole(inflated_);
    case Inflated::too_big:
      return fault(close_code::too_big, "messages of at most " + std::to_string(message_bytes_) + " bytes are taken");
    case Inflated::broken:
      break;
  }
  return fault(close_code::bad_text, "the compressed message can't be read");
}

FrameReader::Item FrameReader::whole(std::string_view message) {
  if (message_opcode_ == static_cast<uint8_t>(Opcode::binary)) return {Item::Kind::binary, message, 0};
  if (!is_utf8(message)) return fault(close_code::bad_text, "the text is not UTF-8");
  return {Item::Kind::text, message, 0};
}

FrameReader::Item FrameReader::control(const Header& header) {
  begin_ += header.bytes;
  const std::string_view payload = take(static_cast<size_t>(header.payload), header.mask, 0);
  if (header.opcode == static_cast<uint8_t>(Opcode::ping)) return {Item::Kind::ping, payload, 0};
  if (header.opcode == static_cast<uint8_t>(Opcode::pong)) return {Item::Kind::pong, payload, 0};
  return close(payload);
}

// 5.5.1, 7.4.
FrameReader::Item FrameReader::close(std::string_view payload) {
  Item item{Item::Kind::close, {}, close_code::no_status};
  if (payload.size() == 1) return fault(close_code::protocol_error, "half a close code");
  if (!payload.empty()) {
    item.code = static_cast<uint16_t>(big_endian(payload.data(), 2));
    item.payload = payload.substr(2);
    if (!may_be_sent(item.code)) return fault(close_code::protocol_error, "no close code that may be sent");
    if (!is_utf8(item.payload)) return fault(close_code::bad_text, "the reason is not UTF-8");
  }
  over_ = true;
  fault_ = {Item::Kind::fault, message_ = "bytes after the close frame", close_code::protocol_error};
  return item;
}

FrameReader::Item FrameReader::fault(uint16_t code, std::string_view why) {
  over_ = true;
  message_ = why;
  return fault_ = {Item::Kind::fault, message_, code};
}

// A header or control frame that isn't all there moves to the front.
FrameReader::Item FrameReader::need_more() {
  std::copy(buffer_.data() + begin_, buffer_.data() + end_, buffer_.data());
  end_ -= begin_;
  begin_ = 0;
  return {};
}

void append_frame(std::string& out, Opcode opcode, std::string_view payload, std::optional<uint32_t> mask,
                  bool compressed) {
  const uint8_t masked = mask ? mask_bit : uint8_t{0};
  const auto put = [&](size_t byte) { out += static_cast<char>(static_cast<uint8_t>(byte)); };
  put(final_bit | (compressed ? compressed_bit : uint8_t{0}) | static_cast<uint8_t>(opcode));
  if (payload.size() <= control_bytes) {
    put(masked | payload.size());
  } else {
    const size_t length_bytes = payload.size() <= 0xffff ? 2 : 8;
    put(masked | (length_bytes == 2 ? length_of_16_bits : length_of_64_bits));
    for (size_t i = length_bytes; i-- > 0;) put(payload.size() >> (8 * i));
  }
  if (!mask) {
    out += payload;
    return;
  }
  std::array<char, 4> key{};
  std::memcpy(key.data(), &*mask, key.size());
  out.append(key.data(), key.size());
  const size_t begin = out.size();
  out += payload;
  apply_mask(out.data() + begin, payload.size(), key, 0);
}

std::string close_payload(uint16_t code, std::string_view reason) {
  std::string out{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
  if (reason.size() > reason_bytes) {
    size_t end = reason_bytes;
    while (end > 0 && (static_cast<unsigned char>(reason[end]) & 0xc0) == 0x80) --end;
    reason = reason.substr(0, end);
  }
  return out.append(reason);
}

}  // namespace bayward::net
