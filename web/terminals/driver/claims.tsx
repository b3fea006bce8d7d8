// B3: what the driver owes for wrong parking, and the appeal.
import { useData } from "../../components/hooks";
import { Card, Trouble } from "../../components/ui";
import { call } from "../../data/api";
import { money, when } from "../../data/format";
import { site } from "../../data/live";
import { DisputeBill } from "./dispute";
import { words } from "./words";

// Claims are numbered among the bookings, in the upper half of a site's numbers.
export const isClaim = (booking: string): boolean => Number.parseInt(booking.slice(-8), 16) >= 0x8000_0000;

export function MyClaims() {
  const w = words();
  const zone = site.value?.time_zone ?? "UTC";
  const list = useData(() => call("listMyClaims"), "claims", ["notice"]);
  if (list.error) return <Trouble error={list.error} retry={list.reload} />;
  if (!list.data?.items.length) return null;
  return (
    <Card title={w.claims}>
      <p class="hint">{w.claimsLead}</p>
      {list.data.items.map((one) => (
        <article key={one.claim} class="stack" aria-label={one.bay_label}>
          <div class="item">
            <span class="grow">
              <strong>{one.bay_label}</strong>
              <span class="hint">
                {when(one.from, zone)} – {when(one.until, zone)}
              </span>
            </span>
            <strong class="number">{money(one.fee)}</strong>
          </div>
          <DisputeBill booking={one.claim} zone={zone} note={w.claimNote} />
        </article>
      ))}
    </Card>
  );
}
