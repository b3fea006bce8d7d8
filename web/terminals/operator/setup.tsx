// First run: from nothing to a site that can be booked and a charger that has called, step by step on one page. What is done
// already is taken from the platform, so it can be left and gone on with at any time.
import { useState } from "preact/hooks";
import { Icon } from "../../components/icons";
import { useAction, useData, useEvery } from "../../components/hooks";
import { Card, Field, Page, say, Segments, Trouble } from "../../components/ui";
import type { StationMade } from "../../contract/api";
import { call } from "../../data/api";
import { allBays, loadBays, site, siteId, sitesLoaded } from "../../data/live";
import { AddBays } from "../property/bays";
import { ImportPlan } from "../property/plan_import";
import { first_password } from "../property/residents";
import { TariffForm } from "../property/tariff_form";
import { NewSite } from "./sites";
import { Attach, Register, StationSecret } from "./stations";
import { words } from "./words";

const waitEveryMs = 3_000;

export function SetupPage() {
  const w = words();
  const here = site.value;
  const read = useData(
    async () => {
      if (!siteId.value) return null;
      const path = { site: siteId.value };
      const [stations, tariffs] = await Promise.all([call("listStations", { path, query: { limit: 50 } }), call("listTariffs", { path })]);
      return { stations: stations.items, tariff: tariffs.in_force !== null };
    },
    siteId.value,
    ["station", "reload"],
  );
  const [secret, setSecret] = useState<StationMade | null>(null);
  const [ownerless, setOwnerless] = useState(false);
  // Shown until the page is left: a step that is done takes its form away.
  const [passwords, setPasswords] = useState<[string, string][]>([]);
  const keep = (phone: string, password: string): void => setPasswords((before) => [...before, [phone, password]]);
  const bays = allBays();
  const stations = read.data?.stations ?? [];
  const attached = bays.some((bay) => bay.charger);
  const online = stations.some((one) => one.online);
  // A station that is configured right now calls at any moment.
  useEvery(waitEveryMs, () => stations.length > 0 && !online && read.reload());
  const owned = bays.some((bay) => bay.owner && bay.owner !== here?.community);
  const steps: { title: string; done: boolean; body: () => preact.ComponentChildren }[] = [
    { title: w.stepSite, done: here !== undefined, body: () => <NewSite onDone={() => undefined} onPassword={keep} /> },
    { title: w.stepTariff, done: read.data?.tariff ?? false, body: () => <TariffForm onDone={read.reload} /> },
    { title: w.stepBays, done: bays.length > 0, body: () => <Bays /> },
    { title: w.stepOwner, done: owned || ownerless, body: () => <Owner onSkip={() => setOwnerless(true)} onPassword={keep} /> },
    { title: w.stepStations, done: stations.length > 0, body: () => <Register onMade={(made) => (setSecret(made), read.reload())} known={[]} /> },
    { title: w.stepConnect, done: attached, body: () => (stations[0] ? <Attach station={stations[0].station} /> : null) },
    { title: w.stepCall, done: online, body: () => <p class="loading-soft">{w.waitingCall}</p> },
  ];
  if (!sitesLoaded.value) return <Page title={w.setupTitle}>{null}</Page>;
  const next = steps.findIndex(({ done }) => !done);
  return (
    <Page title={w.setupTitle}>
      <p>{w.setupLead}</p>
      <Trouble error={read.error} retry={read.reload} />
      {passwords.length > 0 && (
        <Card title={w.firstPasswords}>
          <ul class="items">
            {passwords.map(([phone, password]) => (
              <li key={phone} class="item">
                <span class="grow">{phone}</span>
                <span class="secret">{password}</span>
              </li>
            ))}
          </ul>
        </Card>
      )}
      <ol class="setup">
        {steps.map(({ title, done, body }, index) => (
          <li key={title} class={done ? "done" : index === next ? "now" : ""} aria-current={index === next ? "step" : undefined}>
            <Card>
              <div class="row">
                <Icon name={done ? "check" : "plus"} />
                <h2 class="grow">
                  {index + 1}. {title}
                </h2>
                <span class="hint">{done ? w.done : index === next ? "" : w.todo}</span>
              </div>
              {index === next && body()}
            </Card>
          </li>
        ))}
      </ol>
      {secret && !online && <StationSecret made={secret} />}
      {next === -1 && (
        <Card>
          <p class="notice">{w.allSet}</p>
          <div class="buttons">
            <a class="button primary" href="#/property/plan">
              {w.open}
            </a>
          </div>
        </Card>
      )}
    </Page>
  );
}

function Bays() {
  const w = words();
  const [way, setWay] = useState<"rows" | "file">("rows");
  return (
    <div class="stack">
      <Segments label={w.stepBays} value={way} options={[["rows", w.byRows], ["file", w.planFile]] as const} onChange={setWay} />
      {way === "rows" ? <AddBays bare /> : <ImportPlan />}
    </div>
  );
}

// The owner of the first bays, or nobody: then the community shares them.
function Owner({ onSkip, onPassword }: { onSkip: () => void; onPassword: (phone: string, password: string) => void }) {
  const w = words();
  const [phone, setPhone] = useState("");
  const [person, setPerson] = useState("");
  const [bay, setBay] = useState("");
  const bays = allBays();
  const give = useAction(async () => {
    const path = { site: siteId.value };
    let account = (await call("findResident", { path, query: { phone } })).items[0]?.account;
    if (!account) {
      const password = first_password();
      account = (await call("openResident", { path, body: { name: person, phone, password, owner: true } })).account;
      onPassword(phone, password);
    }
    await call("changeBay", { path: { bay: bay || bays[0]!.bay }, body: { owner: account } });
    say(w.ownerGiven);
    await loadBays();
  });
  return (
    <form onSubmit={(event) => (event.preventDefault(), void give.run())}>
      <p class="hint">{w.ownerLead}</p>
      <div class="fields">
        <Field label={w.ownerPhone}>{(ids) => <input {...ids} name="owner-phone" type="tel" required value={phone} onInput={(event) => setPhone(event.currentTarget.value)} />}</Field>
        <Field label={w.ownerName}>{(ids) => <input {...ids} name="owner-name" required maxLength={64} value={person} onInput={(event) => setPerson(event.currentTarget.value)} />}</Field>
        <Field label={w.bay}>
          {(ids) => (
            <select {...ids} name="owner-bay" value={bay || bays[0]?.bay} onChange={(event) => setBay(event.currentTarget.value)}>
              {bays.map((one) => (
                <option key={one.bay} value={one.bay}>
                  {one.label}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <Trouble error={give.error} />
      <div class="buttons">
        <button type="button" onClick={onSkip}>
          {w.noOwner}
        </button>
        <button type="submit" class="primary" disabled={give.busy}>
          {w.giveBay}
        </button>
      </div>
    </form>
  );
}
