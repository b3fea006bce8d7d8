// The operator's terminal: sites, stations, people and their roles, reports.
import { Shell, type Tab } from "../../components/shell";
import { siteId } from "../../data/live";
import { place } from "../../data/router";
import { PeoplePage } from "./people";
import { ReportsPage } from "./reports";
import { SitesPage } from "./sites";
import { StationsPage } from "./stations";
import { words } from "./words";

function View() {
  const [, page = "sites"] = place.value.parts;
  if (page === "stations") return <StationsPage key={siteId.value} />;
  if (page === "people") return <PeoplePage />;
  if (page === "reports") return <ReportsPage key={siteId.value} />;
  return <SitesPage />;
}

export default function OperatorTerminal() {
  const w = words();
  const tabs: Tab[] = [
    { path: "sites", text: w.sites, icon: "building" },
    { path: "stations", text: w.stations, icon: "plug" },
    { path: "people", text: w.people, icon: "people" },
    { path: "reports", text: w.reports, icon: "chart" },
  ];
  return (
    <Shell home="operator" tabs={tabs}>
      <View />
    </Shell>
  );
}
