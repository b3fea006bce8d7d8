// One charging station: what it is, the bays it serves, how it proves who it is, its device model, logs and messages.
import { useRef, useState } from "preact/hooks";
import { Icon } from "../../components/icons";
import { useAction, useData } from "../../components/hooks";
import { ask, Card, Facts, Loading, Page, Trouble } from "../../components/ui";
import type { DeviceList, StationMade } from "../../contract/api";
import { call, every } from "../../data/api";
import { when } from "../../data/format";
import { loadBays, site, siteId } from "../../data/live";
import { name } from "../../data/names";
import { link } from "../../data/router";
import { DeviceModel } from "./device_model_view";
import { Security } from "./security";
import { words as stationWords } from "./station_words";
import { Attach, baysOf, StationSecret } from "./stations";
import { Uploads } from "./uploads";
import { words } from "./words";

type Device = DeviceList["items"][number];

export function StationPage({ station: id }: { station: string }) {
  const w = words();
  const path = { site: siteId.value };
  const found = useData(
    async () => {
      const [stations, devices] = await Promise.all([every((cursor) => call("listStations", { path, query: { limit: 200, cursor } })), call("listDevices", { path })]);
      return { station: stations.find((one) => one.station === id), device: devices.items.find((one) => one.station === id) };
    },
    `${siteId.value}|${id}`,
    ["station"],
  );
  const [secret, setSecret] = useState<StationMade | null>(null);
  const zone = site.value?.time_zone ?? "UTC";
  const station = found.data?.station;
  const protocol = useRef(""); // stays when the station goes away, and with it what was read
  protocol.current = found.data?.device?.protocol ?? protocol.current;
  const renew = useAction(async () => {
    if (!(await ask({ title: w.renewAsk, text: w.renewText, yes: w.renew, danger: true }))) return;
    setSecret({ ...(await call("renewStationPassword", { path: { station: id } })), identity: station!.identity });
  });
  if (!station) {
    return (
      <Page title={w.stations}>
        <Trouble error={found.error} retry={found.reload} />
        {found.loading ? <Loading /> : <p class="hint">{w.noStationFits}</p>}
      </Page>
    );
  }
  return (
    <Page
      title={station.identity}
      actions={
        <span class={`tag is-${station.online ? "free" : "offline"} plain`}>
          {station.online ? w.isOnline : w.isOffline} {station.link_since && w.since(when(station.link_since, zone))}
        </span>
      }
    >
      {secret && <StationSecret made={secret} />}
      <div class="columns halves">
        <div class="stack">
          <Card>
            {found.data?.device ? <DeviceFacts device={found.data.device} zone={zone} /> : <p class="hint">{station.link_since ? w.notCalling : w.neverCalled}</p>}
            <Trouble error={renew.error} />
            <div class="buttons">
              <button type="button" class="small" disabled={renew.busy} onClick={() => void renew.run()}>
                <Icon name="key" size={18} />
                {w.renew}
              </button>
              <a class="button small" href={link("operator", "messages", id)}>
                <Icon name="list" size={18} />
                {w.messages}
              </a>
            </div>
          </Card>
          <Bays station={id} />
          <Card title={w.uploads}>
            <Uploads station={id} zone={zone} />
          </Card>
        </div>
        <div class="stack">
          <Security station={id} zone={zone} />
          {protocol.current && <DeviceModel station={id} protocol={protocol.current} />}
        </div>
      </div>
    </Page>
  );
}

function DeviceFacts({ device, zone }: { device: Device; zone: string }) {
  const w = words();
  return (
    <Facts
      items={[
        [w.protocol, device.protocol],
        device.vendor && [w.vendor, device.vendor],
        device.model && [w.model, device.model],
        device.serial_number && [w.serial, device.serial_number],
        device.firmware && [w.firmware, device.firmware],
        [w.lastMessage, when(device.last_message_at, zone)],
        [w.reservations, device.reservations_held],
        [w.address, device.address],
      ]}
    />
  );
}

function Bays({ station }: { station: string }) {
  const w = words();
  const served = baysOf(station);
  const detach = useAction(async (bay: string) => {
    if (!(await ask({ title: w.detachAsk, text: w.detachText, yes: w.detach, danger: true }))) return;
    await call("changeBay", { path: { bay }, body: { charger: null } });
    await loadBays();
  });
  return (
    <Card title={stationWords().bays} class="served">
      <Trouble error={detach.error} />
      {served.length === 0 && <p class="hint">{w.nothing}</p>}
      <ul class="items">
        {served.map((bay) => (
          <li key={bay.bay} class="item">
            <span class="grow">
              {bay.label} · EVSE {bay.charger?.evse} · {name("connector", bay.charger?.connector)}
            </span>
            <button type="button" class="small" disabled={detach.busy} onClick={() => void detach.run(bay.bay)}>
              {w.detach}
            </button>
          </li>
        ))}
      </ul>
      <Attach station={station} />
    </Card>
  );
}
