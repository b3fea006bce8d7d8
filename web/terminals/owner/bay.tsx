// One bay of the owner: who is in it now, today, and the hours it is shared.
import { useState } from "preact/hooks";
import { DayGrid, UseLegend } from "../../components/day";
import { Icon } from "../../components/icons";
import { useAction, useData } from "../../components/hooks";
import { ask, Card, Facts, Field, Loading, Page, say, Segments, StateTag, Trouble } from "../../components/ui";
import { isEmptyWeek, weekText, WeekGrid } from "../../components/week";
import type { RangeList, Week, WindowList } from "../../contract/api";
import { call } from "../../data/api";
import { serverNow } from "../../data/clock";
import { addDays, dateIn, dateText, kw, kwh, minuteText, textMinute, when } from "../../data/format";
import { bayNow, baysLoaded, site } from "../../data/live";
import { name } from "../../data/names";
import { words } from "./words";

type Window = WindowList["items"][number];

const shareDays = 365;

export function BayPage({ bay: id }: { bay: string }) {
  const w = words();
  const zone = site.value?.time_zone ?? "UTC";
  const bay = bayNow(id);
  const today = dateIn(serverNow(), zone);
  const schedule = useData(() => call("showSchedule", { path: { bay: id }, query: { date: today } }), `${id}|${today}`, ["booking", "bay"], (data) => data["bay"] === id || data["bay_now"]?.bay === id);
  if (!bay) return <Page title={w.label}>{!baysLoaded.value ? <Loading /> : <Trouble error={schedule.error} />}</Page>;
  const taken = bay.state === "taken" || bay.state === "charging";
  return (
    <Page title={bay.label}>
      <div class="columns two">
        <div class="stack">
          <Card title={w.inside} actions={<StateTag state={bay.state} />}>
            {taken ? (
              <p>
                {bay.free_from ? w.someone : w.unknownCar}
                {bay.free_from && ` ${w.until(when(bay.free_from, zone))}`}
              </p>
            ) : bay.state === "wrong_vehicle" ? (
              <p class="notice warn">{name("notice", "wrong_vehicle")}</p>
            ) : (
              <p>{bay.occupied ? w.unknownCar : w.nobody}</p>
            )}
            <Facts
              items={[
                bay.level && [w.level, bay.level],
                [w.charger, bay.charger ? `${name("connector", bay.charger.connector)} · ${kw(bay.charger.power_max_w)}` : w.noCharger],
                bay.session_energy_wh !== null && [w.energyNow, kwh(bay.session_energy_wh)],
              ]}
            />
          </Card>
          <Card title={w.today}>
            <Trouble error={schedule.error} retry={schedule.reload} />
            {schedule.data && (
              <>
                <DayGrid rows={[{ bay: id, label: bay.label, schedule: schedule.data }]} zone={zone} />
                <UseLegend />
              </>
            )}
          </Card>
        </div>
        <div class="stack">
          <Sharing bay={id} />
          <Card title={w.ownCar} actions={<span class="tag plain">{w.coming}</span>}>
            <p class="hint">{w.ownCarText}</p>
          </Card>
        </div>
      </div>
    </Page>
  );
}

function Sharing({ bay }: { bay: string }) {
  const w = words();
  const [adding, setAdding] = useState(false);
  const list = useData(() => call("listWindows", { path: { bay } }), bay);
  return (
    <Card
      title={w.sharing}
      actions={
        !adding && (
          <button type="button" class="small" onClick={() => setAdding(true)}>
            <Icon name="plus" size={18} />
            {w.newWindow}
          </button>
        )
      }
    >
      <Trouble error={list.error} retry={list.reload} />
      {!list.data && list.loading && <Loading />}
      {adding && <Editor bay={bay} onDone={() => (setAdding(false), list.reload())} onCancel={() => setAdding(false)} />}
      {!adding && list.data?.items.length === 0 && <p class="hint">{w.notShared}</p>}
      {list.data?.items.map((one) => (
        <Shared key={one.window} window={one} changed={list.reload} />
      ))}
    </Card>
  );
}

async function publish(bay: string, week: Week, first_date: string, last_date: string, exceptions: Window["exceptions"], today: string): Promise<string> {
  const { window } = await call("publishWindow", { path: { bay }, body: { week, first_date, last_date } });
  for (const [date, ranges] of Object.entries(exceptions)) {
    if (date >= today) await call("setWindowException", { path: { window, date }, body: { ranges } });
  }
  return window;
}

function Shared({ window: one, changed }: { window: Window; changed: () => void }) {
  const w = words();
  const [editing, setEditing] = useState(false);
  const today = dateIn(serverNow(), site.value?.time_zone ?? "UTC");
  const withdraw = useAction(async () => {
    if (!(await ask({ title: w.withdrawAsk, text: w.withdrawText, yes: w.withdraw, danger: true }))) return;
    await call("withdrawWindow", { path: { window: one.window } });
    changed();
    say(w.withdrawn, () => void publish(one.bay, one.week, one.first_date, one.last_date, one.exceptions, today).then(changed, changed));
  });
  if (editing) return <Editor bay={one.bay} replaces={one} onDone={() => (setEditing(false), changed())} onCancel={() => setEditing(false)} />;
  return (
    <div class="stack">
      <p>
        <strong>{weekText(one.week)}</strong>
        <br />
        <span class="hint">
          {dateText(one.first_date)} – {dateText(one.last_date)}
        </span>
      </p>
      <Exceptions window={one} changed={changed} />
      <Trouble error={withdraw.error} />
      <div class="buttons">
        <button type="button" class="small" disabled={withdraw.busy} onClick={() => void withdraw.run()}>
          {w.withdraw}
        </button>
        <button type="button" class="small primary" onClick={() => setEditing(true)}>
          {w.edit}
        </button>
      </div>
    </div>
  );
}

function Editor({ bay, replaces, onDone, onCancel }: { bay: string; replaces?: Window; onDone: () => void; onCancel: () => void }) {
  const w = words();
  const today = dateIn(serverNow(), site.value?.time_zone ?? "UTC");
  const [week, setWeek] = useState<Week>(replaces?.week ?? {});
  const [first, setFirst] = useState(replaces && replaces.first_date > today ? replaces.first_date : today);
  const [last, setLast] = useState(replaces?.last_date ?? addDays(today, shareDays));
  const [wrong, setWrong] = useState("");
  const save = useAction(async () => {
    // The new hours first, so that no moment is unshared in between.
    await publish(bay, week, first, last, replaces?.exceptions ?? {}, today);
    if (replaces) await call("withdrawWindow", { path: { window: replaces.window } });
    say(w.saved);
    onDone();
  });
  const submit = (event: Event): void => {
    event.preventDefault();
    setWrong(isEmptyWeek(week) ? w.emptyWeek : last < first ? w.dateOrder : "");
    if (!isEmptyWeek(week) && last >= first) void save.run();
  };
  return (
    <form onSubmit={submit}>
      <WeekGrid week={week} onChange={setWeek} />
      <p>
        <strong>{weekText(week)}</strong>
      </p>
      <div class="fields">
        <Field label={w.first}>{(ids) => <input {...ids} type="date" required min={today} value={first} onInput={(event) => setFirst(event.currentTarget.value)} />}</Field>
        <Field label={w.last}>{(ids) => <input {...ids} type="date" required min={first} value={last} onInput={(event) => setLast(event.currentTarget.value)} />}</Field>
      </div>
      {wrong && (
        <p class="field-error" role="alert">
          {wrong}
        </p>
      )}
      <Trouble error={save.error} />
      <div class="buttons">
        <button type="button" onClick={onCancel}>
          {w.cancel}
        </button>
        <button type="submit" class="primary" disabled={save.busy}>
          {w.save}
        </button>
      </div>
    </form>
  );
}

function Exceptions({ window: one, changed }: { window: Window; changed: () => void }) {
  const w = words();
  const today = dateIn(serverNow(), site.value?.time_zone ?? "UTC");
  const [open, setOpen] = useState(false);
  const [date, setDate] = useState(addDays(today, 1));
  const [kind, setKind] = useState<"closed" | "hours">("closed");
  const [from, setFrom] = useState("10:00");
  const [to, setTo] = useState("17:00");
  const [wrong, setWrong] = useState("");
  const set = useAction(async () => {
    const ranges: RangeList = kind === "closed" ? [] : [[from, to === "00:00" ? minuteText(1440) : to]];
    await call("setWindowException", { path: { window: one.window, date }, body: { ranges } });
    setOpen(false);
    say(w.saved);
    changed();
  });
  const submit = (event: Event): void => {
    event.preventDefault();
    const bad = kind === "hours" && to !== "00:00" && textMinute(to) <= textMinute(from);
    setWrong(bad ? w.rangeOrder : "");
    if (!bad) void set.run();
  };
  const coming = Object.entries(one.exceptions)
    .filter(([day]) => day >= today)
    .sort(([a], [b]) => a.localeCompare(b));
  return (
    <div class="stack">
      <div class="row">
        <h3 class="grow">{w.exceptions}</h3>
        <button type="button" class="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {w.addException}
        </button>
      </div>
      {coming.length === 0 && !open && <p class="hint">{w.noExceptions}</p>}
      {coming.length > 0 && (
        <ul class="items">
          {coming.map(([day, ranges]) => (
            <li key={day} class="item">
              <span class="grow">{dateText(day)}</span>
              <span>{ranges.length === 0 ? w.dayClosed : ranges.map(([start, end]) => `${start}–${end}`).join(", ")}</span>
            </li>
          ))}
        </ul>
      )}
      {open && (
        <form onSubmit={submit}>
          <div class="fields">
            <Field label={w.day}>{(ids) => <input {...ids} type="date" required min={today} max={one.last_date} value={date} onInput={(event) => setDate(event.currentTarget.value)} />}</Field>
          </div>
          <Segments label={w.hours} value={kind} options={[["closed", w.closed], ["hours", w.hours]] as const} onChange={setKind} />
          {kind === "hours" && (
            <div class="fields narrow">
              <Field label={w.from}>{(ids) => <input {...ids} type="time" required step={900} value={from} onInput={(event) => setFrom(event.currentTarget.value)} />}</Field>
              <Field label={w.to} error={wrong || undefined}>
                {(ids) => <input {...ids} type="time" required step={900} value={to} onInput={(event) => setTo(event.currentTarget.value)} />}
              </Field>
            </div>
          )}
          <Trouble error={set.error} />
          <div class="buttons">
            <button type="submit" class="primary" disabled={set.busy}>
              {w.add}
            </button>
          </div>
        </form>
      )}
    </div>
  );
}

