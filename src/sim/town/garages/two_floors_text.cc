#include "sim/town/garages/two_floors_text.h"

namespace bayward::town {

// Two aisles a floor, bays on their outer sides, a ramp down to the middle of the lower floor.
const std::string_view two_floors_text = R"json(
{
  "name": "Am Anger",
  "levels": ["0", "-1"],
  "entrance": "gate",
  "junctions": [
    {"name": "gate", "level": "0", "at": [0, 10]},
    {"name": "A south-west", "level": "0", "at": [4, 10], "lamp": "lamp-A1"},
    {"name": "A north-west", "level": "0", "at": [4, 24], "lamp": "lamp-A2"},
    {"name": "A south", "level": "0", "at": [26, 10], "lamp": "lamp-A3"},
    {"name": "A north", "level": "0", "at": [26, 24], "lamp": "lamp-A4"},
    {"name": "A south-east", "level": "0", "at": [48, 10], "lamp": "lamp-A5"},
    {"name": "A north-east", "level": "0", "at": [48, 24], "lamp": "lamp-A6"},
    {"name": "A ramp", "level": "0", "at": [48, 17]},
    {"name": "B ramp", "level": "-1", "at": [26, 17]},
    {"name": "B south-west", "level": "-1", "at": [4, 10], "lamp": "lamp-B1"},
    {"name": "B north-west", "level": "-1", "at": [4, 24], "lamp": "lamp-B2"},
    {"name": "B south", "level": "-1", "at": [26, 10], "lamp": "lamp-B3"},
    {"name": "B north", "level": "-1", "at": [26, 24], "lamp": "lamp-B4"},
    {"name": "B south-east", "level": "-1", "at": [48, 10], "lamp": "lamp-B5"},
    {"name": "B north-east", "level": "-1", "at": [48, 24], "lamp": "lamp-B6"}
  ],
  "lanes": [
    ["gate", "A south-west"],
    ["A south-west", "A south"],
    ["A south", "A south-east"],
    ["A south-west", "A north-west"],
    ["A north-west", "A north"],
    ["A north", "A north-east"],
    ["A south-east", "A ramp"],
    ["A ramp", "A north-east"],
    ["A ramp", "B ramp"],
    ["B ramp", "B south"],
    ["B ramp", "B north"],
    ["B south-west", "B south"],
    ["B south", "B south-east"],
    ["B north-west", "B north"],
    ["B north", "B north-east"],
    ["B south-west", "B north-west"],
    ["B south-east", "B north-east"]
  ],
  "rows": [
    {"level": "0", "prefix": "A", "first": 1, "count": 15, "from": [8, 4], "step": [2.5, 0]},
    {"level": "0", "prefix": "A", "first": 16, "count": 15, "from": [8, 30], "step": [2.5, 0]},
    {"level": "-1", "prefix": "B", "first": 1, "count": 15, "from": [8, 4], "step": [2.5, 0]},
    {"level": "-1", "prefix": "B", "first": 16, "count": 15, "from": [8, 30], "step": [2.5, 0]}
  ],
  "cameras": [{"name": "entrance", "junction": "gate"}]
}
)json";

}  // namespace bayward::town
