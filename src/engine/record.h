// One journal record: the events of one command, and of the saga steps it set off on streams that this engine owns.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ports/engine.h"

namespace bayward {

// The answer that goes with an idempotency key.
struct KeptAnswer {
  Fingerprint key;
  Fingerprint body;
  uint64_t subject = 0;
  std::optional<core::Refusal> refusal;
  BAYWARD_FIELDS(KeptAnswer, key, body, subject, refusal)
};

struct RecordBody {
  core::Actor actor;
  std::string command;
  std::optional<KeptAnswer> answer;
  std::vector<StreamEvent> events;
  BAYWARD_FIELDS(RecordBody, actor, command, answer, events)
};

std::string encode(const RecordBody& body);
std::optional<RecordBody> decode(std::string_view bytes);

// One line of JSON, as `journal show` and `journal export` print it.
std::string to_json_line(const JournalRecord& record, const RecordBody& body);

}  // namespace bayward
