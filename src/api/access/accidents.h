// A6: the texts of accidents in the vault: what the police's record says of one. The core knows only that there is one
// and until when it counts; the text is erased with it. Any thread, but it waits for a disk.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "core/driving/driving.h"
#include "core/state.h"
#include "ports/vault.h"

namespace bayward::api {

struct AccidentText {
  Date date{};
  core::Side side{};
  std::string reference;  // the police's own number
};

std::string written(const AccidentText& accident);
std::optional<AccidentText> parse_accident(std::string_view text);

Status keep_accident(Vault& vault, AccountId account, uint32_t number, const AccidentText& accident);
Status erase_accident(Vault& vault, AccountId account, uint32_t number);
// Nothing: it has been erased meanwhile, or can't be read now.
std::optional<AccidentText> read_accident(Vault& vault, AccountId account, uint32_t number);
// The side that the car is prone to be scraped on; `marks`: what expires first, first.
std::optional<core::Side> prone_side(Vault& vault, AccountId account, std::span<const core::AccidentMark> marks);
// At start-up: whatever a crash has left in the vault that the state has forgotten.
Status erase_forgotten_accidents(Vault& vault, const core::State& state);

}  // namespace bayward::api
