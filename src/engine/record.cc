#include "engine/record.h"

#include "base/binary.h"
#include "base/json_text.h"

namespace bayward {

std::string encode(const RecordBody& body) {
  std::string bytes;
  bytes.reserve(384);
  BinaryWriter(bytes).write(body);
  return bytes;
}

std::optional<RecordBody> decode(std::string_view bytes) {
  return from_binary<RecordBody>(bytes);
}

std::string to_json_line(const JournalRecord& record, const RecordBody& body) {
  std::string out =
      "{\"position\":" + std::to_string(record.position) + ",\"at\":\"" + to_rfc3339(record.at) + "\",\"command\":";
  append_json_string(out, body.command);
  static constexpr std::string_view kinds[] = {"system", "person", "staff", "station"};
  out += ",\"actor\":\"";
  out += kinds[static_cast<size_t>(body.actor.kind) & 3];
  out += '"';
  if (body.actor.account) out += ",\"account\":\"" + to_text(body.actor.account) + '"';
  if (body.answer && body.answer->refusal) {
    out += ",\"refused\":\"";
    out += to_text(*body.answer->refusal);
    out += '"';
  }
  out += ",\"events\":[";
  bool first = true;
  for (const StreamEvent& event : body.events) {
    if (!first) out += ',';
    first = false;
    out += "{\"stream\":\"" + core::to_text(event.stream) + "\",\"sequence\":" + std::to_string(event.sequence) +
           ",\"event\":" + to_json_text(event.event) + '}';
  }
  return out + "]}";
}

}  // namespace bayward
