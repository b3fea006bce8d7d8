// Bays by rows: labels, places on the plan, and whether they are shared, in one go.
import { useState } from "preact/hooks";
import { useAction } from "../../components/hooks";
import { Field, say, Trouble } from "../../components/ui";
import { wholeWeek } from "../../components/week";
import { call, newKey } from "../../data/api";
import { serverNow } from "../../data/clock";
import { addDays, dateIn } from "../../data/format";
import { bayIds, loadBays, site } from "../../data/live";
import { Sketch } from "./sketch";
import { words } from "./words";

const bayWidth_m = 2.5;
const rowPitch_m = 8;
const most = 200;

// `bare`: the page around it says already what it is for.
export function AddBays({ onDone, bare = false }: { onDone?: () => void; bare?: boolean }) {
  const w = words();
  const [prefix, setPrefix] = useState("A-");
  const [first, setFirst] = useState(101);
  const [count, setCount] = useState(12);
  const [perRow, setPerRow] = useState(6);
  const [level, setLevel] = useState("0");
  const [east, setEast] = useState(0);
  const [north, setNorth] = useState(0);
  const [share, setShare] = useState(true);
  const [made, setMade] = useState(0);
  // The same keys when the rest is tried again: a bay that was made is not made twice.
  const [key] = useState(newKey);
  const spots = Array.from({ length: Math.max(0, Math.min(count, most)) }, (_, i) => ({
    label: `${prefix}${first + i}`,
    east_m: Math.round((east + (i % perRow) * bayWidth_m) * 10) / 10,
    north_m: Math.round((north + Math.floor(i / perRow) * rowPitch_m) * 10) / 10,
  }));
  const make = useAction(async () => {
    const here = site.value!;
    const today = dateIn(serverNow(), here.time_zone);
    setMade(0);
    for (const spot of spots) {
      const bay = await call("defineBay", { key: `${key}-${spot.label}`, path: { site: here.site }, body: { ...spot, level, owner: here.community } });
      if (share) await call("publishWindow", { key: `${key}-w-${spot.label}`, path: { bay: bay.bay }, body: { week: wholeWeek(), first_date: today, last_date: addDays(today, 365) } });
      setMade((before) => before + 1);
    }
    await loadBays();
    say(w.made(spots.length));
    onDone?.();
  });
  const number = (set: (value: number) => void) => (event: InputEvent & { currentTarget: HTMLInputElement }) => set(Number(event.currentTarget.value) || 0);
  return (
    <form onSubmit={(event) => (event.preventDefault(), void make.run())}>
      {bayIds.value.length === 0 && !bare && <h2>{w.addBays}</h2>}
      <p class="hint">{w.rowsLead}</p>
      <div class="fields narrow tall">
        <Field label={w.prefix}>{(ids) => <input {...ids} maxLength={16} value={prefix} onInput={(event) => setPrefix(event.currentTarget.value)} />}</Field>
        <Field label={w.firstNumber}>{(ids) => <input {...ids} type="number" min={0} value={first} onInput={number(setFirst)} />}</Field>
        <Field label={w.howMany}>{(ids) => <input {...ids} name="count" type="number" required min={1} max={most} value={count} onInput={number(setCount)} />}</Field>
        <Field label={w.perRow}>{(ids) => <input {...ids} type="number" required min={1} max={most} value={perRow} onInput={(event) => setPerRow(Math.max(1, Number(event.currentTarget.value) || 1))} />}</Field>
        <Field label={w.levelName}>{(ids) => <input {...ids} maxLength={64} value={level} onInput={(event) => setLevel(event.currentTarget.value)} />}</Field>
        <Field label={w.startEast}>{(ids) => <input {...ids} type="number" step="0.1" value={east} onInput={number(setEast)} />}</Field>
        <Field label={w.startNorth}>{(ids) => <input {...ids} type="number" step="0.1" value={north} onInput={number(setNorth)} />}</Field>
      </div>
      <label class="check">
        <input type="checkbox" checked={share} onChange={(event) => setShare(event.currentTarget.checked)} />
        {w.shareThem}
      </label>
      {spots.length > 0 && <Sketch spots={spots} />}
      <Trouble error={make.error} />
      <div class="buttons">
        <button type="submit" class="primary" disabled={make.busy || spots.length === 0}>
          {make.busy ? `${made} / ${spots.length}` : w.make(spots.length)}
        </button>
      </div>
    </form>
  );
}
