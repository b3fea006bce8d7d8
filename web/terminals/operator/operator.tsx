// The operator's terminal: sites, stations, people and their roles, reports.
import { Shell, type Tab } from "../../components/shell";
import { siteId } from "../../data/live";
import { place } from "../../data/router";
import { AuditPage } from "./audit";
import { DutyCalls } from "./duty";
import { FleetPage } from "./fleet";
import { words as fleetWords } from "./fleet_words";
import { MessagesPage } from "./messages";
import { PeoplePage } from "./people";
import { ReportsPage } from "./reports";
import { SetupPage } from "./setup";
import { SitesPage } from "./sites";
import { StationPage } from "./station";
import { StationsPage } from "./stations";
import { words } from "./words";

function View() {
  const [terminal, page = "sites", station] = place.value.parts;
  if (terminal === "setup" || page === "setup") return <SetupPage />;
  if (page === "messages" && station) return <MessagesPage key={station} station={station} />;
  if (page === "stations" && station) return <StationPage key={station} station={station} />;
  if (page === "stations") return <StationsPage key={siteId.value} />;
  if (page === "fleet") return <FleetPage key={siteId.value} />;
  if (page === "people") return <PeoplePage />;
  if (page === "reports") return <ReportsPage key={siteId.value} />;
  if (page === "audit") return <AuditPage />;
  return <SitesPage />;
}

export default function OperatorTerminal() {
  const w = words();
  const tabs: Tab[] = [
    { path: "sites", text: w.sites, icon: "building" },
    { path: "stations", text: w.stations, icon: "plug" },
    { path: "fleet", text: fleetWords().fleet, icon: "upload" },
    { path: "people", text: w.people, icon: "people" },
    { path: "reports", text: w.reports, icon: "chart" },
    { path: "audit", text: w.audit, icon: "list" },
  ];
  return (
    <Shell home="operator" tabs={tabs}>
      <DutyCalls />
      <View />
    </Shell>
  );
}
