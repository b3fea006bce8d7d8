#include "connectors/police/sip_dialect.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "base/limits.h"
#include "base/zone.h"
#include "connectors/police/manscdp.h"
#include "ports/log.h"

namespace bayward::police {
namespace {

constexpr std::string_view manscdp_type = "Application/MANSCDP+xml";

wire::Heard reply(std::string bytes) {
  return {wire::HeardKind::asked, std::nullopt, std::move(bytes), Duration{0}};
}
wire::Heard about(wire::HeardKind kind, std::optional<uint32_t> serial) {
  return {serial ? kind : wire::HeardKind::nothing, serial, {}, Duration{0}};
}

std::string degrees(int32_t e6) {
  const int64_t size = std::abs(int64_t{e6});
  std::string fraction = std::to_string(size % 1'000'000);
  return (e6 < 0 ? "-" : "") + std::to_string(size / 1'000'000) + "." + std::string(6 - fraction.size(), '0') +
         fraction;
}

// GB/T 28181-2016 annex A.2.5: 1 by phone, 2 by a device, 5 by picture, 6 a device's defect, 7 other.
std::string_view method_of(core::IncidentKind kind) {
  using core::IncidentKind;
  if (kind == IncidentKind::station_silent || kind == IncidentKind::link_down) return "6";
  return "2";
}
// 1 is the gravest.
std::string_view priority_of(const AlarmMessage& alarm) {
  if (alarm.step == core::DeliveryStep::all_clear) return "4";
  return alarm.severity == core::Severity::danger ? "1" : alarm.severity == core::Severity::warning ? "2" : "3";
}

}  // namespace

void SipDialect::begin() {
  reader_.reset();
  open_.clear();
  registered_ = false;
}

SipDialect::Transaction& SipDialect::begin_transaction(What what, std::optional<uint32_t> serial) {
  // The link says each thing with one serial: what it said before with this one is over.
  std::erase_if(open_, [&](const auto& one) { return serial && one.second.serial == serial; });
  if (open_.size() >= 2 * window()) {
    // Answers to the platform's own questions first: nobody waits for their 200.
    const auto spare = std::find_if(open_.begin(), open_.end(), [](const auto& one) { return !one.second.serial; });
    open_.erase(spare == open_.end() ? open_.begin() : spare);
  }
  Transaction transaction;
  transaction.what = what;
  transaction.serial = serial;
  transaction.number = ++last_number_;
  transaction.call_id = std::to_string(transaction.number) + '-' + config_.run + '@' + config_.domain;
  transaction.cseq = 1;
  const std::string key = transaction.call_id;
  return open_.emplace(key, std::move(transaction)).first->second;
}

void SipDialect::forget(const std::string& call_id) {
  open_.erase(call_id);
}

SipMessage SipDialect::message(const Transaction& transaction, std::string_view method, const std::string& uri) const {
  const std::string mark = std::to_string(transaction.number) + '.' + std::to_string(transaction.cseq);
  const std::string own = "sip:" + config_.device_id + '@' + config_.domain;
  SipMessage out;
  out.method = method;
  out.uri = uri;
  out.add("Via", std::string("SIP/2.0/") + (config_.tcp ? "TCP " : "UDP ") + config_.contact + ";rport;branch=z9hG4bK" +
                     config_.run.substr(0, 8) + mark);
  out.add("From", '<' + own + ">;tag=" + config_.run.substr(0, 12));
  const bool registers = method == "REGISTER";
  out.add("To", '<' + (registers ? own : "sip:" + config_.platform_id + '@' + config_.domain) + '>');
  out.add("Call-ID", transaction.call_id);
  out.add("CSeq", std::to_string(transaction.cseq) + ' ' + std::string(method));
  out.add("Max-Forwards", "70");
  out.add("User-Agent", "Bayward");
  return out;
}

std::string SipDialect::registration(Transaction& transaction, const std::optional<Challenge>& challenge) {
  const std::string uri = "sip:" + config_.platform_id + '@' + config_.domain;
  if (challenge) ++transaction.cseq;
  SipMessage out = message(transaction, "REGISTER", uri);
  out.add("Contact", "<sip:" + config_.device_id + '@' + config_.contact + '>');
  out.add("Expires", std::to_string(config_.expires.count() / 1000));
  if (challenge) {
    out.add("Authorization",
            authorization(*challenge, config_.credentials, {"REGISTER", uri, 1, random_hex().substr(0, 16)}));
    transaction.proved = true;
  }
  return transaction.bytes = encode(out);
}

std::string SipDialect::notify(Transaction& transaction, const std::string& body) const {
  SipMessage out = message(transaction, "MESSAGE", "sip:" + config_.platform_id + '@' + config_.domain);
  out.add("Content-Type", std::string(manscdp_type));
  out.body = body;
  return transaction.bytes = encode(out);
}

std::string SipDialect::local_time(Instant at) const {
  return to_rfc3339(at + config_.utc_offset).substr(0, 19);
}

std::string SipDialect::alarm_body(const AlarmMessage& alarm, uint32_t number) const {
  const bool over = alarm.step == core::DeliveryStep::all_clear;
  ManscdpWriter out("Notify", "Alarm", std::to_string(number), config_.device_id);
  out.text("AlarmPriority", priority_of(alarm)).text("AlarmMethod", method_of(alarm.kind));
  out.text("AlarmTime", local_time(over ? alarm.at : alarm.opened_at)).text("AlarmDescription", alarm_text(alarm));
  out.text("Longitude", degrees(alarm.place.point.longitude_e6));
  return out.text("Latitude", degrees(alarm.place.point.latitude_e6)).take();
}

std::optional<std::string> SipDialect::say(const wire::Saying& saying, uint32_t serial, Instant wall) {
  // Said again: a repetition of what has no final answer yet; an alarm that was only accepted keeps its SN.
  for (auto& [id, known] : open_) {
    if (known.serial != serial) continue;
    if (!known.accepted) return known.bytes;
    const auto* alarm = std::get_if<AlarmMessage>(&saying);
    if (!alarm) break;
    ++known.cseq;
    known.accepted = false;
    return notify(known, alarm_body(*alarm, known.number));
  }
  if (const auto* alarm = std::get_if<AlarmMessage>(&saying)) {
    if (alarm->kind == core::IncidentKind::watch_list) return std::nullopt;
    Transaction& transaction = begin_transaction(What::alarm, serial);
    return notify(transaction, alarm_body(*alarm, transaction.number));
  }
  if (!std::holds_alternative<wire::Supervision>(saying)) return std::nullopt;
  if (!registered_ || register_again_ <= wall) {
    return registration(begin_transaction(What::registration, serial), std::nullopt);
  }
  Transaction& transaction = begin_transaction(What::keepalive, serial);
  return notify(transaction, ManscdpWriter("Notify", "Keepalive", std::to_string(transaction.number), config_.device_id)
                                 .text("Status", "OK")
                                 .take());
}

std::vector<wire::Heard> SipDialect::hear(std::string_view bytes, Instant wall) {
  std::vector<wire::Heard> out;
  reader_.feed(bytes);
  while (const auto heard = reader_.next()) {
    heard->request() ? hear_request(*heard, wall, out) : hear_response(*heard, wall, out);
  }
  return out;
}

void SipDialect::registration_answered(Transaction& transaction, const SipMessage& heard, Instant wall,
                                       std::vector<wire::Heard>& out) {
  const auto serial = transaction.serial;
  if (heard.status == 401 && !transaction.proved) {
    if (const auto challenge = parse_challenge(heard.get("WWW-Authenticate"))) {
      out.push_back(reply(registration(transaction, challenge)));
      return;
    }
  }
  forget(transaction.call_id);
  if (heard.status >= 300) {
    log::warn("police.registration_refused", {{"status", heard.status}, {"device", config_.device_id}});
    out.push_back(about(wire::HeardKind::refused, serial));
    return;
  }
  registered_ = true;
  register_again_ = wall + config_.expires / 2;
  out.push_back(about(wire::HeardKind::acknowledged, serial));
}

void SipDialect::hear_response(const SipMessage& heard, Instant wall, std::vector<wire::Heard>& out) {
  if (heard.status < 200) return;
  const auto found = open_.find(std::string(heard.get("Call-ID")));
  if (found == open_.end() || cseq_number(heard.get("CSeq")) != found->second.cseq) return;
  Transaction& transaction = found->second;
  if (transaction.what == What::registration) return registration_answered(transaction, heard, wall, out);
  const auto serial = transaction.serial;
  if (heard.status < 300) {
    transaction.accepted = true;
    if (transaction.what == What::alarm && config_.response_wanted) return;  // the Response is still to come
    forget(found->first);
    out.push_back(about(wire::HeardKind::acknowledged, serial));
    return;
  }
  forget(found->first);
  // It knows us no more: register at once; an alarm is said again by the link.
  if (heard.status == 401 || heard.status == 403 || heard.status == 404) {
    registered_ = false;
    out.push_back(reply(registration(begin_transaction(What::registration, std::nullopt), std::nullopt)));
    return;
  }
  out.push_back(about(wire::HeardKind::refused, serial));
}

void SipDialect::hear_request(const SipMessage& heard, Instant wall, std::vector<wire::Heard>& out) {
  const auto answer = [&](int status, std::string_view reason) {
    out.push_back(reply(encode(response_to(heard, status, reason, config_.run.substr(0, 12)))));
  };
  if (heard.method == "ACK") return;
  if (heard.method == "OPTIONS") return answer(200, "OK");
  if (heard.method == "INVITE") return answer(488, "Not Acceptable Here");
  if (heard.method == "BYE" || heard.method == "CANCEL") return answer(481, "Call/Transaction Does Not Exist");
  if (heard.method != "MESSAGE") return answer(405, "Method Not Allowed");
  if (!parse_manscdp(heard.body)) return answer(400, "Bad Request");
  answer(200, "OK");
  hear_body(heard, wall, out);
}

void SipDialect::hear_body(const SipMessage& heard, Instant wall, std::vector<wire::Heard>& out) {
  const auto body = parse_manscdp(heard.body);
  const std::string command = body->get("CmdType");
  if (body->kind == "Response" && command == "Alarm") {
    const std::string number = body->get("SN");
    const auto found = std::find_if(open_.begin(), open_.end(), [&](const auto& one) {
      return one.second.what == What::alarm && std::to_string(one.second.number) == number;
    });
    if (found == open_.end()) return;
    const auto serial = found->second.serial;
    forget(found->first);
    const bool good = body->get("Result") == "OK";
    out.push_back(about(good ? wire::HeardKind::acknowledged : wire::HeardKind::refused, serial));
  } else if (body->kind == "Query" || body->kind == "Control") {
    out.push_back(reply(answer_query(command, body->get("SN"), wall)));
  }
}

std::string SipDialect::answer_query(const std::string& command, const std::string& number, Instant wall) {
  ManscdpWriter out("Response", command, number, config_.device_id);
  if (command == "DeviceInfo") {
    out.text("Result", "OK").text("DeviceName", "Bayward").text("Manufacturer", "Bayward").text("Model", "server");
  } else if (command == "DeviceStatus") {
    out.text("Result", "OK").text("Online", "ONLINE").text("Status", "OK").text("DeviceTime", local_time(wall));
  } else if (command == "Catalog") {
    out.text("SumNum", "0");  // no cameras are given here
  } else {
    out.text("Result", "ERROR");
  }
  return notify(begin_transaction(What::keepalive, std::nullopt), out.take());
}

}  // namespace bayward::police
