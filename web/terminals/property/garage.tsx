// G2: the garage as a plan, live, with what needs a person beside it.
import { Plan } from "../../components/plan";
import { Card, Empty, Loading, Page, Trouble } from "../../components/ui";
import { baysLoaded, recent, site, labelOf, bayIds } from "../../data/live";
import { clock, kwh } from "../../data/format";
import { name } from "../../data/names";
import { go, link } from "../../data/router";
import { bilingual } from "../../data/words";
import type { FeedMessage } from "../../data/feed";
import { Counts } from "../public/public";
import { Incidents, useIncidents } from "./attention";
import { AddBays } from "./bays";
import { words } from "./words";

const own = bilingual(
  { latest: "Latest", none: "Nothing since this page was opened.", session: (kwhs: string, open: boolean) => (open ? `charging, ${kwhs}` : `charging ended, ${kwhs}`), online: "online", offline: "offline", settled: "settled" },
  { latest: "最新动态", none: "打开页面以来暂无动态。", session: (kwhs, open) => (open ? `充电中，${kwhs}` : `充电结束，${kwhs}`), online: "上线", offline: "离线", settled: "已处理" },
);

function sentence({ event, data }: FeedMessage): string {
  const w = own();
  if (event === "bay") return `${data["bay_now"].label}: ${name("state", data["bay_now"].state)}`;
  if (event === "booking") return `${labelOf(data["bay"])}: ${name("phase", data["phase"])}`;
  if (event === "session") return `${labelOf(data["bay"])}: ${w.session(kwh(data["energy_wh"]), data["open"])}`;
  if (event === "incident") return `${labelOf(data["bay"])}: ${name("incident", data["incident_kind"])}${data["open"] ? "" : ` (${w.settled})`}`;
  if (event === "station") return `${data["station"]}: ${data["online"] ? w.online : w.offline}`;
  if (event === "notice") return `${data["bay"] ? `${labelOf(data["bay"])}: ` : ""}${name("notice", data["notice"])}`;
  return "";
}

function Latest() {
  const w = own();
  const zone = site.value?.time_zone ?? "UTC";
  const shown = recent.value.filter((message) => sentence(message) !== "").slice(0, 12);
  if (shown.length === 0) return <p class="hint">{w.none}</p>;
  return (
    <ol class="items latest">
      {shown.map((message, index) => (
        <li key={index} class="row">
          <span class="hint number">{clock(message.data["at"], zone)}</span>
          <span class="grow">{sentence(message)}</span>
        </li>
      ))}
    </ol>
  );
}

export function GaragePage() {
  const w = words();
  const list = useIncidents();
  const open = list.data?.items.filter((one) => !one.closed_at) ?? [];
  return (
    <Page title={site.value?.name ?? w.plan} wide>
      <Counts />
      <div class="columns side">
        <Card>
          {!baysLoaded.value ? <Loading /> : bayIds.value.length === 0 ? <AddBays /> : <Plan onSelect={(bay) => go(link("property", "bay", bay))} />}
        </Card>
        <div class="stack">
          <Card title={w.needs}>
            <Trouble error={list.error} retry={list.reload} />
            {list.data && (open.length === 0 ? <Empty icon="check" text={w.nothing} /> : <Incidents items={open.slice(0, 8)} changed={list.reload} />)}
          </Card>
          <Card title={own().latest}>
            <Latest />
          </Card>
        </div>
      </div>
    </Page>
  );
}
