// A4: the day of every bay, slot by slot, as a grid.
import { useState } from "preact/hooks";
import { DayGrid, UseLegend } from "../../components/day";
import { Icon } from "../../components/icons";
import { useData } from "../../components/hooks";
import { Card, Field, Page, Trouble } from "../../components/ui";
import { call } from "../../data/api";
import { serverNow } from "../../data/clock";
import { addDays, dateIn } from "../../data/format";
import { allBays, site } from "../../data/live";
import { go, link } from "../../data/router";
import { words } from "./words";

const atOnce = 6;
const mostBays = 120; // a garage's floor; more are chosen by level

export function DayPage() {
  const w = words();
  const zone = site.value?.time_zone ?? "UTC";
  const today = dateIn(serverNow(), zone);
  const [date, setDate] = useState(today);
  const levels = [...new Set(allBays().map((bay) => bay.level))];
  const [level, setLevel] = useState("");
  const [done, setDone] = useState(0);
  const bays = allBays()
    .filter((bay) => level === "" || bay.level === level)
    .sort((a, b) => a.label.localeCompare(b.label, undefined, { numeric: true }))
    .slice(0, mostBays);
  const grid = useData(
    async () => {
      const rows: { bay: string; label: string; schedule: Awaited<ReturnType<typeof read>> }[] = [];
      const read = (bay: string) => call("showSchedule", { path: { bay }, query: { date } });
      for (let i = 0; i < bays.length; i += atOnce) {
        const some = await Promise.all(bays.slice(i, i + atOnce).map(async (bay) => ({ bay: bay.bay, label: bay.label, schedule: await read(bay.bay) })));
        rows.push(...some);
        setDone(rows.length);
      }
      return rows;
    },
    `${date}|${level}|${bays.length}`,
  );
  return (
    <Page title={w.dayTitle} wide>
      <Card>
        <div class="row">
          <button type="button" class="small" aria-label={w.previous} onClick={() => setDate(addDays(date, -1))}>
            <Icon name="back" size={20} />
          </button>
          <Field label={w.date}>{(ids) => <input {...ids} type="date" required value={date} onInput={(event) => event.currentTarget.value && setDate(event.currentTarget.value)} />}</Field>
          <button type="button" class="small" aria-label={w.next} onClick={() => setDate(addDays(date, 1))}>
            <Icon name="next" size={20} />
          </button>
          {levels.length > 1 && (
            <Field label={w.level}>
              {(ids) => (
                <select {...ids} value={level} onChange={(event) => setLevel(event.currentTarget.value)}>
                  <option value="">{w.levelAll}</option>
                  {levels.map((one) => (
                    <option key={one} value={one}>
                      {one}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          )}
        </div>
        <UseLegend />
        <Trouble error={grid.error} retry={grid.reload} />
        {!grid.data && grid.loading && bays.length > 0 && (
          <p class="quiet" role="status">
            {w.reading(done, bays.length)}
          </p>
        )}
        {grid.data && <DayGrid rows={grid.data} zone={zone} onSelect={(bay) => go(link("property", "bay", bay))} />}
      </Card>
    </Page>
  );
}
