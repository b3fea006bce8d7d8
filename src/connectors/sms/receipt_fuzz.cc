// Whatever calls itself a receipt: only one with our own proof is believed.
#include "base/check.h"
#include "connectors/sms/receipt_desk.h"
#include "ports/http_util.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace bayward;
  const std::string target(reinterpret_cast<const char*>(data), size);
  const auto parts = parse_target(target);
  if (!parts) return 0;
  HttpRequest request;
  request.method = HttpMethod::get;
  request.path = parts->path;
  request.query = parts->query;
  const auto receipt = sms::read_receipt(request, "the key of the fuzzer");
  if (receipt) {
    const std::string own = sms::receipt_url("", "the key of the fuzzer", receipt->delivery);
    BAYWARD_CHECK(request.path == own.substr(0, own.find('?')));
  }
  return 0;
}
