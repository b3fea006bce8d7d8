#include "site/lan/garage.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <fstream>
#include <functional>
#include <iterator>
#include <thread>

#include "ports/fake_http.h"
#include "sealing/seal.h"
#include "site/access/atomic_file.h"
#include "site/lan/bay_board.h"
#include "site/lan/testing/garage_fakes.h"

namespace bayward::site {
namespace {

constexpr Instant start = from_unix_s(1'900'000'000);
constexpr SiteId ours{0x2a};
constexpr BayId bay{0x2a00000001};

class FakePeople : public People {
 public:
  bool may_move_pods(std::string_view phone, Instant) override { return phone == "+4915112345678"; }
  bool is_staff(std::string_view) override { return false; }
  std::optional<BookingId> booking_of(std::string_view, Instant) override { return BookingId{0x2a00000009}; }
};
class FakeCars : public ExpectedCars {
 public:
  std::optional<CarToGuide> expected(const std::string& plate, Instant) override {
    if (plate != "MAN1") return std::nullopt;
    return CarToGuide{BookingId{0x2a00000009}, bay};
  }
};
class FakeRecord : public GarageRecord {
 public:
  void note(const GarageNote& note) override { notes.push_back(note.what); }
  std::vector<std::string> notes;
};
class FakePods : public PodField {
 public:
  void lock(std::string_view pod, bool open) override { open_locks[std::string(pod)] = open; }
  void power(std::string_view pole, bool on) override { powers[std::string(pole)] = on; }
  std::map<std::string, bool> open_locks;
  std::map<std::string, bool> powers;
};
class FakeLamps : public LampDriver {
 public:
  void show(std::string_view lamp, LampShow show) override { lamps[std::string(lamp)] = show; }
  std::map<std::string, LampShow> lamps;
};

class WholeGarage : public ::testing::Test {
 protected:
  WholeGarage() { begin(); }
  ~WholeGarage() override {
    garage.reset();
    std::filesystem::remove_all(directory);
  }

  void begin() {
    core::GaragePlan plan{
        .levels = {"P1"},
        .nodes = {{.name = "gate", .kind = core::GarageNodeKind::entrance, .level = "P1"},
                  {.name = "b1", .kind = core::GarageNodeKind::bay, .east_dm = 100, .level = "P1", .bay = bay}},
        .lanes = {{"gate", "b1"}}};
    GarageSetup setup{
        .lan = {.site = ours, .site_name = "Garten", .site_key = "key", .cloud_url = {}},
        .wifi = {.site = ours,
                 .site_key = "key",
                 .portal_url = "https://site.example/",
                 .networks = {{"pod-7", "Bay-7"}},
                 .zone = {}},
        .field_token = "field",
        .graph = *core::GarageGraph::build(plan),
        .entrances = {{"cam", "gate"}},
        .pods = {"pod-7"},
        .poles = {"lamp-1"},
        .fence = *Geofence::create({{48'134'000, 11'580'000}, {48'136'000, 11'580'000}, {48'136'000, 11'584'000}}),
        .access_points = {{"pod-7", directory / "psk", directory / "no-socket"}},
        .radius_users = directory / "users",
        .directory = directory / "garage",
        .state_key = state_key};
    garage.emplace(std::move(setup),
                   GarageDoors{board,
                               holds,
                               people,
                               cars,
                               camera,
                               sms,
                               record,
                               field_pods,
                               {&lamps},
                               [this](std::function<void()> work) { thread.post(std::move(work)); }},
                   now);
  }

  HttpResponse post(const std::string& path, std::string body, const std::string& token = {}) {
    HttpRequest request{.method = HttpMethod::post, .path = path, .body = std::move(body), .peer = "10.0.0.7"};
    request.headers.add("Content-Type", "application/json");
    if (!token.empty()) request.headers.add("Authorization", "Bearer " + token);
    const auto exchange = std::make_shared<FakeExchange>();
    garage->handle(request, Responder(exchange), now);
    garage->tick(now);
    while (thread.run_one()) {
    }
    EXPECT_TRUE(exchange->response()) << path;
    return exchange->response().value_or(HttpResponse{.status = 0});
  }
  std::string proven_session() {
    const auto begun = boost::json::parse(post("/lan/v1/session", "{}").body);
    std::string session(begun.at("session").as_string());
    EXPECT_EQ(post("/lan/v1/phone", R"({"phone":"+4915112345678"})", session).status, 202);
    const std::string text = sms.messages.back().second;
    EXPECT_EQ(
        post("/lan/v1/phone/code", R"({"code":")" + text.substr(text.find(": ") + 2, 6) + R"("})", session).status,
        200);
    return session;
  }
  const SecretKey state_key = [] {
    SecretKey key;
    std::fill_n(key.data(), SecretKey::size(), uint8_t{7});
    return key;
  }();

  static bool eventually(const std::function<bool()>& condition) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < limit) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));  // poll
    }
    return false;
  }

  std::string name = ::testing::TempDir() + "garage-XXXXXX";
  std::filesystem::path directory = mkdtemp(name.data());
  BayBoard board{{{.state = {.bay = bay, .label = "A-1"}, .station = "CP1", .evse = 1}}};
  FakeHolds holds;
  FakePeople people;
  FakeCars cars;
  FakeCamera camera;
  FakeSms sms;
  FakeRecord record;
  FakePods field_pods;
  FakeLamps lamps;
  FakeThread thread;
  Instant now = start;
  const std::string pod_code = make_qr_code("key", QrKind::pod, ours, "pod-7");
  std::optional<Garage> garage;
};

TEST_F(WholeGarage, AWifiPasswordReachesTheAccessPointAndEnds) {
  const std::string session = proven_session();
  const HttpResponse given = post("/lan/v1/wifi", R"({"code":")" + pod_code + R"("})", session);
  ASSERT_EQ(given.status, 201) << given.body;
  const auto body = boost::json::parse(given.body);
  EXPECT_EQ(body.at("network").as_string(), "Bay-7");
  EXPECT_EQ(body.at("shortened").at(0).as_string(), "new_account");
  const std::string password(body.at("password").as_string());
  const auto has_it = [&] {
    const auto file = read_file(directory / "psk", 10'000);
    return file.ok() && file->find(password) != std::string::npos;
  };
  EXPECT_TRUE(eventually(has_it));
  EXPECT_EQ(record.notes.back(), "wifi.given");
  now += 2h;
  garage->tick(now);
  EXPECT_TRUE(eventually([&] { return !has_it(); })) << "its time is over";
}

TEST_F(WholeGarage, ThePortalSaysWhoIsCaptive) {
  const auto ask = [this] {
    HttpRequest request{.method = HttpMethod::get, .path = "/captive/api", .peer = "10.0.0.7"};
    const auto exchange = std::make_shared<FakeExchange>();
    garage->handle(request, Responder(exchange), now);
    EXPECT_EQ(exchange->response()->content_type, "application/captive+json");
    return boost::json::parse(exchange->response()->body);
  };
  EXPECT_TRUE(ask().at("captive").as_bool());
  const std::string session = proven_session();
  ASSERT_EQ(post("/lan/v1/wifi", R"({"code":")" + pod_code + R"("})", session).status, 201);
  EXPECT_FALSE(ask().at("captive").as_bool());
  EXPECT_GT(ask().at("seconds-remaining").as_int64(), 0);
}

TEST_F(WholeGarage, APodIsUnlockedByItsCodeAndLockedAtThePole) {
  const std::string session = proven_session();
  const std::string code = R"({"code":")" + pod_code + R"("})";
  EXPECT_EQ(post("/lan/v1/pods/unlock", code, session).status, 503) << "it is not heard yet";
  EXPECT_EQ(post("/field/v1/pods/pod-7/connected", R"({"pole":"lamp-1"})", "field").status, 200);
  ASSERT_EQ(post("/lan/v1/pods/unlock", code, session).status, 200);
  EXPECT_TRUE(field_pods.open_locks["pod-7"]);
  EXPECT_EQ(post("/field/v1/pods/pod-7/disconnected", "{}", "field").status, 200);
  EXPECT_EQ(post("/field/v1/pods/pod-7/connected", R"({"pole":"lamp-1"})", "field").status, 200);
  EXPECT_FALSE(field_pods.open_locks["pod-7"]);
  EXPECT_EQ(post("/field/v1/pods/pod-7/charging", R"({"on":true})", "field").status, 200);
  EXPECT_TRUE(field_pods.powers["lamp-1"]);
  EXPECT_EQ(record.notes.back(), "pod.power_on");
}

TEST_F(WholeGarage, WhoUnlockedAPodIsToldWhenItLeavesTheSiteAndWhenItFallsSilent) {
  const std::string session = proven_session();
  const std::string code = R"({"code":")" + pod_code + R"("})";
  post("/field/v1/pods/pod-7/connected", R"({"pole":"lamp-1"})", "field");
  ASSERT_EQ(post("/lan/v1/pods/unlock", code, session).status, 200);
  post("/field/v1/pods/pod-7/disconnected", "{}", "field");
  post("/field/v1/pods/pod-7/position", R"({"latitude":48.2,"longitude":11.6})", "field");
  EXPECT_EQ(sms.messages.back().first, "+4915112345678");
  EXPECT_NE(sms.messages.back().second.find("has left the site"), std::string::npos) << sms.messages.back().second;
  garage->tick(now + 2min);
  EXPECT_NE(sms.messages.back().second.find("out of contact"), std::string::npos) << sms.messages.back().second;
}

TEST_F(WholeGarage, WhoUnlockedAPodIsKnownAfterARestart) {
  const std::string session = proven_session();
  post("/field/v1/pods/pod-7/connected", R"({"pole":"lamp-1"})", "field");
  ASSERT_EQ(post("/lan/v1/pods/unlock", R"({"code":")" + pod_code + R"("})", session).status, 200);
  const std::filesystem::path state = directory / "garage/garage.state";
  std::vector<uint8_t> kept;
  // Kept when the garage gets to it: first that the pod is there, then who has it.
  EXPECT_TRUE(eventually([&] {
    std::ifstream in(state, std::ios::binary);
    kept.assign(std::istreambuf_iterator<char>(in), {});
    const std::vector<uint8_t> place = {'g', 'a', 'r', 'a', 'g', 'e'};
    return unseal(state_key, place, kept).value_or("").find("+4915112345678") != std::string::npos;
  }));
  EXPECT_EQ(std::string(kept.begin(), kept.end()).find("+4915112345678"), std::string::npos) << "it lies sealed";
  garage.reset();
  begin();
  ASSERT_NE(garage->pods()->find("pod-7"), nullptr);
  EXPECT_EQ(garage->pods()->find("pod-7")->original.phone, "+4915112345678");
  EXPECT_TRUE(garage->pods()->find("pod-7")->lock_open());
  garage.reset();
  ASSERT_TRUE(write_file(state, "damaged").ok());
  begin();
  EXPECT_FALSE(garage->pods()->find("pod-7")->lock_open()) << "a damaged file opens nothing";
}

TEST_F(WholeGarage, APlateAtTheEntranceLightsTheWayAndArrivalEndsIt) {
  const auto read = [this](const std::string& plate) {
    return std::string(
        boost::json::parse(
            post("/field/v1/plates", R"({"camera":"cam","plate":")" + plate + R"(","confidence":95})", "field").body)
            .at("result")
            .as_string());
  };
  EXPECT_EQ(read("M-AN 2"), "no_booking");
  EXPECT_EQ(lamps.lamps["gate"], LampShow{});
  EXPECT_EQ(read("M-AN 1"), "guided");
  EXPECT_EQ(lamps.lamps[Guide::bay_lamp(bay)].sign, LampSign::here);
  EXPECT_EQ(post("/field/v1/bays/" + to_text(bay) + "/arrived", "{}", "field").status, 200);
  EXPECT_EQ(lamps.lamps[Guide::bay_lamp(bay)], LampShow{});
}

TEST_F(WholeGarage, TheFieldNeedsItsToken) {
  EXPECT_EQ(post("/field/v1/plates", "{}").status, 401);
  EXPECT_EQ(post("/field/v1/plates", "{}", "wrong").status, 401);
  EXPECT_EQ(post("/field/v1/plates", "{}", "field").status, 400);
  EXPECT_EQ(post("/field/v1/pods/pod-9/heard", "{}", "field").status, 404);
  EXPECT_EQ(post("/field/v1/pods/pod-7/position", R"({"latitude":91,"longitude":0})", "field").status, 400);
}

TEST(BayBoards, ForgetsWhatIsOldAndSaysReservedWhileHeld) {
  BayBoard board({{.state = {.bay = bay}, .station = "CP1", .evse = 1}});
  EXPECT_EQ(board.bays(start)[0].doing, BayDoing::unknown);
  board.heard("CP1", 1, BayDoing::idle, start);
  EXPECT_EQ(board.bays(start)[0].doing, BayDoing::idle);
  board.taken(bay, start + 10min);
  EXPECT_EQ(board.bays(start)[0].doing, BayDoing::reserved);
  EXPECT_EQ(board.bays(start + 10min)[0].doing, BayDoing::idle);
  board.sensed(bay, true);
  EXPECT_EQ(board.bays(start + 10min)[0].doing, BayDoing::occupied);
  EXPECT_EQ(board.bays(start + 16min)[0].doing, BayDoing::unknown) << "nothing heard for a quarter of an hour";
}

}  // namespace
}  // namespace bayward::site
