// Any bytes as a station's frames: the correlator never fails a CHECK, and what it sends back is a frame.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ocpp/rpc/correlator.h"
#include "ocpp/v16/dialect.h"
#include "ocpp/v201/dialect.h"
#include "ocpp/v21/dialect.h"

using namespace bayward;
using namespace bayward::ocpp;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const Dialect* version : {&v16::dialect(), &v201::dialect(), &v21::dialect()}) {
    const Dialect& dialect = *version;
    Correlator rpc(dialect, "f", 30s);
    if (!rpc.calls().submit({"Reset", "{}", Urgency::rest}) || !rpc.calls().take_next(Instant{})) std::abort();
    const Received received = rpc.receive(text, Instant{});
    const auto* finished = std::get_if<FinishedCall>(&received);
    if (finished != nullptr && !finished->protest.empty() && !parse_frame(finished->protest)) std::abort();
    if (const auto* back = std::get_if<SendBack>(&received); back != nullptr && !parse_frame(back->text)) std::abort();
    if (const auto* call = std::get_if<IncomingCall>(&received)) {
      const auto answer = rpc.answer(call->serial, to_text(call->payload), Instant{});
      if (!answer || !parse_frame(*answer)) std::abort();
      if (!std::holds_alternative<SendBack>(rpc.receive(text, Instant{}))) std::abort();
    }
  }
  return 0;
}
