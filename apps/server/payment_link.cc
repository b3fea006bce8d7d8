#include "payment_link.h"

#include "connectors/payment/hosted_page.h"
#include "connectors/payment/test_provider.h"
#include "connectors/webhook/webhook_channel.h"
#include "ports/log.h"
#include "secret_file.h"

namespace bayward {
namespace {

constexpr Duration answer_within = 10s;

}  // namespace

Status PaymentLink::open(const PaymentConfig& config, net::IoContext& io, const Clock& world_clock) {
  if (config.provider == PaymentConfig::Provider::none) return Done{};
  if (config.provider == PaymentConfig::Provider::test) {
    log::warn("payments.test", {{"what", "top-ups are credited without money"}});
    provider_ = std::make_unique<payment::TestProvider>();
    return Done{};
  }
  auto secret = read_secret(config.secret_file, secret_min_chars);
  if (!secret) return fail("payments.secret_file: " + secret.error().message);
  net::HttpClientConfig client{config.url.host, config.url.port, nullptr, answer_within};
  if (config.url.tls) {
    auto tls = net::TlsContext::for_client({config.trusted_certificates_file.string()});
    if (!tls) return fail("payments.trusted_certificates_file: " + tls.error().message);
    client.tls = *std::move(tls);
  }
  http_ = std::make_unique<net::HttpClient>(io, client);
  provider_ = std::make_unique<payment::HostedPage>(
      [http = http_.get()](HttpRequest request, HttpAnswered answered) {
        http->send(std::move(request), std::move(answered));
      },
      payment::HostedPageConfig{config.name, config.url.path, config.public_url},
      [secret = *std::move(secret)](Instant at, std::string_view body) { return webhook::signature(secret, at, body); },
      world_clock);
  return Done{};
}

}  // namespace bayward
