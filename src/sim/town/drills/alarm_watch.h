// Listens to one bay and to everybody who must hear of it, and writes down when they did: the sample, the contactor,
// the gateways of the mesh, the central system's answer, the live feed, the far ends. From begin() until it goes. The
// town's thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "net/http_client.h"
#include "sim/town/bays/garage_field.h"
#include "sim/town/drills/timeline.h"
#include "sim/town/far_ends.h"
#include "sim/town/task.h"

namespace bayward::town {

class AlarmWatch {
 public:
  struct Server {
    uint16_t port = 0;
    std::string token;  // of somebody who may see all of the site
  };

  AlarmWatch(net::IoContext& io, TownTime& time, GarageField& field, FarEnds& far_ends, const Server& server);
  ~AlarmWatch();
  AlarmWatch(const AlarmWatch&) = delete;
  AlarmWatch& operator=(const AlarmWatch&) = delete;

  bool feed_open() const { return feed_open_; }
  // From now on what happens at this bay (the platform's id of it is `bay_id`) is noted.
  void begin(OwnBay& bay, const std::string& bay_id);
  // From now on what the gateways are told counts as the all-clear's.
  void expect_all_clear();

  bool raised() const { return timeline.has("sample"); }
  bool everybody_told() const { return told_.size() >= field_.mesh().gateways() - 1; }
  bool everybody_cleared() const { return cleared_.size() >= field_.mesh().gateways() - 1; }
  void note(const std::string& name, std::string text = {});

  // How often the feed has spoken of that at the bay.
  int heard_of(const std::string& incident_kind) const;

  // What far ends are told before the bay's own alarm is another matter.
  bool from_sample = false;
  // Who answers the bays' messages now.
  std::string answered_by = "server";
  Timeline timeline;
  // Announced after a note, never from inside the bay or the mesh that caused it.
  Changes changes;

 private:
  void announce();
  void on_raised(OwnBay& bay, const bay::BayAlarm& alarm);
  void on_mesh(const std::string& gateway, const mesh::Event& event);
  void on_said(OwnBay& bay, std::string_view frame);
  void on_heard(OwnBay& bay, std::string_view frame);
  void on_feed(const net::ServerEvent& event);
  void on_far_end(const FarEnds::Word& word);

  net::IoContext& io_;
  TownTime& time_;
  GarageField& field_;
  FarEnds& far_ends_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::unique_ptr<net::EventReader> feed_;
  bool feed_open_ = false;
  OwnBay* bay_ = nullptr;
  std::string bay_id_;
  std::set<std::string> told_;
  std::set<std::string> cleared_;
  std::map<std::string, int> kinds_;  // of incidents at the bay, in the feed
  std::string notify_call_;           // the message id of the NotifyEvent about it
  bool clearing_ = false;
};

}  // namespace bayward::town
