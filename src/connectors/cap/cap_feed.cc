#include "connectors/cap/cap_feed.h"

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

#include "base/limits.h"

namespace bayward::cap {
namespace {

// How long an all-clear is shown. An alert has no end of its own: it is in force until it is cancelled.
constexpr Duration shown_after_the_end = std::chrono::hours{24};

std::string identifier_of(const AlarmMessage& message, CapType type) {
  std::string out = to_text(message.incident) + ".r" + std::to_string(message.round);
  if (type == CapType::cancel) return out + ".over";
  return out + '.' + std::string(core::to_text(message.kind)) + '.' + std::string(core::to_text(message.severity));
}

void add(pugi::xml_node parent, const char* name, const std::string& text) {
  parent.append_child(name).text().set(text.c_str());
}
void add_link(pugi::xml_node parent, const char* relation, const char* type, const std::string& url) {
  pugi::xml_node link = parent.append_child("link");
  link.append_attribute("rel") = relation;
  link.append_attribute("type") = type;
  link.append_attribute("href") = url.c_str();
}

}  // namespace

void CapFeed::tell(const AlarmMessage& message) {
  if (message.step == core::DeliveryStep::reminder) return;
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(message.incident);
  Entry* const before = found == entries_.end() ? nullptr : &found->second;
  if (message.step == core::DeliveryStep::all_clear) {
    if (before != nullptr && before->newest.type != CapType::cancel) publish(message, CapType::cancel, before);
    return;
  }
  if (before != nullptr && before->newest.identifier == identifier_of(message, CapType::alert)) return;
  // An alarm that comes late must not make less of what is known, nor bring back what is over.
  if (before != nullptr && message.round < before->newest.message.round) return;
  if (before != nullptr && message.round == before->newest.message.round &&
      (before->newest.type == CapType::cancel || message.severity < before->newest.message.severity)) {
    return;
  }
  const bool fresh = before == nullptr || before->newest.type == CapType::cancel;
  publish(message, fresh ? CapType::alert : CapType::update, before);
}

void CapFeed::publish(const AlarmMessage& message, CapType type, Entry* before) {
  Entry entry;
  entry.newest = {type, identifier_of(message, type), message.at, {}, std::nullopt, message};
  if (type == CapType::cancel) entry.newest.expires = message.at + shown_after_the_end;
  if (before != nullptr && type != CapType::alert) entry.newest.references = cap_reference(config_, before->newest);
  entry.xml = to_xml(config_, entry.newest);
  std::erase(by_age_, message.incident);
  by_age_.push_back(message.incident);
  entries_.insert_or_assign(message.incident, std::move(entry));
  if (by_age_.size() > limits::cap_alerts) {
    const auto over = std::find_if(by_age_.begin(), by_age_.end(), [&](IncidentId incident) {
      return entries_.at(incident).newest.type == CapType::cancel;
    });
    const auto gone = over == by_age_.end() ? by_age_.begin() : over;
    entries_.erase(*gone);
    by_age_.erase(gone);
  }
}

std::optional<std::string> CapFeed::document(std::string_view identifier) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const auto& entry) { return entry.second.newest.identifier == identifier; });
  return found == entries_.end() ? std::nullopt : std::optional(found->second.xml);
}

std::optional<std::string> CapFeed::newest_of(IncidentId incident) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(incident);
  return found == entries_.end() ? std::nullopt : std::optional(found->second.newest.identifier);
}

std::optional<IncidentId> CapFeed::incident_of(std::string_view identifier) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const auto& entry) { return entry.second.newest.identifier == identifier; });
  return found == entries_.end() ? std::nullopt : std::optional(found->first);
}

std::string CapFeed::atom(std::string_view base_url, Instant now) const {
  const std::lock_guard lock(mutex_);
  pugi::xml_document xml;
  pugi::xml_node declaration = xml.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node feed = xml.append_child("feed");
  feed.append_attribute("xmlns") = "http://www.w3.org/2005/Atom";
  add(feed, "id", "urn:bayward:cap:" + config_.sender);
  add(feed, "title", config_.sender_name.empty() ? config_.sender : config_.sender_name);
  const Instant updated = by_age_.empty() ? now : entries_.at(by_age_.back()).newest.sent;
  add(feed, "updated", to_rfc3339(updated));
  add(feed.append_child("author"), "name", config_.sender_name.empty() ? config_.sender : config_.sender_name);
  add_link(feed, "self", "application/atom+xml", std::string(base_url));
  for (auto it = by_age_.rbegin(); it != by_age_.rend(); ++it) {
    const CapDocument& newest = entries_.at(*it).newest;
    if (newest.expires && *newest.expires <= now) continue;
    pugi::xml_node entry = feed.append_child("entry");
    add(entry, "id", "urn:bayward:cap:" + config_.sender + ':' + newest.identifier);
    add(entry, "title", newest.identifier);
    add(entry, "updated", to_rfc3339(newest.sent));
    add_link(entry, "alternate", "application/cap+xml", std::string(base_url) + newest.identifier);
  }
  std::ostringstream out;
  xml.save(out, "  ", pugi::format_indent, pugi::encoding_utf8);
  return out.str();
}

}  // namespace bayward::cap
