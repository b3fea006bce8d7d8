// Who a request comes from: 256-bit random tokens, of which only the hash is kept: in the vault, so that they survive a
// restart, and for the hot path in a bounded cache.
//
// Sessions (from a login) end after 30 days, or after 7 days without use; API tokens end when they are revoked.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/rate_limit.h"
#include "base/fingerprint.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "ports/vault.h"

namespace bayward::api {

enum class TokenKind : uint8_t { session, api };

struct TokenInfo {
  uint64_t item = 0;  // public name of the token: says nothing about it
  TokenKind kind = TokenKind::session;
  AccountId account;
  std::string name;  // of an API token, as its owner called it
  Instant made_at{};
  Instant used_at{};     // to the hour
  Instant expires_at{};  // far_future: never
};

// What changes while a token is in the cache. Atomic: any io thread.
struct TokenUse {
  Pace pace;
  std::atomic<int64_t> used_ms{0};
  std::atomic<int64_t> saved_ms{0};
};

// An authenticated caller. Never changes; when roles change the cache gets a new one.
struct Principal {
  AccountId account;
  uint32_t roles = 0;
  std::vector<SiteId> property_of;
  uint64_t token = 0;
  TokenKind kind = TokenKind::session;
  Instant expires_at{};
  std::shared_ptr<TokenUse> use;

  bool operates() const;
  // Staff of that site: its property office, or the operator.
  bool staff_of(SiteId site) const;
};
using PrincipalPtr = std::shared_ptr<const Principal>;

// Functions that touch the vault block on its disk: workers only. The others: any thread.
class Tokens {
 public:
  explicit Tokens(Vault& vault) : vault_(vault) {}

  struct Made {
    std::string token;  // shown once
    TokenInfo info;
  };
  // Vault. At limits::api_tokens_per_account the session used least recently ends; a further API token is refused.
  Result<Made> create(AccountId account, TokenKind kind, std::string name, Instant now);
  // Vault. Nothing when the token is unknown or has ended.
  Result<std::optional<TokenInfo>> look_up(std::string_view token, Instant now);
  // Vault.
  Result<std::vector<TokenInfo>> list(AccountId account, Instant now);
  // Vault. False: there is none of that name.
  Result<bool> revoke(AccountId account, uint64_t item);
  // Vault. The hour of the last use.
  void save_use(std::string_view token, Instant now);

  PrincipalPtr cached(std::string_view token, Instant now) const;
  void remember(std::string_view token, PrincipalPtr principal);
  // From the feed of committed records. A look at roles that began before is not remembered: see version().
  void roles_changed(AccountId account, uint32_t roles, const std::vector<SiteId>& property_of);
  uint64_t version() const { return version_.load(); }
  // The use has to be saved (at most hourly); true once.
  static bool use_is_due(const Principal& principal, Instant now);

 private:
  static Fingerprint hash_of(std::string_view token);
  void forget(AccountId account, uint64_t item);

  Vault& vault_;
  std::atomic<uint64_t> version_{0};
  mutable std::shared_mutex mutex_;
  std::unordered_map<Fingerprint, PrincipalPtr> cache_;
  std::deque<Fingerprint> order_;  // of entering the cache
};

// "tok-1f2e".
std::string token_name(uint64_t item);
std::optional<uint64_t> parse_token_name(std::string_view text);

}  // namespace bayward::api
