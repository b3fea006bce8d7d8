// The device model of a station, read from it when somebody asks: nothing of it is kept.
import { useState } from "preact/hooks";
import { useAction } from "../../components/hooks";
import { Card, Field, Trouble } from "../../components/ui";
import { call } from "../../data/api";
import { fitting, variablesOf, type Variable } from "./device_model";
import { words } from "./station_words";

const waitMs = 1_000;
const waitsMost = 60; // a large model over a slow line takes a while

async function settingsOf(station: string): Promise<Variable[] | string> {
  const told = await call("orderStation", { path: { station }, body: { order: "read_settings", names: [] } });
  if (told.outcome !== "answered") return told.outcome;
  return told.settings.map(({ name = "", value = null, readonly = false }) => ({ component: "", name, value, readOnly: readonly }));
}

async function reportedBy(station: string): Promise<Variable[] | string> {
  const requestId = Math.floor(Date.now() / 1000) % 2_000_000_000;
  const told = await call("orderStation", { path: { station }, body: { order: "call", action: "GetBaseReport", payload: { requestId, reportBase: "FullInventory" } } });
  if (told.outcome !== "answered") return told.outcome;
  if ((told.answer as { status?: string } | null)?.status !== "Accepted") return "error";
  for (let i = 0; i < waitsMost; ++i) {
    const { items } = await call("listStationReports", { path: { station } });
    const report = items.find((one) => one.request === requestId && one.complete);
    if (report) return variablesOf(report.parts ?? []);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  return "silent";
}

export function DeviceModel({ station, protocol }: { station: string; protocol: string }) {
  const w = words();
  const [rows, setRows] = useState<Variable[] | null>(null);
  const [wanted, setWanted] = useState("");
  const [trouble, setTrouble] = useState("");
  const read = useAction(async () => {
    setTrouble("");
    const found = protocol === "ocpp1.6" ? await settingsOf(station) : await reportedBy(station);
    if (typeof found === "string") setTrouble(w.outcomes[found] ?? w.modelNone);
    else setRows(found);
  });
  const shown = rows ? fitting(rows, wanted) : [];
  const components = [...new Set(shown.map((row) => row.component))];
  return (
    <Card
      title={w.model}
      actions={
        <button type="button" class="small" disabled={read.busy} onClick={() => void read.run()}>
          {w.modelRead}
        </button>
      }
    >
      <p class="hint">{w.modelLead}</p>
      <Trouble error={read.error} />
      {read.busy && (
        <p class="quiet" role="status">
          {w.modelWait}
        </p>
      )}
      {trouble && (
        <p class="notice warn" role="status">
          {trouble}
        </p>
      )}
      {rows && (
        <>
          <Field label={w.find} hint={w.count(shown.length, rows.length)}>
            {(ids) => <input {...ids} type="search" name="variable" maxLength={64} value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />}
          </Field>
          {shown.length === 0 && <p class="hint">{w.noneFits}</p>}
          {components.map((component) => (
            <details key={component} open={components.length <= 3}>
              <summary>{component || w.variable}</summary>
              <dl class="variables">
                {shown
                  .filter((row) => row.component === component)
                  .map((row) => (
                    <div key={row.name}>
                      <dt>{row.name}</dt>
                      <dd>
                        {row.value ?? w.writeOnly} {row.readOnly && <span class="hint">{w.readOnly}</span>}
                      </dd>
                    </div>
                  ))}
              </dl>
            </details>
          ))}
        </>
      )}
    </Card>
  );
}
