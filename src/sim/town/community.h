// The sample community of the demo: 60 bays around one entrance, their owners, drivers with cars, prices, permissions.
// Everything is made through the REST API by the people who would do it. The town's thread.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <vector>

#include "base/prng.h"
#include "sim/town/api_client.h"
#include "sim/town/street.h"

namespace bayward::town {

struct Login {
  std::string role;  // for people: "driver"
  std::string name;
  std::string phone;
  std::string password;
};

struct Driver {
  Login login;
  std::unique_ptr<ApiClient> phone;
  std::string account;
  std::string vehicle;
  std::string plate;
  std::string card;
  int64_t battery_wh = 60'000;
  int64_t power_max_w = 11'000;
  bool busy = false;
};

struct CommunityPlan {
  size_t bays = 60;
  size_t drivers = 48;
  size_t owners = 10;
};

class Community {
 public:
  Community(net::IoContext& io, TownTime& time, Street& street, std::string host, uint16_t port, uint64_t seed);

  // Empty when all was made; else what went wrong.
  Task<std::string> build(CommunityPlan plan, Login operator_login);

  std::unique_ptr<ApiClient> new_phone() { return std::make_unique<ApiClient>(io_, host_, port_, counters_); }
  ApiClient& operator_desk() { return *operator_; }
  std::list<Driver>& drivers() { return drivers_; }
  const std::string& site() const { return site_; }
  const std::vector<Login>& logins() const { return logins_; }
  const ApiCounters& counters() const { return counters_; }
  static constexpr int32_t latitude_e6 = 48'137'154;  // Munich, Marienplatz
  static constexpr int32_t longitude_e6 = 11'576'124;

 private:
  struct Owner {
    Login login;
    std::unique_ptr<ApiClient> phone;
    std::string account;
    std::vector<std::string> bays;
  };

  Login invent(std::string role);
  Task<std::string> open_account(Login login, Json roles, std::string* account);
  Task<bool> found_site();
  Task<bool> publish_prices();
  Task<bool> open_staff();
  Task<bool> open_owners(size_t count);
  Task<bool> build_bays(size_t count);
  Task<bool> build_post(OcppVersion version, std::string identity, std::vector<int64_t> power_w, Post** post);
  Task<bool> build_bay(Post* post, int32_t evse, Owner* owner, bool shared);
  Task<bool> publish_windows();
  Task<bool> welcome(Driver* driver, bool permitted);
  bool check(const ApiAnswer& answer, std::string_view what);

  net::IoContext& io_;
  TownTime& time_;
  Street& street_;
  std::string host_;
  uint16_t port_;
  Prng random_;
  ApiCounters counters_;
  std::unique_ptr<ApiClient> operator_;
  std::list<Owner> owners_;  // the first is the community itself
  std::list<Driver> drivers_;
  std::string site_;
  std::vector<Login> logins_;
  std::string trouble_;
  size_t people_ = 0;
  size_t bays_ = 0;
};

// Random, for people to type: not from the town's seed.
std::string new_password();

}  // namespace bayward::town
