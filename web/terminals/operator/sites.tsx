// All sites, a new one, and what a site still needs before somebody can book: tariff, bays, station, charger at a bay.
import { useState } from "preact/hooks";
import { Icon } from "../../components/icons";
import { useAction, useData, useEvery } from "../../components/hooks";
import { Card, Empty, Facts, Field, Loading, Page, say, Trouble } from "../../components/ui";
import { call, newKey } from "../../data/api";
import { kwh, number } from "../../data/format";
import { allBays, chooseSite, loadSites, site, siteId, sites, sitesLoaded } from "../../data/live";
import { first_password } from "../property/residents";
import { words } from "./words";

const statsEveryMs = 10_000;
const currencies = ["CNY", "EUR", "USD", "GBP", "CHF", "JPY", "HKD", "SGD"];
const zones = typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];

export function SitesPage() {
  const w = words();
  const [adding, setAdding] = useState(false);
  const none = sitesLoaded.value && sites.value.length === 0;
  return (
    <Page
      title={w.sites}
      actions={
        <button type="button" class="small primary" aria-expanded={adding || none} onClick={() => setAdding(!adding)}>
          <Icon name="plus" size={18} />
          {w.newSite}
        </button>
      }
    >
      {!sitesLoaded.value && <Loading />}
      {none && (
        <Card>
          <Empty icon="building" text={w.noSites}>
            <a class="button primary" href="#/setup">
              {w.setupTitle}
            </a>
          </Empty>
        </Card>
      )}
      {(adding || none) && <NewSite onDone={() => setAdding(false)} />}
      {siteId.value && <Setup key={siteId.value} />}
      {sites.value.length > 0 && (
        <Card title={w.sites}>
          <ul class="items">
            {sites.value.map((one) => (
              <li key={one.site} class="item">
                <Icon name="building" />
                <span class="grow">
                  <strong>{one.name}</strong>
                  <span class="hint">
                    {one.time_zone} · {one.currency} · {w.bays(one.bays["all"] ?? 0)}
                  </span>
                </span>
                <a class="button small" href="#/property/plan" onClick={() => chooseSite(one.site)}>
                  {w.open}
                </a>
              </li>
            ))}
          </ul>
        </Card>
      )}
      <Platform />
    </Page>
  );
}

function Platform() {
  const w = words();
  const stats = useData(() => call("showStats"), "stats", ["station"]);
  useEvery(statsEveryMs, stats.reload);
  return (
    <Card title={w.platform}>
      <Trouble error={stats.error} retry={stats.reload} />
      {stats.data && (
        <Facts
          items={[
            [w.bookings, number(stats.data.bookings)],
            [w.visits, number(stats.data.visits)],
            [w.sessions, number(stats.data.charging_sessions)],
            [w.energy, kwh(stats.data.energy_wh)],
            [w.online, number(stats.data.stations_online)],
            [`${w.ledger} (${w.mustBeZero})`, number(stats.data.ledger_sum)],
            [`${w.overlaps} (${w.mustBeZero})`, number(stats.data.overlaps)],
            [w.unanswered, number(stats.data.unanswered_calls)],
            [w.lag, stats.data.projection_lag === null ? "—" : number(stats.data.projection_lag)],
          ]}
        />
      )}
    </Card>
  );
}

export function NewSite({ onDone, onPassword }: { onDone: () => void; onPassword?: (phone: string, password: string) => void }) {
  const w = words();
  const [title, setTitle] = useState("");
  const [zone, setZone] = useState(Intl.DateTimeFormat().resolvedOptions().timeZone || "Europe/Berlin");
  const [currency, setCurrency] = useState("EUR");
  const [latitude, setLatitude] = useState("");
  const [longitude, setLongitude] = useState("");
  const [phone, setPhone] = useState("");
  const [person, setPerson] = useState("");
  const [secret, setSecret] = useState("");
  const [key] = useState(newKey);
  const make = useAction(async () => {
    let account = (await call("findAccount", { query: { phone } })).items[0]?.account;
    if (!account) {
      const password = first_password();
      account = (await call("createAccount", { body: { phone, name: person || title, password, roles: ["driver", "owner"] } })).account;
      if (onPassword) onPassword(phone, password);
      else setSecret(password);
    }
    const made = await call("defineSite", { key, body: { name: title, time_zone: zone, currency, place: { latitude: Number(latitude), longitude: Number(longitude) }, community: account } });
    await loadSites();
    chooseSite(made.site);
    say(w.made);
    if (!secret) onDone();
  });
  const locate = (): void =>
    navigator.geolocation?.getCurrentPosition(({ coords }) => {
      setLatitude(coords.latitude.toFixed(6));
      setLongitude(coords.longitude.toFixed(6));
    });
  return (
    <Card title={w.newSite}>
      <form onSubmit={(event) => (event.preventDefault(), void make.run())}>
        <div class="fields">
          <Field label={w.name}>{(ids) => <input {...ids} name="site-name" required maxLength={64} value={title} onInput={(event) => setTitle(event.currentTarget.value)} />}</Field>
          <Field label={w.zone}>
            {(ids) =>
              zones.length > 0 ? (
                <select {...ids} name="zone" value={zone} onChange={(event) => setZone(event.currentTarget.value)}>
                  {(zones.includes(zone) ? zones : [zone, ...zones]).map((one) => (
                    <option key={one}>{one}</option>
                  ))}
                </select>
              ) : (
                <input {...ids} name="zone" required value={zone} onInput={(event) => setZone(event.currentTarget.value)} />
              )
            }
          </Field>
          <Field label={w.currency}>
            {(ids) => (
              <select {...ids} name="currency" value={currency} onChange={(event) => setCurrency(event.currentTarget.value)}>
                {currencies.map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </select>
            )}
          </Field>
          <Field label={w.latitude} hint={w.placeHint}>
            {(ids) => <input {...ids} name="latitude" type="number" required min={-80} max={80} step="any" value={latitude} onInput={(event) => setLatitude(event.currentTarget.value)} />}
          </Field>
          <Field label={w.longitude}>{(ids) => <input {...ids} name="longitude" type="number" required min={-180} max={180} step="any" value={longitude} onInput={(event) => setLongitude(event.currentTarget.value)} />}</Field>
        </div>
        {"geolocation" in navigator && (
          <div>
            <button type="button" class="small" onClick={locate}>
              {w.here}
            </button>
          </div>
        )}
        <div class="fields">
          <Field label={w.community} hint={w.communityHint}>
            {(ids) => <input {...ids} name="community" type="tel" required value={phone} onInput={(event) => setPhone(event.currentTarget.value)} />}
          </Field>
          <Field label={w.communityName}>{(ids) => <input {...ids} name="community-name" maxLength={64} value={person} onInput={(event) => setPerson(event.currentTarget.value)} />}</Field>
        </div>
        <Trouble error={make.error} />
        {secret && (
          <div class="stack" role="status">
            <p>{w.firstPassword}</p>
            <p class="secret">{secret}</p>
          </div>
        )}
        <div class="buttons">
          <button type="submit" class="primary" disabled={make.busy}>
            {w.make}
          </button>
        </div>
      </form>
    </Card>
  );
}

function Setup() {
  const w = words();
  const here = site.value;
  const stations = useData(() => call("listStations", { path: { site: siteId.value }, query: { limit: 1 } }), siteId.value, ["reload"]);
  const tariffs = useData(() => call("listTariffs", { path: { site: siteId.value } }), siteId.value, ["reload"]);
  if (!here || !stations.data || !tariffs.data) return null;
  const bays = allBays();
  const steps = [
    [w.stepTariff, tariffs.data.in_force !== null, "#/property/prices"],
    [w.stepBays, bays.length > 0, "#/property/plan"],
    [w.stepStations, stations.data.items.length > 0, "#/operator/stations"],
    [w.stepConnect, bays.some((bay) => bay.charger), "#/operator/stations"],
  ] as const;
  if (steps.every(([, done]) => done)) return null;
  const next = steps.findIndex(([, done]) => !done);
  return (
    <Card
      title={`${w.setup}: ${here.name}`}
      actions={
        <a class="button small" href="#/setup">
          {w.setupTitle}
        </a>
      }
    >
      <ol class="items">
        {steps.map(([text, done, href], index) => (
          <li key={text} class="item">
            <Icon name={done ? "check" : "plus"} />
            <span class="grow">
              <strong>
                {index + 1}. {text}
              </strong>
              <span class="hint">{done ? w.done : w.todo}</span>
            </span>
            {!done && (
              <a class={index === next ? "button small primary" : "button small"} href={href}>
                {w.goOn}
              </a>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}
