// The property office's terminal: the garage live, what needs a person, the day, residents, prices.
import { useEffect } from "preact/hooks";
import { useData } from "../../components/hooks";
import { Shell, type Tab } from "../../components/shell";
import { Card, Empty, Page } from "../../components/ui";
import { call } from "../../data/api";
import { chooseSite, siteId } from "../../data/live";
import { place } from "../../data/router";
import { me, roles } from "../../data/session";
import { AttentionPage } from "./attention";
import { BayPage } from "./bay";
import { DayPage } from "./day";
import { useDisputes } from "./disputes";
import { GaragePage } from "./garage";
import { PeoplePage } from "./people";
import { PricesPage } from "./prices";
import { words } from "./words";

function View() {
  const [, page = "plan", id] = place.value.parts;
  if (page === "attention") return <AttentionPage />;
  if (page === "day") return <DayPage />;
  if (page === "people") return <PeoplePage />;
  if (page === "prices") return <PricesPage />;
  if (page === "bay" && id) return <BayPage bay={id} />;
  return <GaragePage />;
}

export default function PropertyTerminal() {
  const w = words();
  const mine = me.value?.property_of ?? [];
  const allowed = roles.value.includes("operator") || mine.includes(siteId.value);
  useEffect(() => {
    if (!allowed && mine[0]) chooseSite(mine[0]);
  }, [allowed, mine[0]]);
  const incidents = useData(async () => (allowed ? await call("listIncidents", { path: { site: siteId.value }, query: { limit: 100 } }) : null), `${siteId.value}|${allowed}`, ["incident", "reload"]);
  const open = incidents.data?.items.filter((one) => one.closed_at === null).length ?? 0;
  const disputed = useDisputes(allowed).data?.items.filter((one) => one.phase === "open").length ?? 0;
  const tabs: Tab[] = [
    { path: "plan", text: w.plan, icon: "plan" },
    { path: "attention", text: w.attention, icon: "alert", badge: open + disputed },
    { path: "day", text: w.day, icon: "calendar" },
    { path: "people", text: w.people, icon: "people" },
    { path: "prices", text: w.prices, icon: "tag" },
  ];
  return (
    <Shell home="property" tabs={tabs}>
      {allowed ? (
        <View key={siteId.value} />
      ) : (
        <Page title={w.plan}>
          <Card>
            <Empty icon="key" text={w.notYours} />
          </Card>
        </Page>
      )}
    </Shell>
  );
}
