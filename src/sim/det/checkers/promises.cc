#include "sim/det/checkers/promises.h"

namespace bayward::sim {

using namespace core;

void Promises::look(const RecordBody& body) {
  if (body.answer) durable_[body.answer->key] = *body.answer;
}

void Promises::answered(const Envelope& envelope, const Outcome& outcome, Position last) {
  std::optional<Refusal> refusal;
  if (!outcome) refusal = outcome.error();
  if (refusal == Refusal::overloaded) marks_.hit(Mark::overload_shed);
  if (refusal == Refusal::debt_outstanding) marks_.hit(Mark::debt_refused);
  if (refusal == Refusal::quota_exhausted) marks_.hit(Mark::quota_refused);
  if (refusal == Refusal::slot_taken) marks_.hit(Mark::slot_refused);
  if (refusal == Refusal::site_offline) marks_.hit(Mark::site_offline_refused);
  if (refusal == Refusal::idempotency_conflict) marks_.hit(Mark::idempotency_conflict);
  if (outcome && outcome->position > last) {
    problems_.report("promise", std::string(command_name(envelope.command)) + " is answered before its record " +
                                    std::to_string(outcome->position) + " is durable");
  }
  if (outcome) promised_ = std::max(promised_, outcome->position);
  const bool passing = refusal == Refusal::overloaded || refusal == Refusal::storage_unavailable ||
                       refusal == Refusal::idempotency_conflict;
  if (!envelope.key || passing) return;
  const Said now{envelope, outcome ? outcome->subject : 0, refusal};
  if (outcome && outcome->repeated) marks_.hit(Mark::idempotent_replay);
  const auto kept = durable_.find(envelope.key->key);
  const bool same = kept != durable_.end() && kept->second.refusal == now.refusal &&
                    (now.refusal || kept->second.subject == now.subject);
  if (!same) {
    problems_.report("promise", "the answer to " + std::string(command_name(envelope.command)) + " is not durable");
  }
  const auto [first, fresh] = said_.emplace(envelope.key->key, now);
  if (!fresh && (first->second.subject != now.subject || first->second.refusal != now.refusal)) {
    problems_.report("promise", std::string(command_name(envelope.command)) + " repeated is answered differently");
  }
  if (fresh) effect_of(now);
}

void Promises::restarted(Position last) const {
  if (last < promised_) {
    problems_.report("promise", "record " + std::to_string(promised_) + " was acknowledged, the journal ends at " +
                                    std::to_string(last));
  }
}

void Promises::effect_of(const Said& said) const {
  if (said.refusal) return;
  if (const auto* request = std::get_if<RequestBooking>(&said.envelope.command)) {
    const auto found = model_.bookings.find(BookingId{said.subject});
    if (found == model_.bookings.end() || found->second.account != request->account) {
      problems_.report("promise", to_text(BookingId{said.subject}) + " was granted and isn't there");
    }
  } else if (const auto* credit = std::get_if<CreditWallet>(&said.envelope.command)) {
    if (books_.times_posted(credit->account, credit->reference) != 1) {
      problems_.report("promise", "the credit " + credit->reference + " was acknowledged and is counted " +
                                      std::to_string(books_.times_posted(credit->account, credit->reference)) +
                                      " times");
    }
  }
}

void Promises::effects_remain() const {
  for (const auto& [key, said] : said_) effect_of(said);
}

}  // namespace bayward::sim
