#pragma once

#include "core/state.h"

namespace bayward::core {

void open_account(State& state, const AccountOpened& event);
void apply_to_account(State& state, Account& account, const Event& event, Instant at);

}  // namespace bayward::core
