// A3: who may use the shared piles, when and how much; and residents from a file.
import { useState } from "preact/hooks";
import { Icon } from "../../components/icons";
import { useAction, useData } from "../../components/hooks";
import { ask, Card, Empty, Field, Loading, Page, say, Trouble } from "../../components/ui";
import { isEmptyWeek, weekText, WeekGrid, wholeWeek } from "../../components/week";
import type { PermissionList, Week } from "../../contract/api";
import { call, every, Refused } from "../../data/api";
import { serverNow } from "../../data/clock";
import { addDays, dateIn, dateText, lasting } from "../../data/format";
import { allBays, labelOf, site, siteId } from "../../data/live";
import { ImportResidents } from "./import";
import { words } from "./words";

type Permission = PermissionList["items"][number];

export function PeoplePage() {
  const w = words();
  const [adding, setAdding] = useState(false);
  const list = useData(() => every((cursor) => call("listPermissions", { path: { site: siteId.value }, query: { limit: 200, cursor } }), 2000), siteId.value);
  return (
    <Page
      title={w.people}
      actions={
        <button type="button" class="small primary" aria-expanded={adding} onClick={() => setAdding(!adding)}>
          <Icon name="plus" size={18} />
          {w.grant}
        </button>
      }
    >
      {adding && <Grant onDone={() => (setAdding(false), list.reload())} onCancel={() => setAdding(false)} />}
      <div class="columns halves">
        <Card title={w.permissions}>
          <Trouble error={list.error} retry={list.reload} />
          {!list.data && list.loading && <Loading />}
          {list.data?.length === 0 && <Empty icon="key" text={w.noPermissions} />}
          {list.data && <Permissions items={list.data} changed={list.reload} />}
        </Card>
        <ImportResidents changed={list.reload} />
      </div>
    </Page>
  );
}

const firstShown = 12;

function Permissions({ items, changed }: { items: Permission[]; changed: () => void }) {
  const w = words();
  const [all, setAll] = useState(false);
  const limit = (slots: number | undefined): string => (slots ? lasting(slots * (site.value?.slot_unit_s ?? 900) * 1000) : w.unlimited);
  const revoke = useAction(async (one: Permission) => {
    if (!(await ask({ title: w.revokeAsk, text: w.revokeText, yes: w.revoke, danger: true }))) return;
    await call("revokePermission", { path: { permission: one.permission } });
    changed();
    const { permission: _gone, name: _name, ...again } = one;
    say(w.revoked, () => void call("grantPermission", { path: { site: siteId.value }, body: again }).then(changed, changed));
  });
  return (
    <>
      <Trouble error={revoke.error} />
      <ul class="items">
        {items.slice(0, all ? undefined : firstShown).map((one) => (
          <li key={one.permission} class="item">
            <span class="grow">
              <strong>{one.name || `${w.account} ${one.account}`}</strong>
              <span class="hint">
                {[...(one.groups ?? []), ...(one.bays ?? []).map(labelOf)].join(", ")} · {weekText(one.hours)}
              </span>
              <span class="hint">
                {dateText(one.first_date)} – {dateText(one.last_date)} · {w.quota(limit(one.slots_per_day), limit(one.slots_per_week))}
              </span>
            </span>
            <button type="button" class="small" disabled={revoke.busy} onClick={() => void revoke.run(one)}>
              {w.revoke}
            </button>
          </li>
        ))}
      </ul>
      {!all && items.length > firstShown && (
        <button type="button" onClick={() => setAll(true)}>
          + {items.length - firstShown}
        </button>
      )}
    </>
  );
}

function Grant({ onDone, onCancel }: { onDone: () => void; onCancel: () => void }) {
  const w = words();
  const today = dateIn(serverNow(), site.value?.time_zone ?? "UTC");
  const piles = allBays().filter((bay) => bay.shared_pile);
  const groups = [...new Set(allBays().map((bay) => bay.group).filter(Boolean))];
  const [phone, setPhone] = useState("");
  const [chosenGroups, setChosenGroups] = useState<string[]>(groups.slice(0, 1));
  const [chosenBays, setChosenBays] = useState<string[]>([]);
  const [hours, setHours] = useState<Week>(wholeWeek());
  const [first, setFirst] = useState(today);
  const [last, setLast] = useState(addDays(today, 365));
  const [perDay, setPerDay] = useState(0);
  const [perWeek, setPerWeek] = useState(0);
  const [wrong, setWrong] = useState("");
  const give = useAction(async () => {
    const path = { site: siteId.value };
    const found = await call("findResident", { path, query: { phone } });
    const account = found.items[0]?.account;
    if (!account) throw new Refused("unknown_account", 404, "", "");
    await call("grantPermission", { path, body: { account, groups: chosenGroups, bays: chosenBays, hours, first_date: first, last_date: last, slots_per_day: perDay, slots_per_week: perWeek } });
    say(w.given);
    onDone();
  });
  const submit = (event: Event): void => {
    event.preventDefault();
    const none = chosenGroups.length + chosenBays.length === 0 || isEmptyWeek(hours);
    setWrong(none ? w.chooseSome : "");
    if (!none) void give.run();
  };
  const toggle = (list: string[], one: string): string[] => (list.includes(one) ? list.filter((other) => other !== one) : [...list, one]);
  return (
    <Card title={w.grant}>
      <form class="columns halves" onSubmit={submit}>
        <div class="stack">
          <Field label={w.phone}>{(ids) => <input {...ids} type="tel" required value={phone} onInput={(event) => setPhone(event.currentTarget.value)} />}</Field>
          <fieldset class="stack">
            <legend class="legend-label">{w.groups}</legend>
            {groups.length === 0 && <p class="hint">{w.noGroups}</p>}
            {groups.map((group) => (
              <label key={group} class="check">
                <input type="checkbox" checked={chosenGroups.includes(group)} onChange={() => setChosenGroups(toggle(chosenGroups, group))} />
                {group}
              </label>
            ))}
          </fieldset>
          {piles.length > 0 && (
            <details>
              <summary>{w.bays}</summary>
              {piles.map((bay) => (
                <label key={bay.bay} class="check">
                  <input type="checkbox" checked={chosenBays.includes(bay.bay)} onChange={() => setChosenBays(toggle(chosenBays, bay.bay))} />
                  {bay.label}
                </label>
              ))}
            </details>
          )}
          <div class="fields">
            <Field label={w.from}>{(ids) => <input {...ids} type="date" required value={first} onInput={(event) => setFirst(event.currentTarget.value)} />}</Field>
            <Field label={w.until}>{(ids) => <input {...ids} type="date" required min={first} value={last} onInput={(event) => setLast(event.currentTarget.value)} />}</Field>
            <Field label={w.perDay}>{(ids) => <input {...ids} type="number" min={0} max={288} value={perDay} onInput={(event) => setPerDay(Number(event.currentTarget.value))} />}</Field>
            <Field label={w.perWeek}>{(ids) => <input {...ids} type="number" min={0} max={2016} value={perWeek} onInput={(event) => setPerWeek(Number(event.currentTarget.value))} />}</Field>
          </div>
          <p class="hint">{w.quotaHint}</p>
          {wrong && (
            <p class="field-error" role="alert">
              {wrong}
            </p>
          )}
          <Trouble error={give.error} />
          <div class="buttons">
            <button type="button" onClick={onCancel}>
              {w.cancel}
            </button>
            <button type="submit" class="primary" disabled={give.busy}>
              {w.give}
            </button>
          </div>
        </div>
        <div class="stack">
          <h3>{w.hours}</h3>
          <WeekGrid week={hours} onChange={setHours} />
        </div>
      </form>
    </Card>
  );
}
