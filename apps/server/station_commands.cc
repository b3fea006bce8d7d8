#include "station_commands.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdio>
#include <fstream>

#include "alarm_config.h"
#include "base/json_text.h"
#include "journal/vault/sqlite_vault.h"
#include "net/http_client.h"
#include "net/io.h"
#include "ports/http_util.h"
#include "stations/authority/authority.h"

namespace bayward {
namespace {

int failed(const std::string& message) {
  fmt::print(stderr, "bayward-server: {}\n", message);
  return 1;
}

Result<std::string> token_of(const std::string& file) {
  std::ifstream in(file);
  std::string token;
  if (!std::getline(in, token) || token.empty()) {
    return fail("--token-file '" + file + "': an API token of an operator is expected in its first line");
  }
  return token;
}

Result<net::HttpClientConfig> client_of(const StationAsk& ask) {
  const auto url = parse_http_url(ask.server);
  if (!url) return fail("--server must be a URL such as https://csms.example.org");
  net::HttpClientConfig client;
  client.host = url->host;
  client.port = url->port;
  if (url->tls) {
    auto tls = net::TlsContext::for_client({ask.trusted_certificates_file, {}});
    if (!tls) return Failure{tls.error()};
    client.tls = *tls;
  }
  return client;
}

// The answer's body, or why it was refused.
Result<std::string> fetch(const StationAsk& ask, HttpRequest request) {
  const auto token = token_of(ask.token_file);
  if (!token) return Failure{token.error()};
  auto config = client_of(ask);
  if (!config) return Failure{config.error()};
  config->timeout = 10min;  // an image is long
  net::IoContext io;
  net::HttpClient client(io, *config);
  io.start();
  request.headers.add("Authorization", "Bearer " + *token);
  auto answer = client.fetch(std::move(request));
  client.close();
  if (!answer) return Failure{answer.error()};
  if (answer->status >= 300) return fail(fmt::format("{}: {}", answer->status, answer->body));
  return answer->body;
}

HttpRequest json_request(HttpMethod method, const std::string& path, std::string body) {
  HttpRequest request;
  request.method = method;
  request.target = "/api/v1" + path;
  if (!body.empty()) request.headers.add("Content-Type", "application/json");
  request.body = std::move(body);
  return request;
}

// One request; its answer on standard output, a refusal on standard error.
int request(const StationAsk& ask, HttpMethod method, const std::string& path) {
  const auto answer = fetch(ask, json_request(method, path, ask.body));
  if (!answer) return failed(answer.error().message);
  fmt::print("{}\n", *answer);
  return 0;
}

Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail("'" + path + "' can't be read");
  return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

// {"file":"pile.bin","version":"2.0",...} of what the command line names.
Result<std::string> description_of(const StationAsk& ask) {
  std::string out = "{\"file\":";
  append_json_string(out, std::filesystem::path(ask.image_file).filename().string());
  const auto add = [&out](std::string_view name, std::string_view text) {
    out += fmt::format(",\"{}\":", name);
    append_json_string(out, text);
  };
  if (!ask.version.empty()) add("version", ask.version);
  if (!ask.certificate_file.empty()) {
    const auto certificate = read_file(ask.certificate_file);
    if (!certificate) return Failure{certificate.error()};
    add("certificate", *certificate);
  }
  if (!ask.signature_file.empty()) {
    const auto signature = read_file(ask.signature_file);
    if (!signature) return Failure{signature.error()};
    // As `openssl dgst -sign` writes it, or in Base64 already.
    std::string text = *signature;
    std::erase_if(text, [](char c) { return c == '\n' || c == '\r'; });
    add("signature", base64_decode(text) ? text : base64_encode(*signature));
  }
  return out + "}";
}

// Describes the image, then puts its content where the answer says.
int upload_image(const StationAsk& ask) {
  auto content = read_file(ask.image_file);
  if (!content) return failed(content.error().message);
  auto description = description_of(ask);
  if (!description) return failed(description.error().message);
  const auto made = fetch(ask, json_request(HttpMethod::post, "/firmware-images", *std::move(description)));
  if (!made) return failed(made.error().message);
  boost::json::error_code error;
  const auto answer = boost::json::parse(*made, error);
  const auto* object = error ? nullptr : answer.if_object();
  const auto* path = object && object->if_contains("path") ? object->at("path").if_string() : nullptr;
  if (!path) return failed("the server's answer was not understood: " + *made);
  HttpRequest put;
  put.method = HttpMethod::put;
  put.target = std::string(path->data(), path->size());
  put.headers.add("Content-Type", "application/octet-stream");
  put.body = *std::move(content);
  if (const auto taken = fetch(ask, std::move(put)); !taken) return failed(taken.error().message);
  fmt::print("{}\n", *made);
  return 0;
}

struct Verb {
  const char* name;
  const char* what;
  HttpMethod method;
  const char* path;  // "{}": the subject
  const char* body;  // help of the JSON argument; null: there is none
  const char* subject = "Its id: sta-1";
};

constexpr const char* number = "Its number";

constexpr Verb verbs[] = {
    {"pending", "Stations that called and that nobody has registered", HttpMethod::get, "/pending-stations", nullptr},
    {"order", "Have a station do something", HttpMethod::post, "/stations/{}/orders",
     R"(JSON, such as '{"order":"reset"}' or '{"order":"call","action":"GetBaseReport","payload":{...}}')"},
    {"reports", "What it has reported after such calls", HttpMethod::get, "/stations/{}/reports", nullptr},
    {"messages", "What it and the server have said to each other last", HttpMethod::get,
     "/stations/{}/messages?limit=200", nullptr},
    {"uploads", "Logs it has uploaded, and those it was asked for", HttpMethod::get, "/stations/{}/uploads", nullptr},
    {"security", "Its security profile and how it is connected", HttpMethod::get, "/stations/{}/security", nullptr},
    {"set-security", "Change its profile, revoke its certificates", HttpMethod::put, "/stations/{}/security",
     R"(JSON: '{"profile":1}', '{"revoke_certificates":true}')"},
    {"events", "The audit log of its security", HttpMethod::get, "/stations/{}/security-events?limit=200", nullptr},
    {"all-events", "The audit log of all stations", HttpMethod::get, "/security-events?limit=200", nullptr},
    {"images", "Images of firmware that lie here", HttpMethod::get, "/firmware-images", nullptr},
    {"delete-image", "Delete one", HttpMethod::del, "/firmware-images/{}", nullptr, number},
    {"campaigns", "Firmware campaigns", HttpMethod::get, "/firmware-campaigns", nullptr},
    {"campaign", "One with all its stations", HttpMethod::get, "/firmware-campaigns/{}", nullptr, number},
    {"begin-campaign", "Bring firmware to many stations, in stages", HttpMethod::post, "/firmware-campaigns",
     R"(JSON, such as '{"name":"Spring","image":1,"group":{"vendor":"Bay"},"stages":[{"stations":1},{"percent":10},{"percent":100}]}')"},
    {"order-campaign", "Pause, resume or cancel one", HttpMethod::post, "/firmware-campaigns/{}/orders",
     R"(JSON: '{"order":"pause"}', '{"order":"resume","retry_failed":true}', '{"order":"cancel"}')", number},
    {"sets", "Sets of settings", HttpMethod::get, "/setting-sets", nullptr},
    {"set", "How its stations stand to one", HttpMethod::get, "/setting-sets/{}", nullptr, number},
    {"add-set", "Make a set of settings", HttpMethod::post, "/setting-sets",
     R"(JSON, such as '{"name":"Meter","group":{"vendor":"Bay"},"settings":[{"variable":"AlignedDataCtrlr.Interval","key":"ClockAlignedDataInterval","value":"900"}]}')"},
    {"change-set", "Change one", HttpMethod::put, "/setting-sets/{}", "JSON, as of add-set", number},
    {"delete-set", "Delete one; stations keep what they have", HttpMethod::del, "/setting-sets/{}", nullptr, number},
    {"compare-set", "Compare its stations with it now", HttpMethod::post, "/setting-sets/{}/compare", nullptr, number},
};

}  // namespace

namespace {

void add_server(CLI::App& command, StationAsk& ask) {
  command.add_option("--server", ask.server, "URL of the server [http://127.0.0.1:8080]");
  command.add_option("--token-file", ask.token_file, "File with an operator's API token in its first line")->required();
  command.add_option("--trusted-certificates", ask.trusted_certificates_file, "PEM file, for an https server");
}

void add_upload(CLI::App& stations, StationAsk& ask, std::function<int()>& chosen) {
  CLI::App* command = stations.add_subcommand("upload-image", "Put an image of firmware on the server");
  add_server(*command, ask);
  command->add_option("file", ask.image_file, "The image")->required()->check(CLI::ExistingFile);
  command->add_option("--signature", ask.signature_file,
                      "File: over SHA-256 of the image, in Base64 or as OpenSSL writes it");
  command->add_option("--certificate", ask.certificate_file, "PEM file: of the key that signed");
  command->add_option("--version", ask.version, "As stations tell it when they boot with it");
  command->callback([&ask, &chosen] { chosen = [&ask] { return upload_image(ask); }; });
}

}  // namespace

void add_station_commands(CLI::App& app, StationAsk& ask, std::function<int()>& chosen) {
  CLI::App* stations = app.add_subcommand("stations", "Charging stations of a running server, over its API");
  stations->require_subcommand(1);
  add_upload(*stations, ask, chosen);
  for (const Verb& verb : verbs) {
    CLI::App* command = stations->add_subcommand(verb.name, verb.what);
    add_server(*command, ask);
    if (std::string_view(verb.path).find("{}") != std::string_view::npos) {
      command->add_option(verb.subject == number ? "number" : "station", ask.subject, verb.subject)->required();
    }
    if (verb.body) command->add_option("json", ask.body, verb.body)->required();
    command->callback([&ask, &chosen, verb] {
      chosen = [&ask, verb] {
        std::string path = verb.path;
        if (const size_t at = path.find("{}"); at != std::string::npos) path.replace(at, 2, ask.subject);
        return request(ask, verb.method, path);
      };
    });
  }
}

int print_authority_roots(const ServerConfig& config) {
  if (!std::filesystem::exists(config.data_directory / "vault.db")) {
    return failed(config.data_directory.string() + " holds no server's data: bayward-server init makes it");
  }
  auto vault = SqliteVault::open(config.data_directory);
  if (!vault) return failed(vault.error().message);
  const auto authority = stations::CertificateAuthority::open(**vault, config.organization, net::SystemClock().now());
  if (!authority) return failed(authority.error().message);
  fmt::print("{}", (*authority)->roots());
  return 0;
}

}  // namespace bayward
