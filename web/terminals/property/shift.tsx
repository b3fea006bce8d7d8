// Hand-over between shifts: who is on duty, what is open and what happened since, signed by both sides.
import { useState } from "preact/hooks";
import { useAction, useData } from "../../components/hooks";
import { Card, Empty, Facts, Field, Loading, say, Trouble } from "../../components/ui";
import type { Shift, ShiftList } from "../../contract/api";
import { call } from "../../data/api";
import { when } from "../../data/format";
import { site, siteId } from "../../data/live";
import { name } from "../../data/names";
import { me } from "../../data/session";
import { words } from "./office_words";

const zone = (): string => site.value?.time_zone ?? "UTC";

export function ShiftView() {
  const list = useData(() => call("listShifts", { path: { site: siteId.value } }), siteId.value, ["incident", "reload"]);
  const shifts = list.data;
  const latest = shifts?.items[0];
  const waiting = latest && !latest.taken_at ? latest : null;
  return (
    <>
      <Trouble error={list.error} retry={list.reload} />
      {!shifts && list.loading && <Loading />}
      {shifts && (
        <div class="columns halves">
          <div class="stack">
            <Now shifts={shifts} />
            {waiting && waiting.to === me.value?.account ? <Take shift={waiting} changed={list.reload} /> : <HandOver waiting={waiting} changed={list.reload} />}
          </div>
          <History items={shifts.items} />
        </div>
      )}
    </>
  );
}

function Now({ shifts }: { shifts: ShiftList }) {
  const w = words();
  const duty = shifts.items.find((one) => one.taken_at);
  return (
    <Card title={w.openNow}>
      <Facts
        items={[
          [w.onDuty, duty ? (duty.to_name ?? duty.to) : w.nobody],
          [w.since, when(shifts.since, zone())],
          [w.opened, `${shifts.opened}, ${w.closed} ${shifts.closed}`],
          [w.falseAlarms, String(shifts.false_alarms)],
        ]}
      />
      {shifts.open.length === 0 && <Empty icon="check" text={w.nothingOpen} />}
      <ul class="items">
        {shifts.open.map((one) => (
          <li key={one.incident} class="item">
            <span class="grow">
              <strong>
                {one.bay_label && `${one.bay_label}: `}
                {name("incident", one.kind)}
              </strong>
              <span class="hint">
                {when(one.opened_at, zone())}
                {!one.acknowledged_by && ` · ${w.unanswered}`}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Take({ shift, changed }: { shift: Shift; changed: () => void }) {
  const w = words();
  const take = useAction(async () => {
    await call("takeShift", { path: { site: siteId.value, number: shift.number } });
    say(w.taken);
    changed();
  });
  return (
    <Card title={w.take}>
      <p>{w.takeLead(shift.from_name ?? shift.from)}</p>
      {shift.note && <blockquote class="words">{shift.note}</blockquote>}
      <Trouble error={take.error} />
      <div class="buttons">
        <button type="button" class="primary" disabled={take.busy} onClick={() => void take.run()}>
          {w.take}
        </button>
      </div>
    </Card>
  );
}

function HandOver({ waiting, changed }: { waiting: Shift | null; changed: () => void }) {
  const w = words();
  const [phone, setPhone] = useState("");
  const [note, setNote] = useState("");
  const [wrong, setWrong] = useState("");
  const offer = useAction(async () => {
    const found = await call("findResident", { path: { site: siteId.value }, query: { phone } });
    const to = found.items[0]?.account;
    if (!to) return setWrong(w.noAccount);
    const said = note.replace(/\s+/g, " ").trim();
    await call("offerShift", { path: { site: siteId.value }, body: { to, ...(said && { note: said }) } });
    setNote("");
    changed();
  });
  return (
    <Card title={w.handOver}>
      <p class="hint">{w.handOverLead}</p>
      {waiting && <p role="status">{`${w.offered}: ${w.by(waiting.from_name ?? waiting.from, waiting.to_name ?? waiting.to)}`}</p>}
      <form onSubmit={(event) => (event.preventDefault(), void offer.run())}>
        <Field label={w.toPhone} error={wrong || undefined}>
          {(ids) => <input {...ids} name="to" type="tel" required value={phone} onInput={(event) => (setPhone(event.currentTarget.value), setWrong(""))} />}
        </Field>
        <Field label={w.note}>{(ids) => <textarea {...ids} name="note" maxLength={1000} value={note} onInput={(event) => setNote(event.currentTarget.value)} />}</Field>
        <Trouble error={offer.error} />
        <div class="buttons">
          <button type="submit" class="primary" disabled={offer.busy}>
            {w.handOver}
          </button>
        </div>
      </form>
    </Card>
  );
}

function History({ items }: { items: Shift[] }) {
  const w = words();
  return (
    <Card title={w.history}>
      {items.length === 0 && <Empty icon="people" text={w.none} />}
      <ul class="items">
        {items.map((one) => (
          <li key={one.number} class="item">
            <span class="grow">
              <strong>{w.by(one.from_name ?? one.from, one.to_name ?? one.to)}</strong>
              <span class="hint">
                {when(one.offered_at, zone())} → {one.taken_at ? when(one.taken_at, zone()) : w.notTaken} · {w.openThen(one.open_count)}
              </span>
              {one.note && <span class="words">{one.note}</span>}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
