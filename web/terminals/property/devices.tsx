// What the property office sees of the chargers: which are away, what each is, and the one of a bay.
import { StateIcon } from "../../components/icons";
import { useData } from "../../components/hooks";
import { Card, Empty, Facts, Loading, Trouble } from "../../components/ui";
import { call, every } from "../../data/api";
import { when } from "../../data/format";
import { allBays, site, siteId } from "../../data/live";
import { words } from "./office_words";

function useStations() {
  return useData(
    async () => {
      const path = { site: siteId.value };
      const [stations, devices] = await Promise.all([every((cursor) => call("listStations", { path, query: { limit: 200, cursor } })), call("listDevices", { path })]);
      const told = new Map(devices.items.map((one) => [one.station, one]));
      return stations.map((station) => ({ station, device: told.get(station.station) })).sort((a, b) => Number(a.station.online) - Number(b.station.online));
    },
    siteId.value,
    ["station"],
  );
}

const linkText = (online: boolean, since: string | null | undefined, zone: string): string => {
  const w = words();
  return `${online ? w.online : w.offline}${since ? ` ${w.sinceTime(when(since, zone))}` : ""}`;
};

export function DevicesView() {
  const w = words();
  const zone = site.value?.time_zone ?? "UTC";
  const list = useStations();
  const away = list.data?.filter(({ station }) => !station.online).length ?? 0;
  return (
    <Card title={w.devices}>
      <Trouble error={list.error} retry={list.reload} />
      {!list.data && list.loading && <Loading />}
      {list.data?.length === 0 && <Empty icon="plug" text={w.noDevices} />}
      {list.data && list.data.length > 0 && <p class={away > 0 ? "notice warn" : "hint"}>{w.devicesOnline(list.data.length - away, list.data.length)}</p>}
      <ul class="items">
        {list.data?.map(({ station, device }) => (
          <li key={station.station} class="item">
            <StateIcon state={station.online ? "free" : "offline"} size={24} />
            <span class="grow">
              <strong>{station.identity}</strong>
              <span class="hint">
                {linkText(station.online, station.link_since, zone)} ·{" "}
                {allBays().filter((bay) => bay.charger?.station === station.station).map((bay) => bay.label).join(", ") || w.noBay}
              </span>
              {device && <span class="hint">{[device.vendor, device.model, device.firmware].filter(Boolean).join(" · ")}</span>}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function DeviceOfBay({ station }: { station: string }) {
  const w = words();
  const zone = site.value?.time_zone ?? "UTC";
  const list = useStations();
  const found = list.data?.find((one) => one.station.station === station);
  if (!found) return null;
  const { device } = found;
  return (
    <Card title={w.device}>
      <Facts
        items={[
          [w.identity, found.station.identity],
          [w.link, linkText(found.station.online, found.station.link_since, zone)],
          device && [w.make, [device.vendor, device.model].filter(Boolean).join(" ") || "–"],
          device?.firmware && [w.firmware, device.firmware],
          device && [w.lastMessage, when(device.last_message_at, zone)],
        ]}
      />
    </Card>
  );
}
