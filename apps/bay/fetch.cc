#include "fetch.h"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <optional>

#include "base/limits.h"
#include "net/http_client.h"

namespace bayward::bay {
namespace {

struct Place {
  bool tls = false;
  std::string host;
  uint16_t port = 80;
  std::string target = "/";
};

std::optional<Place> parse(std::string_view url) {
  Place out;
  if (url.starts_with("https://"))
    out.tls = true;
  else if (!url.starts_with("http://"))
    return std::nullopt;
  url.remove_prefix(out.tls ? 8 : 7);
  const size_t slash = std::min(url.find('/'), url.size());
  std::string_view authority = url.substr(0, slash);
  if (slash < url.size()) out.target = url.substr(slash);
  out.port = out.tls ? 443 : 80;
  if (const size_t colon = authority.rfind(':'); colon != std::string_view::npos) {
    const std::string_view digits = authority.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    authority = authority.substr(0, colon);
  }
  out.host = authority;
  return out.host.empty() ? std::nullopt : std::optional(out);
}

Result<std::string> keep(const std::filesystem::path& directory, const HttpResponse& response) {
  if (response.status != 200) return fail(fmt::format("the server answered {}", response.status));
  if (response.body.empty() || response.body.size() > limits::bay_firmware_bytes)
    return fail("no file of a fit size came");
  const std::filesystem::path file = directory / "firmware.new";
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(response.body.data(), static_cast<std::streamsize>(response.body.size()));
  if (!out.flush()) return fail("cannot write " + file.string());
  return file.string();
}

}  // namespace

Fetch fetcher(net::IoContext& io, std::filesystem::path directory, std::string trusted_certificates) {
  return [&io, directory = std::move(directory), trusted = std::move(trusted_certificates)](
             const std::string& url, std::function<void(Result<std::string>)> done) {
    const auto later = [&io, done](Result<std::string> result) {
      io.post([done, result = std::move(result)] { done(result); });
    };
    const auto place = parse(url);
    if (!place) return later(fail("the location is no http or https address"));
    net::HttpClientConfig config;
    config.host = place->host;
    config.port = place->port;
    config.timeout = 300s;
    if (place->tls) {
      auto tls = net::TlsContext::for_client({trusted});
      if (!tls) return later(Failure{tls.error()});
      config.tls = *tls;
    }
    auto client = std::make_shared<net::HttpClient>(io, config);
    HttpRequest request;
    request.method = HttpMethod::get;
    request.target = place->target;
    client->send(std::move(request), [&io, client, directory, done](Result<HttpResponse> response) {
      done(response ? keep(directory, *response) : Result<std::string>(Failure{response.error()}));
      io.post([client] {});  // let go outside its own call
    });
  };
}

}  // namespace bayward::bay
