// Big-endian bytes of frames: a writer that appends and a reader that trusts nothing. Internal to mesh.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "mesh/mac.h"

namespace bayward::mesh {

using Bytes = std::vector<uint8_t>;
using ByteView = std::span<const uint8_t>;

class ByteWriter {
 public:
  explicit ByteWriter(Bytes& out) : out_(out) {}

  void u8(uint8_t value) { out_.push_back(value); }
  void u16(uint16_t value) { number(value, 2); }
  void u32(uint32_t value) { number(value, 4); }
  void u64(uint64_t value) { number(value, 8); }
  void bytes(ByteView value) { out_.insert(out_.end(), value.begin(), value.end()); }
  void mac(const MacAddress& value) { bytes(value.bytes); }
  // One byte of length, then the bytes.
  void text(std::string_view value) {
    BAYWARD_CHECK(value.size() <= 255);
    u8(static_cast<uint8_t>(value.size()));
    out_.insert(out_.end(), value.begin(), value.end());
  }

 private:
  void number(uint64_t value, int size) {
    for (int i = size - 1; i >= 0; --i) out_.push_back(static_cast<uint8_t>(value >> (8 * i)));
  }
  Bytes& out_;
};

// After the first read beyond the end everything reads as zero and ok() is false for good.
class ByteReader {
 public:
  explicit ByteReader(ByteView in) : in_(in) {}

  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && in_.empty(); }
  size_t left() const { return in_.size(); }
  uint8_t u8() { return static_cast<uint8_t>(number(1)); }
  uint16_t u16() { return static_cast<uint16_t>(number(2)); }
  uint32_t u32() { return static_cast<uint32_t>(number(4)); }
  uint64_t u64() { return number(8); }
  ByteView bytes(size_t size) {
    if (!ok_ || size > in_.size()) {
      ok_ = false;
      return {};
    }
    const ByteView out = in_.first(size);
    in_ = in_.subspan(size);
    return out;
  }
  MacAddress mac() {
    MacAddress out;
    const ByteView read = bytes(out.bytes.size());
    std::copy(read.begin(), read.end(), out.bytes.begin());
    return out;
  }
  // A text of at most `longest` bytes in valid UTF-8; anything else is a defect.
  std::string text(size_t longest);

 private:
  uint64_t number(size_t size) {
    uint64_t out = 0;
    for (const uint8_t byte : bytes(size)) out = (out << 8) | byte;
    return out;
  }
  ByteView in_;
  bool ok_ = true;
};

}  // namespace bayward::mesh
