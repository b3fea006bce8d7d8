// What needs a person now: open incidents, and those closed lately.
import { useState } from "preact/hooks";
import { StateIcon } from "../../components/icons";
import { useAction, useData } from "../../components/hooks";
import { ask, Card, Empty, Loading, Page, say, Segments, Trouble } from "../../components/ui";
import type { IncidentList } from "../../contract/api";
import { call } from "../../data/api";
import { when } from "../../data/format";
import { labelOf, site, siteId } from "../../data/live";
import { name } from "../../data/names";
import { link } from "../../data/router";
import { me } from "../../data/session";
import { AlarmRules } from "./alarm_rules";
import { Claims } from "./claims";
import { DevicesView } from "./devices";
import { Disputes, useDisputes } from "./disputes";
import { words as officeWords } from "./office_words";
import { Orders, Steps, useOrders } from "./orders";
import { ReportView } from "./report";
import { ShiftView } from "./shift";
import { words } from "./words";

export type Incident = IncidentList["items"][number];

const shapes: Record<string, string> = { wrong_vehicle: "wrong_vehicle", unauthorised_charging: "wrong_vehicle", overstay: "taken", station_silent: "offline", mains_lost: "offline", link_down: "offline" };

export function useIncidents() {
  return useData(() => call("listIncidents", { path: { site: siteId.value }, query: { limit: 100 } }), siteId.value, ["incident", "reload"]);
}

const unanswered = (one: Incident): boolean => one.severity === "danger" && !one.acknowledged_at;

export function Incidents({ items, changed }: { items: Incident[]; changed: () => void }) {
  const w = words();
  const zone = site.value?.time_zone ?? "UTC";
  const orders = useOrders();
  const close = useAction(async (one: Incident) => {
    if (!(await ask({ title: w.closeAsk, text: w.closeText, yes: w.close }))) return;
    await call("closeIncident", { path: { incident: one.incident } });
    say(w.closedOnes);
    changed();
  });
  const acknowledge = useAction(async (one: Incident) => {
    await call("acknowledgeIncident", { path: { incident: one.incident } });
    changed();
  });
  const take = useAction(async (one: Incident) => {
    await call("assignIncident", { path: { incident: one.incident }, body: { account: me.value!.account } });
    changed();
  });
  return (
    <>
      <Trouble error={close.error ?? acknowledge.error ?? take.error} />
      <ul class="items">
        {items.map((one) => (
          <li key={one.incident} class="item">
            <StateIcon state={shapes[one.kind] ?? "wrong_vehicle"} size={26} />
            <span class="grow">
              <strong>
                {one.bay && (
                  <>
                    <a href={link("property", "bay", one.bay)}>{labelOf(one.bay)}</a>:{" "}
                  </>
                )}
                {name("incident", one.kind)}
              </strong>
              <span class="hint">
                {one.closed_at ? w.closedAt(when(one.closed_at, zone)) : w.since(when(one.opened_at, zone))}
                {one.suppressed && ` · ${w.quiet}`}
                {one.assigned_to && ` · ${one.assigned_to === me.value?.account ? w.assignedMe : w.assigned(one.assigned_to)}`}
              </span>
              {!one.closed_at && <Steps order={orders.data?.items.find((order) => order.kind === one.kind)?.order} />}
            </span>
            {(!one.closed_at || unanswered(one)) && (
              <span class="buttons">
                {!one.closed_at && one.acknowledged_at && one.assigned_to !== me.value?.account && (
                  <button type="button" class="small" disabled={take.busy} onClick={() => void take.run(one)}>
                    {w.takeOver}
                  </button>
                )}
                {unanswered(one) && (
                  <button type="button" class="small danger" disabled={acknowledge.busy} onClick={() => void acknowledge.run(one)}>
                    {w.acknowledge}
                  </button>
                )}
                {!one.closed_at && (
                  <button type="button" class="small primary" disabled={close.busy} onClick={() => void close.run(one)}>
                    {w.close}
                  </button>
                )}
              </span>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

type View = "now" | "shift" | "bills" | "devices" | "report" | "rules";

export function AttentionPage() {
  const w = words();
  const office = officeWords();
  const [view, setView] = useState<View>("now");
  const disputes = useDisputes();
  const waiting = disputes.data?.items.filter((one) => one.phase === "open").length ?? 0;
  return (
    <Page title={w.needs}>
      <Segments
        label={w.needs}
        value={view}
        options={[["now", w.alarmsNow], ["shift", office.shift], ["bills", waiting > 0 ? `${w.bills} (${waiting})` : w.bills], ["devices", office.devices], ["report", office.report], ["rules", w.alarmRules]] as const}
        onChange={setView}
      />
      {view === "now" && <Now />}
      {view === "shift" && <ShiftView />}
      {view === "bills" && (
        <>
          <Disputes />
          <Claims />
        </>
      )}
      {view === "devices" && <DevicesView />}
      {view === "report" && <ReportView />}
      {view === "rules" && (
        <>
          <Orders />
          <AlarmRules />
        </>
      )}
    </Page>
  );
}

function Now() {
  const w = words();
  const list = useIncidents();
  const open = list.data?.items.filter((one) => !one.closed_at) ?? [];
  const closed = list.data?.items.filter((one) => one.closed_at).sort((a, b) => Date.parse(b.closed_at!) - Date.parse(a.closed_at!)).slice(0, 30) ?? [];
  return (
    <>
      <Trouble error={list.error} retry={list.reload} />
      {!list.data && list.loading && <Loading />}
      {list.data && (
        <Card title={w.openOnes}>
          {open.length === 0 ? <Empty icon="check" text={w.nothing} /> : <Incidents items={open} changed={list.reload} />}
        </Card>
      )}
      {closed.length > 0 && (
        <Card title={w.closedOnes}>
          <Incidents items={closed} changed={list.reload} />
        </Card>
      )}
    </>
  );
}
