// Standing orders: what staff has to do at an incident of each kind, set by the office and shown with the incident.
import { useState } from "preact/hooks";
import { useAction, useData } from "../../components/hooks";
import { Card, Field, Loading, Modal, say, Trouble } from "../../components/ui";
import type { IncidentKind, StandingOrder } from "../../contract/api";
import { call } from "../../data/api";
import { siteId } from "../../data/live";
import { name } from "../../data/names";
import { language } from "../../data/words";
import { words } from "./office_words";

export function useOrders() {
  return useData(() => call("listStandingOrders", { path: { site: siteId.value } }), siteId.value, ["reload"]);
}

// In the reader's language, else in the other.
const stepsOf = (order: StandingOrder): string[] => {
  const [own, other] = language.value === "zh" ? [order.zh, order.en] : [order.en, order.zh];
  return (own?.length ? own : other) ?? [];
};

export function Steps({ order }: { order: StandingOrder | undefined }) {
  const w = words();
  const steps = order ? stepsOf(order) : [];
  if (steps.length === 0) return null;
  return (
    <details>
      <summary>{w.whatToDo}</summary>
      <ol>
        {steps.map((step, index) => (
          <li key={index}>{step}</li>
        ))}
      </ol>
    </details>
  );
}

export function Orders() {
  const w = words();
  const orders = useOrders();
  const policies = useData(() => call("listIncidentPolicies", { path: { site: siteId.value } }), siteId.value);
  const [kind, setKind] = useState<IncidentKind | null>(null);
  const order = (of: string): StandingOrder => orders.data?.items.find((one) => one.kind === of)?.order ?? { zh: [], en: [] };
  return (
    <Card title={w.orders}>
      <p class="hint">{w.ordersLead}</p>
      <Trouble error={orders.error ?? policies.error} retry={() => (orders.reload(), policies.reload())} />
      {!orders.data && orders.loading && <Loading />}
      <ul class="items">
        {orders.data &&
          policies.data?.items
            .filter((one) => one.kind !== "watch_list")
            .map((one) => (
              <li key={one.kind} class="item">
                <span class="grow">
                  <strong>{name("incident", one.kind)}</strong>
                  <span class="hint">{stepsOf(order(one.kind)).length > 0 ? w.steps(stepsOf(order(one.kind)).length) : w.noSteps}</span>
                </span>
                <button type="button" class="small" aria-label={`${w.changeSteps}: ${name("incident", one.kind)}`} onClick={() => setKind(one.kind)}>
                  {w.change}
                </button>
              </li>
            ))}
      </ul>
      {kind && <Edit kind={kind} order={order(kind)} onClose={() => setKind(null)} changed={orders.reload} />}
    </Card>
  );
}

function Edit({ kind, order, onClose, changed }: { kind: IncidentKind; order: StandingOrder; onClose: () => void; changed: () => void }) {
  const w = words();
  const [zh, setZh] = useState((order.zh ?? []).join("\n"));
  const [en, setEn] = useState((order.en ?? []).join("\n"));
  const lines = (text: string): string[] => text.split("\n").map((line) => line.trim()).filter(Boolean);
  const save = useAction(async () => {
    await call("setStandingOrder", { path: { site: siteId.value, kind }, body: { zh: lines(zh), en: lines(en) } });
    say(w.saved);
    changed();
    onClose();
  });
  return (
    <Modal title={name("incident", kind)} onClose={onClose}>
      <form onSubmit={(event) => (event.preventDefault(), void save.run())}>
        <Field label={w.stepsZh}>{(ids) => <textarea {...ids} name="zh" rows={6} maxLength={4000} value={zh} onInput={(event) => setZh(event.currentTarget.value)} />}</Field>
        <Field label={w.stepsEn}>{(ids) => <textarea {...ids} name="en" rows={6} maxLength={4000} value={en} onInput={(event) => setEn(event.currentTarget.value)} />}</Field>
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
