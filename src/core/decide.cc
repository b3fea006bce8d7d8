#include "core/decide.h"

#include "core/account/decide.h"
#include "core/booking/decide.h"
#include "core/charging/decide.h"
#include "core/claim/decide.h"
#include "core/dispute/decide.h"
#include "core/driving/decide.h"
#include "core/handover/decide.h"
#include "core/incident/decide.h"
#include "core/office/decide.h"
#include "core/pass_deadline.h"
#include "core/payment/decide.h"
#include "core/site/decide.h"
#include "core/visit/decide.h"
#include "core/watch/decide.h"

namespace bayward::core {

Decided decide(const State& state, const Actor& actor, const Command& command, Instant now) {
  return std::visit([&](const auto& c) { return decide(state, actor, c, now); }, command);
}

std::string_view command_name(const Command& command) {
  return std::visit([](const auto& c) { return std::decay_t<decltype(c)>::type_name; }, command);
}

}  // namespace bayward::core
