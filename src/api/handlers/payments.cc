// C4: a driver's own top-up. The wallet is credited by the provider's signed word alone; the test provider, which moves
// no money and says so, takes the payer's.
#include "api/handlers/handlers.h"
#include "core/account/account.h"
#include "ports/log.h"
#include "ports/payment.h"

namespace bayward::api {

using namespace core;

namespace {

void refuse_without_provider(const CallPtr& call) {
  call->refuse(Trouble::not_found,
               {"This platform has no payment provider. Ask the property office or the operator to credit your wallet.",
                "本平台未接入支付服务。请联系物业或运营方为您的钱包充值。"});
}

void write(JsonOut& out, const TopUp& top_up) {
  out.object().field("payment", top_up.id).field("amount", top_up.amount).field("phase", to_text(top_up.phase));
  out.field("begun_at", top_up.begun_at).name("ended_at");
  top_up.ended_at == Instant{} ? out.null() : out.value(top_up.ended_at);
  out.end();
}

std::string reference_of(const PaymentProvider& provider, PaymentId payment) {
  return std::string(provider.name()) + ":" + to_text(payment);
}

// The system's own command: nobody but the provider's word stands behind it.
void end_top_up(const CallPtr& call, EndTopUp command) {
  log::info("payment.word", {{"payment", to_text(command.payment)}, {"paid", command.paid}});
  call->services().engine.submit({Actor{}, std::move(command), std::nullopt}, [call](const Outcome& outcome) {
    if (outcome) return call->no_content();
    log::warn("payment.not_taken", {{"why", to_text(outcome.error())}});
    call->refuse(outcome.error());
  });
}

}  // namespace

void list_top_ups(const CallPtr& call) {
  ask(
      call,
      [id = call->account()](const State& state, Instant) -> Seen<std::vector<TopUp>> {
        const Account* account = state.account(id);
        if (!account) return Failure{Refusal::unknown_account};
        return account->top_ups;
      },
      [](Call& answer, const std::vector<TopUp>& top_ups) {
        const PaymentProvider* provider = answer.services().payments;
        JsonOut out;
        out.object().name("provider");
        if (provider) {
          out.object().field("name", provider->name()).field("test", provider->is_test()).end();
        } else {
          out.null();
        }
        out.name("items").array();
        for (auto at = top_ups.rbegin(); at != top_ups.rend(); ++at) write(out, *at);
        out.end();
        write_next(out, std::nullopt);
        answer.reply(200, std::move(out.end()));
      });
}

void begin_top_up(const CallPtr& call) {
  if (!call->services().payments) return refuse_without_provider(call);
  Body body(call->request().body);
  Fields in = body.fields();
  const Money amount = in.money("amount");
  in.finish();
  if (call->refused_by(body)) return;
  submit(call, call->person(), BeginTopUp{call->account(), amount}, [amount](Call& answer, const Accepted& accepted) {
    const PaymentId payment{accepted.subject};
    PaymentProvider& provider = *answer.services().payments;
    provider.begin({payment, amount}, [call = answer.shared_from_this(), payment, amount](Result<std::string> url) {
      if (!url) {
        log::error("payment.not_begun", {{"payment", to_text(payment)}, {"why", url.error().message}});
        return call->refuse(Trouble::unavailable,
                            {"The payment provider does not answer. Nothing was taken; try again in some minutes.",
                             "支付服务没有响应。未扣款，请几分钟后重试。"});
      }
      JsonOut out;
      out.object().field("payment", payment).field("amount", amount).field("pay_url", *url);
      call->reply(201, std::move(out.field("test", call->services().payments->is_test()).end()));
    });
  });
}

void take_payment_callback(const CallPtr& call) {
  PaymentProvider* provider = call->services().payments;
  if (!provider) return refuse_without_provider(call);
  if (!provider->genuine(call->request())) {
    log::warn("payment.forged", {{"peer", call->request().peer}});
    return call->refuse(Trouble::unauthenticated, {"The signature is wrong, or its time is more than five minutes off.",
                                                   "签名错误，或时间相差超过五分钟。"});
  }
  Body body(call->request().body);
  Fields in = body.fields();
  EndTopUp command;
  command.payment = in.id<PaymentId>("payment");
  command.paid = in.flag("paid");
  if (command.paid) command.amount = in.money("amount");
  (void)in.maybe_text("reference", 1, 256);
  in.finish();
  if (call->refused_by(body)) return;
  command.reference = reference_of(*provider, command.payment);
  end_top_up(call, std::move(command));
}

void pay_test_order(const CallPtr& call) {
  const PaymentProvider* provider = call->services().payments;
  const auto id = path_id<PaymentId>(call, 0, Refusal::unknown_thing);
  if (!id) return;
  if (!provider || !provider->is_test()) return call->refuse(Refusal::unknown_thing);
  Body body(call->request().body);
  Fields in = body.fields();
  const bool paid = in.flag("paid");
  in.finish();
  if (call->refused_by(body)) return;
  ask(
      call,
      [id = *id, mine = call->account()](const State& state, Instant) -> Seen<Money> {
        const Account* account = state.account(mine);
        if (!account || id.value >> 32 != mine.value) return Failure{Refusal::not_yours};
        for (const TopUp& one : account->top_ups) {
          if (one.id == id) return one.amount;
        }
        return Failure{Refusal::unknown_thing};
      },
      [id = *id, paid, provider](Call& answer, const Money& amount) {
        end_top_up(answer.shared_from_this(), {id, paid, amount, reference_of(*provider, id)});
      });
}

}  // namespace bayward::api
