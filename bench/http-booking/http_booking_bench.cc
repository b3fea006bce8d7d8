// Durable bookings per second over HTTP keep-alive: `http_booking_bench PORT OPERATOR_PHONE PASSWORD SECONDS
// CONNECTIONS`. Each connection waits for its durable answer before it asks for the next.
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "base/prng.h"
#include "base/time.h"
#include "common/load.h"

namespace bayward::bench {
namespace {

constexpr size_t drivers = 200;
constexpr size_t sites = 100;
constexpr size_t bays_per_site = 100;

struct Driver {
  std::string token;
  std::string vehicle;
};

struct Town {
  std::vector<Driver> drivers;
  std::vector<std::string> bays;
};

std::string day_from_now(int days) {
  return to_rfc3339(std::chrono::floor<Duration>(std::chrono::system_clock::now()) + std::chrono::days{days})
      .substr(0, 10);
}

std::vector<std::string> members(const std::vector<std::string>& answers, const char* name) {
  std::vector<std::string> out;
  for (const std::string& answer : answers) out.push_back(json_text_member(answer, name));
  return out;
}

std::string log_in(uint16_t port, const std::string& phone, const std::string& password) {
  const std::string body = R"({"phone":")" + phone + R"(","password":")" + password + R"("})";
  return json_text_member(must_fetch(port, "POST", "/api/v1/login", "", body), "token");
}

std::vector<Driver> make_drivers(uint16_t port, const std::string& staff) {
  std::vector<std::string> requests;
  std::vector<std::string> logins;
  for (size_t i = 0; i < drivers; ++i) {
    const std::string who = R"("phone":"+49151)" + std::to_string(10'000'000 + i) + R"(","password":"driver-password")";
    requests.push_back(http_request_text("POST", "/api/v1/register", "", "{" + who + R"(,"name":"Driver"})"));
    logins.push_back(http_request_text("POST", "/api/v1/login", "", "{" + who + "}"));
  }
  const auto accounts = members(must_fetch_all(port, requests), "account");
  const auto tokens = members(must_fetch_all(port, logins), "token");
  std::vector<std::string> vehicles;
  std::vector<std::string> credits;
  for (size_t i = 0; i < drivers; ++i) {
    vehicles.push_back(http_request_text("POST", "/api/v1/me/vehicles", tokens[i],
                                         R"({"plate":"B-BW )" + std::to_string(1000 + i) + R"("})"));
    credits.push_back(http_request_text("POST", "/api/v1/accounts/" + accounts[i] + "/credits", staff,
                                        R"({"amount":{"minor":100000000,"currency":"EUR"},"reference":"opening"})"));
  }
  const auto made = members(must_fetch_all(port, vehicles), "vehicle");
  must_fetch_all(port, credits);
  std::vector<Driver> out;
  for (size_t i = 0; i < drivers; ++i) out.push_back({tokens[i], made[i]});
  return out;
}

std::vector<std::string> make_bays(uint16_t port, const std::string& staff, const std::string& community) {
  std::vector<std::string> requests;
  for (size_t i = 0; i < sites; ++i) {
    requests.push_back(http_request_text("POST", "/api/v1/sites", staff,
                                         R"({"name":"Site )" + std::to_string(i) +
                                             R"(","place":{"latitude":52.5,"longitude":13.)" + std::to_string(100 + i) +
                                             R"(},"currency":"EUR","time_zone":"Europe/Berlin","community":")" +
                                             community + R"("})"));
  }
  const auto made_sites = members(must_fetch_all(port, requests), "site");
  requests.clear();
  std::vector<std::string> bays;
  for (const std::string& site : made_sites) {
    requests.push_back(
        http_request_text("POST", "/api/v1/sites/" + site + "/tariffs", staff,
                          R"({"name":"Flat","currency":"EUR","parking_rates":{"valley":100000,"flat":100000,)"
                          R"("peak":100000,"sharp":100000},"tax_ppm":190000})"));
  }
  must_fetch_all(port, requests);
  requests.clear();
  for (const std::string& site : made_sites) {
    for (size_t i = 0; i < bays_per_site; ++i) {
      requests.push_back(
          http_request_text("POST", "/api/v1/sites/" + site + "/bays", staff,
                            R"({"label":"B)" + std::to_string(i) + R"(","owner":")" + community + R"("})"));
    }
  }
  bays = members(must_fetch_all(port, requests), "bay");
  requests.clear();
  std::string week;
  for (const char* day : {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}) {
    week += (week.empty() ? "\"" : ",\"") + std::string(day) + R"(":[["00:00","24:00"]])";
  }
  const std::string window =
      "{\"week\":{" + week + R"(},"first_date":")" + day_from_now(-1) + R"(","last_date":")" + day_from_now(60) + "\"}";
  for (const std::string& bay : bays) {
    requests.push_back(http_request_text("POST", "/api/v1/bays/" + bay + "/windows", staff, window));
  }
  must_fetch_all(port, requests);
  return bays;
}

std::string booking_request(const Town& town, Prng& prng) {
  const Driver& driver = town.drivers[prng.below(town.drivers.size())];
  const int64_t slot_s = 900;
  const int64_t now_s = unix_s(std::chrono::floor<Duration>(std::chrono::system_clock::now()));
  const int64_t first = now_s / slot_s + 4 + static_cast<int64_t>(prng.below(30 * 96));
  return http_request_text("POST", "/api/v1/bookings", driver.token,
                           R"({"bay":")" + town.bays[prng.below(town.bays.size())] + R"(","vehicle":")" +
                               driver.vehicle + R"(","start":")" + to_rfc3339(from_unix_s(first * slot_s)) +
                               R"(","end":")" + to_rfc3339(from_unix_s((first + 2) * slot_s)) + "\"}");
}

double measure(uint16_t port, const Town& town, double seconds, size_t connections) {
  LoadLoop loop(port);
  Prng prng(11);
  std::vector<std::unique_ptr<LoadConnection>> open;
  for (size_t i = 0; i < connections; ++i) {
    open.push_back(std::make_unique<LoadConnection>(i));
    if (!loop.connect(*open.back())) std::exit(1);
    (void)open.back()->send(booking_request(town, prng));
  }
  int64_t booked = 0;
  int64_t refused = 0;
  const double begun = seconds_now();
  loop.run(
      seconds,
      [&](LoadConnection& connection) {
        while (const size_t size = http_answer_size(connection.received)) {
          const int status = http_status(connection.received);
          (status == 201 ? booked : refused) += 1;
          if (status != 201 && status != 409) {
            std::fprintf(stderr, "%s\n", connection.received.c_str());
            std::exit(1);
          }
          connection.received.erase(0, size);
          (void)connection.send(booking_request(town, prng));
        }
      },
      [](LoadConnection&) { std::exit(1); }, [] { return false; });
  const double took = seconds_now() - begun;
  std::fprintf(stderr, "%lld booked, %lld refused (slot taken) in %.1f s\n", static_cast<long long>(booked),
               static_cast<long long>(refused), took);
  return static_cast<double>(booked) / took;
}

}  // namespace
}  // namespace bayward::bench

int main(int argc, char** argv) {
  using namespace bayward::bench;
  if (argc != 6) {
    std::fprintf(stderr, "usage: http_booking_bench PORT OPERATOR_PHONE PASSWORD SECONDS CONNECTIONS\n");
    return 2;
  }
  const auto port = static_cast<uint16_t>(std::atoi(argv[1]));
  const std::string staff = log_in(port, argv[2], argv[3]);
  const std::string community = json_text_member(must_fetch(port, "GET", "/api/v1/me", staff, ""), "account");
  Town town;
  town.drivers = make_drivers(port, staff);
  town.bays = make_bays(port, staff, community);
  std::fprintf(stderr, "%zu bays, %zu drivers ready\n", town.bays.size(), town.drivers.size());
  std::printf("%.0f\n", measure(port, town, std::atof(argv[4]), static_cast<size_t>(std::atoi(argv[5]))));
  return 0;
}
