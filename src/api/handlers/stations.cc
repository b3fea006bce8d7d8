// What the operator does with one charging station: orders in its own protocol, its security, the audit log.
#include <charconv>

#include "api/handlers/handlers.h"
#include "api/handlers/station_path.h"
#include "api/views/views.h"
#include "base/limits.h"
#include "ports/log.h"
#include "ports/security_log.h"
#include "ports/station_link.h"

namespace bayward::api {

using namespace core;

namespace {

std::string_view word(StationAnswer::Kind kind) {
  switch (kind) {
    case StationAnswer::Kind::answered:
      return "answered";
    case StationAnswer::Kind::error:
      return "error";
    case StationAnswer::Kind::silent:
      return "silent";
    case StationAnswer::Kind::offline:
      return "offline";
    case StationAnswer::Kind::busy:
      return "busy";
    case StationAnswer::Kind::malformed:
      return "malformed";
  }
  return "";
}

std::string_view word(SecurityOrigin origin) {
  switch (origin) {
    case SecurityOrigin::station:
      return "station";
    case SecurityOrigin::platform:
      return "platform";
    case SecurityOrigin::staff:
      return "staff";
  }
  return "";
}

constexpr IntegerRange evses{1, limits::connectors_per_station};
constexpr IntegerRange evses_or_whole{0, limits::connectors_per_station};

uint16_t evse_in(Fields& in) {
  return static_cast<uint16_t>(in.maybe_integer("evse", evses_or_whole).value_or(0));
}

std::vector<std::string> texts_in(Fields& in, std::string_view name, size_t chars) {
  std::vector<std::string> out;
  for (const auto& element : in.array(name, limits::station_setting_names)) {
    const auto* text = element.if_string();
    if (text && !text->empty() && text->size() <= chars) {
      out.emplace_back(text->data(), text->size());
    } else {
      in.refuse(name, "must be a list of texts", "必须是文字列表");
    }
  }
  return out;
}

ChangeSettings settings_in(Fields& in) {
  ChangeSettings out;
  size_t index = 0;
  for (const auto& element : in.array("settings", limits::station_setting_names)) {
    Fields one = in.object_in("settings", index++, element);
    StationSetting& setting = out.settings.emplace_back();
    setting.name = one.text("name", 1, 200);
    setting.value = one.text("value", 0, 2500);
    one.finish();
  }
  return out;
}

StationOrder order_in(Fields& in) {
  const std::string order = in.text("order", 1, 32);
  if (order == "read_settings") return ReadSettings{texts_in(in, "names", 200)};
  if (order == "change_settings") return settings_in(in);
  if (order == "trigger") {
    const std::string message = in.text("message", 1, 64);
    return TriggerStation{message, evse_in(in)};
  }
  if (order == "reset") return ResetStation{in.maybe_flag("at_once").value_or(false)};
  if (order == "unlock") {
    const auto evse = static_cast<uint16_t>(in.integer("evse", evses));
    return UnlockConnector{evse, static_cast<uint16_t>(in.maybe_integer("connector", evses).value_or(1))};
  }
  if (order == "set_availability") {
    const bool operative = in.flag("operative");
    return SetAvailability{operative, evse_in(in)};
  }
  if (order == "clear_cache") return ClearAuthorizationCache{};
  if (order == "change_password") return ChangePassword{};
  if (order == "renew_certificate") return RenewCertificate{};
  if (order == "install_roots") return InstallRoots{};
  if (order == "list_certificates") return ListCertificates{};
  if (order == "delete_certificate") {
    DeleteCertificate out;
    out.hash_algorithm = in.text("hash_algorithm", 1, 8);
    out.issuer_name_hash = in.text("issuer_name_hash", 1, 128);
    out.issuer_key_hash = in.text("issuer_key_hash", 1, 128);
    out.serial_number = in.text("serial_number", 1, 40);
    return out;
  }
  if (order == "fetch_log") {
    FetchLog out;
    out.security = in.maybe_flag("security").value_or(false);
    out.from = in.maybe_time("from");
    out.to = in.maybe_time("to");
    return out;
  }
  if (order == "call") {
    const std::string action = in.text("action", 1, 64);
    return CallStation{action, in.maybe_json("payload").value_or("{}")};
  }
  in.refuse("order", "is unknown; the description of the API lists them", "未知；见API说明");
  return ResetStation{};
}

void write_answer(const CallPtr& call, const StationAnswer& answer) {
  if (answer.kind == StationAnswer::Kind::malformed) {
    return call->refuse(Trouble::bad_field, {"The station can't be told this: " + answer.status + ".",
                                             "无法向该充电桩下达此指令：" + answer.status + "。"});
  }
  JsonOut out;
  out.object().field("outcome", word(answer.kind)).field("status", answer.status).name("settings").array();
  for (const SettingOutcome& setting : answer.settings) {
    out.object().field("name", setting.name).field("status", setting.status).field("value", setting.value);
    out.field("readonly", setting.readonly).end();
  }
  out.end().name("answer");
  answer.payload.empty() ? out.null() : out.raw(answer.payload);
  call->reply(200, std::move(out.end()));
}

void write_security(const CallPtr& call, const Result<StationSecurity>& found) {
  if (!found) return call->unavailable("station security", found.error());
  JsonOut out;
  out.object().field("profile", found->profile).name("certificates_since");
  found->certificates_since == Instant{} ? out.null() : out.value(found->certificates_since);
  out.name("connection");
  if (!found->connected) return call->reply(200, std::move(out.null().end()));
  out.object().field("profile", found->connected_profile).name("certificate");
  if (found->certificate_serial.empty()) {
    out.null();
  } else {
    out.object().field("serial", found->certificate_serial).field("until", found->certificate_until).end();
  }
  call->reply(200, std::move(out.end().end()));
}

std::string_view word(StationMessage::Kind kind) {
  switch (kind) {
    case StationMessage::Kind::call:
      return "call";
    case StationMessage::Kind::result:
      return "result";
    case StationMessage::Kind::error:
      return "error";
    case StationMessage::Kind::result_error:
      return "result_error";
    case StationMessage::Kind::send:
      return "send";
    case StationMessage::Kind::unreadable:
      return "unreadable";
  }
  return "";
}

void write_message(JsonOut& out, const StationMessage& message) {
  out.object().field("number", message.number).field("at", message.at);
  out.field("by", message.ours ? "platform" : "station").field("kind", word(message.kind));
  out.field("id", message.id).field("action", message.action).field("bytes", message.bytes).name("payload");
  message.payload.empty() ? out.null() : out.raw(message.payload);
  out.end();
}

// False: the call was refused.
bool message_query_in(const CallPtr& call, MessageQuery& out) {
  const auto wrong = [&](std::string_view name) {
    const std::string word(name);
    call->refuse(Trouble::bad_field, {"?" + word + "= has no such value; the description of the API lists them.",
                                      "?" + word + "=的取值无效；见API说明。"});
    return false;
  };
  const HttpRequest& request = call->request();
  const auto page = page_of(call);
  if (!page) return false;
  out.most = std::min<size_t>(page->limit, limits::messages_shown);
  out.reader = call->account();
  const std::string after(request.parameter("after").value_or("0"));
  const auto end = std::from_chars(after.data(), after.data() + after.size(), out.after);
  if (end.ec != std::errc{} || end.ptr != after.data() + after.size()) return wrong("after");
  out.action = request.parameter("action").value_or("");
  const std::string_view by = request.parameter("by").value_or("");
  if (by != "" && by != "platform" && by != "station") return wrong("by");
  if (!by.empty()) out.ours = by == "platform";
  for (const auto& [name, flag] : {std::pair{"errors", &out.only_errors}, std::pair{"personal", &out.personal}}) {
    const std::string_view text = request.parameter(name).value_or("false");
    if (text != "true" && text != "false") return wrong(name);
    *flag = text == "true";
  }
  return true;
}

void list_events(const CallPtr& call, SecurityQuery query) {
  SecurityLog* log = call->services().security_log;
  if (!log) return call->unavailable("security log", {"there is none"});
  call->on_worker([call, log, query] {
    const auto events = log->read(query);
    if (!events) return call->unavailable("security log", events.error());
    JsonOut out;
    out.object().name("items").array();
    for (const SecurityEvent& event : *events) {
      out.object().name("station");
      event.station ? out.value(event.station) : out.null();
      out.field("identity", event.identity).field("origin", word(event.origin)).field("type", event.type);
      out.field("detail", event.detail).field("at", event.at).field("recorded_at", event.recorded_at).end();
    }
    out.end();
    write_next(out, events->size() == query.most ? std::optional(events->back().number) : std::nullopt);
    call->reply(200, std::move(out.end()));
  });
}

}  // namespace

void order_station(const CallPtr& call) {
  Body body(call->request().body);
  Fields in = body.fields();
  StationOrder order = order_in(in);
  in.finish();
  if (call->refused_by(body)) return;
  with_station(call, [order = std::move(order)](const CallPtr& answer, StationId station) {
    log::info("station.order",
              {{"station", to_text(station)}, {"by", to_text(answer->account())}, {"order", order.index()}});
    const auto carry_out = [answer, station](StationOrder what) {
      answer->services().stations.order(station, std::move(what),
                                        [answer](const StationAnswer& told) { write_answer(answer, told); });
    };
    const auto* fetch = std::get_if<FetchLog>(&order);
    if (!fetch) return carry_out(order);
    if (!can_expect_upload(answer)) return;
    answer->on_worker([answer, station, carry_out, what = *fetch]() mutable {
      if (expect_upload(answer, station, what)) carry_out(std::move(what));
    });
  });
}

void list_station_reports(const CallPtr& call) {
  with_station(call, [](const CallPtr& answer, StationId station) {
    answer->services().stations.reports(station, [answer](const std::vector<StationReport>& reports) {
      JsonOut out;
      out.object().name("items").array();
      for (const StationReport& report : reports) {
        out.object().field("request", report.request).field("action", report.action);
        out.field("complete", report.complete).field("dropped", report.dropped).field("at", report.at);
        out.name("parts").array();
        for (const std::string& part : report.parts) out.raw(part);
        out.end().end();
      }
      out.end();
      write_next(out, std::nullopt);
      answer->reply(200, std::move(out.end()));
    });
  });
}

void list_station_messages(const CallPtr& call) {
  MessageQuery query;
  if (!message_query_in(call, query)) return;
  with_station(call, [query = std::move(query)](const CallPtr& answer, StationId station) {
    answer->services().stations.messages(station, query, [answer](const StationMessages& found) {
      JsonOut out;
      out.object().name("items").array();
      for (const StationMessage& message : found.items) write_message(out, message);
      out.end().field("newest", found.newest);
      answer->reply(200, std::move(out.end()));
    });
  });
}

void show_station_security(const CallPtr& call) {
  with_station(call, [](const CallPtr& answer, StationId station) {
    answer->services().stations.security(
        station, [answer](const Result<StationSecurity>& found) { write_security(answer, found); });
  });
}

void set_station_security(const CallPtr& call) {
  Body body(call->request().body);
  Fields in = body.fields();
  SecurityChange change;
  if (const auto profile = in.maybe_integer("profile", {1, 3})) change.profile = static_cast<int>(*profile);
  change.revoke_certificates = in.maybe_flag("revoke_certificates").value_or(false);
  in.finish();
  if (call->refused_by(body)) return;
  with_station(call, [change](const CallPtr& answer, StationId station) {
    answer->services().stations.set_security(
        station, change, [answer](const Result<StationSecurity>& found) { write_security(answer, found); });
  });
}

void list_station_security_events(const CallPtr& call) {
  const auto page = page_of(call);
  if (!page) return;
  with_station(call, [page = *page](const CallPtr& answer, StationId station) {
    list_events(answer, {station, page.after.value_or(0), page.limit});
  });
}

void list_security_events(const CallPtr& call) {
  const auto page = page_of(call);
  if (page) list_events(call, {{}, page->after.value_or(0), page->limit});
}

void show_station_authority(const CallPtr& call) {
  HttpResponse response;
  response.body = call->services().stations.authority_roots();
  if (response.body.empty()) return call->refuse(Trouble::not_found);
  response.content_type = "application/x-pem-file";
  call->reply(std::move(response));
}

}  // namespace bayward::api
