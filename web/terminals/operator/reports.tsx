// What a site did: use of its bays, energy, revenue, overstays, by day and by bay. Counted from the site's own lists.
import { useState } from "preact/hooks";
import { Chart } from "../../components/chart";
import { download_csv } from "../../components/csv";
import { Icon } from "../../components/icons";
import { useData } from "../../components/hooks";
import { Card, Loading, Page, Segments, Trouble } from "../../components/ui";
import type { Booking, ChargingSession, IncidentList, Visit } from "../../contract/api";
import { call, every } from "../../data/api";
import { serverNow } from "../../data/clock";
import { addDays, dateIn, digitsOf, instantOf, money, number, percent } from "../../data/format";
import { allBays, site, siteId } from "../../data/live";
import { words } from "./words";

const rowsRead = 10_000;
const baysShown = 12;

interface Day {
  date: string;
  passed_ms: number; // of the day, up to now
  used_ms: number; // by whoever
  own_ms: number; // of that, by the bays' own people: what there would be without sharing
  energy_wh: number;
  revenue_minor: number;
  overstays: number;
}

interface Report {
  days: Day[];
  bays: { label: string; used_ms: number; revenue_minor: number }[];
  cut: boolean;
}

interface Counted {
  bookings: Booking[];
  visits: Visit[];
  sessions: ChargingSession[];
  incidents: IncidentList["items"];
}

// From the first day on which anything happened: days before the site was open are nobody's.
function since_opened(days: Day[]): Day[] {
  const first = days.findIndex((day) => day.used_ms > 0 || day.revenue_minor > 0 || day.energy_wh > 0 || day.overstays > 0);
  return first < 0 ? days : days.slice(first);
}

function count(days: number, { bookings, visits, sessions, incidents }: Counted, zone: string, currency: string): Report {
  const now = serverNow();
  const today = dateIn(now, zone);
  const byDate = new Map<string, Day>();
  for (let i = days - 1; i >= 0; --i) {
    const date = addDays(today, -i);
    const passed_ms = Math.min(instantOf(addDays(date, 1), 0, zone), now) - instantOf(date, 0, zone);
    byDate.set(date, { date, passed_ms, used_ms: 0, own_ms: 0, energy_wh: 0, revenue_minor: 0, overstays: 0 });
  }
  const bays = new Map<string, { label: string; used_ms: number; revenue_minor: number }>();
  for (const booking of bookings) {
    const day = byDate.get(dateIn(booking.start, zone));
    const paid = booking.charged?.currency === currency ? booking.charged.minor : 0;
    if (day) day.revenue_minor += paid;
    const bay = bays.get(booking.bay) ?? { label: booking.label, used_ms: 0, revenue_minor: 0 };
    if (day) bay.revenue_minor += paid;
    bays.set(booking.bay, bay);
  }
  for (const visit of visits) {
    const bay = bays.get(visit.bay) ?? { label: visit.label, used_ms: 0, revenue_minor: 0 };
    const began = Date.parse(visit.began_at);
    const ended = visit.ended_at ? Date.parse(visit.ended_at) : now;
    // A stay over midnight belongs to both days, each with its part.
    for (const one of byDate.values()) {
      const start = instantOf(one.date, 0, zone);
      const end = instantOf(addDays(one.date, 1), 0, zone);
      const part = Math.max(0, Math.min(end, ended) - Math.max(start, began));
      one.used_ms += part;
      if (visit.kind === "owner") one.own_ms += part;
      bay.used_ms += part;
    }
    bays.set(visit.bay, bay);
  }
  for (const session of sessions) {
    const day = byDate.get(dateIn(session.started_at, zone));
    if (day) day.energy_wh += session.energy_wh;
  }
  for (const incident of incidents) {
    const day = byDate.get(dateIn(incident.opened_at, zone));
    if (day && incident.kind === "overstay") ++day.overstays;
  }
  const used = [...bays.values()].filter((bay) => bay.used_ms > 0 || bay.revenue_minor > 0).sort((a, b) => b.used_ms - a.used_ms);
  return { days: since_opened([...byDate.values()]), bays: used, cut: [bookings, visits, sessions, incidents].some((rows) => rows.length >= rowsRead) };
}

export function ReportsPage() {
  const w = words();
  const [range, setRange] = useState<"7" | "30">("7");
  const [all, setAll] = useState(false);
  const here = site.value;
  const zone = here?.time_zone ?? "UTC";
  const currency = here?.currency ?? "EUR";
  const report = useData(async () => {
    const path = { site: siteId.value };
    const [bookings, visits, sessions, incidents] = await Promise.all([
      every((cursor) => call("listSiteBookings", { path, query: { limit: 200, cursor } }), rowsRead),
      every((cursor) => call("listSiteVisits", { path, query: { limit: 200, cursor } }), rowsRead),
      every((cursor) => call("listSiteSessions", { path, query: { limit: 200, cursor } }), rowsRead),
      every((cursor) => call("listIncidents", { path, query: { limit: 200, cursor } }), rowsRead),
    ]);
    return count(Number(range), { bookings, visits, sessions, incidents }, zone, currency);
  }, `${siteId.value}|${range}`);
  const total = (pick: (day: Day) => number): number => report.data?.days.reduce((sum, day) => sum + pick(day), 0) ?? 0;
  const bays = Math.max(1, allBays().length);
  const passed_ms = Math.max(1, total((day) => day.passed_ms));
  const share = (used_ms: number, of_ms: number): number => used_ms / (bays * Math.max(1, of_ms));
  const major = 10 ** digitsOf(currency);
  const sum = (value: number): string => money({ minor: Math.round(value * major), currency });
  const label = (day: Day): string => day.date.slice(5);
  const csv = (): void =>
    download_csv("report", [
      ["date", "use_before_sharing", "use", "energy_kwh", `revenue_${currency}`, "overstays"],
      ...(report.data?.days ?? []).map((day) => [day.date, share(day.own_ms, day.passed_ms).toFixed(4), share(day.used_ms, day.passed_ms).toFixed(4), (day.energy_wh / 1000).toFixed(3), (day.revenue_minor / major).toFixed(digitsOf(currency)), String(day.overstays)]),
    ]);
  return (
    <Page
      title={`${w.reportTitle} · ${here?.name ?? ""}`}
      actions={
        <>
          <Segments label={w.days} value={range} options={[["7", w.last7], ["30", w.last30]] as const} onChange={setRange} />
          <button type="button" class="small" disabled={!report.data} onClick={csv}>
            <Icon name="download" size={18} />
            {w.csv}
          </button>
        </>
      }
    >
      <Trouble error={report.error} retry={report.reload} />
      {!report.data && report.loading && <Loading />}
      {report.data && (
        <>
          <dl class="figures">
            {(
              [
                [w.before, percent(share(total((day) => day.own_ms), passed_ms), 1)],
                [w.with, percent(share(total((day) => day.used_ms), passed_ms), 1)],
                [w.energy, `${number(total((day) => day.energy_wh) / 1000, 1)} kWh`],
                [w.revenue, sum(total((day) => day.revenue_minor) / major)],
                [w.overstays, number(total((day) => day.overstays))],
              ] as const
            ).map(([title, value]) => (
              <div key={title} class="figure">
                <dt>{title}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          {report.data.cut && <p class="notice warn">{w.cut(rowsRead)}</p>}
          <div class="columns halves">
            <Card title={w.utilisation}>
              <p class="hint">{w.utilisationText}</p>
              <Chart title={w.utilisation} csv="use" parts={[w.ownUse, w.sharedUse]} points={report.data.days.map((day) => ({ label: label(day), value: share(day.used_ms, day.passed_ms), part: share(day.own_ms, day.passed_ms) }))} format={(value) => percent(value, value < 0.1 ? 1 : 0)} />
            </Card>
            <Card title={w.energyByDay}>
              <Chart title={w.energyByDay} csv="energy" points={report.data.days.map((day) => ({ label: label(day), value: day.energy_wh / 1000 }))} format={(value) => number(value, value < 10 ? 1 : 0)} />
            </Card>
            <Card title={w.revenue}>
              <Chart title={w.revenue} csv="revenue" points={report.data.days.map((day) => ({ label: label(day), value: day.revenue_minor / major }))} format={sum} />
            </Card>
            <Card title={w.overstays}>
              <Chart title={w.overstays} csv="overstays" points={report.data.days.map((day) => ({ label: label(day), value: day.overstays }))} format={(value) => number(value, value % 1 ? 1 : 0)} />
            </Card>
          </div>
          <Card title={w.byBay}>
            {report.data.bays.length === 0 ? (
              <p class="hint">{w.noData}</p>
            ) : (
              <div class="table-scroll" tabIndex={0}>
                <table>
                  <thead>
                    <tr>
                      <th scope="col">{w.bay}</th>
                      <th scope="col" class="number">{w.hoursUsed}</th>
                      <th scope="col" class="number">{w.share}</th>
                      <th scope="col" class="number">{w.revenue}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {report.data.bays.slice(0, all ? undefined : baysShown).map((bay) => (
                      <tr key={bay.label}>
                        <th scope="row">{bay.label}</th>
                        <td class="number">{number(bay.used_ms / 3_600_000, 1)}</td>
                        <td class="number">{percent(bay.used_ms / passed_ms, 0)}</td>
                        <td class="number">{sum(bay.revenue_minor / major)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
            {!all && report.data.bays.length > baysShown && (
              <button type="button" onClick={() => setAll(true)}>
                + {report.data.bays.length - baysShown}
              </button>
            )}
          </Card>
        </>
      )}
    </Page>
  );
}
