// The configuration of the town's bayward-site, as a technician would write it (docs/site.md): the plan of the garage,
// its bays with their stations and cameras, lamps, pods and poles. Pure.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "sim/town/garages/garage.h"

namespace bayward::town {

inline constexpr const char* controller_identity = "SITE-CONTROLLER";
inline constexpr const char* entrance_camera = "entrance";
inline constexpr const char* town_pod = "pod-1";
inline constexpr const char* town_pole = "pole-1";
inline constexpr const char* other_pole = "pole-2";

// A bay as the platform calls it; `label` finds it in the garage.
struct SiteBay {
  std::string bay;
  std::string label;
  std::string station;  // OCPP identity
  int32_t evse = 1;
};

struct SitePlan {
  std::filesystem::path directory;  // its own; the files named below are in it
  uint16_t platform_port = 0;
  std::string site;
  std::string name;
  std::string mover;  // phone number that may move pods
  int32_t latitude_e6 = 0;
  int32_t longitude_e6 = 0;
  std::vector<SiteBay> bays;
  std::vector<std::string> lamps;  // register i is lamp i
  uint16_t lamps_port = 0;
  uint16_t door_port = 0;  // cameras and SMS
};

// Each junction's lamp, then one a bay.
std::vector<std::string> lamps_of(const Garage& garage, const std::vector<SiteBay>& bays);
// What bayward-site calls a junction: its lamp, or its name where there is none.
std::string node_name(const Junction& junction);

struct SiteSecrets {
  std::string controller_password;
  std::string site_key;
  std::string field_token;
};
// Writes site.toml and the files with the secrets; the path of the first.
Result<std::filesystem::path> write_site_config(const Garage& garage, const SitePlan& plan, const SiteSecrets& secrets);

}  // namespace bayward::town
