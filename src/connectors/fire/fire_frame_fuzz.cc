// Whatever a fire centre or a receiver may send, in pieces of any size, through both dialects and the link above them.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/check.h"
#include "base/limits.h"
#include "connectors/fire/gbt_dialect.h"
#include "connectors/fire/sia_dialect.h"
#include "connectors/wire/link.h"

using namespace bayward;

namespace {

constexpr Instant wall = from_unix_s(1'790'000'000);

void read_frames(std::string_view bytes) {
  fire::FrameReader reader;
  reader.feed(bytes);
  while (const auto frame = reader.next()) {
    // What was read can be written and read again.
    fire::FrameReader again;
    again.feed(encode(*frame));
    BAYWARD_CHECK(again.next() == frame);
  }
  fire::SiaReader sia;
  sia.feed(bytes);
  while (const auto message = sia.next()) BAYWARD_CHECK(message->sequence <= 9999);
}

void run_link(std::unique_ptr<wire::Dialect> dialect, std::string_view bytes) {
  wire::Link link({}, std::move(dialect));
  wire::Moment now{from_unix_s(0), wall};
  link.start(now);
  link.opened(now);
  AlarmMessage message;
  message.delivery = DeliveryId{1};
  link.submit(message, 1, now);
  size_t ended = 0;
  while (!bytes.empty()) {
    const size_t piece = 1 + static_cast<uint8_t>(bytes.front()) % 61;
    link.received(bytes.substr(0, piece), now);
    bytes.remove_prefix(std::min(piece, bytes.size()));
    for (const wire::Act& act : link.take_acts()) ended += std::holds_alternative<wire::Ended>(act) ? 1 : 0;
  }
  BAYWARD_CHECK(ended <= 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  read_frames(bytes);
  run_link(std::make_unique<fire::GbtDialect>(fire::GbtConfig{}), bytes);
  fire::SiaConfig config;
  config.random = [](std::span<uint8_t> out) { std::fill(out.begin(), out.end(), uint8_t{0}); };
  run_link(std::make_unique<fire::SiaDialect>(config), bytes);
  config.key = fire::SiaKey::parse("000102030405060708090a0b0c0d0e0f");
  run_link(std::make_unique<fire::SiaDialect>(config), bytes);
  return 0;
}
