#include "station_commands.h"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>

#include "alarm_config.h"
#include "journal/vault/sqlite_vault.h"
#include "net/http_client.h"
#include "net/io.h"
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

// One request; its answer on standard output, a refusal on standard error.
int request(const StationAsk& ask, HttpMethod method, const std::string& path) {
  const auto token = token_of(ask.token_file);
  if (!token) return failed(token.error().message);
  const auto config = client_of(ask);
  if (!config) return failed(config.error().message);
  net::IoContext io;
  net::HttpClient client(io, *config);
  io.start();
  HttpRequest request;
  request.method = method;
  request.target = "/api/v1" + path;
  request.headers.add("Authorization", "Bearer " + *token);
  if (!ask.body.empty()) request.headers.add("Content-Type", "application/json");
  request.body = ask.body;
  const auto answer = client.fetch(std::move(request));
  client.close();
  if (!answer) return failed(answer.error().message);
  if (answer->status >= 300) return failed(fmt::format("{}: {}", answer->status, answer->body));
  fmt::print("{}\n", answer->body);
  return 0;
}

struct Verb {
  const char* name;
  const char* what;
  HttpMethod method;
  const char* path;  // "{}": the station
  const char* body;  // help of the JSON argument; null: there is none
};

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
};

}  // namespace

void add_station_commands(CLI::App& app, StationAsk& ask, std::function<int()>& chosen) {
  CLI::App* stations = app.add_subcommand("stations", "Charging stations of a running server, over its API");
  stations->require_subcommand(1);
  for (const Verb& verb : verbs) {
    CLI::App* command = stations->add_subcommand(verb.name, verb.what);
    command->add_option("--server", ask.server, "URL of the server [http://127.0.0.1:8080]");
    command->add_option("--token-file", ask.token_file, "File with an operator's API token in its first line")
        ->required();
    command->add_option("--trusted-certificates", ask.trusted_certificates_file, "PEM file, for an https server");
    if (std::string_view(verb.path).find("{}") != std::string_view::npos) {
      command->add_option("station", ask.station, "Its id: sta-1")->required();
    }
    if (verb.body) command->add_option("json", ask.body, verb.body)->required();
    command->callback([&ask, &chosen, verb] {
      chosen = [&ask, verb] {
        std::string path = verb.path;
        if (const size_t at = path.find("{}"); at != std::string::npos) path.replace(at, 2, ask.station);
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
