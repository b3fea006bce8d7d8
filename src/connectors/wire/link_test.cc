#include "connectors/wire/link.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "base/limits.h"
#include "base/zone.h"

namespace bayward::wire {
namespace {

// A protocol for tests: says "serial:what ", hears "+serial " (acknowledged), "-serial " (refused), "?" (asked), "x"
// (garbage).
class FakeDialect final : public Dialect {
 public:
  uint32_t first_serial() const override { return 1; }
  uint32_t last_serial() const override { return 9; }
  size_t window() const override { return 2; }
  void begin() override { garbage_ = 0; }
  std::optional<std::string> say(const Saying& saying, uint32_t serial, Instant /*wall*/) override {
    const auto* alarm = std::get_if<AlarmMessage>(&saying);
    return std::to_string(serial) + ':' + (alarm != nullptr ? std::to_string(alarm->delivery.value) : "sup");
  }
  std::vector<Heard> hear(std::string_view bytes, Instant /*wall*/) override {
    std::vector<Heard> out;
    for (size_t i = 0; i < bytes.size(); ++i) {
      if (bytes[i] == 'x') garbage_ += limits::fire_garbage_bytes;
      if (bytes[i] == '?') out.push_back({HeardKind::asked, std::nullopt, "reply", Duration{0}});
      if (bytes[i] != '+' && bytes[i] != '-') continue;
      const HeardKind kind = bytes[i] == '+' ? HeardKind::acknowledged : HeardKind::refused;
      out.push_back({kind, static_cast<uint32_t>(bytes[++i] - '0'), {}, Duration{0}});
    }
    return out;
  }
  size_t garbage_bytes() const override { return garbage_; }

 private:
  size_t garbage_ = 0;
};

// A link and what it did, as words.
struct World {
  explicit World(LinkConfig config = {}) : link(config, std::make_unique<FakeDialect>()) {
    link.start(now);
    look();
  }
  void look() {
    for (const Act& act : link.take_acts()) {
      if (const auto* dial = std::get_if<Dial>(&act)) did.push_back("dial" + std::to_string(dial->address));
      if (std::holds_alternative<HangUp>(act)) did.emplace_back("hang up");
      if (const auto* send = std::get_if<SendBytes>(&act)) did.push_back(send->bytes);
      if (const auto* state = std::get_if<LinkState>(&act)) did.emplace_back(state->up ? "up" : "down");
      if (const auto* ended = std::get_if<Ended>(&act)) ends[ended->token].push_back(ended->result);
    }
  }
  void open() {
    link.opened(now);
    look();
  }
  void hear(std::string_view bytes) {
    link.received(bytes, now);
    look();
  }
  void close() {
    link.closed("gone", now);
    look();
  }
  void submit(uint64_t delivery, core::Severity severity = core::Severity::danger) {
    AlarmMessage message;
    message.delivery = DeliveryId{delivery};
    message.severity = severity;
    link.submit(message, ++tokens, now);
    look();
  }
  // To the next thing that is due; a second when nothing is.
  void wait() {
    const Instant due = link.next_due();
    now.steady = due == far_future ? now.steady + 1s : std::max(now.steady, due);
    link.tick(now);
    look();
  }
  std::vector<std::string> take() { return std::exchange(did, {}); }

  Moment now{from_unix_s(1000), from_unix_s(1'790'000'000)};
  Link link;
  std::vector<std::string> did;
  std::map<uint64_t, std::vector<SendResult>> ends;
  uint64_t tokens = 0;
};

using Words = std::vector<std::string>;

LinkConfig two_addresses() {
  LinkConfig config;
  config.addresses = 2;
  config.supervision = Duration{0};
  return config;
}

TEST(FireLink, announces_itself_and_is_up_with_the_first_answer) {
  World world;
  world.open();
  EXPECT_EQ(world.take(), Words({"dial0", "1:sup"}));
  world.hear("+1");
  EXPECT_EQ(world.take(), Words({"up"}));
  world.wait();
  EXPECT_EQ(world.take(), Words({"2:sup"}));
}

TEST(FireLink, only_the_acknowledgement_of_its_own_serial_delivers) {
  World world(two_addresses());
  world.submit(7);
  world.open();
  world.hear("+5");
  EXPECT_TRUE(world.ends.empty());
  world.hear("+1");
  EXPECT_EQ(world.ends[1], std::vector{SendResult::delivered});
  world.hear("+1");
  EXPECT_EQ(world.ends[1].size(), 1U);
}

TEST(FireLink, danger_goes_first_and_no_more_than_the_window_is_under_way) {
  World world(two_addresses());
  world.submit(1, core::Severity::warning);
  world.submit(2, core::Severity::warning);
  world.submit(3, core::Severity::danger);
  world.open();
  EXPECT_EQ(world.take(), Words({"dial0", "1:3", "2:1"}));
  world.hear("+1");
  EXPECT_EQ(world.take(), Words({"up", "3:2"}));
}

// GB/T 26875.3 6.5: once, and three times again.
TEST(FireLink, without_an_answer_it_is_said_four_times_and_then_to_the_second_address) {
  World world(two_addresses());
  world.submit(7);
  world.open();
  for (int i = 0; i < 4; ++i) world.wait();
  EXPECT_EQ(world.take(), Words({"dial0", "1:7", "1:7", "1:7", "1:7", "hang up", "down"}));
  world.wait();
  world.open();
  EXPECT_EQ(world.take(), Words({"dial1", "2:7"}));
  world.hear("+2");
  EXPECT_EQ(world.ends[1], std::vector{SendResult::delivered});
}

TEST(FireLink, returns_to_the_first_address_when_nothing_is_under_way) {
  World world(two_addresses());
  world.close();
  world.wait();
  world.open();
  world.submit(7);
  world.hear("+1");
  world.take();
  world.wait();
  EXPECT_EQ(world.take(), Words({"hang up", "down", "dial0"}));
}

TEST(FireLink, pauses_grow_while_nobody_answers_and_are_short_again_after_an_answer) {
  LinkConfig config;
  config.supervision = Duration{0};
  World world(config);
  std::vector<Duration> pauses;
  for (int i = 0; i < 7; ++i) {
    world.close();
    pauses.push_back(world.link.next_due() - world.now.steady);
    world.wait();
  }
  EXPECT_EQ(pauses, (std::vector<Duration>{1s, 2s, 4s, 8s, 16s, 30s, 30s}));
  world.open();
  world.submit(7);
  world.hear("+1");
  world.close();
  EXPECT_EQ(world.link.next_due() - world.now.steady, Duration{1s});
}

TEST(FireLink, a_connection_that_is_lost_loses_no_message) {
  World world(two_addresses());
  world.open();
  world.submit(7);
  world.close();
  world.wait();
  world.open();
  world.hear("+2");
  EXPECT_EQ(world.ends[1], std::vector{SendResult::delivered});
}

TEST(FireLink, the_same_delivery_again_takes_the_place_of_the_first) {
  World world(two_addresses());
  world.submit(7);
  world.submit(7);
  EXPECT_EQ(world.ends[1], std::vector{SendResult::failed});
  world.open();
  world.hear("+1");
  EXPECT_EQ(world.ends[2], std::vector{SendResult::delivered});
}

TEST(FireLink, a_refused_message_ends_as_failed_after_three_more_tries) {
  World world(two_addresses());
  world.open();
  world.submit(7);
  for (int i = 0; i < 4; ++i) world.hear("-1");
  EXPECT_EQ(world.ends[1], std::vector{SendResult::failed});
  EXPECT_EQ(world.take(), Words({"dial0", "1:7", "1:7", "1:7", "1:7"}));
}

TEST(FireLink, too_many_messages_are_refused_at_once) {
  World world(two_addresses());
  for (uint64_t i = 1; i <= limits::fire_waiting_messages + 1; ++i) world.submit(i);
  EXPECT_EQ(world.ends.size(), 1U);
  EXPECT_EQ(world.ends[limits::fire_waiting_messages + 1], std::vector{SendResult::failed});
}

TEST(FireLink, questions_beyond_a_second_s_share_go_unanswered) {
  World world(two_addresses());
  world.open();
  world.take();
  world.hear(std::string(1000, '?'));
  EXPECT_EQ(world.take().size(), limits::fire_replies_per_second);
}

TEST(FireLink, garbage_alone_ends_the_connection) {
  World world(two_addresses());
  world.open();
  world.take();
  world.hear("xx");
  EXPECT_EQ(world.take(), Words({"hang up", "down"}));
}

// Whatever the far side and the network do: every submitted message ends exactly once, within its limit, and as
// delivered only when a serial under which it was said was acknowledged.
RC_GTEST_PROP(FireLink, every_message_ends_exactly_once_within_its_limit, ()) {
  const LinkConfig config = two_addresses();
  World world(config);
  uint64_t submitted = 0;
  for (int step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 8))) {
    if (step == 0) world.open();
    if (step == 1) world.close();
    if (step == 2) world.submit(++submitted, core::Severity::warning);
    if (step == 3) world.hear("+1+2+3");
    if (step == 4) world.hear("-4-5-6");
    if (step == 5) world.wait();
    if (step == 6) world.hear("x?");
    if (step == 7) world.now.steady += 3s;
  }
  const Instant last = world.now.steady + config.message_limit();
  while (world.now.steady < last) world.wait();
  for (uint64_t token = 1; token <= submitted; ++token) RC_ASSERT(world.ends[token].size() == 1U);
}

}  // namespace
}  // namespace bayward::wire
