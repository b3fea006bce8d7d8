// A6: a driver lets the ranking go by accidents and habits, or no longer; an operator puts in what the police's record
// says of a plate. The texts are in the vault (api/access/accidents.h); whoever reads them, but the driver, is on
// record.
#include <algorithm>
#include <array>

#include "api/access/accidents.h"
#include "api/handlers/handlers.h"
#include "core/account/account.h"
#include "ports/normalise.h"

namespace bayward::api {

using namespace core;

namespace {

constexpr size_t reference_chars_max = 64;

constexpr std::array<Word<Side>, sides> side_words = {
    {{"left", Side::left}, {"middle", Side::middle}, {"right", Side::right}}};

Seen<DrivingRecord> driving_of(const State& state, AccountId id) {
  const Account* account = state.account(id);
  if (!account) return Failure{Refusal::unknown_account};
  return account->driving;
}

// On a worker. One whose text can't be read is left out.
void write_accidents(JsonOut& out, Vault& vault, AccountId account, const DrivingRecord& driving) {
  out.array();
  for (const AccidentMark& mark : driving.accidents) {
    const auto accident = read_accident(vault, account, mark.number);
    if (!accident) continue;
    out.object().field("vehicle", mark.vehicle).field("date", accident->date).field("side", accident->side);
    out.field("reference", accident->reference).field("expires_at", mark.expires_at).end();
  }
  out.end();
}

bool still_known(const State& state, AccountId id, uint32_t number) {
  const Account* account = state.account(id);
  return account && std::any_of(account->driving.accidents.begin(), account->driving.accidents.end(),
                                [&](const AccidentMark& mark) { return mark.number == number; });
}

// On a worker. Consent may have been withdrawn before the text was kept: then it is erased again.
void keep_and_answer(const CallPtr& call, AccountId account, uint32_t number, const AccidentText& accident) {
  if (const Status kept = keep_accident(call->services().vault, account, number, accident); !kept) {
    return call->unavailable("accident", kept.error());
  }
  ask(
      call, [=](const State& state, Instant) -> Seen<bool> { return still_known(state, account, number); },
      [=](Call& answer, bool known) {
        if (known) {
          JsonOut out;
          out.object().field("date", accident.date).field("side", accident.side);
          return answer.reply(201, std::move(out.field("reference", accident.reference).end()));
        }
        answer.services().workers.finish([call = answer.shared_from_this(), account, number] {
          const Status gone = erase_accident(call->services().vault, account, number);
          gone ? call->refuse(Refusal::no_consent) : call->unavailable("accident", gone.error());
        });
      });
}

}  // namespace

void show_my_driving(const CallPtr& call) {
  ask(
      call, [id = call->account()](const State& state, Instant) { return driving_of(state, id); },
      [](Call& answer, DrivingRecord driving) {
        answer.services().workers.finish([call = answer.shared_from_this(), driving = std::move(driving)] {
          JsonOut out;
          out.object().field("consent", driving.consented).name("changed_at");
          driving.changed_at == Instant{} ? out.null() : out.value(driving.changed_at);
          out.field("usual_part", usual_part(driving)).name("accidents");
          write_accidents(out, call->services().vault, call->account(), driving);
          call->reply(200, std::move(out.end()));
        });
      });
}

void set_my_driving(const CallPtr& call) {
  Body body(call->request().body);
  Fields in = body.fields();
  const bool consent = in.flag("consent");
  in.finish();
  if (call->refused_by(body)) return;
  ask(
      call, [id = call->account()](const State& state, Instant) { return driving_of(state, id); },
      [consent](Call& seen, DrivingRecord before) {
        submit(seen.shared_from_this(), seen.person(), SetDrivingConsent{seen.account(), consent},
               [consent, before = std::move(before)](Call& answer, const Accepted&) {
                 if (consent) return answer.no_content();
                 // It is erased by the event as well (Api::committed); here so that the answer can say that it is.
                 answer.services().workers.finish([call = answer.shared_from_this(), before] {
                   for (const AccidentMark& mark : before.accidents) {
                     const Status gone = erase_accident(call->services().vault, call->account(), mark.number);
                     if (!gone) return call->unavailable("accident", gone.error());
                   }
                   call->no_content();
                 });
               });
      });
}

void record_accident(const CallPtr& call) {
  Body body(call->request().body);
  Fields in = body.fields();
  const std::string written = in.text("plate", 1, 32);
  const auto plate = normalise_plate(written);
  if (!plate && !written.empty()) {
    in.refuse("plate", "must be a number plate: letters, digits or Chinese characters", "必须是车牌：字母、数字或汉字");
  }
  AccidentText accident;
  accident.date = in.date("date");
  const auto side = in.maybe_word("side", side_words);
  if (!side) in.refuse("side", "must be one of: left, middle, right", "必须是以下之一：left, middle, right");
  accident.reference = in.text("reference", 1, reference_chars_max);
  in.finish();
  if (call->refused_by(body)) return;
  accident.side = *side;
  // The day may have begun there and not yet here.
  const Instant day = from_unix_s(int64_t{to_days(accident.date)} * 86'400);
  const Instant happened = day <= call->begun() + 14h ? std::min(day, call->begun()) : day;
  const Vault& vault = call->services().vault;
  RecordAccident command{vault.fingerprint(VaultKind::plate, *plate),
                         vault.fingerprint(VaultKind::accident, accident.reference), happened};
  submit(call, call->actor_at({}), std::move(command), [accident](Call& answer, const Accepted& accepted) {
    answer.services().workers.finish([call = answer.shared_from_this(), accident, subject = accepted.subject] {
      keep_and_answer(call, AccountId{subject >> 32}, static_cast<uint32_t>(subject), accident);
    });
  });
}

void list_accidents(const CallPtr& call) {
  const auto id = path_id<AccountId>(call, 0, Refusal::unknown_account);
  if (!id) return;
  submit(call, call->actor_at({}), ReadAccidents{*id}, [id = *id](Call& recorded, const Accepted&) {
    ask(
        recorded.shared_from_this(), [id](const State& state, Instant) { return driving_of(state, id); },
        [id](Call& answer, DrivingRecord driving) {
          answer.services().workers.finish([call = answer.shared_from_this(), id, driving = std::move(driving)] {
            JsonOut out;
            out.object().name("items");
            write_accidents(out, call->services().vault, id, driving);
            write_next(out, std::nullopt);
            call->reply(200, std::move(out.end()));
          });
        });
  });
}

}  // namespace bayward::api
