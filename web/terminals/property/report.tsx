// The incidents of a period in figures, to read and to take away.
import { useState } from "preact/hooks";
import { download_csv } from "../../components/csv";
import { useData } from "../../components/hooks";
import { Card, Empty, Field, Loading, Trouble } from "../../components/ui";
import type { AlarmTimes, IncidentFigures, IncidentReport } from "../../contract/api";
import { call } from "../../data/api";
import { serverNow } from "../../data/clock";
import { addDays, dateIn, instantOf, lasting } from "../../data/format";
import { site, siteId } from "../../data/live";
import { name } from "../../data/names";
import { words } from "./office_words";

const times = ({ median_s, p90_s }: AlarmTimes): string => (median_s === null ? "—" : `${lasting(median_s * 1000)} / ${lasting((p90_s ?? 0) * 1000)}`);

function rowsOf(report: IncidentReport): string[][] {
  const w = words();
  const cells = (one: IncidentFigures): string[] => [one.count, one.false_alarms, one.suppressed, one.acknowledged.count, one.acknowledged.median_s ?? "", one.acknowledged.p90_s ?? "", one.closed.count, one.closed.median_s ?? "", one.closed.p90_s ?? ""].map(String);
  return [
    ["group", "what", "count", "false_alarms", "suppressed", "acknowledged", "acknowledged_median_s", "acknowledged_p90_s", "closed", "closed_median_s", "closed_p90_s"],
    ["all", w.all, ...cells(report.all)],
    ...report.by_kind.map((one) => ["kind", name("incident", one.kind), ...cells(one)]),
    ...report.by_bay.map((one) => ["bay", one.label, ...cells(one)]),
  ];
}

export function ReportView() {
  const w = words();
  const zone = site.value?.time_zone ?? "UTC";
  const today = dateIn(serverNow(), zone);
  const [from, setFrom] = useState(addDays(today, -30));
  const [to, setTo] = useState(addDays(today, 1));
  const at = (date: string): string => new Date(instantOf(date, 0, zone)).toISOString();
  const found = useData(
    () => call("showIncidentReport", { path: { site: siteId.value }, query: { from: at(from), to: at(to) } }),
    `${siteId.value}|${from}|${to}`,
    ["incident"],
  );
  const report = found.data;
  return (
    <Card
      title={w.report}
      actions={
        report && (
          <button type="button" class="small" onClick={() => download_csv(`incidents-${from}`, rowsOf(report))}>
            {w.csv}
          </button>
        )
      }
    >
      <div class="row">
        <Field label={w.from}>{(ids) => <input {...ids} type="date" required value={from} max={to} onInput={(event) => event.currentTarget.value && setFrom(event.currentTarget.value)} />}</Field>
        <Field label={w.to}>{(ids) => <input {...ids} type="date" required value={to} min={from} onInput={(event) => event.currentTarget.value && setTo(event.currentTarget.value)} />}</Field>
      </div>
      <Trouble error={found.error} retry={found.reload} />
      {!report && found.loading && <Loading />}
      {report && !report.complete && <p role="status">{w.incomplete}</p>}
      {report && report.all.count === 0 && <Empty icon="check" text={w.noIncidents} />}
      {report && report.all.count > 0 && (
        <>
          <Figures title={w.byKind} first={w.kind} rows={[[w.all, report.all], ...report.by_kind.map((one): [string, IncidentFigures] => [name("incident", one.kind), one])]} />
          <Figures title={w.byBay} first={w.bay} rows={report.by_bay.map((one): [string, IncidentFigures] => [one.label, one])} />
        </>
      )}
    </Card>
  );
}

function Figures({ title, first, rows }: { title: string; first: string; rows: [string, IncidentFigures][] }) {
  const w = words();
  return (
    <div class="table-scroll" tabIndex={0}>
      <table>
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">{first}</th>
            <th scope="col" class="number">{w.count}</th>
            <th scope="col" class="number">{w.falseAlarms}</th>
            <th scope="col" class="number">{w.suppressed}</th>
            <th scope="col" class="number">{w.answerTime}</th>
            <th scope="col" class="number">{w.overTime}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([label, one]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td class="number">{one.count}</td>
              <td class="number">{one.false_alarms}</td>
              <td class="number">{one.suppressed}</td>
              <td class="number">{times(one.acknowledged)}</td>
              <td class="number">{times(one.closed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
