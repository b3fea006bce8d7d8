// Whatever a gateway answers: acceptance is never read out of anything but its own words, and the log's line is short
// and printable.
#include <algorithm>

#include "base/check.h"
#include "connectors/sms/kannel.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace bayward;
  HttpResponse response;
  response.status = size == 0 ? 200 : 100 + data[0] * 2;
  response.body.assign(data + std::min<size_t>(size, 1), data + size);
  const sms::Answer answer = sms::read_answer(response);
  if (answer.result == SendResult::delivered) {
    BAYWARD_CHECK(response.status / 100 == 2);
    BAYWARD_CHECK(response.body.starts_with("0: ") || response.body.starts_with("3: Queued"));
  }
  BAYWARD_CHECK(answer.why.size() < 120);
  BAYWARD_CHECK(std::all_of(answer.why.begin(), answer.why.end(), [](char c) { return c >= ' ' && c <= '~'; }));
  return 0;
}
