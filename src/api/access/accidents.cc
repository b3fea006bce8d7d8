#include "api/access/accidents.h"

#include <algorithm>

#include "ports/log.h"

namespace bayward::api {
namespace {

VaultKey key_of(AccountId account, uint32_t number) {
  return {account, VaultKind::accident, number};
}

// All of them are found by it.
Fingerprint all_accidents(const Vault& vault) {
  return vault.fingerprint(VaultKind::accident, "");
}

}  // namespace

std::string written(const AccidentText& accident) {
  return to_text(accident.date) + ' ' + std::string(core::to_text(accident.side)) + ' ' + accident.reference;
}

std::optional<AccidentText> parse_accident(std::string_view text) {
  const size_t first = text.find(' ');
  const size_t second = first == std::string_view::npos ? first : text.find(' ', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto date = parse_date(text.substr(0, first));
  const auto side = core::parse_side(text.substr(first + 1, second - first - 1));
  if (!date || !side) return std::nullopt;
  return AccidentText{*date, *side, std::string(text.substr(second + 1))};
}

Status keep_accident(Vault& vault, AccountId account, uint32_t number, const AccidentText& accident) {
  return vault.put({key_of(account, number), written(accident), all_accidents(vault)});
}

Status erase_accident(Vault& vault, AccountId account, uint32_t number) {
  return vault.remove(key_of(account, number));
}

std::optional<AccidentText> read_accident(Vault& vault, AccountId account, uint32_t number) {
  const auto text = vault.get(key_of(account, number));
  if (!text) log::error("vault.unreadable", {{"what", "accident"}, {"why", text.error().message}});
  return text && *text ? parse_accident(**text) : std::nullopt;
}

std::optional<core::Side> prone_side(Vault& vault, AccountId account, std::span<const core::AccidentMark> marks) {
  std::vector<core::Side> oldest_first;
  for (const core::AccidentMark& mark : marks) {
    if (const auto accident = read_accident(vault, account, mark.number)) oldest_first.push_back(accident->side);
  }
  return core::prone_side(oldest_first);
}

Status erase_forgotten_accidents(Vault& vault, const core::State& state) {
  const auto kept = vault.find(VaultKind::accident, all_accidents(vault));
  if (!kept) return Failure{kept.error()};
  for (const VaultKey& key : *kept) {
    const core::Account* account = state.account(key.subject);
    const bool known = account && std::any_of(account->driving.accidents.begin(), account->driving.accidents.end(),
                                              [&](const auto& mark) { return mark.number == key.item; });
    if (known) continue;
    if (Status gone = vault.remove(key); !gone) return gone;
  }
  return Done{};
}

}  // namespace bayward::api
