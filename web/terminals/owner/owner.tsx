// The owner's terminal: my bays, when I share them, who is in them, what they earn.
import { Icon, StateIcon } from "../../components/icons";
import { useData } from "../../components/hooks";
import { Shell, type Tab } from "../../components/shell";
import { Card, Empty, Loading, Page, Trouble } from "../../components/ui";
import { call } from "../../data/api";
import { kw } from "../../data/format";
import { allBays, baysLoaded } from "../../data/live";
import { name } from "../../data/names";
import { link, place } from "../../data/router";
import { me } from "../../data/session";
import { NoticeItems } from "../driver/me";
import { BayPage } from "./bay";
import { EarningsPage } from "./earnings";
import { words } from "./words";

function BaysPage() {
  const w = words();
  const mine = allBays().filter((bay) => bay.owner === me.value?.account);
  return (
    <Page title={w.bays}>
      {!baysLoaded.value ? (
        <Loading />
      ) : mine.length === 0 ? (
        <Card>
          <Empty icon="bay" text={w.noBays} />
        </Card>
      ) : (
        <ul class="columns halves">
          {mine.map((bay) => (
            <li key={bay.bay}>
              <a class={`bay-tile is-${bay.state}`} href={link("owner", "bays", bay.bay)}>
                <strong>{bay.label}</strong>
                <span class="state">
                  <StateIcon state={bay.state} />
                  {name("state", bay.state)}
                </span>
                <span class="hint row">
                  <Icon name="plug" size={18} />
                  {bay.charger ? `${name("connector", bay.charger.connector)} · ${kw(bay.charger.power_max_w)}` : w.noCharger}
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}

function NoticesPage() {
  const w = words();
  const list = useData(() => call("listMyNotices", { query: { limit: 100 } }), "notices", ["notice"]);
  return (
    <Page title={w.notices}>
      <Card>
        <Trouble error={list.error} retry={list.reload} />
        {!list.data && list.loading && <Loading />}
        {list.data?.items.length === 0 && <Empty icon="bell" text={w.noNotices} />}
        {list.data && <NoticeItems notices={list.data.items} home="owner" />}
      </Card>
    </Page>
  );
}

function View() {
  const [, page = "bays", id] = place.value.parts;
  if (page === "earnings") return <EarningsPage />;
  if (page === "notices") return <NoticesPage />;
  return id ? <BayPage bay={id} /> : <BaysPage />;
}

export default function OwnerTerminal() {
  const w = words();
  const tabs: Tab[] = [
    { path: "bays", text: w.bays, icon: "bay" },
    { path: "earnings", text: w.earnings, icon: "chart" },
    { path: "notices", text: w.notices, icon: "bell" },
  ];
  return (
    <Shell home="owner" tabs={tabs}>
      <View />
    </Shell>
  );
}
