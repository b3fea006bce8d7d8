// A10: a driver disputes a bill and follows what becomes of it.
import { useState } from "preact/hooks";
import { useAction, useData } from "../../components/hooks";
import { Facts, Field, Modal, say, Trouble } from "../../components/ui";
import type { DisputeReason } from "../../contract/api";
import { call, Refused } from "../../data/api";
import { money, when } from "../../data/format";
import { name } from "../../data/names";
import { words } from "./words";

export const dispute_reasons = ["wrong_amount", "overstay", "no_show", "charging", "not_me", "other"] as const;

// Of a booking, or of a claim for wrong parking.
export function DisputeBill({ booking, zone, note }: { booking: string; zone: string; note?: string }) {
  const w = words();
  const [writing, setWriting] = useState(false);
  const found = useData(
    () =>
      call("showDispute", { path: { booking } }).catch((error: unknown) => {
        if (error instanceof Refused && error.code === "unknown_thing") return null;
        throw error;
      }),
    booking,
    ["notice"],
    (data) => data["booking"] === booking,
  );
  const dispute = found.data;
  if (found.error) return <Trouble error={found.error} retry={found.reload} />;
  if (dispute === undefined) return null;
  if (dispute === null) {
    return (
      <div class="row">
        <span class="hint grow">{note ?? w.disputeNote}</span>
        <button type="button" class="small" onClick={() => setWriting(true)}>
          {w.dispute}
        </button>
        {writing && <WriteDispute booking={booking} onClose={() => setWriting(false)} changed={found.reload} />}
      </div>
    );
  }
  return (
    <section class="notice stack" aria-label={w.disputed}>
      <p>
        <strong>{w.disputed}:</strong> {name("dispute", dispute.phase)}
      </p>
      <Facts
        items={[
          [w.disputeReason, `${name("dispute_reason", dispute.reason)} · ${when(dispute.opened_at, zone)}`],
          dispute.text && [w.disputeSaid, <span class="words">{dispute.text}</span>],
          dispute.refund && [w.disputeRefund, money(dispute.refund)],
          dispute.reply && [w.disputeReply, <span class="words">{dispute.reply}</span>],
        ]}
      />
    </section>
  );
}

function WriteDispute({ booking, onClose, changed }: { booking: string; onClose: () => void; changed: () => void }) {
  const w = words();
  const [reason, setReason] = useState<DisputeReason>("wrong_amount");
  const [text, setText] = useState("");
  const send = useAction(async () => {
    const said = text.replace(/\s+/g, " ").trim();
    await call("openDispute", { path: { booking }, body: { reason, ...(said && { text: said }) } });
    say(w.disputeSent);
    changed();
    onClose();
  });
  return (
    <Modal title={w.dispute} onClose={onClose}>
      <form onSubmit={(event) => (event.preventDefault(), void send.run())}>
        <p class="hint">{w.disputeLead}</p>
        <Field label={w.disputeReason}>
          {(ids) => (
            <select {...ids} name="reason" value={reason} onChange={(event) => setReason(event.currentTarget.value as DisputeReason)}>
              {dispute_reasons.map((one) => (
                <option key={one} value={one}>
                  {name("dispute_reason", one)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={w.disputeWords} hint={w.optional}>
          {(ids) => <textarea {...ids} name="words" maxLength={1000} value={text} onInput={(event) => setText(event.currentTarget.value)} />}
        </Field>
        <Trouble error={send.error} />
        <div class="buttons">
          <button type="submit" class="primary" disabled={send.busy}>
            {w.disputeSend}
          </button>
        </div>
      </form>
    </Modal>
  );
}
