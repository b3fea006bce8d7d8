// The recorded place, made through the REST API by the people who would do it.
#include <algorithm>

#include "base/zone.h"
#include "sim/town/replay_run.h"

namespace bayward::town {
namespace {

constexpr size_t connectors_per_driver = 8;

}  // namespace

Task<bool> Replay::build() {
  operator_ = new_phone();
  const Login& login = stage_.operator_login();
  if (!check(co_await operator_->log_in(login.phone, login.password), "operator's login")) co_return false;
  const ApiAnswer owner = co_await operator_->post("/accounts", object({{"phone", text("+491713920001")},
                                                                        {"name", text("Owner of the site")},
                                                                        {"password", text(new_password())},
                                                                        {"roles", Json::array({text("owner")})}}));
  owner_ = text_of(owner.body, "account");
  if (!check(owner, "the owner's account") || !co_await found_site() || !co_await build_chargers() ||
      !co_await welcome_drivers()) {
    co_return false;
  }
  street_.switch_on();
  const Instant limit = time().now() + time().in_real_time(replay_patience);
  while (!street_.all_accepted() && time().now() < limit) co_await pause(time(), time().in_real_time(50ms));
  if (!street_.all_accepted()) trouble_ = "not all stations were accepted by the server";
  co_return trouble_.empty();
}

// The site's rules are as patient as rules can be: a machine that is busy for a second is late by an hour here, and
// what is tested is the bill. Messages carry the recorded times.
Task<bool> Replay::found_site() {
  const Json place = object({{"latitude", number(43)}, {"longitude", number(7)}});
  const int64_t day_s = 86'400;
  const Json rules = object({{"slot_unit_s", number(replay_slot / 1s)},
                             {"early_arrival_s", number(day_s)},
                             {"no_show_grace_s", number(day_s)},
                             {"reallocation_lead_s", number(day_s)}});
  ApiAnswer answer = co_await operator_->post("/sites", object({{"name", text("Recorded")},
                                                                {"place", place},
                                                                {"currency", text("EUR")},
                                                                {"time_zone", text(recording_.time_zone)},
                                                                {"rules", rules},
                                                                {"community", text(owner_)}}));
  site_ = text_of(answer.body, "site");
  if (!check(answer, "the site")) co_return false;
  const auto rates = [](int64_t valley, int64_t flat, int64_t peak) {
    return object({{"valley", number(valley)}, {"flat", number(flat)}, {"peak", number(peak)}});
  };
  const auto rule = [](int64_t from, int64_t to, const char* period) {
    return object({{"start_minute", number(from)}, {"end_minute", number(to)}, {"period", text(period)}});
  };
  answer = co_await operator_->post(
      "/sites/" + site_ + "/tariffs",
      object({{"name", text("Time of use")},
              {"currency", text("EUR")},
              {"energy_rates", rates(140'000, 160'000, 240'000)},
              {"parking_rates", rates(10'000, 20'000, 30'000)},
              {"rules", Json::array({rule(22 * 60, 6 * 60, "valley"), rule(17 * 60, 20 * 60, "peak")})},
              {"overstay_rate_e4", number(100'000)}}));
  co_return check(answer, "the tariff");
}

Task<bool> Replay::build_chargers() {
  std::map<std::string, int32_t> evses;
  for (const auto& [key, connector] : connectors_) evses[key.first] = std::max(evses[key.first], key.second);
  size_t index = 0;
  for (const auto& [charger, count] : evses) {
    const std::string identity = "REC-" + charger;
    const ApiAnswer answer =
        co_await operator_->post("/sites/" + site_ + "/stations", object({{"identity", text(identity)}}));
    if (!check(answer, "station " + identity)) co_return false;
    ChargePointConfig config;
    config.identity = identity;
    config.evse_power_w = std::vector<int64_t>(static_cast<size_t>(count), 22'000);
    config.first_register_wh = 1'000'000 + static_cast<int64_t>(index) * 7'919;
    config.sample_s = 0;  // clock-aligned readings only: those are what a bill by time of use needs
    Post& post = street_.add_post(index++ % 2 == 0 ? OcppVersion::v16 : OcppVersion::v201, std::move(config),
                                  text_of(answer.body, "password"));
    post.identity = text_of(answer.body, "station");
    for (auto& [key, connector] : connectors_) {
      if (key.first == charger && !co_await build_bay(&connector, &post)) co_return false;
    }
  }
  co_return true;
}

Task<bool> Replay::build_bay(Connector* connector, Post* post) {
  const std::string label = connector->charger + "/" + std::to_string(connector->number);
  connector->post = post;
  const Json charger = object({{"station", text(post->identity)},
                               {"evse", number(connector->number)},
                               {"connector", text("iec_62196_t2")},
                               {"power_max_w", number(22'000)}});
  ApiAnswer answer = co_await operator_->post(
      "/sites/" + site_ + "/bays", object({{"label", text(label)}, {"owner", text(owner_)}, {"charger", charger}}));
  if (!check(answer, "bay " + label)) co_return false;
  connector->bay = text_of(answer.body, "bay");
  Json::Object week;
  for (const char* day : {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}) {
    week.push_back({day, Json::array({Json::array({text("00:00"), text("24:00")})})});
  }
  const Date first{std::chrono::floor<std::chrono::days>(days_.start)};
  const Date last{std::chrono::floor<std::chrono::days>(days_.end)};
  answer = co_await operator_->post("/bays/" + connector->bay + "/windows",
                                    object({{"week", object(std::move(week))},
                                            {"first_date", text(to_text(next_day(first, -7)))},
                                            {"last_date", text(to_text(next_day(last, 30)))}}));
  if (!check(answer, "the window of bay " + label)) co_return false;
  co_return true;
}

Task<bool> Replay::welcome_drivers() {
  size_t index = 0;
  for (auto& [key, connector] : connectors_) {
    if (index++ % connectors_per_driver == 0) {
      ReplayDriver& driver = drivers_.emplace_back();
      driver.login = {"driver", "Driver", "+49171392000" + std::to_string(1 + drivers_.size()), new_password()};
      if (drivers_.size() > 8) driver.login.phone = "+4917139200" + std::to_string(1 + drivers_.size());
      driver.phone = new_phone();
      ApiAnswer answer = co_await driver.phone->post("/register", object({{"phone", text(driver.login.phone)},
                                                                          {"password", text(driver.login.password)},
                                                                          {"name", text(driver.login.name)}}));
      driver.account = text_of(answer.body, "account");
      if (!check(answer, "a driver's registration")) co_return false;
      answer = co_await driver.phone->log_in(driver.login.phone, driver.login.password);
      if (!check(answer, "a driver's login")) co_return false;
      answer = co_await operator_->post(
          "/accounts/" + driver.account + "/credits",
          object({{"amount", money(100'000'000, "EUR")}, {"reference", text("opening-" + driver.account)}}));
      if (!check(answer, "a driver's credit")) co_return false;
    }
    connector.driver = &drivers_.back();
    connector.plate = "REC" + std::to_string(1000 + index);
    connector.card = "RECCARD" + std::to_string(1000 + index);
    if (!co_await equip(&connector)) co_return false;
  }
  co_return true;
}

Task<bool> Replay::equip(Connector* connector) {
  ApiClient& phone = *connector->driver->phone;
  ApiAnswer answer = co_await phone.post(
      "/me/vehicles", object({{"plate", text(connector->plate)}, {"connector", text("iec_62196_t2")}}));
  connector->vehicle = text_of(answer.body, "vehicle");
  if (!check(answer, "a vehicle")) co_return false;
  answer = co_await phone.post("/me/tokens", object({{"token", text(connector->card)}}));
  co_return check(answer, "a card");
}

}  // namespace bayward::town
