// A10: bills that drivers dispute, and the office's decision.
import { useState } from "preact/hooks";
import { useAction, useData } from "../../components/hooks";
import { ask, Card, Empty, Facts, Field, Loading, say, Trouble } from "../../components/ui";
import type { Dispute } from "../../contract/api";
import { call } from "../../data/api";
import { digitsOf, money, when } from "../../data/format";
import { site, siteId } from "../../data/live";
import { name } from "../../data/names";
import { words } from "./words";

export function useDisputes(allowed = true) {
  return useData(async () => (allowed ? await call("listDisputes", { path: { site: siteId.value }, query: { limit: 100 } }) : null), `${siteId.value}|${allowed}`, ["notice", "reload"], (data) => !data["notice"] || String(data["notice"]).startsWith("dispute"));
}

export function Disputes() {
  const w = words();
  const list = useDisputes();
  const open = list.data?.items.filter((one) => one.phase === "open") ?? [];
  const decided = list.data?.items.filter((one) => one.phase !== "open") ?? [];
  return (
    <>
      <Trouble error={list.error} retry={list.reload} />
      {!list.data && list.loading && <Loading />}
      {list.data && (
        <Card title={w.disputesOpen}>
          {open.length === 0 && <Empty icon="check" text={w.noDisputes} />}
          {open.map((one) => (
            <OpenDispute key={one.booking} dispute={one} changed={list.reload} />
          ))}
        </Card>
      )}
      {decided.length > 0 && (
        <Card title={w.disputesDecided}>
          <ul class="items">
            {decided.map((one) => (
              <li key={one.booking} class="item">
                <span class="grow">
                  <strong>
                    {one.bay_label || one.booking}: {name("dispute", one.phase)}
                  </strong>
                  <span class="hint">
                    {name("dispute_reason", one.reason)} · {when(one.decided_at ?? one.opened_at, site.value?.time_zone ?? "UTC")}
                  </span>
                </span>
                <strong class="number">{one.refund ? money(one.refund) : money(one.paid)}</strong>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}

function OpenDispute({ dispute, changed }: { dispute: Dispute; changed: () => void }) {
  const w = words();
  const zone = site.value?.time_zone ?? "UTC";
  const { currency } = dispute.refundable;
  const unit = 10 ** digitsOf(currency);
  const [refund, setRefund] = useState(String(dispute.refundable.minor / unit));
  const [reply, setReply] = useState("");
  const minor = Math.round(Number(refund) * unit);
  const decide = useAction(async (refund_minor: number) => {
    const sum = money({ minor: refund_minor, currency });
    if (!(await ask({ title: refund_minor > 0 ? w.refundAsk(sum) : w.standsAsk, text: w.decideText, yes: refund_minor > 0 ? w.refundIt : w.standsIt }))) return;
    const said = reply.replace(/\s+/g, " ").trim();
    await call("decideDispute", { path: { booking: dispute.booking }, body: { refund_minor, ...(said && { reply: said }) } });
    say(w.decided);
    changed();
  });
  return (
    <article class="stack dispute" aria-label={dispute.bay_label || dispute.booking}>
      <h3>
        {dispute.bay_label || dispute.booking}: {name("dispute_reason", dispute.reason)}
      </h3>
      <Facts
        items={[
          [w.disputeSince, when(dispute.opened_at, zone)],
          [w.disputePaid, money(dispute.paid)],
          [w.booking, <span class="id">{dispute.booking}</span>],
        ]}
      />
      {dispute.text && (
        <figure class="said-by">
          <figcaption class="hint">{w.disputeText}</figcaption>
          <blockquote class="words">{dispute.text}</blockquote>
        </figure>
      )}
      <form onSubmit={(event) => (event.preventDefault(), void decide.run(minor))}>
        <div class="fields">
          <Field label={`${w.refundSum} (${currency})`} hint={w.refundMost(money(dispute.refundable))}>
            {(ids) => <input {...ids} name="refund" type="number" required min={1 / unit} max={dispute.refundable.minor / unit} step={1 / unit} inputMode="decimal" value={refund} onInput={(event) => setRefund(event.currentTarget.value)} />}
          </Field>
          <Field label={w.disputeReply}>{(ids) => <input {...ids} name="reply" maxLength={1000} value={reply} onInput={(event) => setReply(event.currentTarget.value)} />}</Field>
        </div>
        <Trouble error={decide.error} />
        <div class="buttons">
          <button type="button" disabled={decide.busy} onClick={() => void decide.run(0)}>
            {w.standsIt}
          </button>
          <button type="submit" class="primary" disabled={decide.busy || !(minor > 0)}>
            {w.refundIt}
          </button>
        </div>
      </form>
    </article>
  );
}
