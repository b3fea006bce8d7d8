// Whatever a payment provider answers: only an address that a browser may be sent to is taken from it.
#include <algorithm>

#include "base/check.h"
#include "connectors/payment/hosted_page.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace bayward;
  HttpResponse response;
  response.body.assign(data, data + size);
  const auto url = payment::read_pay_url(response);
  if (!url) return 0;
  BAYWARD_CHECK(url->starts_with("https://") || url->starts_with("http://"));
  BAYWARD_CHECK(std::all_of(url->begin(), url->end(), [](char c) { return c > ' ' && c <= '~'; }));
  return 0;
}
