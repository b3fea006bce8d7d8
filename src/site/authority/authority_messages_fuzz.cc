// Briefings and asks are untrusted like everything from a socket: whatever they say, a book gives no slot twice and
// nothing at or after its watermark. Lines of the input are messages: B a briefing, A an ask.
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "core/handover/messages.h"
#include "ocpp/rpc/struct_json.h"
#include "site/authority/book.h"

namespace {

using namespace bayward;

void ask(authority::Book& book, const core::Ask& message, Instant now) {
  authority::Wish wish;
  wish.ask = message.ask;
  wish.account = message.wish.account;
  wish.bay = message.wish.bay;
  wish.kind = message.wish.kind;
  wish.booking_kind = message.wish.booking_kind;
  wish.span = message.wish.span;
  wish.platform_asks = message.wish.of == 0;
  const auto given = authority::decide(book, wish, now);
  if (!given || given->grant.number <= book.last) return;
  BAYWARD_CHECK(given->grant.span.start < book.briefing.watermark);
  BAYWARD_CHECK(given->grant.granted_until > given->grant.span.start);
  for (const authority::Entry& other : book.entries) {
    const Interval theirs{other.grant.span.start, other.grant.granted_until};
    BAYWARD_CHECK(other.grant.bay != given->grant.bay || other.grant.kind == core::GrantKind::free ||
                  !theirs.overlaps({given->grant.span.start, given->grant.granted_until}));
  }
  authority::add(book, *given);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  authority::Book book;
  const Instant now = from_unix_s(1'800'000'000);
  while (!input.empty()) {
    const std::string_view line = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(input.size(), line.size() + 1));
    if (line.size() < 2) continue;
    const auto json = ocpp::parse_json(line.substr(1));
    if (!json) continue;
    if (line.front() == 'B') {
      const auto briefing = ocpp::struct_of<core::Briefing>(*json);
      if (briefing && authority::sound(*briefing)) (void)authority::brief(book, *briefing);
    } else if (const auto message = ocpp::struct_of<core::Ask>(*json)) {
      ask(book, *message, now);
    }
  }
  return 0;
}
