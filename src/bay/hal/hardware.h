// Everything one bay is made of, by capability. The agent gets it and owns none of it; all of it outlives the agent.
#pragma once

#include <vector>

#include "bay/hal/outputs.h"
#include "bay/hal/sensors.h"

namespace bayward::bay {

struct Hardware {
  // A bay that charges has these.
  std::vector<SafetySensors*> sensors;
  Contactor* contactor = nullptr;
  PilotOutput* pilot = nullptr;
  ConnectorLock* lock = nullptr;
  EnergyMeter* meter = nullptr;
  // Null: the bay has none.
  OccupancySensor* occupancy = nullptr;
  VehicleSensor* vehicle = nullptr;
  CardReader* cards = nullptr;
  CarAlarmListener* car_alarm = nullptr;
  Buttons* buttons = nullptr;
  PowerSupply* supply = nullptr;
  Lamp* lamp = nullptr;
  Display* display = nullptr;
  Speaker* speaker = nullptr;
  LoadSwitch* loads = nullptr;
};

}  // namespace bayward::bay
