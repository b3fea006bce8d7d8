#include "sim/town/community.h"

#include <algorithm>
#include <array>
#include <random>

#include "base/zone.h"
#include "sim/town/site/site_config.h"

namespace bayward::town {
namespace {

// Invented.
constexpr std::array<std::string_view, 16> first_names = {"Ada",   "Bela", "Cem", "Dora", "Emil", "Fina",
                                                          "Gero",  "Hala", "Ivo", "Juna", "Kasi", "Lino",
                                                          "Mirja", "Nuri", "Oda", "Pelle"};
constexpr std::array<std::string_view, 12> last_names = {"Ahorn",   "Birkner", "Dornbach", "Eschen",
                                                         "Fichtl",  "Ginst",   "Hasler",   "Kiefers",
                                                         "Lindner", "Rotdorn", "Ulmen",    "Weidner"};

// The ranges that the Bundesnetzagentur keeps free for films and books.
std::string fictional_phone(size_t index) {
  std::string digits = std::to_string(index % 100);
  if (digits.size() < 2) digits.insert(0, "0");
  return (index < 100 ? "+491713920" : "+491760406") + std::string(index < 100 ? "0" : "90") + digits;
}

Json day_ranges(std::string_view from, std::string_view to) {
  return Json::array({Json::array({text(from), text(to)})});
}

Json week_of(const Json& workday, const Json& weekend) {
  Json::Object week;
  for (const std::string_view day : {"mon", "tue", "wed", "thu", "fri"}) week.push_back({std::string(day), workday});
  for (const std::string_view day : {"sat", "sun"}) week.push_back({std::string(day), weekend});
  return object(std::move(week));
}

Json rates(int64_t valley, int64_t flat, int64_t peak, int64_t sharp) {
  return object({{"valley", number(valley)}, {"flat", number(flat)}, {"peak", number(peak)}, {"sharp", number(sharp)}});
}

Json rule(int64_t day_types, int64_t from_hour, int64_t to_hour, std::string_view period) {
  return object({{"day_types", number(day_types)},
                 {"start_minute", number(from_hour * 60)},
                 {"end_minute", number(to_hour * 60)},
                 {"period", text(period)}});
}

// Most from the town, some from afar.
std::string invent_plate(size_t person) {
  const std::string digits = std::to_string(1000 + person);
  switch (person % 8) {
    case 1:
      return "京AD1" + digits;  // green: new energy
    case 3:
      return "沪A·1" + digits;  // blue
    case 6:
      return "7ABC" + digits.substr(1);  // California
    default:
      return "M-AN " + digits;
  }
}

std::string id_of(const ApiAnswer& answer, std::string_view name) {
  return text_of(answer.body, name);
}

}  // namespace

std::string new_password() {
  static constexpr std::string_view letters = "abcdefghjkmnpqrstuvwxyz23456789";
  std::random_device source;
  std::uniform_int_distribution<size_t> one(0, letters.size() - 1);
  std::string password;
  for (int i = 0; i < 14; ++i) password += i == 4 || i == 9 ? '-' : letters[one(source)];
  return password;
}

Community::Community(net::IoContext& io, TownTime& time, Street& street, GarageField& field, const Garage& garage,
                     std::string host, uint16_t port, uint64_t seed)
    : io_(io),
      time_(time),
      street_(street),
      field_(field),
      garage_(garage),
      host_(std::move(host)),
      port_(port),
      random_(seed) {}

bool Community::check(const ApiAnswer& answer, std::string_view what) {
  if (answer.ok()) return true;
  if (trouble_.empty()) {
    trouble_ = std::string(what) + ": " + answer.why();
    const std::string detail = text_of(answer.body, "detail");
    if (!detail.empty()) trouble_ += " (" + detail + ")";
  }
  return false;
}

Login Community::invent(std::string role) {
  Login login;
  login.role = std::move(role);
  login.name = std::string(first_names[people_ % first_names.size()]) + " " +
               std::string(last_names[(people_ / first_names.size() + people_) % last_names.size()]);
  login.phone = fictional_phone(++people_);  // 0 is the operator's
  login.password = new_password();
  return login;
}

Task<std::string> Community::build(CommunityPlan plan, Login operator_login) {
  operator_ = new_phone();
  bool done = check(co_await operator_->log_in(operator_login.phone, operator_login.password), "operator's login");
  if (done) done = co_await open_owners(plan.owners + 1);
  if (done) done = co_await found_site();
  if (done) done = co_await publish_prices();
  if (done) done = co_await open_staff();
  if (done && plan.controller) done = co_await open_controller(plan.handover_horizon);
  if (done) done = co_await build_bays();
  if (done) done = co_await publish_windows();
  for (size_t i = 0; done && i < plan.drivers; ++i) {
    drivers_.emplace_back();
    done = co_await welcome(&drivers_.back(), i % 3 == 0);
  }
  logins_.push_back(operator_login);
  logins_.push_back(drivers_.empty() ? Login{} : drivers_.front().login);
  co_return trouble_;
}

Task<bool> Community::open_owners(size_t count) {
  for (size_t i = 0; i < count; ++i) {
    Owner& owner = owners_.emplace_back();
    owner.login = invent("owner");
    owner.phone = new_phone();
    const ApiAnswer answer =
        co_await operator_->post("/accounts", object({{"phone", text(owner.login.phone)},
                                                      {"name", text(i == 0 ? "Am Anger community" : owner.login.name)},
                                                      {"password", text(owner.login.password)},
                                                      {"roles", Json::array({text("driver"), text("owner")})}}));
    if (!check(answer, "an owner's account")) co_return false;
    owner.account = id_of(answer, "account");
    if (!check(co_await owner.phone->log_in(owner.login.phone, owner.login.password), "an owner's login")) {
      co_return false;
    }
    if (i == 1) logins_.push_back(owner.login);
  }
  co_return true;
}

Task<bool> Community::found_site() {
  const Json place = object({{"latitude", Json::number(ocpp::Decimal::of(latitude_e6, -6))},
                             {"longitude", Json::number(ocpp::Decimal::of(longitude_e6, -6))}});
  const ApiAnswer answer = co_await operator_->post("/sites", object({{"name", text("Am Anger")},
                                                                      {"place", place},
                                                                      {"currency", text("EUR")},
                                                                      {"time_zone", text("Europe/Berlin")},
                                                                      {"community", text(owners_.front().account)}}));
  site_ = id_of(answer, "site");
  co_return check(answer, "the site");
}

// Valley at night, peak in the late afternoon, sharp in the early evening of workdays; prices with 19 % tax.
Task<bool> Community::publish_prices() {
  const ApiAnswer answer = co_await operator_->post(
      "/sites/" + site_ + "/tariffs",
      object({{"name", text("Time of use")},
              {"currency", text("EUR")},
              {"energy_rates", rates(260'000, 390'000, 490'000, 590'000)},
              {"parking_rates", rates(300'000, 900'000, 1'200'000, 1'200'000)},
              {"rules", Json::array({rule(7, 22, 6, "valley"), rule(1, 18, 20, "sharp"), rule(1, 16, 18, "peak")})},
              {"default_period", text("flat")},
              {"visit_fee_minor", number(35)},
              {"overstay_rate_e4", number(6'000'000)},
              {"overstay_grace_minutes", number(10)},
              {"unit_minutes", number(15)},
              {"parking_day_max_minor", number(1200)},
              {"tax_ppm", number(190'000)},
              {"prices_include_tax", boolean(true)}}));
  co_return check(answer, "the tariff");
}

Task<bool> Community::open_staff() {
  const Login property = property_ = invent("property");
  const ApiAnswer answer = co_await operator_->post("/accounts", object({{"phone", text(property.phone)},
                                                                         {"name", text(property.name)},
                                                                         {"password", text(property.password)},
                                                                         {"roles", Json::array({text("property")})},
                                                                         {"property_of", Json::array({text(site_)})}}));
  logins_.push_back(property);
  co_return check(answer, "the property office's account");
}

// The site's gateway decides about what begins within the horizon (docs/authority.md).
Task<bool> Community::open_controller(Duration handover_horizon) {
  ApiAnswer answer =
      co_await operator_->post("/sites/" + site_ + "/stations",
                               object({{"identity", text(controller_identity)}, {"controller", boolean(true)}}));
  controller_password_ = text_of(answer.body, "password");
  if (!check(answer, "the site's controller")) co_return false;
  answer = co_await operator_->put("/sites/" + site_ + "/rules",
                                   object({{"handover_horizon_s", number(handover_horizon / 1s)}}));
  co_return check(answer, "the site's rules");
}

Task<bool> Community::publish_windows() {
  const Date today{std::chrono::floor<std::chrono::days>(time_.now())};
  const Json always = week_of(day_ranges("00:00", "24:00"), day_ranges("00:00", "24:00"));
  const Json office_hours = week_of(day_ranges("06:00", "20:00"), day_ranges("08:00", "22:00"));
  const Json by_day = week_of(day_ranges("05:00", "24:00"), day_ranges("07:00", "24:00"));
  size_t index = 0;
  for (Owner& owner : owners_) {
    for (const std::string& bay : owner.bays) {
      const bool community = &owner == &owners_.front();
      const size_t kind = community ? 0 : index++ % 5;
      const ApiAnswer answer = co_await owner.phone->post("/bays/" + bay + "/windows",
                                                          object({{"week", kind < 2   ? always
                                                                           : kind < 4 ? office_hours
                                                                                      : by_day},
                                                                  {"first_date", text(to_text(next_day(today, -1)))},
                                                                  {"last_date", text(to_text(next_day(today, 60)))}}));
      if (!check(answer, "a window")) co_return false;
    }
  }
  co_return true;
}

Task<bool> Community::welcome(Driver* driver, bool permitted) {
  driver->login = invent("driver");
  driver->phone = new_phone();
  driver->plate = invent_plate(people_);
  driver->card = "CARD" + std::to_string(100'000 + random_.below(900'000)) + std::to_string(people_);
  driver->battery_wh = random_.between(38, 95) * 1000;
  driver->power_max_w = random_.chance(1, 4) ? 22'000 : 11'000;

  const Json person = object({{"phone", text(driver->login.phone)},
                              {"password", text(driver->login.password)},
                              {"name", text(driver->login.name)}});
  ApiAnswer answer = co_await driver->phone->post("/register", person);
  for (int tries = 0; answer.status == 429 && tries < 100; ++tries) {
    co_await pause(time_, std::max(6'000ms, time_.in_real_time(50ms)));  // too many from one address
    answer = co_await driver->phone->post("/register", person);
  }
  driver->account = id_of(answer, "account");
  if (!check(answer, "a driver's registration")) co_return false;
  answer = co_await driver->phone->log_in(driver->login.phone, driver->login.password);
  if (!check(answer, "a driver's login")) co_return false;
  answer = co_await driver->phone->post("/me/vehicles", object({{"plate", text(driver->plate)},
                                                                {"connector", text("iec_62196_t2")},
                                                                {"battery_wh", number(driver->battery_wh)},
                                                                {"power_max_w", number(driver->power_max_w)}}));
  driver->vehicle = id_of(answer, "vehicle");
  if (!check(answer, "a vehicle")) co_return false;
  answer = co_await driver->phone->post("/me/tokens", object({{"token", text(driver->card)}}));
  if (!check(answer, "a card")) co_return false;
  answer = co_await operator_->post(
      "/accounts/" + driver->account + "/credits",
      object({{"amount", money(50'000, "EUR")}, {"reference", text("opening-" + driver->account)}}));
  if (!check(answer, "a credit")) co_return false;
  if (!permitted) co_return true;
  const Date today{std::chrono::floor<std::chrono::days>(time_.now())};
  answer =
      co_await operator_->post("/sites/" + site_ + "/permissions",
                               object({{"account", text(driver->account)},
                                       {"groups", Json::array({text("piles")})},
                                       {"hours", week_of(day_ranges("00:00", "24:00"), day_ranges("00:00", "24:00"))},
                                       {"first_date", text(to_text(next_day(today, -1)))},
                                       {"last_date", text(to_text(next_day(today, 60)))},
                                       {"slots_per_day", number(32)}}));
  co_return check(answer, "a permission");
}

}  // namespace bayward::town
