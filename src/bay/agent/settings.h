// What the central system may change (OCPP 2.0.1 part 2, 2: controller components), with what holds until it does. A
// plain value; variables.cc reads and writes it by name.
#pragma once

#include <cstdint>
#include <string>

namespace bayward::bay {

struct Settings {
  int64_t heartbeat_s = 300;
  int64_t redial_least_s = 3;
  int64_t redial_chance_s = 3;
  int64_t redial_doublings = 5;
  int64_t message_timeout_s = 30;
  int64_t message_attempts = 3;
  int64_t message_attempt_interval_s = 20;
  int64_t connection_timeout_s = 120;
  int64_t sample_s = 60;
  int64_t aligned_s = 0;
  bool local_authorise_offline = true;
  bool local_pre_authorise = false;
  bool stop_on_invalid_id = true;
  bool unlock_on_disconnect = true;
  std::string master_pass_group;
};

}  // namespace bayward::bay
