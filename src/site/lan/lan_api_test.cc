#include "site/lan/lan_api.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <boost/json.hpp>
#include <chrono>
#include <filesystem>
#include <thread>

#include "base/limits.h"
#include "ports/fake_http.h"
#include "ports/http_util.h"
#include "site/lan/page.h"
#include "site/lan/qr_code.h"
#include "site/lan/testing/garage_fakes.h"
#include "site/occupancy/testing/rendered_bay.h"

namespace bayward::site {
namespace {

constexpr Instant start = from_unix_s(1'900'000'000);
constexpr SiteId ours{0x2a};
constexpr BayId free_bay{0x2a00000001};

class LanPage : public ::testing::Test {
 protected:
  LanPage() {
    prepare_picture_places();
    bays.states = {{.bay = free_bay,
                    .label = "A-1",
                    .latitude_e7 = 481'351'253,
                    .longitude_e7 = 115'819'806,
                    .doing = BayDoing::idle,
                    .sensed_vehicle = false},
                   {.bay = BayId{0x2a00000002}, .label = "A-2", .doing = BayDoing::charging}};
    camera.pictures.emplace("north", encode_jpeg(render({}), 960));
  }
  ~LanPage() override {
    looks.reset();
    std::filesystem::remove_all(directory);
  }

  // The answer, once the garage's thread and the detector's have done their work.
  HttpResponse ask(HttpMethod method, std::string path, std::string body = {}) {
    HttpRequest request{.method = method, .target = path, .path = path, .body = std::move(body), .peer = peer};
    if (method == HttpMethod::post) request.headers.add("Content-Type", content_type);
    if (!cookie_text.empty()) request.headers.add("Cookie", cookie_text);
    const auto exchange = std::make_shared<FakeExchange>();
    api.handle(request, Responder(exchange), now);
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!exchange->response() && std::chrono::steady_clock::now() < limit) {
      looks->tick(now);
      if (!thread.run_one()) std::this_thread::yield();
    }
    EXPECT_TRUE(exchange->response()) << path << ": no answer";
    return exchange->response().value_or(HttpResponse{.status = 0});
  }
  boost::json::object json(const HttpResponse& response) { return boost::json::parse(response.body).as_object(); }
  std::string code_of(const HttpResponse& response) { return std::string(json(response)["code"].as_string()); }
  void begin() {
    const HttpResponse begun = ask(HttpMethod::post, "/lan/v1/session", "{}");
    ASSERT_EQ(begun.status, 200) << begun.body;
    const std::string_view cookie_line = begun.headers.get("set-cookie");
    EXPECT_NE(cookie_line.find("HttpOnly; SameSite=Strict"), std::string_view::npos);
    cookie_text = std::string(cookie_line.substr(0, cookie_line.find(';')));
    secret = *base64_decode(json(begun)["place_secret"].as_string());
  }
  void prove_phone() {
    ASSERT_EQ(ask(HttpMethod::post, "/lan/v1/phone", R"({"phone":"+49 151 12345678"})").status, 202);
    const std::string text = sms.messages.back().second;
    const std::string code = text.substr(text.find(": ") + 2, 6);
    ASSERT_EQ(ask(HttpMethod::post, "/lan/v1/phone/code", R"({"code":")" + code + R"("})").status, 200);
  }

  std::string name = ::testing::TempDir() + "lan-XXXXXX";
  std::filesystem::path directory = mkdtemp(name.data());
  FakeBays bays;
  FakeCamera camera;
  FakeHolds holds;
  FakeSms sms;
  FakeThread thread;
  std::unique_ptr<LookDesk> looks =
      std::make_unique<LookDesk>(bays, camera, BayCameras{{free_bay, {"north", {}}}}, ReferenceStore(directory),
                                 LookOptions{}, [this](std::function<void()> work) { thread.post(std::move(work)); });
  LanApi api{{.site = ours, .site_name = "Garten <1>", .site_key = "key", .cloud_url = "https://cloud.example"},
             *looks,
             holds,
             sms,
             {}};
  Instant now = start;
  std::string peer = "192.168.77.20";
  std::string content_type = "application/json";
  std::string cookie_text;
  std::string secret;
};

TEST_F(LanPage, AnswersWhereOneCanChargeWithPicturesOfIdleBaysOnly) {
  begin();
  // The first look teaches the reference (the bay's own sensor says empty), the second sees it free.
  EXPECT_EQ(ask(HttpMethod::get, "/lan/v1/places").status, 200);
  now += 10s;
  const HttpResponse answer = ask(HttpMethod::get, "/lan/v1/places");
  ASSERT_EQ(answer.status, 200);
  boost::json::object body = json(answer);
  ASSERT_EQ(body["places"].as_array().size(), 1U) << answer.body;
  EXPECT_EQ(body["places"].at(0).at("offer").as_string(), "seen_free");
  EXPECT_EQ(body["others"].at(0).at("doing").as_string(), "charging");
  EXPECT_EQ(camera.asked, (std::vector<std::string>{"north", "north"}));

  const HttpResponse picture = ask(HttpMethod::get, std::string(body["places"].at(0).at("picture").as_string()));
  ASSERT_EQ(picture.status, 200);
  EXPECT_EQ(picture.content_type, "image/jpeg");
  const auto place = read_place(picture.body);
  ASSERT_TRUE(place.ok()) << place.error().message;
  EXPECT_EQ(unshift_place(place->shifted, secret, place->picture_id), (Place{481'351'253, 115'819'806}));
  EXPECT_NE(place->shifted, (Place{481'351'253, 115'819'806}));
}

TEST_F(LanPage, ACrowdSharesOneLook) {
  begin();
  ASSERT_EQ(ask(HttpMethod::get, "/lan/v1/places").status, 200);
  for (int i = 0; i < 5; ++i) ASSERT_EQ(ask(HttpMethod::get, "/lan/v1/places").status, 200);
  EXPECT_EQ(camera.asked.size(), 1U);
}

TEST_F(LanPage, ACameraThatIsGoneIsAReasonNotAnError) {
  begin();
  camera.pictures.clear();
  const auto exchange = std::make_shared<FakeExchange>();
  HttpRequest request{.method = HttpMethod::get, .path = "/lan/v1/places", .peer = peer};
  request.headers.add("Cookie", cookie_text);
  api.handle(request, Responder(exchange), now);
  looks->tick(now + 2s);
  EXPECT_FALSE(exchange->response()) << "its time is not over yet";
  now += 3s;
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!exchange->response() && std::chrono::steady_clock::now() < limit) {
    looks->tick(now);
    if (!thread.run_one()) std::this_thread::yield();
  }
  ASSERT_TRUE(exchange->response());
  EXPECT_NE(exchange->response()->body.find("the camera did not answer in time"), std::string::npos);
  EXPECT_NE(exchange->response()->body.find("not_seen"), std::string::npos);
}

TEST_F(LanPage, AHoldNeedsAProvenPhone) {
  begin();
  const std::string body = R"({"bay":")" + to_text(free_bay) + R"("})";
  EXPECT_EQ(code_of(ask(HttpMethod::post, "/lan/v1/holds", body)), "no_phone");
  prove_phone();
  const HttpResponse held = ask(HttpMethod::post, "/lan/v1/holds", body);
  ASSERT_EQ(held.status, 201) << held.body;
  ASSERT_EQ(holds.asked.size(), 1U);
  EXPECT_EQ(holds.asked[0].phone, "+4915112345678");
  EXPECT_EQ(holds.asked[0].network_address, peer);
  now += 1min;
  holds.answer = Failure{HoldRefusal::taken};
  const HttpResponse refused = ask(HttpMethod::post, "/lan/v1/holds", body);
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(code_of(refused), "taken");
}

TEST_F(LanPage, BadInputIsToldWhatIsWrong) {
  begin();
  struct Case {
    std::string path;
    std::string body;
    std::string detail;
  };
  for (const Case& one :
       {Case{"/lan/v1/phone", "{", "the body is not a JSON object"}, Case{"/lan/v1/phone", "{}", "'phone' is missing"},
        Case{"/lan/v1/phone", R"({"phone":7})", "'phone' must be text of 1 to 32 characters"},
        Case{"/lan/v1/phone", R"({"phone":"1","x":1})", "'x' is not a field here"},
        Case{"/lan/v1/holds", R"({"bay":"A-1"})", "'bay' is an id such as bay-100000001"},
        Case{"/lan/v1/phone", std::string(5000, ' '), "the body is longer than 4096 bytes"}}) {
    const HttpResponse answer = ask(HttpMethod::post, one.path, one.body);
    EXPECT_EQ(answer.status, 400) << one.body;
    EXPECT_EQ(json(answer)["detail"].as_string(), one.detail);
    now += 1min;
  }
  content_type = "text/plain";
  EXPECT_EQ(ask(HttpMethod::post, "/lan/v1/phone", "{}").status, 400);
  EXPECT_EQ(ask(HttpMethod::get, "/lan/v1/pictures/../../etc").status, 404);
  EXPECT_EQ(ask(HttpMethod::get, "/etc/passwd").status, 404);
}

TEST_F(LanPage, WithoutASessionThereAreNoPlaces) {
  EXPECT_EQ(ask(HttpMethod::get, "/lan/v1/places").status, 401);
  begin();
  now += std::chrono::hours{limits::lan_session_hours} + 1min;
  EXPECT_EQ(ask(HttpMethod::get, "/lan/v1/places").status, 401);
}

TEST_F(LanPage, OneDeviceCannotKeepTheOthersOut) {
  begin();
  int refused = 0;
  for (int i = 0; i < 100; ++i) {
    if (ask(HttpMethod::get, "/").status == 429) ++refused;
  }
  EXPECT_GT(refused, 50);
  peer = "192.168.77.21";
  EXPECT_EQ(ask(HttpMethod::get, "/").status, 200);
}

TEST_F(LanPage, ScannedCodesOpenTheRightPage) {
  const HttpResponse pod = ask(HttpMethod::get, "/q/" + make_qr_code("key", QrKind::pod, ours, "pod-7"));
  EXPECT_EQ(pod.status, 200);
  EXPECT_NE(pod.body.find("data-kind=\"pod\" data-name=\"pod-7\""), std::string::npos);
  const HttpResponse bay = ask(HttpMethod::get, "/q/" + make_qr_code("key", QrKind::bay, ours, "17"));
  EXPECT_NE(bay.body.find("data-name=\"bay-2a00000017\""), std::string::npos);
  const HttpResponse other = ask(HttpMethod::get, "/q/" + make_qr_code("theirs", QrKind::pod, SiteId{7}, "pod-7"));
  EXPECT_EQ(other.status, 404);
  EXPECT_NE(other.body.find("belongs to another site"), std::string::npos);
  EXPECT_NE(other.body.find("https://cloud.example"), std::string::npos);
  EXPECT_NE(ask(HttpMethod::get, "/q/nonsense").body.find("not valid"), std::string::npos);
}

TEST_F(LanPage, PagesAllowNothingFromElsewhere) {
  const HttpResponse page = ask(HttpMethod::get, "/");
  EXPECT_NE(page.headers.get("content-security-policy").find("default-src 'none'"), std::string_view::npos);
  EXPECT_EQ(page.body.find("http://"), std::string::npos);
  EXPECT_EQ(page.body.find("https://"), std::string::npos);
  EXPECT_NE(page.body.find("Garten &lt;1&gt;"), std::string::npos);
  EXPECT_EQ(ask(HttpMethod::get, "/lan/page.js").status, 200);
  EXPECT_EQ(ask(HttpMethod::get, "/lan/page.css").status, 200);
}

}  // namespace
}  // namespace bayward::site
