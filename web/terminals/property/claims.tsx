// B3, A8: what wrong parkers owe; what the wallet couldn't take is for the office to settle.
import { useAction, useData } from "../../components/hooks";
import { ask, Card, Empty, Trouble } from "../../components/ui";
import type { Claim } from "../../contract/api";
import { call } from "../../data/api";
import { money, when } from "../../data/format";
import { site, siteId } from "../../data/live";
import { words } from "./office_words";

export function Claims() {
  const w = words();
  const zone = site.value?.time_zone ?? "UTC";
  const list = useData(() => call("listSiteClaims", { path: { site: siteId.value } }), siteId.value, ["incident", "notice", "reload"]);
  const settle = useAction(async (one: Claim, paid: boolean) => {
    if (!(await ask({ title: paid ? w.paidAsk : w.waiveAsk, text: w.settledText, yes: paid ? w.paidElsewhere : w.waive }))) return;
    await call("settleClaim", { path: { claim: one.claim }, body: { paid } });
    list.reload();
  });
  return (
    <Card title={w.claims}>
      <p class="hint">{w.claimsLead}</p>
      <Trouble error={list.error ?? settle.error} retry={list.reload} />
      {list.data?.items.length === 0 && <Empty icon="check" text={w.noClaims} />}
      <ul class="items">
        {list.data?.items.map((one) => (
          <li key={one.claim} class="item">
            <span class="grow">
              <strong>
                {one.bay_label}: {w.phases[one.phase]}
              </strong>
              <span class="hint">
                {when(one.from, zone)} – {when(one.until, zone)} · {one.account ?? w.unknownCar}
                {one.dispute && ` · ${w.appealed}`}
              </span>
            </span>
            <strong class="number">{money(one.fee)}</strong>
            {one.phase === "open" && (
              <span class="buttons">
                <button type="button" class="small" disabled={settle.busy} onClick={() => void settle.run(one, false)}>
                  {w.waive}
                </button>
                <button type="button" class="small primary" disabled={settle.busy} onClick={() => void settle.run(one, true)}>
                  {w.paidElsewhere}
                </button>
              </span>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
