// What the driver has, what is set aside, and every entry.
import { useState } from "preact/hooks";
import { useData } from "../../components/hooks";
import { Card, Empty, Loading, Page, Trouble } from "../../components/ui";
import type { LedgerList, Money } from "../../contract/api";
import { call } from "../../data/api";
import { money, when } from "../../data/format";
import { site } from "../../data/live";
import { name } from "../../data/names";
import { link } from "../../data/router";
import { isClaim, MyClaims } from "./claims";
import { TopUp } from "./top_up";
import { words } from "./words";

type Entry = LedgerList["items"][number];

const mine: ReadonlySet<string> = new Set(["user:available", "owner:payable"]);

// What the entry does to what the person has: the posting on the person's own account.
function change(entry: Entry): Money | null {
  return entry.postings.find(({ account }) => mine.has(account))?.amount ?? entry.postings.find(({ account }) => account.startsWith("user"))?.amount ?? null;
}

export function Sums({ title, sums }: { title: string; sums: Money[] }) {
  const shown = sums.length > 0 ? sums : [{ minor: 0, currency: site.value?.currency ?? "EUR" }];
  return (
    <div class="figure">
      <dt>{title}</dt>
      {shown.map((sum) => (
        <dd key={sum.currency}>{money(sum)}</dd>
      ))}
    </div>
  );
}

export function Entries({ entries, own }: { entries: Entry[]; own?: (entry: Entry) => Money | null }) {
  const zone = site.value?.time_zone ?? "UTC";
  return (
    <ul class="items">
      {entries.map((entry, index) => {
        const amount = (own ?? change)(entry);
        return (
          <li key={index} class="item">
            <span class="grow">
              <strong>{name("ledger", entry.kind)}</strong>
              <span class="hint">
                {when(entry.at, zone)}
                {entry.booking && !own && !isClaim(entry.booking) && (
                  <>
                    {" · "}
                    <a href={link("driver", "bookings", entry.booking)}>{entry.booking}</a>
                  </>
                )}
                {entry.reference && ` · ${entry.reference}`}
              </span>
            </span>
            <strong class="number">{amount && `${amount.minor > 0 ? "+" : ""}${money(amount)}`}</strong>
          </li>
        );
      })}
    </ul>
  );
}

export function WalletPage() {
  const w = words();
  const [pages, setPages] = useState(1);
  const wallet = useData(() => call("showWallet"), "wallet", ["booking", "notice"]);
  const ledger = useData(
    async () => {
      const items: Entry[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < pages; ++page) {
        const answer = await call("listMyLedger", { query: { limit: 30, cursor } });
        items.push(...answer.items);
        cursor = answer.next ?? undefined;
        if (!cursor) break;
      }
      return { items, more: cursor !== undefined };
    },
    `ledger|${pages}`,
    ["booking", "notice"],
  );
  const owed = wallet.data?.available.filter(({ minor }) => minor < 0) ?? [];
  return (
    <Page title={w.walletTitle}>
      <Trouble error={wallet.error ?? ledger.error} retry={() => (wallet.reload(), ledger.reload())} />
      {wallet.data && (
        <dl class="figures">
          <Sums title={w.available} sums={wallet.data.available} />
          <Sums title={w.setAside} sums={wallet.data.held} />
          {wallet.data.payable.some(({ minor }) => minor !== 0) && <Sums title={w.share} sums={wallet.data.payable} />}
        </dl>
      )}
      {owed.map((sum) => (
        <p key={sum.currency} class="notice warn">
          {w.owed(money({ ...sum, minor: -sum.minor }))}
        </p>
      ))}
      <TopUp />
      <MyClaims />
      <Card title={w.entries}>
        {!ledger.data && ledger.loading && <Loading />}
        {ledger.data?.items.length === 0 && <Empty icon="wallet" text={w.noEntries} />}
        {ledger.data && <Entries entries={ledger.data.items} />}
        {ledger.data?.more && (
          <button type="button" onClick={() => setPages(pages + 1)}>
            {w.more}
          </button>
        )}
      </Card>
    </Page>
  );
}
