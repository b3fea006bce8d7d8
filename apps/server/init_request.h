// What `bayward-server init` is to make: given by flags, or asked for. Everything after the operator may be left out.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>

#include "base/result.h"
#include "core/site/site.h"
#include "core/tariff/tariff.h"

namespace bayward {

struct InitRequest {
  std::string phone;  // of the first operator, E.164
  std::string name = "Operator";
  std::string password;  // empty: one is made and printed once
  bool ask = false;      // the rest on the terminal

  std::string site;  // its name; empty: no site
  std::string place = "0,0";
  std::string currency = "EUR";
  std::string time_zone = "Europe/Berlin";
  std::string parking_per_hour = "0";  // "2.50" of the currency
  std::string energy_per_kwh = "0";
  std::string tax_percent = "0";
  int bays = 0;             // labelled P-001, P-002, ...
  std::string owner_phone;  // of the bays; empty: the community's, shared around the clock
  std::string station;      // identity of a charging station; empty: none
  int connectors = 1;       // of the station, for the first bays
};

// Asks for what the request doesn't say yet; an empty line takes what is in brackets. A bad answer is asked again, the
// end of the input is an error.
Status ask_for(InitRequest& request, std::istream& in, std::ostream& out);

// What is wrong with it, by the flag's name.
std::optional<std::string> defect(const InitRequest& request);

// The parts of a request that defect() has passed.
core::GeoPoint place_of(const InitRequest& request);
Tariff tariff_of(const InitRequest& request);

}  // namespace bayward
