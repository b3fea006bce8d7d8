#include "sim/town/recorded.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include "ocpp/rpc/json.h"

namespace bayward::town {
namespace {

using ocpp::Json;

constexpr int64_t energy_max_wh = 1'000'000;  // no car takes more

std::vector<std::string_view> split(std::string_view line, char separator) {
  std::vector<std::string_view> fields;
  while (true) {
    const size_t at = line.find(separator);
    fields.push_back(line.substr(0, at));
    if (at == std::string_view::npos) return fields;
    line.remove_prefix(at + 1);
  }
}

std::optional<int64_t> whole(std::string_view text) {
  const auto decimal = ocpp::Decimal::parse(text);
  return decimal ? decimal->scaled(0) : std::nullopt;
}

// "Sat, 01 May 2021 20:42:47 GMT" (RFC 9110 5.6.7, IMF-fixdate).
std::optional<Instant> parse_imf(const std::string& text) {
  static constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || text.substr(25) != " GMT") return std::nullopt;
  const auto month = std::find(months.begin(), months.end(), text.substr(8, 3));
  if (month == months.end()) return std::nullopt;
  std::array<char, 3> number{};
  std::snprintf(number.data(), number.size(), "%02d", static_cast<int>(month - months.begin()) + 1);
  return parse_rfc3339(text.substr(12, 4) + "-" + number.data() + "-" + text.substr(5, 2) + "T" + text.substr(17, 8) +
                       "Z");
}

void check_times(RecordedSession& session) {
  if (!session.defect.empty()) return;
  if (session.end < session.start) session.defect = "the end is before the start";
  if (session.end == session.start) session.defect = "no time between start and end";
  if (session.energy_wh < 0 || session.energy_wh > energy_max_wh) session.defect = "an energy that cannot be";
  session.charging = std::clamp(session.charging, Duration{0}, std::max(session.end - session.start, Duration{0}));
}

void finish(std::vector<RecordedSession>& sessions) {
  for (RecordedSession& session : sessions) check_times(session);
  std::stable_sort(sessions.begin(), sessions.end(),
                   [](const RecordedSession& a, const RecordedSession& b) { return a.start < b.start; });
  std::map<std::pair<std::string, int32_t>, const RecordedSession*> last;
  for (RecordedSession& session : sessions) {
    if (!session.defect.empty()) continue;
    const RecordedSession*& before = last[{session.charger, session.connector}];
    if (before && session.start < before->end) {
      session.defect = "overlaps row " + std::to_string(before->row) + " on the same connector";
    } else {
      before = &session;
    }
  }
}

struct SapColumns {
  size_t charger, connector, start, end, idle, total, energy, count;
};

std::optional<SapColumns> sap_columns(std::string_view header) {
  const auto names = split(header, ';');
  const auto find = [&](std::string_view name) {
    return static_cast<size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  };
  const SapColumns columns{find("ID borne"),
                           find("ID connecteur borne"),
                           find("Date demarrage"),
                           find("Date fin"),
                           find("Duree inactivite totale (s)"),
                           find("Duree totale (s)"),
                           find("Consommation totale (Wh)"),
                           names.size()};
  for (const size_t column :
       {columns.charger, columns.connector, columns.start, columns.end, columns.idle, columns.total, columns.energy}) {
    if (column == names.size()) return std::nullopt;
  }
  return columns;
}

RecordedSession sap_session(std::string_view line, const SapColumns& columns) {
  RecordedSession session;
  const auto fields = split(line, ';');
  if (fields.size() != columns.count) {
    session.defect = "unreadable: " + std::to_string(fields.size()) + " fields";
    return session;
  }
  session.charger = fields[columns.charger];
  const auto connector = whole(fields[columns.connector]);
  const auto start = parse_rfc3339(fields[columns.start]);
  const auto end = parse_rfc3339(fields[columns.end]);
  const auto energy = whole(fields[columns.energy]);
  session.connector = static_cast<int32_t>(connector.value_or(0));
  session.start = start.value_or(Instant{});
  session.end = end.value_or(Instant{});
  session.energy_wh = energy.value_or(0);
  session.charging = session.end - session.start - std::chrono::seconds{whole(fields[columns.idle]).value_or(0)};
  if (session.charger.empty() || !connector || *connector < 1) session.defect = "unreadable: charger or connector";
  if (!energy) session.defect = "unreadable: energy \"" + std::string(fields[columns.energy]) + "\"";
  if (!end) session.defect = "unreadable: end \"" + std::string(fields[columns.end]) + "\"";
  if (!start) session.defect = "unreadable: start \"" + std::string(fields[columns.start]) + "\"";
  return session;
}

std::string text_in(const Json& json, std::string_view name) {
  const Json* value = json.find(name);
  return value && value->as_text() ? *value->as_text() : std::string();
}

std::vector<Declaration> declarations_in(const Json& json, Instant start) {
  std::vector<Declaration> declarations;
  const Json* inputs = json.find("userInputs");
  if (!inputs || !inputs->as_array()) return declarations;
  for (const Json& input : *inputs->as_array()) {
    const auto departure = parse_imf(text_in(input, "requestedDeparture"));
    const auto said_at = parse_imf(text_in(input, "modifiedAt"));
    if (departure && said_at && *departure > start) declarations.push_back({*said_at, *departure});
  }
  std::stable_sort(declarations.begin(), declarations.end(),
                   [](const Declaration& a, const Declaration& b) { return a.said_at < b.said_at; });
  return declarations;
}

RecordedSession acn_session(const Json& json) {
  RecordedSession session;
  session.charger = text_in(json, "stationID");
  const auto start = parse_imf(text_in(json, "connectionTime"));
  const auto end = parse_imf(text_in(json, "disconnectTime"));
  const auto done = parse_imf(text_in(json, "doneChargingTime"));
  const Json* kwh = json.find("kWhDelivered");
  const auto energy = kwh && kwh->as_number() ? kwh->as_number()->scaled(3) : std::nullopt;
  session.start = start.value_or(Instant{});
  session.end = end.value_or(Instant{});
  session.energy_wh = energy.value_or(0);
  session.charging = done && *done > session.start ? *done - session.start : session.end - session.start;
  session.declarations = declarations_in(json, session.start);
  if (session.charger.empty()) session.defect = "unreadable: station";
  if (!energy) session.defect = "unreadable: energy is no whole number of Wh";
  if (!end) session.defect = "unreadable: end \"" + text_in(json, "disconnectTime") + "\"";
  if (!start) session.defect = "unreadable: start \"" + text_in(json, "connectionTime") + "\"";
  return session;
}

}  // namespace

Result<std::vector<RecordedSession>> read_sap(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<RecordedSession> sessions;
  std::optional<SapColumns> columns;
  size_t row = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    if (!columns) {
      columns = sap_columns(line);
      if (!columns) return fail("the first line does not name the columns of the SAP Labs recording");
      continue;
    }
    sessions.push_back(sap_session(line, *columns));
    sessions.back().row = ++row;
  }
  if (!columns) return fail("the file is empty");
  finish(sessions);
  return sessions;
}

Result<std::vector<RecordedSession>> read_acn(std::string_view text) {
  const auto json = ocpp::parse_json(text);
  if (!json) return fail("not readable as JSON: " + json.error().message);
  const Json::Array* items = json->as_array();
  if (!items) return fail("an array of sessions is expected");
  std::vector<RecordedSession> sessions;
  for (const Json& item : *items) {
    sessions.push_back(acn_session(item));
    sessions.back().row = sessions.size();
  }
  finish(sessions);
  return sessions;
}

Result<Recording> read_recording(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail("cannot read " + path);
  std::ostringstream content;
  content << file.rdbuf();
  const std::string text = std::move(content).str();
  const size_t first = text.find_first_not_of(" \t\r\n");
  const bool json = first != std::string::npos && (text[first] == '[' || text[first] == '{');
  auto sessions = json ? read_acn(text) : read_sap(text);
  if (!sessions) return fail(path + ": " + sessions.error().message);
  return Recording{*std::move(sessions), json ? "America/Los_Angeles" : "Europe/Paris"};
}

Instant busiest_week(const std::vector<RecordedSession>& sessions) {
  constexpr Duration week = 7 * 24h;
  constexpr Duration first_monday = 4 * 24h;  // 1970-01-05
  std::map<int64_t, size_t> starts;
  for (const RecordedSession& session : sessions) {
    if (session.start != Instant{}) ++starts[(session.start.time_since_epoch() - first_monday) / week];
  }
  const auto most =
      std::max_element(starts.begin(), starts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == starts.end() ? Instant{} : Instant{first_monday + most->first * week};
}

}  // namespace bayward::town
