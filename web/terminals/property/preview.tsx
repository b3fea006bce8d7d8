// "What would Tuesday 17:00 to 21:00 with 30 kWh cost?" by a tariff that need not be published, priced on the platform.
import { useState } from "preact/hooks";
import { Bill } from "../../components/bill";
import { useAction } from "../../components/hooks";
import { Field, Trouble } from "../../components/ui";
import type { Invoice, NewTariff } from "../../contract/api";
import { call } from "../../data/api";
import { serverNow } from "../../data/clock";
import { addDays, dateIn, instantOf, textMinute, weekdayName, weekdayOf } from "../../data/format";
import { site } from "../../data/live";
import { words } from "./words";

// `tariff` is asked for when the sum is worked out: what stands in a form at that moment.
export function Preview({ tariff }: { tariff: () => NewTariff }) {
  const w = words();
  const here = site.value!;
  const [weekday, setWeekday] = useState(1);
  const [from, setFrom] = useState("17:00");
  const [to, setTo] = useState("21:00");
  const [energy, setEnergy] = useState(30);
  const [over, setOver] = useState(0);
  const [invoice, setInvoice] = useState<Invoice | null>(null);
  const work = useAction(async () => {
    const today = dateIn(serverNow(), here.time_zone);
    const date = addDays(today, ((weekday - weekdayOf(today) + 7) % 7) + 7);
    const start = instantOf(date, textMinute(from), here.time_zone);
    const end = instantOf(textMinute(to) > textMinute(from) ? date : addDays(date, 1), textMinute(to), here.time_zone);
    const iso = (at: number): string => new Date(at).toISOString();
    const answer = await call("previewTariff", { path: { site: here.site }, body: { tariff: tariff(), start: iso(start), end: iso(end), energy_wh: energy * 1000, left_at: iso(end + over * 60_000) } });
    setInvoice(answer.invoice);
  });
  const number = (set: (value: number) => void) => (event: InputEvent & { currentTarget: HTMLInputElement }) => set(Number(event.currentTarget.value) || 0);
  return (
    <div class="stack preview">
      <p class="hint">{w.previewLead}</p>
      <div class="fields narrow">
        <Field label={w.weekday}>
          {(ids) => (
            <select {...ids} value={String(weekday)} onChange={(event) => setWeekday(Number(event.currentTarget.value))}>
              {[0, 1, 2, 3, 4, 5, 6].map((day) => (
                <option key={day} value={day}>
                  {weekdayName(day, true)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={w.start}>{(ids) => <input {...ids} type="time" required step={900} value={from} onInput={(event) => setFrom(event.currentTarget.value)} />}</Field>
        <Field label={w.end}>{(ids) => <input {...ids} type="time" required step={900} value={to} onInput={(event) => setTo(event.currentTarget.value)} />}</Field>
        <Field label={w.kwhWanted}>{(ids) => <input {...ids} type="number" min={0} max={1000} value={energy} onInput={number(setEnergy)} />}</Field>
        <Field label={w.overMinutes}>{(ids) => <input {...ids} type="number" min={0} max={1440} value={over} onInput={number(setOver)} />}</Field>
      </div>
      <Trouble error={work.error} />
      <div class="buttons">
        <button type="button" disabled={work.busy} onClick={() => void work.run()}>
          {w.work}
        </button>
      </div>
      {invoice && <Bill invoice={invoice} zone={here.time_zone} />}
    </div>
  );
}
