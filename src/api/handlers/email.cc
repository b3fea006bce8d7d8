// A person's e-mail address: alarms go to it only when a code that was sent there has come back, so that nobody's
// letters go to a stranger. Until then an address that was verified before stays in use.
#include <charconv>

#include "api/access/email_check.h"
#include "api/handlers/handlers.h"
#include "ports/log.h"
#include "ports/normalise.h"

namespace bayward::api {
namespace {

VaultKey address_of(AccountId account) {
  return {account, VaultKind::email, 0};
}
VaultKey pending_of(AccountId account) {
  return {account, VaultKind::email_pending, 0};
}

std::optional<PendingEmail> pending_in(const CallPtr& call, bool& unreadable) {
  const auto row = call->services().vault.get(pending_of(call->account()));
  unreadable = !row.ok();
  if (!row) call->unavailable("email", row.error());
  return row && *row ? parse_pending(**row) : std::nullopt;
}

// On a worker.
void forget_email(const CallPtr& call) {
  for (const VaultKey& key : {pending_of(call->account()), address_of(call->account())}) {
    if (const Status gone = call->services().vault.remove(key); !gone) return call->unavailable("email", gone.error());
  }
  call->no_content();
}

// On a worker.
void send_code(const CallPtr& call, const std::string& email) {
  Services& services = call->services();
  bool unreadable = false;
  const auto before = pending_in(call, unreadable);
  if (unreadable) return;
  const Instant now = services.clock.now();
  if (before && now >= before->sent_at && now < before->sent_at + code_sent_again_after) {
    return call->refuse_for(before->sent_at + code_sent_again_after - now);
  }
  const PendingEmail pending{email, code_from(services.passwords.new_secret()), now, code_tries};
  const Status kept = services.vault.put({pending_of(call->account()), written(pending), {}});
  if (!kept) return call->unavailable("email", kept.error());
  services.mail_code({email, pending.code, call->chinese()}, [who = call->account()](bool sent, std::string_view why) {
    if (!sent) log::warn("email.code_not_sent", {{"account", to_text(who)}, {"why", why}});
  });
  JsonOut out;
  out.object().field("email_pending", email).field("until", pending.sent_at + code_good_for);
  call->reply(202, std::move(out.end()));
}

// On a worker.
void compare_code(const CallPtr& call, const std::string& code) {
  bool unreadable = false;
  auto pending = pending_in(call, unreadable);
  if (unreadable) return;
  Vault& vault = call->services().vault;
  const Instant now = call->services().clock.now();
  if (!pending || !pending->good_at(now)) return call->refuse(core::Refusal::wrong_phase);
  if (pending->code == code) {
    if (const Status kept = vault.put({address_of(call->account()), pending->email, {}}); !kept) {
      return call->unavailable("email", kept.error());
    }
    if (const Status gone = vault.remove(pending_of(call->account())); !gone) {
      return call->unavailable("email", gone.error());
    }
    return call->no_content();
  }
  --pending->tries_left;
  if (const Status kept = vault.put({pending_of(call->account()), written(*pending), {}}); !kept) {
    return call->unavailable("email", kept.error());
  }
  call->refuse(Trouble::bad_field,
               {"Field \"code\" isn't the code of the latest letter.", "字段“code”与最新邮件中的验证码不符。"});
}

}  // namespace

void set_email(const CallPtr& call) {
  Body body(call->request().body);
  Fields in = body.fields();
  const std::string email = in.maybe_text("email", 3, 254).value_or("");
  if (!email.empty() && !is_email(email)) {
    in.refuse("email", "must be an e-mail address such as anna@example.com, or null",
              "必须是电子邮件地址，例如anna@example.com，或为null");
  }
  in.finish();
  if (call->refused_by(body)) return;
  if (email.empty()) return call->on_worker([call] { forget_email(call); });
  // Nothing here could send a letter, neither a code nor an alarm.
  if (!call->services().mail_code) return call->refuse(Trouble::not_found);
  call->on_worker([call, email] { send_code(call, email); });
}

void confirm_email(const CallPtr& call) {
  Body body(call->request().body);
  Fields in = body.fields();
  const std::string code = in.text("code", 6, 6);
  in.finish();
  if (call->refused_by(body)) return;
  call->on_worker([call, code] { compare_code(call, code); });
}

}  // namespace bayward::api
