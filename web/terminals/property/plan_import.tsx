// Bays from a plan: read and shown first, with every bad row; then made one after the other.
import { useState } from "preact/hooks";
import { download_csv } from "../../components/csv";
import { Icon } from "../../components/icons";
import { useAction } from "../../components/hooks";
import { Field, say, Trouble } from "../../components/ui";
import { wholeWeek } from "../../components/week";
import { call, newKey } from "../../data/api";
import { serverNow } from "../../data/clock";
import { addDays, dateIn } from "../../data/format";
import { allBays, loadBays, site } from "../../data/live";
import { BadRows } from "./import";
import { plan_chars_max, read_plan } from "./plan_file";
import { Sketch } from "./sketch";
import { words } from "./words";

const sample = [
  ["label", "east_m", "north_m", "level", "group"],
  ["A-101", "0", "0", "0", ""],
  ["A-102", "2.5", "0", "0", ""],
];

export function ImportPlan({ onDone }: { onDone?: (() => void) | undefined }) {
  const w = words();
  const here = site.value!;
  const [text, setText] = useState("");
  const [unit, setUnit] = useState(0.01);
  const [share, setShare] = useState(true);
  const [made, setMade] = useState(0);
  const [key] = useState(newKey);
  const read = text.trim() === "" ? null : read_plan(text, here.place, unit);
  const there = new Set(allBays().map((bay) => bay.label));
  const spots = read?.good.filter((spot) => !there.has(spot.label)) ?? [];
  const make = useAction(async () => {
    const today = dateIn(serverNow(), here.time_zone);
    setMade(0);
    for (const { label, east_m, north_m, level, group } of spots) {
      const bay = await call("defineBay", { key: `${key}-${label}`, path: { site: here.site }, body: { label, east_m, north_m, level, group, owner: here.community } });
      if (share) await call("publishWindow", { key: `${key}-w-${label}`, path: { bay: bay.bay }, body: { week: wholeWeek(), first_date: today, last_date: addDays(today, 365) } });
      setMade((before) => before + 1);
    }
    const count = spots.length;
    await loadBays();
    say(w.made(count));
    onDone?.();
  });
  return (
    <form onSubmit={(event) => (event.preventDefault(), void make.run())}>
      <p class="hint">{w.planLead}</p>
      <div class="row">
        <button type="button" class="small" onClick={() => download_csv("bays", sample)}>
          <Icon name="download" size={18} />
          {w.template}
        </button>
      </div>
      <Field label={w.chooseFile}>
        {(ids) => <input {...ids} name="plan-file" type="file" accept=".csv,.json,.geojson,.svg,text/csv,application/geo+json,image/svg+xml" onChange={(event) => void event.currentTarget.files?.[0]?.text().then(setText)} />}
      </Field>
      <Field label={w.orPaste}>{(ids) => <textarea {...ids} name="plan" spellcheck={false} maxLength={plan_chars_max} value={text} placeholder={sample.map((row) => row.join(",")).join("\n")} onInput={(event) => setText(event.currentTarget.value)} />}</Field>
      {read?.scaled && (
        <div class="fields narrow">
          <Field label={w.planScale}>{(ids) => <input {...ids} type="number" required min={0.0001} max={100} step="any" value={unit} onInput={(event) => setUnit(Number(event.currentTarget.value) || 0.01)} />}</Field>
        </div>
      )}
      {read?.trouble && (
        <p class="field-error" role="alert">
          {read.trouble}
        </p>
      )}
      {read && !read.trouble && (
        <div class="stack" role="status">
          <p class="chips">
            <span class="chip good">{w.planGood(spots.length)}</span>
            {read.bad.length > 0 && <span class="chip bad">{w.bad(new Set(read.bad.map(({ line }) => line)).size)}</span>}
            {read.good.length > spots.length && <span class="chip">{w.planThere(read.good.length - spots.length)}</span>}
          </p>
          <BadRows rows={read.bad} first={w.row} />
        </div>
      )}
      {spots.length > 0 && <Sketch spots={spots} />}
      <label class="check">
        <input type="checkbox" checked={share} onChange={(event) => setShare(event.currentTarget.checked)} />
        {w.shareThem}
      </label>
      <Trouble error={make.error} />
      <div class="buttons">
        <button type="submit" class="primary" disabled={make.busy || spots.length === 0}>
          {make.busy ? `${made} / ${spots.length}` : w.make(spots.length)}
        </button>
      </div>
    </form>
  );
}
