// The table of variables.h. A row a variable: what it says is a function of the bay.
#include <array>
#include <charconv>

#include "base/limits.h"
#include "bay/agent/events.h"
#include "bay/agent/variables.h"
#include "ports/log.h"

namespace bayward::bay {
namespace {

using Type = v201::DataEnumType;
using safety::Channel;
using safety::Fault;

std::string yes_no(bool value) {
  return value ? "true" : "false";
}
std::string thousandths(int64_t value) {
  return ocpp::Decimal::of(value, -3).text();
}

std::optional<int64_t> integer(const std::string& text) {
  int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

template <auto member>
std::string get_number(const Bay& bay) {
  return std::to_string(bay.settings.*member);
}
template <auto member, int64_t lowest, int64_t highest>
bool set_number(Bay& bay, const std::string& text) {
  const auto value = integer(text);
  if (!value || *value < lowest || *value > highest) return false;
  bay.settings.*member = *value;
  bay.line.settings = {std::chrono::seconds{bay.settings.message_timeout_s},
                       std::chrono::seconds{bay.settings.redial_least_s},
                       std::chrono::seconds{bay.settings.redial_chance_s},
                       static_cast<int>(bay.settings.redial_doublings),
                       static_cast<int>(bay.settings.message_attempts),
                       std::chrono::seconds{bay.settings.message_attempt_interval_s}};
  return true;
}
template <auto member>
std::string get_flag(const Bay& bay) {
  return yes_no(bay.settings.*member);
}
template <auto member>
bool set_flag(Bay& bay, const std::string& text) {
  if (text != "true" && text != "false") return false;
  bay.settings.*member = text == "true";
  return true;
}

template <char... letters>
std::string constant(const Bay&) {
  static constexpr char text[] = {letters..., '\0'};
  return text;
}
std::string yes(const Bay&) {
  return "true";
}
std::string no(const Bay&) {
  return "false";
}

template <Channel channel>
std::string get_thousandths(const Bay& bay) {
  const auto value = bay.sample[channel].value;
  return value ? thousandths(*value) : "";
}
template <Channel channel>
std::string get_on(const Bay& bay) {
  return yes_no(bay.sample[channel].value == 1);
}
template <Fault... faults>
std::string get_latched(const Bay& bay) {
  const safety::FaultSet all = bay.safety.latched | bay.safety.warnings;
  return yes_no((all.has(faults) || ...));
}
template <Channel channel>
std::string get_missing(const Bay& bay) {
  return yes_no(!bay.sample[channel].value);
}
template <auto member>
std::string has_hardware(const Bay& bay) {
  return yes_no(bay.hardware.*member != nullptr);
}

std::string words(safety::FaultSet faults) {
  std::string out;
  for (size_t i = 0; i < safety::fault_count; ++i) {
    if (!faults.has(static_cast<Fault>(i))) continue;
    if (!out.empty()) out += ',';
    out += safety::info(static_cast<Fault>(i)).word;
  }
  return out;
}

std::string availability(const Bay& bay) {
  return std::string(v201::to_text(connector_status(bay)));
}
std::string colour(const Bay& bay) {
  static constexpr std::array<std::string_view, 6> names = {"", "00FF00", "0000FF", "FFBF00", "FF0000", "FFFFFF"};
  return std::string(names[static_cast<size_t>(bay.shown.lamp.colour)]);
}
std::string now_text(const Bay& bay) {
  return to_rfc3339(bay.time());
}

// "staff", "inspection": whose right it is to tell, the central system has judged (D2).
bool clear_latch(Bay& bay, const std::string& text) {
  if (text == "staff")
    bay.wishes.clear = safety::Remedy::staff;
  else if (text == "inspection")
    bay.wishes.clear = safety::Remedy::inspection;
  else
    return false;
  log::info("bay.clear_ordered", {{"by", text}});
  return true;
}
bool go_on(Bay& bay, const std::string& text) {
  if (text != "true") return false;
  bay.wishes.carry_on = true;
  return true;
}
bool set_master_group(Bay& bay, const std::string& text) {
  if (text.size() > 36) return false;
  bay.settings.master_pass_group = text;
  return true;
}
bool set_heartbeat(Bay& bay, const std::string& text) {
  const auto value = integer(text);
  if (!value || *value < 1 || *value > 86'400) return false;
  bay.settings.heartbeat_s = *value;
  bay.heartbeat_interval = std::chrono::seconds{*value};
  bay.heartbeat_at = bay.now.up + bay.heartbeat_interval;
  return true;
}
bool set_aligned(Bay& bay, const std::string& text) {
  const auto value = integer(text);
  if (!value || *value < 0 || *value > 86'400) return false;
  bay.settings.aligned_s = *value;
  bay.aligned_at = {};
  return true;
}

constexpr int64_t day_s = 86'400;

const Variable table[] = {
    // The station and its socket.
    {"ChargingStation", "", 0, "Available", "", Type::boolean, "", yes},
    {"ChargingStation", "", 0, "AvailabilityState", "", Type::option_list, "", availability, nullptr,
     "Available,Occupied,Reserved,Unavailable,Faulted"},
    {"ChargingStation", "", 0, "Problem", "", Type::boolean, "",
     [](const Bay& bay) { return yes_no(!bay.safety.latched.empty()); }},
    {"ChargingStation", "", 0, "Model", "", Type::string, "", [](const Bay& bay) { return bay.config.model; }},
    {"ChargingStation", "", 0, "VendorName", "", Type::string, "", [](const Bay& bay) { return bay.config.vendor; }},
    {"ChargingStation", "", 0, "SupplyPhases", "", Type::integer, "",
     [](const Bay& bay) { return std::to_string(bay.config.safety.phases); }},
    {"EVSE", "", 1, "Available", "", Type::boolean, "", yes},
    {"EVSE", "", 1, "AvailabilityState", "", Type::option_list, "", availability, nullptr,
     "Available,Occupied,Reserved,Unavailable,Faulted"},
    {"EVSE", "", 1, "Power", "", Type::decimal, "W",
     [](const Bay& bay) { return std::to_string(bay.sensed.meter ? bay.sensed.meter->power_w : 0); }},
    {"EVSE", "", 1, "SupplyPhases", "", Type::integer, "",
     [](const Bay& bay) { return std::to_string(bay.config.safety.phases); }},
    {"Connector", "", 2, "Available", "", Type::boolean, "", yes},
    {"Connector", "", 2, "AvailabilityState", "", Type::option_list, "", availability, nullptr,
     "Available,Occupied,Reserved,Unavailable,Faulted"},
    {"Connector", "", 2, "ConnectorType", "", Type::string, "",
     [](const Bay& bay) { return bay.config.connector_type; }},
    {"Connector", "", 2, "SupplyPhases", "", Type::integer, "",
     [](const Bay& bay) { return std::to_string(bay.config.safety.phases); }},
    // Sensors and signs of the bay.
    {"BayOccupancySensor", "", 1, "Enabled", "", Type::boolean, "", has_hardware<&Hardware::occupancy>},
    {"BayOccupancySensor", "", 1, "Active", "", Type::boolean, "",
     [](const Bay& bay) { return yes_no(bay.sensed.occupied == true); }},
    {"BayOccupancySensor", "", 1, "Percent", "", Type::decimal, "Percent",
     [](const Bay& bay) { return std::to_string(bay.sensed.percent); }},
    {"VehicleIdSensor", "", 1, "Enabled", "", Type::boolean, "", has_hardware<&Hardware::vehicle>},
    {"VehicleIdSensor", "", 1, "Active", "", Type::boolean, "",
     [](const Bay& bay) { return yes_no(!bay.sensed.plate.empty()); }},
    {"BeaconLighting", "", 1, "Enabled", "", Type::boolean, "", has_hardware<&Hardware::lamp>},
    {"BeaconLighting", "", 1, "Active", "", Type::boolean, "",
     [](const Bay& bay) { return yes_no(bay.shown.lamp.colour != Lamp::Colour::off); }},
    {"BeaconLighting", "", 1, "Color", "", Type::string, "", colour},
    {"ChargingStatusIndicator", "", 1, "Active", "", Type::boolean, "",
     [](const Bay& bay) { return yes_no(bay.shown.lamp.colour != Lamp::Colour::off); }},
    {"ChargingStatusIndicator", "", 1, "Color", "", Type::string, "", colour},
    {"TemperatureSensor", "connector", 1, "Temperature", "", Type::decimal, "Celsius",
     get_thousandths<Channel::connector_temperature>},
    {"TemperatureSensor", "connector", 1, "Active", "", Type::boolean, "",
     get_latched<Fault::connector_too_hot, Fault::heating_too_fast, Fault::warm_connector>},
    {"TemperatureSensor", "connector", 1, "Problem", "", Type::boolean, "",
     get_missing<Channel::connector_temperature>},
    {"TemperatureSensor", "cable", 1, "Temperature", "", Type::decimal, "Celsius",
     get_thousandths<Channel::cable_temperature>},
    {"TemperatureSensor", "cable", 1, "Active", "", Type::boolean, "",
     get_latched<Fault::cable_too_hot, Fault::insulation_failing, Fault::warm_cable>},
    {"TemperatureSensor", "cable", 1, "Problem", "", Type::boolean, "", get_missing<Channel::cable_temperature>},
    {"ExternalTemperatureSensor", "", 1, "Temperature", "", Type::decimal, "Celsius",
     get_thousandths<Channel::ambient_temperature>},
    {"EmergencyStopSensor", "", 1, "Enabled", "", Type::boolean, "", yes},
    {"EmergencyStopSensor", "", 1, "Active", "", Type::boolean, "", get_on<Channel::emergency_stop>},
    {"EmergencyStopSensor", "", 1, "Tripped", "", Type::boolean, "", get_latched<Fault::emergency_stop>},
    {"FireSensor", "", 1, "Enabled", "", Type::boolean, "", yes},
    {"FireSensor", "", 1, "Active", "", Type::boolean, "", get_on<Channel::smoke>},
    {"FireSensor", "", 1, "Tripped", "", Type::boolean, "", get_latched<Fault::smoke>},
    {"FireSensor", "", 1, "Problem", "", Type::boolean, "", get_missing<Channel::smoke>},
    {"IntrusionSensor", "", 1, "Enabled", "", Type::boolean, "", has_hardware<&Hardware::car_alarm>},
    {"IntrusionSensor", "", 1, "Active", "", Type::boolean, "",
     [](const Bay& bay) { return yes_no(bay.sensed.car.horn || bay.sensed.car.hazard_lights); }},
    {"IntrusionSensor", "", 1, "Tripped", "", Type::boolean, "",
     [](const Bay& bay) { return yes_no(bay.sensed.car_alarm_told); }},
    {"UIInput", "panic", 1, "Enabled", "", Type::boolean, "", has_hardware<&Hardware::buttons>},
    {"AudioAnnouncer", "", 1, "Enabled", "", Type::boolean, "", has_hardware<&Hardware::speaker>},
    {"Display", "", 1, "Enabled", "", Type::boolean, "", has_hardware<&Hardware::display>},
    // What switches and protects.
    {"PowerContactor", "", 1, "Active", "", Type::boolean, "", get_on<Channel::contactor_feedback>},
    {"PowerContactor", "", 1, "Tripped", "", Type::boolean, "", get_latched<Fault::contactor_welded>},
    {"PowerContactor", "", 1, "Problem", "", Type::boolean, "", get_latched<Fault::contactor_stuck_open>},
    {"RCD", "ac", 1, "Tripped", "", Type::boolean, "", get_latched<Fault::residual_ac>},
    {"RCD", "dc", 1, "Tripped", "", Type::boolean, "", get_latched<Fault::residual_dc>},
    {"OverCurrentBreaker", "", 1, "Tripped", "", Type::boolean, "",
     get_latched<Fault::over_current, Fault::short_circuit>},
    {"ConnectorPlugRetentionLock", "", 1, "Active", "", Type::boolean, "", get_on<Channel::lock>},
    {"ConnectorPlugRetentionLock", "", 1, "Tripped", "", Type::boolean, "", get_latched<Fault::lock_lost>},
    {"GroundIsolationProtection", "", 1, "Problem", "", Type::boolean, "", get_latched<Fault::earth_missing>},
    {"CPPWMController", "", 1, "Problem", "", Type::boolean, "",
     get_latched<Fault::pilot_error, Fault::car_ignores_limit>},
    {"SafetyLatch", "", 1, "Latched", "", Type::member_list, "",
     [](const Bay& bay) { return words(bay.safety.latched); }},
    {"SafetyLatch", "", 1, "Warnings", "", Type::member_list, "",
     [](const Bay& bay) { return words(bay.safety.warnings); }},
    {"SafetyLatch", "", 1, "Clear", "", Type::option_list, "", nullptr, clear_latch, "staff,inspection"},
    {"SafetyLatch", "", 1, "CarryOn", "", Type::boolean, "", nullptr, go_on},
    // Supply (C8).
    {"ElectricalFeed", "", 0, "Active", "", Type::boolean, "",
     [](const Bay& bay) { return yes_no(!bay.sensed.supply || bay.sensed.supply->mains); }},
    {"ElectricalFeed", "solar", 0, "Power", "", Type::decimal, "W",
     [](const Bay& bay) { return std::to_string(bay.sensed.supply ? bay.sensed.supply->solar_w : 0); }},
    {"LocalEnergyStorage", "", 0, "StateOfCharge", "", Type::decimal, "Percent",
     [](const Bay& bay) {
       return ocpp::Decimal::of(bay.sensed.supply ? bay.sensed.supply->battery_permille : 0, -1).text();
     }},
    {"LocalEnergyStorage", "", 0, "Power", "", Type::decimal, "W",
     [](const Bay& bay) { return std::to_string(bay.sensed.supply ? bay.sensed.supply->battery_w : 0); }},
    // Controllers.
    {"OCPPCommCtrlr", "", 0, "HeartbeatInterval", "", Type::integer, "s", get_number<&Settings::heartbeat_s>,
     set_heartbeat, "", 1, day_s, true},
    {"OCPPCommCtrlr", "", 0, "RetryBackOffWaitMinimum", "", Type::integer, "s",
     get_number<&Settings::redial_least_s>, set_number<&Settings::redial_least_s, 1, 3600>, "", 1, 3600, true},
    {"OCPPCommCtrlr", "", 0, "RetryBackOffRandomRange", "", Type::integer, "s",
     get_number<&Settings::redial_chance_s>, set_number<&Settings::redial_chance_s, 0, 3600>, "", 0, 3600, true},
    {"OCPPCommCtrlr", "", 0, "RetryBackOffRepeatTimes", "", Type::integer, "",
     get_number<&Settings::redial_doublings>, set_number<&Settings::redial_doublings, 0, 10>, "", 0, 10, true},
    {"OCPPCommCtrlr", "", 0, "MessageTimeout", "Default", Type::integer, "s",
     get_number<&Settings::message_timeout_s>, set_number<&Settings::message_timeout_s, 1, 300>, "", 1, 300, true},
    {"OCPPCommCtrlr", "", 0, "MessageAttempts", "TransactionEvent", Type::integer, "",
     get_number<&Settings::message_attempts>, set_number<&Settings::message_attempts, 1, 20>, "", 1, 20, true},
    {"OCPPCommCtrlr", "", 0, "MessageAttemptInterval", "TransactionEvent", Type::integer, "s",
     get_number<&Settings::message_attempt_interval_s>, set_number<&Settings::message_attempt_interval_s, 1, 600>, "", 1,
     600, true},
    {"OCPPCommCtrlr", "", 0, "UnlockOnEVSideDisconnect", "", Type::boolean, "",
     get_flag<&Settings::unlock_on_disconnect>, set_flag<&Settings::unlock_on_disconnect>, "", {}, {}, true},
    {"OCPPCommCtrlr", "", 0, "QueueAllMessages", "", Type::boolean, "", no},
    {"OCPPCommCtrlr", "", 0, "FileTransferProtocols", "", Type::member_list, "",
     [](const Bay&) { return std::string("HTTP,HTTPS"); }},
    {"SecurityCtrlr", "", 0, "Identity", "", Type::string, "", [](const Bay& bay) { return bay.config.identity; }},
    {"SecurityCtrlr", "", 0, "SecurityProfile", "", Type::integer, "",
     [](const Bay& bay) { return std::to_string(bay.config.security_profile); }},
    {"SecurityCtrlr", "", 0, "OrganizationName", "", Type::string, "",
     [](const Bay& bay) { return bay.config.vendor; }},
    {"AuthCtrlr", "", 0, "Enabled", "", Type::boolean, "", yes},
    {"AuthCtrlr", "", 0, "AuthorizeRemoteStart", "", Type::boolean, "", no},
    {"AuthCtrlr", "", 0, "LocalAuthorizeOffline", "", Type::boolean, "",
     get_flag<&Settings::local_authorise_offline>, set_flag<&Settings::local_authorise_offline>, "", {}, {}, true},
    {"AuthCtrlr", "", 0, "LocalPreAuthorize", "", Type::boolean, "", get_flag<&Settings::local_pre_authorise>,
     set_flag<&Settings::local_pre_authorise>, "", {}, {}, true},
    {"AuthCtrlr", "", 0, "OfflineTxForUnknownIdEnabled", "", Type::boolean, "", no},
    {"AuthCtrlr", "", 0, "MasterPassGroupId", "", Type::string, "",
     [](const Bay& bay) { return bay.settings.master_pass_group; }, set_master_group, "", {}, {}, true},
    {"AuthCacheCtrlr", "", 0, "Available", "", Type::boolean, "", no},
    {"LocalAuthListCtrlr", "", 0, "Available", "", Type::boolean, "", yes},
    {"LocalAuthListCtrlr", "", 0, "Enabled", "", Type::boolean, "", yes},
    {"LocalAuthListCtrlr", "", 0, "Entries", "", Type::integer, "",
     [](const Bay& bay) { return std::to_string(bay.list.size()); }, nullptr, "", {}, limits::bay_local_list},
    {"LocalAuthListCtrlr", "", 0, "ItemsPerMessage", "", Type::integer, "",
     [](const Bay&) { return std::to_string(limits::bay_local_list); }},
    {"LocalAuthListCtrlr", "", 0, "BytesPerMessage", "", Type::integer, "",
     [](const Bay&) { return std::to_string(limits::ocpp_message_bytes); }},
    {"TxCtrlr", "", 0, "EVConnectionTimeOut", "", Type::integer, "s", get_number<&Settings::connection_timeout_s>,
     set_number<&Settings::connection_timeout_s, 10, 3600>, "", 10, 3600, true},
    {"TxCtrlr", "", 0, "StopTxOnEVSideDisconnect", "", Type::boolean, "", yes},
    {"TxCtrlr", "", 0, "StopTxOnInvalidId", "", Type::boolean, "", get_flag<&Settings::stop_on_invalid_id>,
     set_flag<&Settings::stop_on_invalid_id>, "", {}, {}, true},
    {"TxCtrlr", "", 0, "TxStartPoint", "", Type::member_list, "",
     [](const Bay&) { return std::string("Authorized,EVConnected"); }},
    {"TxCtrlr", "", 0, "TxStopPoint", "", Type::member_list, "",
     [](const Bay&) { return std::string("Authorized,EVConnected"); }},
    {"TxCtrlr", "", 0, "TxBeforeAcceptedEnabled", "", Type::boolean, "", yes},
    {"SampledDataCtrlr", "", 0, "Enabled", "", Type::boolean, "", yes},
    {"SampledDataCtrlr", "", 0, "TxUpdatedInterval", "", Type::integer, "s", get_number<&Settings::sample_s>,
     set_number<&Settings::sample_s, 0, day_s>, "", 0, day_s, true},
    {"SampledDataCtrlr", "", 0, "TxUpdatedMeasurands", "", Type::member_list, "",
     [](const Bay&) {
       return std::string("Energy.Active.Import.Register,Power.Active.Import,Current.Import,Current.Offered");
     }},
    {"AlignedDataCtrlr", "", 0, "Enabled", "", Type::boolean, "", yes},
    {"AlignedDataCtrlr", "", 0, "Interval", "", Type::integer, "s", get_number<&Settings::aligned_s>, set_aligned, "",
     0, day_s, true},
    {"ReservationCtrlr", "", 0, "Available", "", Type::boolean, "", yes},
    {"ReservationCtrlr", "", 0, "Enabled", "", Type::boolean, "", yes},
    {"ReservationCtrlr", "", 0, "NonEvseSpecific", "", Type::boolean, "", yes},
    {"SmartChargingCtrlr", "", 0, "Available", "", Type::boolean, "", yes},
    {"SmartChargingCtrlr", "", 0, "Enabled", "", Type::boolean, "", yes},
    {"SmartChargingCtrlr", "", 0, "Entries", "ChargingProfiles", Type::integer, "",
     [](const Bay& bay) { return std::to_string(bay.profiles.size()); }, nullptr, "", {},
     limits::bay_charging_profiles},
    {"SmartChargingCtrlr", "", 0, "ProfileStackLevel", "", Type::integer, "", constant<'9'>},
    {"SmartChargingCtrlr", "", 0, "RateUnit", "", Type::member_list, "", constant<'A', ',', 'W'>},
    {"SmartChargingCtrlr", "", 0, "PeriodsPerSchedule", "", Type::integer, "", constant<'1', '0', '2', '4'>},
    {"DeviceDataCtrlr", "", 0, "ItemsPerMessage", "GetVariables", Type::integer, "", constant<'3', '2'>},
    {"DeviceDataCtrlr", "", 0, "ItemsPerMessage", "GetReport", Type::integer, "", constant<'3', '2'>},
    {"DeviceDataCtrlr", "", 0, "ItemsPerMessage", "SetVariables", Type::integer, "", constant<'3', '2'>},
    {"DeviceDataCtrlr", "", 0, "BytesPerMessage", "GetVariables", Type::integer, "", constant<'6', '5', '5', '3', '6'>},
    {"DeviceDataCtrlr", "", 0, "BytesPerMessage", "GetReport", Type::integer, "", constant<'6', '5', '5', '3', '6'>},
    {"DeviceDataCtrlr", "", 0, "BytesPerMessage", "SetVariables", Type::integer, "", constant<'6', '5', '5', '3', '6'>},
    {"MonitoringCtrlr", "", 0, "Available", "", Type::boolean, "", yes},
    {"MonitoringCtrlr", "", 0, "Enabled", "", Type::boolean, "", yes},
    {"MonitoringCtrlr", "", 0, "ActiveMonitoringLevel", "", Type::integer, "",
     [](const Bay& bay) { return std::to_string(bay.monitoring_level); }},
    {"DisplayMessageCtrlr", "", 0, "Available", "", Type::boolean, "", has_hardware<&Hardware::display>},
    {"DisplayMessageCtrlr", "", 0, "DisplayMessages", "", Type::integer, "",
     [](const Bay& bay) { return std::to_string(bay.messages.size()); }, nullptr, "", {},
     limits::bay_display_messages},
    {"DisplayMessageCtrlr", "", 0, "SupportedFormats", "", Type::member_list, "",
     [](const Bay&) { return std::string("ASCII,UTF8"); }},
    {"DisplayMessageCtrlr", "", 0, "SupportedPriorities", "", Type::member_list, "",
     [](const Bay&) { return std::string("AlwaysFront,InFront,NormalCycle"); }},
    {"ClockCtrlr", "", 0, "DateTime", "", Type::date_time, "", now_text},
    {"ClockCtrlr", "", 0, "TimeSource", "", Type::sequence_list, "",
     [](const Bay&) { return std::string("Heartbeat,RealTimeClock"); }},
};

}  // namespace

std::span<const Variable> variables() {
  return table;
}

}  // namespace bayward::bay
