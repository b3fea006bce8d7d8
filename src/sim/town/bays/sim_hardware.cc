#include "sim/town/bays/sim_hardware.h"

namespace bayward::town {

SimHardware::SimHardware(BayBody& body)
    : sensors_(body),
      contacts_(body),
      pilot_(body),
      lock_(body),
      meter_(body),
      occupancy_(body),
      vehicle_(body),
      cards_(body),
      car_alarm_(body),
      push_(body),
      supply_(body),
      light_(body),
      screen_(body),
      voice_(body),
      loads_(body) {}

bay::Hardware SimHardware::parts() {
  bay::Hardware hardware;
  hardware.sensors = {&sensors_};
  hardware.contactor = &contacts_;
  hardware.pilot = &pilot_;
  hardware.lock = &lock_;
  hardware.meter = &meter_;
  hardware.occupancy = &occupancy_;
  hardware.vehicle = &vehicle_;
  hardware.cards = &cards_;
  hardware.car_alarm = &car_alarm_;
  hardware.buttons = &push_;
  hardware.supply = &supply_;
  hardware.lamp = &light_;
  hardware.display = &screen_;
  hardware.speaker = &voice_;
  hardware.loads = &loads_;
  return hardware;
}

}  // namespace bayward::town
