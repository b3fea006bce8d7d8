#include "stations/message_log.h"

#include <algorithm>
#include <map>
#include <utility>

#include "ocpp/rpc/frame.h"

namespace bayward::stations {
namespace {

using Kind = StationMessage::Kind;

// Kept in memory for each message, with its text or without.
constexpr size_t entry_bytes = 32;

std::string error_payload(const ocpp::CallError& error, std::string_view code, bool personal) {
  ocpp::Json::Object out;
  out.push_back({"code", ocpp::Json::text(std::string(code))});
  out.push_back({"description", ocpp::Json::text(error.description)});
  out.push_back({"details", masked(error.details, personal)});
  return ocpp::to_text(ocpp::Json::object(std::move(out)));
}

struct Reading {
  bool personal = false;
  std::map<std::string, std::string, std::less<>> actions;  // by message id, of calls seen so far

  void operator()(StationMessage& out, const ocpp::CallFrame& call) {
    out = described(out, Kind::call, call.id, call.action, ocpp::to_text(masked(call.payload, personal)));
    actions[call.id] = call.action;
  }
  void operator()(StationMessage& out, const ocpp::SendFrame& send) {
    out = described(out, Kind::send, send.id, send.action, ocpp::to_text(masked(send.payload, personal)));
  }
  void operator()(StationMessage& out, const ocpp::ResultFrame& result) {
    out =
        described(out, Kind::result, result.id, action_of(result.id), ocpp::to_text(masked(result.payload, personal)));
  }
  void operator()(StationMessage& out, const ocpp::ErrorFrame& error) {
    out = described(out, Kind::error, error.id, action_of(error.id),
                    error_payload(error.error, error.code_word, personal));
  }
  void operator()(StationMessage& out, const ocpp::ResultErrorFrame& error) {
    out = described(out, Kind::result_error, error.id, action_of(error.id), error_payload(error.error, "", personal));
  }

 private:
  static StationMessage described(StationMessage out, Kind kind, const std::string& id, const std::string& action,
                                  std::string payload) {
    out.kind = kind;
    out.id = id;
    out.action = action;
    out.payload = std::move(payload);
    return out;
  }
  std::string action_of(const std::string& id) const {
    const auto known = actions.find(id);
    return known == actions.end() ? std::string() : known->second;
  }
};

bool wanted(const StationMessage& message, const MessageQuery& query) {
  if (message.number <= query.after) return false;
  if (query.ours && message.ours != *query.ours) return false;
  if (!query.action.empty() && message.action != query.action) return false;
  const bool wrong =
      message.kind == Kind::error || message.kind == Kind::result_error || message.kind == Kind::unreadable;
  return !query.only_errors || wrong;
}

}  // namespace

void MessageLog::add(Instant at, bool ours, std::string_view text) {
  const std::string_view kept = text.size() <= limits::message_log_text_bytes ? text : std::string_view();
  if (size() + kept.size() + entry_bytes > bytes_) forget(bytes_ / 2);
  entries_.push_back({at, static_cast<uint32_t>(text_.size()), static_cast<uint32_t>(kept.size()),
                      static_cast<uint32_t>(text.size()), ours});
  text_ += kept;
}

void MessageLog::keep(size_t bytes) {
  bytes_ = bytes;
  if (size() <= bytes_) return;
  forget(bytes_ / 2);
  text_.shrink_to_fit();
  entries_.shrink_to_fit();
}

size_t MessageLog::size() const {
  return text_.size() + entries_.size() * entry_bytes;
}

void MessageLog::forget(size_t bytes_left) {
  const auto first = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    const auto entries_left = static_cast<size_t>(&entries_.back() - &entry + 1);
    return text_.size() - entry.begin + entries_left * entry_bytes <= bytes_left;
  });
  const size_t cut = first == entries_.end() ? text_.size() : first->begin;
  forgotten_ += static_cast<uint64_t>(first - entries_.begin());
  entries_.erase(entries_.begin(), first);
  text_.erase(0, cut);
  for (Entry& entry : entries_) entry.begin -= static_cast<uint32_t>(cut);
}

StationMessages MessageLog::read(const MessageQuery& query) const {
  StationMessages out;
  Reading reading{query.personal, {}};
  uint64_t number = forgotten_;
  for (const Entry& entry : entries_) {
    StationMessage message;
    message.number = ++number;
    message.at = entry.at;
    message.ours = entry.ours;
    message.bytes = entry.bytes;
    message.kind = Kind::unreadable;
    const auto frame = ocpp::parse_frame(std::string_view(text_).substr(entry.begin, entry.size));
    if (frame) std::visit([&](const auto& one) { reading(message, one); }, *frame);
    if (wanted(message, query)) out.items.push_back(std::move(message));
  }
  out.newest = number;
  // After a number the oldest come first, so that nothing is left out; without one, the newest.
  if (out.items.size() > query.most) {
    const auto over = static_cast<std::ptrdiff_t>(out.items.size() - query.most);
    query.after > 0 ? out.items.erase(out.items.end() - over, out.items.end())
                    : out.items.erase(out.items.begin(), out.items.begin() + over);
  }
  return out;
}

}  // namespace bayward::stations
