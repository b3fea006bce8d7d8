#include "api/access/tokens.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/limits.h"
#include "base/zone.h"
#include "core/account/account.h"

namespace bayward::api {
namespace {

constexpr Duration session_life = 30 * 24h;
constexpr Duration session_idle = 7 * 24h;
constexpr Duration use_saved_every = 1h;

std::string hexadecimal(const uint8_t* bytes, size_t count) {
  std::string out(2 * count + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), bytes, count);
  out.pop_back();
  return out;
}

// The row's text: numbers, then the name, which comes last because people choose it.
std::string row_text(const TokenInfo& info) {
  return std::to_string(static_cast<int>(info.kind)) + ' ' + std::to_string(unix_ms(info.made_at)) + ' ' +
         std::to_string(unix_ms(info.used_at)) + ' ' + std::to_string(unix_ms(info.expires_at)) + ' ' + info.name;
}

std::optional<TokenInfo> parse_row(const VaultKey& key, std::string_view text) {
  std::array<int64_t, 4> numbers{};
  for (int64_t& number : numbers) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto used = static_cast<size_t>(end - text.data());
    if (error != std::errc{} || used >= text.size() || text[used] != ' ') return std::nullopt;
    text.remove_prefix(used + 1);
  }
  TokenInfo info;
  info.item = key.item;
  info.account = key.subject;
  info.kind = numbers[0] == 0 ? TokenKind::session : TokenKind::api;
  info.made_at = from_unix_ms(numbers[1]);
  info.used_at = from_unix_ms(numbers[2]);
  info.expires_at = from_unix_ms(numbers[3]);
  info.name = text;
  return info;
}

bool ended(TokenKind kind, Instant expires_at, Instant used_at, Instant now) {
  return now >= expires_at || (kind == TokenKind::session && now >= used_at + session_idle);
}

}  // namespace

bool Principal::operates() const {
  return (roles & core::role_operator) != 0;
}

bool Principal::staff_of(SiteId site) const {
  if (operates()) return true;
  return (roles & core::role_property) != 0 &&
         std::find(property_of.begin(), property_of.end(), site) != property_of.end();
}

std::string token_name(uint64_t item) {
  char digits[17] = {};
  const auto end = std::to_chars(digits, digits + 16, item, 16).ptr;
  return "tok-" + std::string(digits, end);
}

std::optional<uint64_t> parse_token_name(std::string_view text) {
  if (!text.starts_with("tok-")) return std::nullopt;
  uint64_t item = 0;
  const auto [end, error] = std::from_chars(text.data() + 4, text.data() + text.size(), item, 16);
  if (error != std::errc{} || end != text.data() + text.size() || token_name(item) != text) return std::nullopt;
  return item;
}

// Not keyed: 256 random bits can't be guessed from their hash.
Fingerprint Tokens::hash_of(std::string_view token) {
  Fingerprint hash;
  crypto_generichash(hash.bytes.data(), hash.bytes.size(), reinterpret_cast<const uint8_t*>(token.data()), token.size(),
                     nullptr, 0);
  return hash;
}

Result<Tokens::Made> Tokens::create(AccountId account, TokenKind kind, std::string name, Instant now) {
  auto known = list(account, now);
  if (!known) return Failure{known.error()};
  if (known->size() >= limits::api_tokens_per_account) {
    const TokenInfo* oldest = nullptr;
    for (const TokenInfo& info : *known) {
      if (info.kind == TokenKind::session && (!oldest || info.used_at < oldest->used_at)) oldest = &info;
    }
    if (!oldest) return fail("this account has as many API tokens as it may have: revoke one");
    if (auto gone = revoke(account, oldest->item); !gone) return Failure{gone.error()};
  }
  std::array<uint8_t, 32> secret{};
  randombytes_buf(secret.data(), secret.size());
  Made made;
  made.token = hexadecimal(secret.data(), secret.size());
  sodium_memzero(secret.data(), secret.size());
  made.info.kind = kind;
  made.info.account = account;
  made.info.name = std::move(name);
  made.info.made_at = made.info.used_at = now;
  made.info.expires_at = kind == TokenKind::session ? now + session_life : far_future;
  randombytes_buf(&made.info.item, sizeof made.info.item);
  made.info.item >>= 1;  // SQLite's integers are signed
  const VaultKey key{account, VaultKind::api_token_hash, made.info.item};
  if (auto put = vault_.put({key, row_text(made.info), hash_of(made.token)}); !put) return Failure{put.error()};
  return made;
}

Result<std::optional<TokenInfo>> Tokens::look_up(std::string_view token, Instant now) {
  auto keys = vault_.find(VaultKind::api_token_hash, hash_of(token));
  if (!keys) return Failure{keys.error()};
  if (keys->empty()) return std::optional<TokenInfo>{};
  auto text = vault_.get(keys->front());
  if (!text) return Failure{text.error()};
  auto info = *text ? parse_row(keys->front(), **text) : std::nullopt;
  if (!info || !ended(info->kind, info->expires_at, info->used_at, now)) return info;
  (void)vault_.remove(keys->front());
  return std::optional<TokenInfo>{};
}

Result<std::vector<TokenInfo>> Tokens::list(AccountId account, Instant now) {
  auto rows = vault_.all_of(account);
  if (!rows) return Failure{rows.error()};
  std::vector<TokenInfo> found;
  for (const VaultRow& row : *rows) {
    if (row.key.kind != VaultKind::api_token_hash) continue;
    const auto info = parse_row(row.key, row.text);
    if (info && !ended(info->kind, info->expires_at, info->used_at, now)) {
      found.push_back(*info);
    } else {
      (void)vault_.remove(row.key);
    }
  }
  return found;
}

Result<bool> Tokens::revoke(AccountId account, uint64_t item) {
  const VaultKey key{account, VaultKind::api_token_hash, item};
  auto known = vault_.get(key);
  if (!known) return Failure{known.error()};
  if (auto removed = vault_.remove(key); !removed) return Failure{removed.error()};
  forget(account, item);
  return known->has_value();
}

void Tokens::save_use(std::string_view token, Instant now) {
  auto info = look_up(token, now);
  if (!info || !*info) return;
  (*info)->used_at = now;
  const VaultKey key{(*info)->account, VaultKind::api_token_hash, (*info)->item};
  (void)vault_.put({key, row_text(**info), hash_of(token)});
}

PrincipalPtr Tokens::cached(std::string_view token, Instant now) const {
  const Fingerprint hash = hash_of(token);
  PrincipalPtr found;
  {
    const std::shared_lock lock(mutex_);
    const auto entry = cache_.find(hash);
    if (entry == cache_.end()) return nullptr;
    found = entry->second;
  }
  const Instant used_at = from_unix_ms(found->use->used_ms.load(std::memory_order_relaxed));
  if (ended(found->kind, found->expires_at, used_at, now)) return nullptr;
  found->use->used_ms.store(unix_ms(now), std::memory_order_relaxed);
  return found;
}

void Tokens::remember(std::string_view token, PrincipalPtr principal) {
  const Fingerprint hash = hash_of(token);
  const std::unique_lock lock(mutex_);
  if (cache_.insert_or_assign(hash, std::move(principal)).second) order_.push_back(hash);
  while (cache_.size() > limits::api_tokens_cached || order_.size() > 2 * limits::api_tokens_cached) {
    cache_.erase(order_.front());
    order_.pop_front();
  }
}

void Tokens::roles_changed(AccountId account, uint32_t roles, const std::vector<SiteId>& property_of) {
  const std::unique_lock lock(mutex_);
  version_.fetch_add(1);
  for (auto& [hash, principal] : cache_) {
    if (principal->account != account) continue;
    auto changed = std::make_shared<Principal>(*principal);
    changed->roles = roles;
    changed->property_of = property_of;
    principal = std::move(changed);
  }
}

void Tokens::forget(AccountId account, uint64_t item) {
  const std::unique_lock lock(mutex_);
  version_.fetch_add(1);  // a look-up that is under way must not bring it back
  std::erase_if(cache_,
                [&](const auto& entry) { return entry.second->account == account && entry.second->token == item; });
}

bool Tokens::use_is_due(const Principal& principal, Instant now) {
  int64_t saved = principal.use->saved_ms.load(std::memory_order_relaxed);
  if (unix_ms(now) - saved < use_saved_every.count()) return false;
  return principal.use->saved_ms.compare_exchange_strong(saved, unix_ms(now));
}

}  // namespace bayward::api
