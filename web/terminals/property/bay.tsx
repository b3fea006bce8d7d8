// One bay for the staff: as it is, the story of today, and what can be changed about it.
import { useState } from "preact/hooks";
import { DayGrid, UseLegend } from "../../components/day";
import { useAction, useData } from "../../components/hooks";
import { qr } from "../../components/qr";
import { ask, Card, Facts, Field, Loading, Page, say, StateTag, Trouble } from "../../components/ui";
import type { Bay } from "../../contract/api";
import { call, Refused } from "../../data/api";
import { serverNow } from "../../data/clock";
import { clock, dateIn, kw, kwh, money, when } from "../../data/format";
import { bayNow, baysLoaded, loadBays, site } from "../../data/live";
import { name } from "../../data/names";
import { DeviceOfBay } from "./devices";
import { words } from "./words";

interface Told {
  at: string;
  text: string;
  more: string;
}

async function storyOf(bay: Bay, today: string, zone: string): Promise<Told[]> {
  const w = words();
  const path = { site: bay.site };
  const [bookings, sessions, incidents] = await Promise.all([
    call("listSiteBookings", { path, query: { limit: 200 } }),
    call("listSiteSessions", { path, query: { limit: 200 } }),
    call("listIncidents", { path, query: { limit: 200 } }),
  ]);
  const told: Told[] = [];
  for (const one of bookings.items.filter((booking) => booking.bay === bay.bay)) {
    const ended = one.end_reason ? name("end", one.end_reason) : name("phase", one.phase);
    told.push({ at: one.start, text: w.booked(ended), more: `${clock(one.start, zone)}–${clock(one.slots_end, zone)}${one.charged ? ` · ${money(one.charged)}` : ""}` });
  }
  for (const one of sessions.items.filter((session) => session.bay === bay.bay)) {
    told.push({ at: one.started_at, text: one.open ? w.chargingSince : w.charged(kwh(one.energy_wh)), more: one.stopped_at ? `${clock(one.started_at, zone)}–${clock(one.stopped_at, zone)}` : "" });
  }
  for (const one of incidents.items.filter((incident) => incident.bay === bay.bay)) {
    told.push({ at: one.opened_at, text: w.incidentOpened(name("incident", one.kind)), more: one.vehicle_recognised ? w.known : w.unknown });
    if (one.closed_at) told.push({ at: one.closed_at, text: w.incidentClosed(name("incident", one.kind)), more: "" });
  }
  return told.filter(({ at }) => dateIn(at, zone) === today).sort((a, b) => b.at.localeCompare(a.at));
}

export function BayPage({ bay: id }: { bay: string }) {
  const w = words();
  const bay = bayNow(id);
  if (!bay) return <Page title={w.bay}>{!baysLoaded.value ? <Loading /> : <Trouble error={new Refused("unknown_bay", 404, "", "")} />}</Page>;
  return <BayDetail bay={bay} />;
}

function BayDetail({ bay }: { bay: Bay }) {
  const w = words();
  const zone = site.value?.time_zone ?? "UTC";
  const today = dateIn(serverNow(), zone);
  const [editing, setEditing] = useState(false);
  const here = (data: Record<string, any>): boolean => data["bay"] === bay.bay;
  const schedule = useData(() => call("showSchedule", { path: { bay: bay.bay }, query: { date: today } }), `${bay.bay}|${today}`, ["booking"], here);
  const story = useData(() => storyOf(bay, today, zone), `${bay.bay}|${today}`, ["booking", "session", "incident"], here);
  const service = useAction(async (on: boolean) => {
    if (!on && !(await ask({ title: w.takeOutAsk(bay.label), text: w.takeOutText, yes: w.takeOut, danger: true }))) return;
    await call("setBayService", { path: { bay: bay.bay }, body: { in_service: on } });
    await loadBays();
  });
  return (
    <Page title={bay.label} actions={<StateTag state={bay.state} />}>
      <div class="columns two">
        <div class="stack">
          <Card>
            <Facts
              items={[
                bay.level && [w.level, bay.level],
                [w.charger, bay.charger ? `${name("connector", bay.charger.connector)} · ${kw(bay.charger.power_max_w)}` : w.none],
                [w.occupied, bay.occupied ? w.car : w.empty],
                bay.free_until && [w.freeUntil, when(bay.free_until, zone)],
                bay.free_from && [w.freeFrom, when(bay.free_from, zone)],
                bay.session_energy_wh !== null && [w.energy, kwh(bay.session_energy_wh)],
                [w.shared, bay.shared_pile ? w.yes : w.no],
                bay.group && [w.group, bay.group],
                bay.owner && [w.owner, bay.owner],
              ]}
            />
            <Trouble error={service.error} />
            <div class="buttons">
              <button type="button" onClick={() => setEditing(!editing)} aria-expanded={editing}>
                {w.edit}
              </button>
              {bay.in_service === false ? (
                <button type="button" class="primary" disabled={service.busy} onClick={() => void service.run(true)}>
                  {w.takeBack}
                </button>
              ) : (
                <button type="button" disabled={service.busy} onClick={() => void service.run(false)}>
                  {w.takeOut}
                </button>
              )}
            </div>
          </Card>
          {editing && <EditBay bay={bay} onDone={() => setEditing(false)} />}
          <Card title={w.day}>
            {schedule.data && (
              <>
                <DayGrid rows={[{ bay: bay.bay, label: bay.label, schedule: schedule.data }]} zone={zone} />
                <UseLegend />
              </>
            )}
          </Card>
          {bay.charger?.station && <DeviceOfBay station={bay.charger.station} />}
          <Card title={w.code}>
            <BayCode address={`${location.origin}/#/bay/${bay.bay}`} label={bay.label} />
          </Card>
        </div>
        <Card title={w.story}>
          <Trouble error={story.error} retry={story.reload} />
          {!story.data && story.loading && <Loading />}
          {story.data?.length === 0 && <p class="hint">{w.noStory}</p>}
          <ol class="items">
            {story.data?.map((one, index) => (
              <li key={index} class="item">
                <span class="hint number">{clock(one.at, zone)}</span>
                <span class="grow">
                  <strong>{one.text}</strong>
                  <span class="hint">{one.more}</span>
                </span>
              </li>
            ))}
          </ol>
        </Card>
      </div>
    </Page>
  );
}

const quiet = 4; // modules of light around the code (ISO/IEC 18004, 6.3.8)

function BayCode({ address, label }: { address: string; label: string }) {
  const rows = qr(address);
  return (
    <>
      {rows && (
        <svg class="qr" viewBox={`0 0 ${rows.length + 2 * quiet} ${rows.length + 2 * quiet}`} role="img" aria-label={`${label}: ${address}`} shape-rendering="crispEdges">
          <rect width="100%" height="100%" fill="#fff" />
          <path fill="#000" d={rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + quiet} ${y + quiet}h1v1h-1z` : ""))).join("")} />
        </svg>
      )}
      <p class="secret">{address}</p>
    </>
  );
}

function EditBay({ bay, onDone }: { bay: Bay; onDone: () => void }) {
  const w = words();
  const [label, setLabel] = useState(bay.label);
  const [level, setLevel] = useState(bay.level);
  const [group, setGroup] = useState(bay.group);
  const [east, setEast] = useState(String(bay.east_m));
  const [north, setNorth] = useState(String(bay.north_m));
  const [shared, setShared] = useState(bay.shared_pile);
  const [clear, setClear] = useState(bay.clear_sides);
  const [phone, setPhone] = useState("");
  const [wrong, setWrong] = useState("");
  const save = useAction(async () => {
    setWrong("");
    let owner: string | undefined;
    if (phone.trim()) {
      const found = await call("findResident", { path: { site: bay.site }, query: { phone } });
      owner = found.items[0]?.account;
      if (!owner) return setWrong(w.noAccount);
    }
    await call("changeBay", { path: { bay: bay.bay }, body: { label, level, group, east_m: Number(east), north_m: Number(north), shared_pile: shared, clear_sides: clear, ...(owner && { owner }) } });
    await loadBays();
    say(w.saved);
    onDone();
  });
  return (
    <Card title={w.edit}>
      <form onSubmit={(event) => (event.preventDefault(), void save.run())}>
        <div class="fields narrow">
          <Field label={w.label}>{(ids) => <input {...ids} required maxLength={64} value={label} onInput={(event) => setLabel(event.currentTarget.value)} />}</Field>
          <Field label={w.level}>{(ids) => <input {...ids} maxLength={64} value={level} onInput={(event) => setLevel(event.currentTarget.value)} />}</Field>
          <Field label={w.group}>{(ids) => <input {...ids} maxLength={64} value={group} onInput={(event) => setGroup(event.currentTarget.value)} />}</Field>
          <Field label={w.east}>{(ids) => <input {...ids} type="number" step="0.1" value={east} onInput={(event) => setEast(event.currentTarget.value)} />}</Field>
          <Field label={w.north}>{(ids) => <input {...ids} type="number" step="0.1" value={north} onInput={(event) => setNorth(event.currentTarget.value)} />}</Field>
          <Field label={w.ownerPhone} hint={w.ownerHint} error={wrong || undefined}>
            {(ids) => <input {...ids} type="tel" value={phone} onInput={(event) => setPhone(event.currentTarget.value)} />}
          </Field>
        </div>
        <label class="check">
          <input type="checkbox" checked={shared} onChange={(event) => setShared(event.currentTarget.checked)} />
          {w.shared} <span class="hint">{w.sharedHint}</span>
        </label>
        <fieldset class="stack">
          <legend class="legend-label">{w.clearSides}</legend>
          <p class="hint">{w.clearSidesHint}</p>
          {(["left", "middle", "right"] as const).map((side) => (
            <label key={side} class="check">
              <input type="checkbox" checked={clear.includes(side)} onChange={() => setClear(clear.includes(side) ? clear.filter((one) => one !== side) : [...clear, side])} />
              {name("side", side)}
            </label>
          ))}
        </fieldset>
        <Trouble error={save.error} />
        <div class="buttons">
          <button type="button" onClick={onDone}>
            {w.cancel}
          </button>
          <button type="submit" class="primary" disabled={save.busy}>
            {w.save}
          </button>
        </div>
      </form>
    </Card>
  );
}
