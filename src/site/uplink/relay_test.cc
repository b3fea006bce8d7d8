#include "site/uplink/relay.h"

#include <gtest/gtest.h>

#include "ocpp/rpc/frame.h"
#include "site/uplink/fake_outbox.h"

namespace bayward::uplink {
namespace {

constexpr Instant t0 = from_unix_s(1'800'000'000);

// A relay between two ends that a test plays; `up` and `down` are the texts since they were last taken.
class Relay {
 public:
  explicit Relay(const LocalProtocol& protocol = protocol_v16()) : relay_("CP-1", protocol, outbox_, {}, options()) {
    relay_.station_opened(t0);
  }
  static RelayOptions options() {
    RelayOptions out;
    out.own_id_prefix = "site-x-";
    return out;
  }

  StationRelay& relay() { return relay_; }
  FakeOutbox& outbox() { return outbox_; }
  void connect() { relay_.upstream_opened(now), sort(); }
  void cut() { relay_.upstream_closed(now), sort(); }
  void station(std::string text) { relay_.station_said(text, now), sort(); }
  void platform(std::string text) { relay_.upstream_said(text, now), sort(); }
  void tick(Duration later) { relay_.tick(now += later), sort(); }

  // Takes what was sent: parsed frames.
  std::vector<std::string> take_up() { return std::exchange(up, {}); }
  std::vector<std::string> take_down() { return std::exchange(down, {}); }
  ocpp::Json answer() {
    const auto texts = take_down();
    EXPECT_EQ(texts.size(), 1u);
    if (texts.empty()) return {};
    const auto frame = ocpp::parse_frame(texts.back());
    const auto* result = std::get_if<ocpp::ResultFrame>(&*frame);
    EXPECT_NE(result, nullptr) << texts.back();
    return result ? result->payload : ocpp::Json{};
  }

  Instant now = t0;
  std::vector<std::string> up, down, closed_station, closed_upstream;

 private:
  void sort() {
    for (Action& action : relay_.take_actions()) {
      if (auto* one = std::get_if<ToStation>(&action)) down.push_back(one->text);
      if (auto* one = std::get_if<ToUpstream>(&action)) up.push_back(one->text);
      if (auto* one = std::get_if<CloseStation>(&action)) closed_station.push_back(one->why);
      if (auto* one = std::get_if<CloseUpstream>(&action)) closed_upstream.push_back(one->why);
    }
  }

  FakeOutbox outbox_;
  StationRelay relay_;
};

std::string start_call(const std::string& id, int meter = 1000) {
  return R"([2,")" + id + R"(","StartTransaction",{"connectorId":1,"idTag":"CARD","meterStart":)" +
         std::to_string(meter) + R"(,"timestamp":"2027-01-15T08:00:00.000Z"}])";
}
std::string stop_call(const std::string& id, int64_t transaction) {
  return R"([2,")" + id + R"(","StopTransaction",{"transactionId":)" + std::to_string(transaction) +
         R"(,"meterStop":9000,"timestamp":"2027-01-15T09:00:00.000Z"}])";
}
int64_t number_in(const ocpp::Json& json, const char* name) {
  const ocpp::Json* value = json.find(name);
  return value && value->as_number() ? value->as_number()->scaled(0).value_or(-1) : -1;
}
std::string status_in(const ocpp::Json& answer) {
  const ocpp::Json* info = answer.find("idTagInfo");
  const ocpp::Json* status = info ? info->find("status") : nullptr;
  return status ? *status->as_text() : "";
}
const std::string list = R"([2,"p1","SendLocalList",{"listVersion":1,"updateType":"Full","localAuthorizationList":)"
                         R"([{"idTag":"CARD","idTagInfo":{"status":"Accepted","parentIdTag":"A1"}}]}])";

TEST(StationRelay, passes_texts_through_as_they_are_while_upstream_is_there) {
  Relay relay;
  relay.connect();
  const std::string odd = R"([2, "7", "Vendor's own" , {"x":1.50}])";
  relay.station(odd);
  EXPECT_EQ(relay.take_up(), std::vector{odd});
  relay.platform(R"([3,"7", {}])");
  EXPECT_EQ(relay.take_down(), std::vector<std::string>{R"([3,"7", {}])"});
  EXPECT_EQ(relay.relay().mode(), StationRelay::Mode::passing);
}

TEST(StationRelay, message_types_of_other_versions_are_the_platforms_to_answer) {
  for (const char* text : {R"([5,"a","FormatViolation","no",{}])", R"([6,"a","NotifyPeriodicEventStream",{}])"}) {
    Relay relay;
    relay.station(text);
    relay.platform(text);
    EXPECT_TRUE(relay.take_down().empty());
    relay.connect();
    relay.station(text);
    EXPECT_EQ(relay.take_up(), std::vector<std::string>{text});
    relay.platform(text);
    EXPECT_EQ(relay.take_down(), std::vector<std::string>{text});
  }
}

TEST(StationRelay, answers_a_whole_transaction_alone_and_tells_it_later_in_order_with_the_platforms_number) {
  Relay relay;
  relay.station(start_call("a"));
  const int64_t local = number_in(relay.answer(), "transactionId");
  EXPECT_GE(local, 2'000'000'000);
  relay.station(stop_call("b", local));
  relay.take_down();
  relay.connect();
  auto up = relay.take_up();
  ASSERT_EQ(up.size(), 1u);  // one by one
  EXPECT_EQ(up[0], start_call("a"));
  relay.platform(R"([3,"a",{"transactionId":17,"idTagInfo":{"status":"Accepted"}}])");
  EXPECT_EQ(relay.take_up(), std::vector{stop_call("b", 17)});
  EXPECT_EQ(relay.relay().mode(), StationRelay::Mode::catching_up);
  relay.platform(R"([3,"b",{}])");
  EXPECT_EQ(relay.relay().mode(), StationRelay::Mode::passing);
  EXPECT_TRUE(relay.outbox().messages["CP-1"].empty());
  EXPECT_TRUE(relay.relay().memory().transactions.empty());
  EXPECT_TRUE(relay.take_down().empty());  // the station has heard of it all before
}

TEST(StationRelay, a_transaction_that_goes_on_keeps_its_number_towards_the_station_and_back) {
  Relay relay;
  relay.station(start_call("a"));
  const int64_t local = number_in(relay.answer(), "transactionId");
  relay.connect();
  relay.take_up();
  relay.platform(R"([3,"a",{"transactionId":17,"idTagInfo":{"status":"Accepted"}}])");
  relay.platform(R"([2,"p1","RemoteStopTransaction",{"transactionId":17}])");
  EXPECT_EQ(relay.take_down(), std::vector<std::string>{R"([2,"p1","RemoteStopTransaction",{"transactionId":)" +
                                                        std::to_string(local) + "}]"});
  relay.station(R"([3,"p1",{"status":"Accepted"}])");
  EXPECT_EQ(relay.take_up(), std::vector<std::string>{R"([3,"p1",{"status":"Accepted"}])"});
  relay.station(stop_call("b", local));
  EXPECT_EQ(relay.take_up(), std::vector{stop_call("b", 17)});
}

TEST(StationRelay, calls_on_their_way_up_are_answered_here_when_upstream_goes) {
  Relay relay;
  relay.connect();
  relay.station(start_call("a"));
  relay.take_up();
  relay.cut();
  EXPECT_GE(number_in(relay.answer(), "transactionId"), 2'000'000'000);
  EXPECT_EQ(relay.outbox().messages["CP-1"].size(), 1u);
}

TEST(StationRelay, a_repeated_start_is_the_same_transaction_and_kept_once) {
  Relay relay;
  relay.station(start_call("a"));
  const int64_t local = number_in(relay.answer(), "transactionId");
  relay.station(start_call("other id"));
  EXPECT_EQ(number_in(relay.answer(), "transactionId"), local);
  EXPECT_EQ(relay.outbox().messages["CP-1"].size(), 1u);
}

TEST(StationRelay, nothing_is_answered_that_is_not_on_disk) {
  Relay relay;
  relay.outbox().fails = true;
  relay.station(start_call("a"));
  const auto refused = relay.take_down();
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_TRUE(refused[0].starts_with(R"([4,"a","InternalError")")) << refused[0];
  relay.outbox().fails = false;
  relay.station(start_call("a"));  // the same message again, as devices do
  EXPECT_GE(number_in(relay.answer(), "transactionId"), 2'000'000'000);
}

TEST(StationRelay, what_the_platform_cannot_take_now_is_told_again_on_a_new_socket) {
  Relay relay;
  relay.station(start_call("a"));
  relay.connect();
  relay.take_up();
  relay.platform(R"([4,"a","InternalError","not recorded: try again later",{}])");
  EXPECT_EQ(relay.closed_upstream.size(), 1u);
  relay.connect();
  EXPECT_EQ(relay.take_up(), std::vector{start_call("a")});
}

TEST(StationRelay, what_the_platform_will_never_take_is_set_aside_with_all_that_hangs_on_it) {
  Relay relay;
  relay.station(start_call("a"));
  const int64_t local = number_in(relay.answer(), "transactionId");
  relay.station(stop_call("b", local));
  relay.connect();
  relay.platform(R"([4,"a","PropertyConstraintViolation","meterStart: may not be negative",{}])");
  EXPECT_EQ(relay.outbox().aside, 2u);
  EXPECT_EQ(relay.relay().mode(), StationRelay::Mode::passing);
}

TEST(StationRelay, upstream_that_does_not_answer_counts_as_lost) {
  Relay relay;
  relay.connect();
  relay.station(R"([2,"1","Heartbeat",{}])");
  relay.tick(21s);
  EXPECT_EQ(relay.closed_upstream.size(), 1u);
  EXPECT_NE(relay.answer().find("currentTime"), nullptr);
}

TEST(StationRelay, authorises_alone_by_the_local_list_that_was_relayed) {
  Relay relay;
  relay.connect();
  relay.platform(list);
  relay.station(R"([3,"p1",{"status":"Accepted"}])");
  relay.cut();
  relay.take_down();
  relay.station(R"([2,"1","Authorize",{"idTag":"card"}])");
  EXPECT_EQ(status_in(relay.answer()), "Accepted");
  relay.station(R"([2,"2","Authorize",{"idTag":"STRANGER"}])");
  EXPECT_EQ(status_in(relay.answer()), "Invalid");
}

TEST(StationRelay, a_reserved_place_is_opened_by_its_holder_only) {
  Relay relay;
  relay.connect();
  relay.platform(list);
  relay.station(R"([3,"p1",{"status":"Accepted"}])");
  relay.platform(R"([2,"p2","ReserveNow",{"connectorId":1,"expiryDate":"2099-01-01T00:00:00Z","idTag":"BW7",)"
                 R"("parentIdTag":"A9","reservationId":5}])");
  relay.station(R"([3,"p2",{"status":"Accepted"}])");
  relay.cut();
  relay.take_down();
  relay.station(start_call("a"));  // CARD is on the list, but the place is BW7's
  EXPECT_EQ(status_in(relay.answer()), "Invalid");
  relay.station(R"([2,"2","Authorize",{"idTag":"bw7"}])");
  EXPECT_EQ(status_in(relay.answer()), "Accepted");
}

TEST(StationRelay, a_start_that_the_platform_refuses_later_is_stopped_by_a_call_of_our_own) {
  Relay relay;
  relay.station(start_call("a"));
  const int64_t local = number_in(relay.answer(), "transactionId");
  relay.connect();
  relay.take_up();
  relay.platform(R"([3,"a",{"transactionId":17,"idTagInfo":{"status":"Blocked"}}])");
  const auto down = relay.take_down();
  ASSERT_EQ(down.size(), 1u);
  EXPECT_EQ(down[0], R"([2,"site-x-1","RemoteStopTransaction",{"transactionId":)" + std::to_string(local) + "}]");
  relay.station(R"([3,"site-x-1",{"status":"Accepted"}])");
  EXPECT_TRUE(relay.take_up().empty());  // not relayed
}

TEST(StationRelay, at_most_one_call_is_open_towards_the_station) {
  Relay relay;
  relay.connect();
  relay.platform(list);
  relay.platform(R"([2,"p2","ClearCache",{}])");
  EXPECT_EQ(relay.take_down().size(), 1u);
  relay.station(R"([4,"p1","NotSupported","",{}])");
  EXPECT_EQ(relay.take_down().size(), 1u);
}

TEST(StationRelay, upstream_ends_with_the_station_unless_something_is_still_to_be_told) {
  Relay relay;
  relay.station(start_call("a"));
  relay.connect();
  relay.relay().station_closed(t0);
  relay.tick(1s);
  EXPECT_TRUE(relay.closed_upstream.empty());
  relay.platform(R"([3,"a",{"transactionId":17,"idTagInfo":{"status":"Accepted"}}])");
  EXPECT_EQ(relay.closed_upstream.size(), 1u);
}

TEST(StationRelay, bad_messages_are_refused_alone_as_the_platform_would) {
  Relay relay;
  relay.station(R"([2,"1","NoSuchAction",{}])");
  relay.station(R"([2,"2","StartTransaction",{"connectorId":"one"}])");
  relay.station(R"([2,"3","SignCertificate",{"csr":"x"}])");
  const auto down = relay.take_down();
  ASSERT_EQ(down.size(), 3u);
  EXPECT_TRUE(down[0].starts_with(R"([4,"1","NotImplemented")"));
  EXPECT_TRUE(down[1].starts_with(R"([4,"2","OccurenceConstraintViolation")")) << down[1];
  EXPECT_TRUE(down[2].starts_with(R"([4,"3","InternalError")"));
  EXPECT_TRUE(relay.outbox().messages["CP-1"].empty());
}

TEST(StationRelay, OCPP_201_transaction_events_are_kept_and_told_as_they_came) {
  Relay relay(protocol_v201());
  const std::string begun =
      R"([2,"1","TransactionEvent",{"eventType":"Started","timestamp":"2027-01-15T08:00:00.000Z",)"
      R"("triggerReason":"Authorized","seqNo":0,"transactionInfo":{"transactionId":"t1"},)"
      R"("evse":{"id":1},"idToken":{"idToken":"CARD","type":"ISO14443"}}])";
  relay.station(begun);
  EXPECT_EQ(*relay.answer().find("idTokenInfo")->find("status")->as_text(), "Unknown");
  relay.connect();
  EXPECT_EQ(relay.take_up(), std::vector{begun});
}

}  // namespace
}  // namespace bayward::uplink
