// The sample community of the demo: a garage of 60 bays, their owners, drivers with cars, prices, permissions.
// Everything is made through the REST API by the people who would do it. The town's thread.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <vector>

#include "base/prng.h"
#include "sim/town/api_client.h"
#include "sim/town/bays/garage_field.h"
#include "sim/town/garages/garage.h"
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
  size_t drivers = 48;
  size_t owners = 10;
  bool controller = false;           // the site decides about near slots, by its own controller
  Duration handover_horizon{15min};  // how early it is given them
};

class Community {
 public:
  // The garage's bays are built, with stations of others in the street and bays of ours in the field; all outlive it.
  Community(net::IoContext& io, TownTime& time, Street& street, GarageField& field, const Garage& garage,
            std::string host, uint16_t port, uint64_t seed);

  // How many of the garage's bays will be ours.
  static size_t own_bays(const Garage& garage);
  // Empty when all was made; else what went wrong.
  Task<std::string> build(CommunityPlan plan, Login operator_login);

  std::unique_ptr<ApiClient> new_phone() { return std::make_unique<ApiClient>(io_, host_, port_, counters_); }
  ApiClient& operator_desk() { return *operator_; }
  std::list<Driver>& drivers() { return drivers_; }
  const std::string& site() const { return site_; }
  const std::vector<Login>& logins() const { return logins_; }
  const Login& property() const { return property_; }
  // Of the site's own controller at the platform; empty: it has none.
  const std::string& controller_password() const { return controller_password_; }
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
  Task<bool> open_controller(Duration handover_horizon);
  Task<bool> open_owners(size_t count);
  // What stands at one bay of the garage.
  struct Stall {
    size_t bay = 0;        // of the garage
    std::string station;   // the platform's id
    std::string identity;  // what it calls itself
    int32_t evse = 1;
    Owner* owner = nullptr;
    bool shared = false;
    std::unique_ptr<BaySide> side;
  };
  struct Station {
    std::string id;
    std::string password;
  };
  Task<bool> build_bays();
  Task<bool> build_own(size_t bay, bool shared);
  Task<bool> build_chargers(std::vector<size_t> bays, std::vector<bool> shared);
  Task<bool> build_sockets(std::vector<size_t> bays);
  Task<bool> build_station(std::string identity, Station* station);
  Task<bool> build_post(OcppVersion version, std::string identity, std::vector<int64_t> power_w, Post** post);
  Task<bool> build_bay(Stall stall);
  Owner* next_owner();
  Task<bool> publish_windows();
  Task<bool> welcome(Driver* driver, bool permitted);
  bool check(const ApiAnswer& answer, std::string_view what);

  net::IoContext& io_;
  TownTime& time_;
  Street& street_;
  GarageField& field_;
  const Garage& garage_;
  std::string host_;
  uint16_t port_;
  Prng random_;
  ApiCounters counters_;
  std::unique_ptr<ApiClient> operator_;
  std::list<Owner> owners_;  // the first is the community itself
  std::list<Driver> drivers_;
  std::string site_;
  std::vector<Login> logins_;
  Login property_;
  std::string controller_password_;
  std::string trouble_;
  size_t people_ = 0;
  size_t owners_turn_ = 0;
};

// Random, for people to type: not from the town's seed.
std::string new_password();

}  // namespace bayward::town
