// D7, D8: alarms that are kept quiet for a time (always in sight), devices to be looked at, and who is told of what.
import { useState } from "preact/hooks";
import { Icon } from "../../components/icons";
import { useAction, useData } from "../../components/hooks";
import { ask, Card, Empty, Field, Loading, Modal, say, Trouble } from "../../components/ui";
import type { IncidentKind, IncidentPolicyList, Party, Severity } from "../../contract/api";
import { call } from "../../data/api";
import { serverNow } from "../../data/clock";
import { lasting, when } from "../../data/format";
import { allBays, labelOf, site, siteId } from "../../data/live";
import { name } from "../../data/names";
import { words } from "./words";

type Policy = IncidentPolicyList["items"][number];
const parties = ["driver", "owner", "property", "nearby", "fire_desk", "police_desk", "operators"] as const;
const severities = ["notice", "warning", "danger"] as const;
const hours = [1, 4, 12, 24];

// Hits of the watch list are the police desk's alone (B5).
const shown = (policies: Policy[] | undefined): Policy[] => policies?.filter(({ kind }) => kind !== "watch_list") ?? [];

export function AlarmRules() {
  return (
    <div class="columns halves">
      <div class="stack">
        <Inspections />
        <Suppressions />
      </div>
      <Policies />
    </div>
  );
}

function Inspections() {
  const w = words();
  const list = useData(() => call("listInspections", { path: { site: siteId.value } }), siteId.value, ["incident", "reload"]);
  const done = useAction(async (bay: string) => {
    if (!(await ask({ title: w.inspectedAsk(labelOf(bay)), text: w.inspectedText, yes: w.inspected }))) return;
    await call("recordInspection", { path: { bay } });
    list.reload();
  });
  return (
    <Card title={w.inspections}>
      <p class="hint">{w.inspectionsLead}</p>
      <Trouble error={list.error ?? done.error} retry={list.reload} />
      {list.data?.items.length === 0 && <Empty icon="check" text={w.noInspections} />}
      <ul class="items">
        {list.data?.items.map((one) => (
          <li key={one.bay} class="item">
            <span class="grow">
              <strong>{one.label}</strong>
              <span class="hint">
                {w.since(when(one.since, site.value?.time_zone ?? "UTC"))} · {w.reportsToday(one.reports_today)}
              </span>
            </span>
            <button type="button" class="small" disabled={done.busy} onClick={() => void done.run(one.bay)}>
              {w.inspected}
            </button>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Suppressions() {
  const w = words();
  const list = useData(() => call("listSuppressions", { path: { site: siteId.value } }), siteId.value, ["incident", "reload"]);
  const [kind, setKind] = useState("");
  const [bay, setBay] = useState("");
  const [length, setLength] = useState(1);
  const [reason, setReason] = useState("");
  const policies = useData(() => call("listIncidentPolicies", { path: { site: siteId.value } }), siteId.value);
  const add = useAction(async () => {
    const until = new Date(serverNow() + length * 3_600_000 - 60_000).toISOString();
    await call("suppressAlarms", { path: { site: siteId.value }, body: { until, reason, ...(kind && { kind: kind as IncidentKind }), ...(bay && { bay }) } });
    setReason("");
    list.reload();
  });
  const lift = useAction(async (number: number) => {
    await call("liftSuppression", { path: { site: siteId.value, number } });
    list.reload();
  });
  return (
    <Card title={w.suppressions}>
      <p class="hint">{w.suppressionsLead}</p>
      <Trouble error={list.error ?? lift.error} retry={list.reload} />
      <ul class="items">
        {list.data?.items.map((one) => (
          <li key={one.number} class="item">
            <span class="grow">
              <strong>
                {one.bay ? labelOf(one.bay) : w.wholeSite}: {one.kind ? name("incident", one.kind) : w.allKinds}
              </strong>
              <span class="hint">
                {w.untilTime(when(one.until, site.value?.time_zone ?? "UTC"))} · {one.reason} · {one.by}
              </span>
            </span>
            <button type="button" class="small" disabled={lift.busy} onClick={() => void lift.run(one.number)}>
              {w.lift}
            </button>
          </li>
        ))}
      </ul>
      <form onSubmit={(event) => (event.preventDefault(), void add.run())}>
        <div class="fields">
          <Field label={w.bay}>
            {(ids) => (
              <select {...ids} name="quiet-bay" value={bay} onChange={(event) => setBay(event.currentTarget.value)}>
                <option value="">{w.wholeSite}</option>
                {allBays().map((one) => (
                  <option key={one.bay} value={one.bay}>
                    {one.label}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={w.alarmKind}>
            {(ids) => (
              <select {...ids} name="quiet-kind" value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
                <option value="">{w.allKinds}</option>
                {shown(policies.data?.items).map((one) => (
                  <option key={one.kind} value={one.kind}>
                    {name("incident", one.kind)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={w.quietFor}>
            {(ids) => (
              <select {...ids} value={String(length)} onChange={(event) => setLength(Number(event.currentTarget.value))}>
                {hours.map((one) => (
                  <option key={one} value={one}>
                    {lasting(one * 3_600_000)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={w.reason}>{(ids) => <input {...ids} name="quiet-reason" required maxLength={64} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />}</Field>
        </div>
        <Trouble error={add.error} />
        <div class="buttons">
          <button type="submit" disabled={add.busy || reason.trim() === ""}>
            {w.suppress}
          </button>
        </div>
      </form>
    </Card>
  );
}

function Policies() {
  const w = words();
  const list = useData(() => call("listIncidentPolicies", { path: { site: siteId.value } }), siteId.value);
  const [editing, setEditing] = useState<Policy | null>(null);
  return (
    <Card title={w.policies}>
      <p class="hint">{w.policiesLead}</p>
      <Trouble error={list.error} retry={list.reload} />
      {!list.data && list.loading && <Loading />}
      <ul class="items">
        {shown(list.data?.items).map((one) => (
          <li key={one.kind} class="item">
            <span class="grow">
              <strong>{name("incident", one.kind)}</strong>
              <span class="hint">
                {name("severity", one.severity)} · {one.told.map((party) => name("party", party)).join(", ") || w.nobodyTold}
                {one.escalate_after_s !== null && one.told_later.length > 0 && ` · ${w.later(lasting(one.escalate_after_s * 1000))} ${one.told_later.map((party) => name("party", party)).join(", ")}`}
              </span>
            </span>
            <button type="button" class="small" aria-label={`${w.change} ${name("incident", one.kind)}`} onClick={() => setEditing(one)}>
              <Icon name="tools" size={18} />
            </button>
          </li>
        ))}
      </ul>
      {editing && <EditPolicy policy={editing} onClose={() => setEditing(null)} changed={list.reload} />}
    </Card>
  );
}

function EditPolicy({ policy, onClose, changed }: { policy: Policy; onClose: () => void; changed: () => void }) {
  const w = words();
  const [severity, setSeverity] = useState<Severity>(policy.severity);
  const [told, setTold] = useState<Party[]>(policy.told);
  const [later, setLater] = useState<Party[]>(policy.told_later);
  const [minutes, setMinutes] = useState(policy.escalate_after_s === null ? "" : String(policy.escalate_after_s / 60));
  const save = useAction(async () => {
    await call("setIncidentPolicy", {
      path: { site: siteId.value, kind: policy.kind },
      body: { severity, told, told_later: later, ...(minutes !== "" && { escalate_after_s: Math.round(Number(minutes) * 60) }), ...(policy.quiet_for_s !== null && { quiet_for_s: policy.quiet_for_s }), needs_person: policy.needs_person, all_clear: policy.all_clear },
    });
    say(w.saved);
    changed();
    onClose();
  });
  const boxes = (title: string, chosen: Party[], set: (parties: Party[]) => void) => (
    <fieldset class="stack">
      <legend class="legend-label">{title}</legend>
      <div class="fields narrow">
        {parties.map((party) => (
          <label key={party} class="check">
            <input type="checkbox" checked={chosen.includes(party)} onChange={(event) => set(event.currentTarget.checked ? [...chosen, party] : chosen.filter((one) => one !== party))} />
            {name("party", party)}
          </label>
        ))}
      </div>
    </fieldset>
  );
  return (
    <Modal title={name("incident", policy.kind)} onClose={onClose}>
      <form onSubmit={(event) => (event.preventDefault(), void save.run())}>
        <Field label={w.severity}>
          {(ids) => (
            <select {...ids} value={severity} onChange={(event) => setSeverity(event.currentTarget.value as Severity)}>
              {severities.map((one) => (
                <option key={one} value={one}>
                  {name("severity", one)}
                </option>
              ))}
            </select>
          )}
        </Field>
        {boxes(w.toldNow, told, setTold)}
        {boxes(w.toldLater, later, setLater)}
        <Field label={w.escalateMin}>{(ids) => <input {...ids} type="number" min={0} max={10080} step="any" value={minutes} onInput={(event) => setMinutes(event.currentTarget.value)} />}</Field>
        <Trouble error={save.error} />
        <div class="buttons">
          <button type="submit" class="primary" disabled={save.busy}>
            {w.save}
          </button>
        </div>
      </form>
    </Modal>
  );
}
