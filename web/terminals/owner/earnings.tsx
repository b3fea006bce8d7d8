// What the owner has earned, by day, and what was paid out.
import { Chart } from "../../components/chart";
import { useData } from "../../components/hooks";
import { Card, Empty, Loading, Page, Trouble } from "../../components/ui";
import type { LedgerList, Money } from "../../contract/api";
import { call, every } from "../../data/api";
import { serverNow } from "../../data/clock";
import { addDays, dateIn, digitsOf, money } from "../../data/format";
import { site } from "../../data/live";
import { Entries, Sums } from "../driver/wallet";
import { words } from "./words";

type Entry = LedgerList["items"][number];

const daysShown = 30;
const entriesRead = 2000;

// Only what concerns the owner's share, as it stands on the owner's side.
function share(entry: Entry): Money | null {
  return entry.postings.find(({ account }) => account === "owner:payable")?.amount ?? null;
}

export function EarningsPage() {
  const w = words();
  const zone = site.value?.time_zone ?? "UTC";
  const currency = site.value?.currency ?? "EUR";
  const wallet = useData(() => call("showWallet"), "wallet", ["notice"]);
  const ledger = useData(() => every((cursor) => call("listMyLedger", { query: { limit: 200, cursor } }), entriesRead), "ledger", ["notice"]);
  const entries = (ledger.data ?? []).filter((entry) => share(entry) !== null);
  const today = dateIn(serverNow(), zone);
  const byDay = new Map<string, number>();
  for (let i = daysShown - 1; i >= 0; --i) byDay.set(addDays(today, -i), 0);
  for (const entry of entries) {
    const sum = share(entry)!;
    const day = dateIn(entry.at, zone);
    if (entry.kind === "owner_credit" && sum.currency === currency && byDay.has(day)) byDay.set(day, byDay.get(day)! + sum.minor);
  }
  const total = [...byDay.values()].reduce((sum, one) => sum + one, 0);
  return (
    <Page title={w.earnings}>
      <Trouble error={wallet.error ?? ledger.error} retry={() => (wallet.reload(), ledger.reload())} />
      <dl class="figures">
        <Sums title={w.earned} sums={[{ minor: total, currency }]} />
        {wallet.data && <Sums title={w.toPay} sums={wallet.data.payable} />}
      </dl>
      <Card title={w.chart}>
        {!ledger.data && ledger.loading ? (
          <Loading />
        ) : (
          <Chart
            title={w.chart}
            csv="earnings"
            points={[...byDay].map(([day, minor]) => ({ label: day.slice(5), value: minor / 10 ** digitsOf(currency) }))}
            format={(value) => money({ minor: Math.round(value * 10 ** digitsOf(currency)), currency })}
          />
        )}
      </Card>
      <Card title={w.entries}>{entries.length === 0 ? <Empty icon="chart" text={w.noEntries} /> : <Entries entries={entries.slice(0, 60)} own={share} />}</Card>
    </Page>
  );
}
