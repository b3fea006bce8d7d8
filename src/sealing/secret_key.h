// 256 bits that are wiped from memory when done with. A plain value.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace bayward {

class SecretKey {
 public:
  SecretKey() = default;
  SecretKey(const SecretKey&) = default;
  SecretKey& operator=(const SecretKey&) = default;
  ~SecretKey();

  uint8_t* data() { return bytes_.data(); }
  const uint8_t* data() const { return bytes_.data(); }
  static constexpr size_t size() { return 32; }

 private:
  std::array<uint8_t, 32> bytes_{};
};

}  // namespace bayward
