#include "alarm_links.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.h"
#include "connectors/email/email_channel.h"
#include "connectors/sms/sms_channel.h"
#include "connectors/webhook/webhook_channel.h"
#include "connectors/wire/desk.h"
#include "ports/log.h"
#include "secret_file.h"

namespace bayward {
namespace {

constexpr Duration answer_within = 10s;
constexpr Duration doors_grace = 2s;
constexpr Duration pictures_looked_at_every = 10min;

}  // namespace

HttpPool::HttpPool(net::IoContext& io, const net::HttpClientConfig& config) {
  for (size_t i = 0; i < limits::alarm_sends; ++i) {
    connections_.push_back({std::make_unique<net::HttpClient>(io, config), 0});
  }
}

HttpOut HttpPool::out() {
  return [this](HttpRequest request, HttpAnswered answered) {
    const auto freest = std::min_element(connections_.begin(), connections_.end(),
                                         [](const auto& a, const auto& b) { return a.waiting < b.waiting; });
    Connection& connection = *freest;
    ++connection.waiting;
    connection.client->send(std::move(request), [&connection, answered = std::move(answered)](auto result) {
      --connection.waiting;
      answered(std::move(result));
    });
  };
}

Result<std::unique_ptr<AlarmLinks>> AlarmLinks::make(const AlarmConfig& config, EngineDoor& engine, Vault& vault,
                                                     DutyBoard& duty) {
  std::unique_ptr<AlarmLinks> links(new AlarmLinks());
  if (const auto added = links->add_sms(config, engine); !added) return Failure{added.error()};
  if (const auto added = links->add_email(config); !added) return Failure{added.error()};
  if (const auto added = links->add_webhooks(config); !added) return Failure{added.error()};
  if (const auto added = links->add_fire_desks(config, duty); !added) return Failure{added.error()};
  if (const auto added = links->add_cap(config); !added) return Failure{added.error()};
  if (const auto added = links->add_police(config, engine, vault); !added) return Failure{added.error()};
  outbox::Routing routing;
  routing.persons = links->routes(config.persons);
  routing.quiet = config.quiet;
  for (const auto& [desk, ways] : config.desks) routing.desks[desk] = links->routes(ways);
  const auto post = [io = &links->io_](std::function<void()> work) { io->post(std::move(work)); };
  links->dispatcher_ = std::make_unique<outbox::Dispatcher>(outbox::Ports{engine, vault, post}, std::move(routing));
  return links;
}

Status AlarmLinks::start() {
  for (Door& door : doors_) {
    auto listening = net::HttpServer::listen({&io_}, door.http, *door.handler, nullptr);
    if (!listening) return fail(fmt::format("{}:{}: {}", door.http.address, door.http.port, listening.error().message));
    door.server = *std::move(listening);
    log::info(door.what, {{"address", door.http.address}, {"port", door.server->port()}});
  }
  thread_ = std::thread([this] { io_.run(); });
  keeper_->start();
  io_.post([this] { erase_old_pictures(); });
  return Done{};
}

void AlarmLinks::erase_old_pictures() {
  keeper_->erase_old(clock_.now());
  io_.after(pictures_looked_at_every, [this] { erase_old_pictures(); });
}

void AlarmLinks::mail_code(CodeLetter letter, std::function<void(bool sent, std::string_view why)> done) {
  io_.post([this, letter = std::move(letter), done = std::move(done)] {
    mail_->send(email::letter_for(sender_, letter, clock_.now()),
                [done](const MailAnswer& answer) { done(answer.accepted, answer.why); });
  });
}

void AlarmLinks::close_doors() {
  for (Door& door : doors_) {
    if (door.server) door.server->stop(doors_grace);
  }
  for (police::ViidLink* link : viid_links_) link->close();
}

// The connections go only when nothing runs any more that could use them.
void AlarmLinks::stop() {
  io_.stop();
  if (thread_.joinable()) thread_.join();
  mail_ = nullptr;
}

Status AlarmLinks::add_sms(const AlarmConfig& config, EngineDoor& engine) {
  if (!config.sms) return Done{};
  auto password = read_secret(config.sms->password_file, 1);
  if (!password) return fail("alarms.sms.password_file: " + password.error().message);
  auto http = http_to(config.sms->url, config);
  if (!http) return Failure{http.error()};
  if (config.sms->receipts_listen) {
    receipts_ = std::make_unique<sms::ReceiptDesk>(engine, *password);
    auto door = make_door("sms.listening", *receipts_, *config.sms->receipts_listen, {}, {});
    if (!door) return fail("alarms.sms.receipts_listen: " + door.error().message);
    doors_.push_back(*std::move(door));
  }
  sms::Gateway gateway{config.sms->url.path, config.sms->user, *std::move(password), config.sms->sender,
                       config.sms->receipts_url};
  channels_["sms"] = std::make_unique<sms::SmsChannel>(*std::move(http), std::move(gateway));
  return Done{};
}

Status AlarmLinks::add_email(const AlarmConfig& config) {
  if (!config.email) return Done{};
  net::SmtpConfig server = config.email->server;
  if (!config.email->password_file.empty()) {
    auto password = read_secret(config.email->password_file, 1);
    if (!password) return fail("alarms.email.password_file: " + password.error().message);
    server.password = *std::move(password);
  }
  server.trusted_certificates_file = config.trusted_certificates_file.string();
  mail_ = std::make_unique<net::SmtpClient>(std::move(server));
  const auto out = [mail = mail_.get()](Mail letter, MailAnswered answered) {
    mail->send(std::move(letter), std::move(answered));
  };
  sender_ = config.email->sender;
  channels_["email"] = std::make_unique<email::EmailChannel>(out, config.email->sender, clock_);
  return Done{};
}

Status AlarmLinks::add_webhooks(const AlarmConfig& config) {
  for (const auto& [name, hook] : config.webhooks) {
    auto secret = read_secret(hook.secret_file, secret_min_chars);
    if (!secret) return fail(fmt::format("alarms.webhooks.{}.secret_file: {}", name, secret.error().message));
    auto http = http_to(hook.url, config);
    if (!http) return Failure{http.error()};
    channels_["webhook:" + name] =
        std::make_unique<webhook::WebhookChannel>(*std::move(http), hook.url.path, *std::move(secret), clock_);
  }
  return Done{};
}

Status AlarmLinks::add_fire_desks(const AlarmConfig& config, DutyBoard& duty) {
  for (const auto& [name, desk] : config.fire) {
    std::unique_ptr<wire::Dialect> dialect = std::make_unique<fire::GbtDialect>(desk.gbt);
    if (desk.sia) {
      fire::SiaConfig sia = *desk.sia;
      if (!desk.key_file.empty()) {
        auto text = read_secret(desk.key_file, 1);
        if (!text) return fail(fmt::format("alarms.fire.{}.key_file: {}", name, text.error().message));
        sia.key = fire::SiaKey::parse(*text);
        if (!sia.key) return fail(fmt::format("alarms.fire.{}.key_file: not a key of AES in hexadecimal", name));
      }
      dialect = std::make_unique<fire::SiaDialect>(std::move(sia));
    }
    wire::DeskEvents events;
    events.link = [name = name](const wire::LinkState& state) {
      log::write(state.up ? log::Level::info : log::Level::warn, "alarm.fire_link", {{"desk", name}, {"up", state.up}});
    };
    // Whether a person is on duty only a person can say, over the API; else the centre sees no answer.
    const auto answerer = std::make_shared<wire::Desk*>(nullptr);
    events.roll_call = [name = name, answerer, &duty](Duration within) {
      log::warn("alarm.fire_roll_call", {{"desk", name}, {"answer_within_s", within.count() / 1000}});
      duty.ask(name, within, [answerer](uint8_t number) { (*answerer)->answer_roll_call(number); });
    };
    wire::DeskConfig link;
    link.addresses = desk.addresses;
    auto made = std::make_unique<wire::Desk>(streams_, clock_, std::move(link), std::move(dialect), std::move(events));
    *answerer = made.get();
    channels_["fire:" + name] = std::move(made);
  }
  return Done{};
}

Result<HttpOut> AlarmLinks::http_to(const HttpUrl& url, const AlarmConfig& config) {
  if (url.tls && !tls_) {
    auto tls = net::TlsContext::for_client({config.trusted_certificates_file.string()});
    if (!tls) return fail("alarms.trusted_certificates_file: " + tls.error().message);
    tls_ = *std::move(tls);
  }
  const bool here = url.host == "localhost" || url.host == "::1" || url.host.starts_with("127.");
  if (!url.tls && !here) log::warn("alarm.link_not_encrypted", {{"host", url.host}, {"port", url.port}});
  net::HttpClientConfig client{url.host, url.port, url.tls ? tls_ : nullptr, answer_within};
  pools_.push_back(std::make_unique<HttpPool>(io_, client));
  return pools_.back()->out();
}

std::vector<outbox::Route> AlarmLinks::routes(const std::vector<AlarmWay>& ways) const {
  std::vector<outbox::Route> out;
  for (const AlarmWay& way : ways) {
    const bool message = way.kind == "sms" || way.kind == "email";
    out.push_back(
        {way.text, channels_.at(message ? way.kind : way.text).get(), message ? way.detail : "", way.kind == "email"});
  }
  return out;
}

}  // namespace bayward
