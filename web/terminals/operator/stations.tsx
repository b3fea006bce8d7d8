// C1: the charging stations of a site, which bays they serve, and who knocks unregistered.
import { useState } from "preact/hooks";
import { Icon, StateIcon } from "../../components/icons";
import { useAction, useData } from "../../components/hooks";
import { Card, Empty, Field, Loading, Page, say, Trouble } from "../../components/ui";
import type { Bay, Connector, DeviceList, StationList, StationMade } from "../../contract/api";
import { call, every } from "../../data/api";
import { when } from "../../data/format";
import { allBays, loadBays, site, siteId } from "../../data/live";
import { name } from "../../data/names";
import { link } from "../../data/router";
import { words } from "./words";

type Station = StationList["items"][number];
type Device = DeviceList["items"][number];

const searchedFrom = 8;

export const baysOf = (station: string): Bay[] => allBays().filter((bay) => bay.charger?.station === station);

// By its identity or by the label of a bay that it serves.
function fits(station: Station, wanted: string): boolean {
  const text = wanted.trim().toLowerCase();
  return [station.identity, ...baysOf(station.station).map((bay) => bay.label)].some((one) => one.toLowerCase().includes(text));
}

const ocppAddress = (identity: string): string => `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ocpp/${identity}`;

export function StationsPage() {
  const w = words();
  const list = useData(
    async () => {
      const path = { site: siteId.value };
      const [stations, devices, pending] = await Promise.all([
        every((cursor) => call("listStations", { path, query: { limit: 200, cursor } })),
        call("listDevices", { path }),
        call("listPendingStations"),
      ]);
      return { stations, devices: new Map(devices.items.map((one) => [one.station, one])), pending: pending.items };
    },
    siteId.value,
    ["station"],
  );
  const [secret, setSecret] = useState<StationMade | null>(null);
  const [wanted, setWanted] = useState("");
  const zone = site.value?.time_zone ?? "UTC";
  const all = list.data?.stations ?? [];
  const shown = all.filter((one) => fits(one, wanted)).sort((a, b) => Number(a.online) - Number(b.online));
  const away = all.filter((one) => !one.online).length;
  return (
    <Page title={`${w.stations} · ${site.value?.name ?? ""}`}>
      <Trouble error={list.error} retry={list.reload} />
      {secret && <StationSecret made={secret} />}
      <div class="columns side">
        <Card class="stations">
          {!list.data && list.loading && <Loading />}
          {list.data && all.length === 0 && <Empty icon="plug" text={w.noStations} />}
          {all.length > 0 && <p class={away > 0 ? "notice warn" : "hint"}>{w.stationsOnline(all.length - away, all.length)}</p>}
          {all.length > searchedFrom && (
            <Field label={w.findStation}>{(ids) => <input {...ids} type="search" name="station" maxLength={48} value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />}</Field>
          )}
          {all.length > 0 && shown.length === 0 && <p class="hint">{w.noStationFits}</p>}
          <ul class="items">
            {shown.map((one) => (
              <StationItem key={one.station} station={one} device={list.data!.devices.get(one.station)} zone={zone} />
            ))}
          </ul>
        </Card>
        <div class="stack">
          <Register onMade={(made) => (setSecret(made), list.reload())} known={list.data?.pending.map(({ identity }) => identity) ?? []} />
          <Card title={w.pending}>
            {list.data?.pending.length === 0 && <p class="hint">{w.noPending}</p>}
            <ul class="items">
              {list.data?.pending.map((one) => (
                <li key={one.identity} class="item">
                  <span class="grow">
                    <strong>{one.identity}</strong>
                    <span class="hint">{[one.vendor, one.model, one.serial_number, one.protocol].filter(Boolean).join(" · ")}</span>
                    <span class="hint">
                      {w.address} {one.address} · {when(one.last_seen, zone)}
                    </span>
                  </span>
                </li>
              ))}
            </ul>
          </Card>
        </div>
      </div>
    </Page>
  );
}

export function StationSecret({ made }: { made: StationMade }) {
  const w = words();
  return (
    <Card title={made.identity ?? ""}>
      <p class="hint">{w.connectTo}</p>
      <p class="secret">{ocppAddress(made.identity ?? "")}</p>
      <p class="hint">{w.password}</p>
      <p class="secret">{made.password}</p>
    </Card>
  );
}

export function Register({ onMade, known }: { onMade: (made: StationMade) => void; known: string[] }) {
  const w = words();
  const [identity, setIdentity] = useState("");
  const register = useAction(async () => {
    onMade(await call("registerStation", { path: { site: siteId.value }, body: { identity } }));
    setIdentity("");
  });
  return (
    <Card title={w.register}>
      <form onSubmit={(event) => (event.preventDefault(), void register.run())}>
        <Field label={w.identity} hint={w.identityHint}>
          {(ids) => <input {...ids} name="identity" required maxLength={48} list="knocking" value={identity} onInput={(event) => setIdentity(event.currentTarget.value)} />}
        </Field>
        <datalist id="knocking">
          {known.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <Trouble error={register.error} />
        <div class="buttons">
          <button type="submit" class="primary" disabled={register.busy}>
            {w.registerIt}
          </button>
        </div>
      </form>
    </Card>
  );
}

function StationItem({ station, device, zone }: { station: Station; device: Device | undefined; zone: string }) {
  const w = words();
  const served = baysOf(station.station);
  return (
    <li>
      <a class="item" href={link("operator", "stations", station.station)}>
        <StateIcon state={station.online ? "free" : "offline"} size={24} />
        <span class="grow">
          <strong>{station.identity}</strong>
          <span class="hint">
            {station.online ? w.isOnline : w.isOffline}
            {station.link_since && ` ${w.since(when(station.link_since, zone))}`} · {served.length > 0 ? served.map((bay) => bay.label).join(", ") : w.nothing}
          </span>
          {device && <span class="hint">{[device.vendor, device.model, device.firmware, device.protocol].filter(Boolean).join(" · ")}</span>}
        </span>
        <Icon name="next" size={20} />
      </a>
    </li>
  );
}

export function Attach({ station }: { station: string }) {
  const w = words();
  const without = allBays().filter((bay) => !bay.charger);
  const [bay, setBay] = useState("");
  const [evse, setEvse] = useState(1);
  const [connector, setConnector] = useState<Connector>("iec_62196_t2");
  const [power, setPower] = useState(11);
  const attach = useAction(async () => {
    await call("changeBay", { path: { bay: bay || without[0]!.bay }, body: { charger: { station, evse, connector, power_max_w: power * 1000 } } });
    await loadBays();
    say(w.attached);
  });
  if (without.length === 0) return null;
  return (
    <form onSubmit={(event) => (event.preventDefault(), void attach.run())}>
      <fieldset class="stack">
        <legend class="legend-label">{w.attach}</legend>
        <div class="fields narrow">
          <Field label={w.bay}>
            {(ids) => (
              <select {...ids} value={bay || without[0]!.bay} onChange={(event) => setBay(event.currentTarget.value)}>
                {without.map((one) => (
                  <option key={one.bay} value={one.bay}>
                    {one.label}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={w.evse}>{(ids) => <input {...ids} type="number" min={1} max={64} value={evse} onInput={(event) => setEvse(Number(event.currentTarget.value))} />}</Field>
          <Field label={w.plug}>
            {(ids) => (
              <select {...ids} value={connector} onChange={(event) => setConnector(event.currentTarget.value as Connector)}>
                {(["iec_62196_t2", "iec_62196_t2_combo", "gbt_ac", "gbt_dc", "chademo", "iec_62196_t1"] as const).map((one) => (
                  <option key={one} value={one}>
                    {name("connector", one)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={w.power}>{(ids) => <input {...ids} type="number" min={1} max={1000} step="0.1" value={power} onInput={(event) => setPower(Number(event.currentTarget.value))} />}</Field>
        </div>
      </fieldset>
      <Trouble error={attach.error} />
      <div class="buttons">
        <button type="submit" class="small primary" disabled={attach.busy}>
          {w.attachIt}
        </button>
      </div>
    </form>
  );
}
