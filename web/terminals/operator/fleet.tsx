// What an operator has many stations do: firmware campaigns with their progress, and sets of settings with what differs.
import { useState } from "preact/hooks";
import { useAction, useData, useEvery } from "../../components/hooks";
import { Icon } from "../../components/icons";
import { ask, Card, Empty, Loading, Page, Trouble } from "../../components/ui";
import type { CampaignHead, CampaignOrder } from "../../contract/api";
import { call } from "../../data/api";
import { when } from "../../data/format";
import { site } from "../../data/live";
import { BeginCampaign } from "./fleet_begin";
import { SettingSets } from "./fleet_sets";
import { words } from "./fleet_words";

const readEveryMs = 5_000;

export function FleetPage() {
  const w = words();
  const list = useData(() => call("listCampaigns"), "");
  useEvery(readEveryMs, list.reload);
  return (
    <Page title={w.fleet}>
      <Trouble error={list.error} retry={list.reload} />
      <div class="columns side">
        <div class="stack">
          <Card title={w.campaigns}>
            {!list.data && list.loading && <Loading />}
            {list.data?.items.length === 0 && <Empty icon="download" text={w.noCampaigns} />}
            <ul class="items">
              {list.data?.items.map((one) => (
                <CampaignItem key={one.campaign} campaign={one} onChange={list.reload} />
              ))}
            </ul>
          </Card>
          <SettingSets />
        </div>
        <BeginCampaign onBegun={list.reload} />
      </div>
    </Page>
  );
}

// The server's own words are English; those it is known to say are said in the reader's language.
function reason(why: string): string {
  const known = words().whys.find(([pattern]) => pattern.test(why));
  return known ? why.replace(known[0], known[1]) : why;
}

function CampaignItem({ campaign, onChange }: { campaign: CampaignHead; onChange: () => void }) {
  const w = words();
  const [open, setOpen] = useState(false);
  const steps = campaign.stations_by_step;
  const all = Object.values(steps).reduce((sum, count) => sum + count, 0);
  const order = useAction(async (body: CampaignOrder) => {
    if (body.order === "cancel" && !(await ask({ title: w.cancelAsk, text: w.cancelText, yes: w.cancel, danger: true }))) return;
    await call("orderCampaign", { path: { campaign: campaign.campaign }, body });
    onChange();
  });
  const over = campaign.phase === "done" || campaign.phase === "cancelled";
  return (
    <li>
      <div class="item">
        <span class="grow">
          <strong>{campaign.name}</strong>
          <span class="hint">
            {w.phases[campaign.phase]} · {w.stage(campaign.stage, campaign.stages.length)} · {w.progress(steps.installed, all)}
            {steps.failed > 0 && ` · ${w.steps.failed} ${steps.failed}`}
            {steps.unreachable > 0 && ` · ${w.steps.unreachable} ${steps.unreachable}`}
          </span>
          {campaign.why && <span class="hint">{reason(campaign.why)}</span>}
          <progress max={all} value={steps.installed} aria-label={w.progress(steps.installed, all)} />
        </span>
        <button type="button" class="small" aria-expanded={open} aria-label={`${open ? w.hide : w.show} ${campaign.name}`} onClick={() => setOpen(!open)}>
          <Icon name={open ? "minus" : "plus"} size={20} />
        </button>
      </div>
      <Trouble error={order.error} />
      {!over && (
        <div class="buttons">
          {campaign.phase === "running" ? (
            <button type="button" class="small" disabled={order.busy} onClick={() => void order.run({ order: "pause" })}>
              {w.pause}
            </button>
          ) : (
            <>
              <button type="button" class="small" disabled={order.busy} onClick={() => void order.run({ order: "resume" })}>
                {w.resume}
              </button>
              {steps.failed > 0 && (
                <button type="button" class="small" disabled={order.busy} onClick={() => void order.run({ order: "resume", retry_failed: true })}>
                  {w.retry}
                </button>
              )}
            </>
          )}
          <button type="button" class="small" disabled={order.busy} onClick={() => void order.run({ order: "cancel" })}>
            {w.cancel}
          </button>
        </div>
      )}
      {open && <CampaignStations number={campaign.campaign} />}
    </li>
  );
}

function CampaignStations({ number }: { number: number }) {
  const w = words();
  const zone = site.value?.time_zone ?? "UTC";
  const read = useData(() => call("showCampaign", { path: { campaign: number } }), String(number));
  useEvery(readEveryMs, read.reload);
  return (
    <div class="stack station-more">
      <Trouble error={read.error} retry={read.reload} />
      <ul class="items">
        {read.data?.stations.map((one) => (
          <li key={one.station} class="item">
            <span class="grow">
              {one.identity} · {w.steps[one.step]}
              <span class="hint">
                {w.stage(one.stage, read.data!.stages.length)} · {one.word || w.unchanged}
                {one.since && ` · ${when(one.since, zone)}`}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

