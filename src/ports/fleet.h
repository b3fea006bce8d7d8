// What operators have many stations do at a time: firmware images and campaigns, and sets of settings. What they are,
// where they are kept (FleetRecords, FirmwareImages; driver: journal/fleet) and how staff reaches them (FleetDesk;
// implemented by stations/fleet).
//
// The structs with BAYWARD_FIELDS are kept for years: fields are only ever appended.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fields.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"

namespace bayward {

// ---- which stations

// What a registered station has last said of itself at a boot, and is remembered by when the server has restarted.
struct KnownStation {
  StationId station;
  std::string identity;
  std::string vendor;
  std::string model;
  std::string serial_number;
  std::string firmware;
  BAYWARD_FIELDS(KnownStation, station, identity, vendor, model, serial_number, firmware)
};

// All that is given must fit; what is empty fits every station.
struct StationGroup {
  std::vector<SiteId> sites;
  std::vector<StationId> stations;
  std::string vendor;  // as the station says, without case
  std::string model;
  BAYWARD_FIELDS(StationGroup, sites, stations, vendor, model)

  bool names_something() const { return !sites.empty() || !stations.empty() || !vendor.empty() || !model.empty(); }
};
bool fits(const StationGroup& group, const KnownStation& station);

// ---- firmware

struct FirmwareImage {
  uint64_t number = 0;
  std::string file;  // the name stations see
  std::string version;
  std::string signature;    // Base64, over SHA-256 of the content
  std::string certificate;  // PEM, of the key that signed
  AccountId added_by;
  Instant added_at{};
  std::string token;      // of its URL
  Instant received_at{};  // Instant{}: its content has not come yet
  uint64_t bytes = 0;
  std::string sha256;  // of the content, hexadecimal
  BAYWARD_FIELDS(FirmwareImage, number, file, version, signature, certificate, added_by, added_at, token, received_at,
                 bytes, sha256)
};

struct FirmwarePackage {
  uint64_t image = 0;       // of ours; 0: it lies elsewhere, at:
  std::string location;     // URL
  std::string version;      // as stations tell it when they boot with it; "": not known
  std::string signature;    // both or none; without them only UpdateFirmware without a signature is possible
  std::string certificate;  //
  BAYWARD_FIELDS(FirmwarePackage, image, location, version, signature, certificate)
};

// So many stations in all: a number, or a share of the group when `stations` is 0.
struct CampaignStage {
  uint32_t stations = 0;
  uint32_t percent = 100;
  BAYWARD_FIELDS(CampaignStage, stations, percent)
};

struct CampaignPlan {
  std::string name;
  FirmwarePackage package;
  StationGroup group;
  std::vector<CampaignStage> stages;
  uint32_t failures_percent = 0;  // of a stage's stations: more than that, and the campaign pauses itself
  uint32_t at_once = 10;
  int32_t tries = 3;  // of each station
  Duration try_pause{5min};
  Duration silence{1h};           // of a station at work, after which the try has failed
  Duration patience{7 * 24h};     // how long a stage waits for a station that can't be asked
  Duration booking_margin{1h};    // no booking begins so soon
  int32_t window_from = 0;        // minutes of the site's day between which stations are asked; equal: at any time
  int32_t window_to = 0;          //
  bool unsigned_allowed = false;  // stations that can't check a signature get it all the same
  BAYWARD_FIELDS(CampaignPlan, name, package, group, stages, failures_percent, at_once, tries, try_pause, silence,
                 patience, booking_margin, window_from, window_to, unsigned_allowed)
};

// Stored as numbers: never renumber, never reuse.
enum class CampaignPhase : uint8_t { running = 1, paused = 2, cancelled = 3, done = 4 };
enum class CampaignStep : uint8_t {
  waiting = 1,      // not asked yet, or to be asked again
  asking = 2,       // the call is on its way
  working = 3,      // it has accepted and downloads, checks, installs
  installed = 4,    //
  failed = 5,       // after its last try, or for good
  unreachable = 6,  // it was never there, or never free, while its stage waited for it
};
std::string_view to_text(CampaignPhase phase);
std::string_view to_text(CampaignStep step);

struct CampaignStation {
  StationId station;
  std::string identity;
  uint32_t stage = 0;
  CampaignStep step = CampaignStep::waiting;
  int32_t tries = 0;
  int64_t request = 0;   // requestId of the last try
  Instant asked_at{};    // the last try
  Instant since{};       // its last word
  Instant not_before{};  // of the next try
  std::string word;      // what it, or the platform, has said last: "Downloading", "no word for 60 min"
  BAYWARD_FIELDS(CampaignStation, station, identity, stage, step, tries, request, asked_at, since, not_before, word)
};

struct Campaign {
  uint64_t number = 0;
  CampaignPlan plan;
  CampaignPhase phase = CampaignPhase::running;
  std::string why;  // it isn't running
  uint32_t stage = 0;
  Instant stage_since{};
  uint32_t failures_accepted = 0;  // of this stage, when it was resumed
  int64_t requests = 0;            // made so far
  AccountId made_by;
  Instant made_at{};
  Instant ended_at{};
  BAYWARD_FIELDS(Campaign, number, plan, phase, why, stage, stage_since, failures_accepted, requests, made_by, made_at,
                 ended_at)

  std::vector<CampaignStation> stations;  // in the order they are asked; each is kept on its own
};

struct CampaignOrder {
  enum class What : uint8_t { pause, resume, cancel };
  What what = What::pause;
  bool retry_failed =
      false;  // with resume: those of this stage that failed are asked anew; otherwise they are accepted
  AccountId by;
};

// ---- sets of settings

struct SetSetting {
  std::string variable;  // of 2.x: "Component[instance].Variable[instance]"; "": stations of 2.x are passed over
  std::string key;       // of 1.6; the same
  std::string value;
  BAYWARD_FIELDS(SetSetting, variable, key, value)
};

// Of several sets that name the same variable of a station, the one with the highest number counts.
struct SettingSet {
  uint64_t number = 0;
  std::string name;
  StationGroup group;
  std::vector<SetSetting> settings;
  AccountId changed_by;
  Instant changed_at{};
  BAYWARD_FIELDS(SettingSet, number, name, group, settings, changed_by, changed_at)
};

// How a station stands to one of its settings.
struct SettingStanding {
  uint64_t set = 0;
  std::string name;  // as its version names it
  std::string wanted;
  std::optional<std::string> reported;  // none: not read, or it can't be
  std::string status;  // "InStep", or its word: "Accepted", "Rejected", "RebootRequired", "UnknownVariable", "ReadOnly"
};
struct StationStanding {
  StationId station;
  std::string identity;
  Instant checked_at{};  // Instant{}: not since the server runs
  std::string trouble;   // why the last look did not end; "": it did
  std::vector<SettingStanding> settings;
};

// ---- where they are kept

// Stored as numbers: never renumber, never reuse.
enum class FleetKind : uint8_t { campaign = 1, campaign_station = 2, known_station = 3, setting_set = 4, image = 5 };

struct FleetDocument {
  FleetKind kind{};
  uint64_t number = 0;
  uint64_t item = 0;                // of several with that number
  std::optional<std::string> body;  // binary form (base/binary.h); none: it is gone
};

// Any thread. A write is durable when it returns, all of it or nothing.
class FleetRecords {
 public:
  virtual ~FleetRecords() = default;
  virtual Status put_all(const std::vector<FleetDocument>& documents) = 0;
  // By number and item.
  virtual Result<std::vector<FleetDocument>> read(FleetKind kind) = 0;
};

// Firmware of stations, as it came, each at a URL of its own: its content is put there once, and stations fetch it.
//
// awaits() may be called from any thread and never waits for the disk; the others may be called from any thread and do.
class FirmwareImages {
 public:
  virtual ~FirmwareImages() = default;
  // Gives it number and token. Refused at limits::firmware_images.
  virtual Result<FirmwareImage> add(FirmwareImage image) = 0;
  // Whether a body of limits::firmware_image_bytes may come for it now.
  virtual bool awaits(std::string_view token) = 0;
  // False: nobody waits for it (any more).
  virtual Result<bool> take(std::string_view token, std::string_view content, Instant now) = 0;
  virtual std::vector<FirmwareImage> list() = 0;
  // Null: there is none with that token, or its content has not come.
  virtual Result<std::shared_ptr<const std::string>> content(std::string_view token) = 0;
  // False: there was none.
  virtual Result<bool> remove(uint64_t number) = 0;
};

// ---- how staff reaches them

// Every function may be called from any thread and returns at once. Callbacks run once, on the stations' thread, and
// must not block. An error says what to do.
class FleetDesk {
 public:
  virtual ~FleetDesk() = default;

  // The newest first, without their stations.
  struct CampaignCount {
    Campaign campaign;
    std::map<CampaignStep, uint32_t> stations;
  };
  virtual void campaigns(std::function<void(std::vector<CampaignCount>)> answer) = 0;
  virtual void campaign(uint64_t number, std::function<void(std::optional<Campaign>)> answer) = 0;
  // Durable when it is answered.
  virtual void begin_campaign(CampaignPlan plan, AccountId by, std::function<void(Result<Campaign>)> answer) = 0;
  // Nothing: there is none of that number.
  virtual void order_campaign(uint64_t number, CampaignOrder order,
                              std::function<void(Result<std::optional<Campaign>>)> answer) = 0;

  virtual void setting_sets(std::function<void(std::vector<SettingSet>)> answer) = 0;
  // Number 0: a new one. Its stations are compared with it at once.
  virtual void put_setting_set(SettingSet set, std::function<void(Result<std::optional<SettingSet>>)> answer) = 0;
  // What stations have by it they keep. False: there was none.
  virtual void remove_setting_set(uint64_t number, AccountId by, std::function<void(Result<bool>)> answer) = 0;
  // How its stations stand to it. Nothing: there is none.
  virtual void standing(uint64_t number, std::function<void(std::optional<std::vector<StationStanding>>)> answer) = 0;
  // Its stations are compared with it now. Nothing: there is none; else how many are connected.
  virtual void compare_now(uint64_t number, AccountId by, std::function<void(std::optional<size_t>)> answer) = 0;
};

}  // namespace bayward
