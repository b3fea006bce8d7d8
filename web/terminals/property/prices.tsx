// C3: tariffs, what they would cost, and the rules of the site.
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../../components/icons";
import { useAction, useData } from "../../components/hooks";
import { Card, Empty, Field, Loading, Page, say, Segments, Trouble } from "../../components/ui";
import type { NewTariff, SiteRules, TariffList } from "../../contract/api";
import { call } from "../../data/api";
import { digitsOf, minuteText, money, percent, rate } from "../../data/format";
import { site, siteId } from "../../data/live";
import { name } from "../../data/names";
import { AddBays } from "./bays";
import { ImportPlan } from "./plan_import";
import { Preview } from "./preview";
import { TariffForm } from "./tariff_form";
import { words } from "./words";

type Tariff = TariffList["items"][number];
const periods = ["valley", "flat", "peak", "sharp"] as const;

export function PricesPage() {
  const w = words();
  const [adding, setAdding] = useState(false);
  const [addingBays, setAddingBays] = useState(false);
  const [way, setWay] = useState<"rows" | "file">("rows");
  const list = useData(() => call("listTariffs", { path: { site: siteId.value } }), siteId.value);
  const inForce = list.data?.items.find((one) => one.tariff === list.data?.in_force);
  const others = list.data?.items.filter((one) => one !== inForce) ?? [];
  return (
    <Page
      title={w.tariffs}
      actions={
        <>
          <button type="button" class="small" aria-expanded={addingBays} onClick={() => setAddingBays(!addingBays)}>
            <Icon name="plus" size={18} />
            {w.addBays}
          </button>
          <button type="button" class="small primary" aria-expanded={adding} onClick={() => setAdding(!adding)}>
            <Icon name="plus" size={18} />
            {w.newTariff}
          </button>
        </>
      }
    >
      {addingBays && (
        <Card title={w.addBays}>
          <Segments label={w.addBays} value={way} options={[["rows", w.byRows], ["file", w.planFile]] as const} onChange={setWay} />
          {way === "rows" ? <AddBays onDone={() => setAddingBays(false)} /> : <ImportPlan onDone={() => setAddingBays(false)} />}
        </Card>
      )}
      {adding && (
        <Card title={w.newTariff}>
          <TariffForm onDone={() => (setAdding(false), list.reload())} />
        </Card>
      )}
      <Trouble error={list.error} retry={list.reload} />
      {!list.data && list.loading && <Loading />}
      {list.data && !inForce && !adding && (
        <Card>
          <Empty icon="tag" text={w.noTariff} />
        </Card>
      )}
      <div class="columns halves">
        <div class="stack">
          {inForce && <TariffCard tariff={inForce} inForce />}
          {others.map((one) => (
            <TariffCard key={one.tariff} tariff={one} />
          ))}
          <Rules />
        </div>
        <div class="stack">
          {inForce && (
            <Card title={w.preview}>
              <Preview tariff={() => unpublished(inForce)} />
            </Card>
          )}
        </div>
      </div>
    </Page>
  );
}

// As it would be sent to be published.
function unpublished({ tariff, ...rest }: Tariff): NewTariff {
  void tariff;
  return rest as NewTariff;
}

function TariffCard({ tariff, inForce = false }: { tariff: Tariff; inForce?: boolean }) {
  const w = words();
  const days = (types: number): string => (types === 1 ? w.weekdays : types === 2 ? w.weekends : w.every);
  return (
    <Card title={tariff.name} actions={inForce ? <span class="tag plain is-free">{w.inForce}</span> : null}>
      <div class="table-scroll" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{w.period}</th>
              <th scope="col" class="number">{w.energyRates}</th>
              <th scope="col" class="number">{w.parkingRates}</th>
            </tr>
          </thead>
          <tbody>
            {periods.map((period) => (
              <tr key={period}>
                <th scope="row">
                  <span class={`period is-${period}`}>{name("period", period)}</span>
                </th>
                <td class="number">{rate(tariff.energy_rates[period] ?? 0, tariff.currency)}</td>
                <td class="number">{rate(tariff.parking_rates[period] ?? 0, tariff.currency)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ul class="chips">
        {tariff.rules.map((rule, index) => (
          <li key={index} class="chip">
            {days(rule.day_types ?? 7)} {minuteText(rule.start_minute ?? 0)}–{minuteText(rule.end_minute ?? 1440)}: {name("period", rule.period)}
          </li>
        ))}
        <li class="chip">
          {w.otherwise}: {name("period", tariff.default_period)}
        </li>
        {tariff.visit_fee_minor > 0 && <li class="chip">{`${w.visitFee}: ${money({ minor: tariff.visit_fee_minor, currency: tariff.currency })}`}</li>}
        {tariff.service_rate_e4 > 0 && <li class="chip">{`${w.service}: ${rate(tariff.service_rate_e4, tariff.currency)}`}</li>}
        {tariff.overstay_rate_e4 > 0 && <li class="chip">{`${w.overstay}: ${rate(tariff.overstay_rate_e4, tariff.currency)}`}</li>}
        {tariff.tax_ppm > 0 && <li class="chip">{`${w.tax.replace(/[（(]%[)）]/, "").trim()}: ${percent(tariff.tax_ppm / 1e6, 1)}`}</li>}
      </ul>
    </Card>
  );
}

// Seconds as minutes, millionths as per cent; 0: minor units as the site's money.
const editable = [
  ["walk_up_hold_s", "holdMin", 60],
  ["early_arrival_s", "early", 60],
  ["no_show_grace_s", "noShow", 60],
  ["overstay_grace_s", "graceMin", 60],
  ["free_cancel_before_s", "freeCancel", 60],
  ["late_cancel_ppm", "lateCancel", 10_000],
  ["no_show_ppm", "noShowFee", 10_000],
  ["owner_share_ppm", "ownerShare", 10_000],
  ["wrong_parking_fee_minor", "wrongFee", 0],
  ["wrong_parking_grace_s", "wrongGrace", 60],
] as const;

function Rules() {
  const w = words();
  const read = useData(() => call("showSiteRules", { path: { site: siteId.value } }), siteId.value);
  const [rules, setRules] = useState<SiteRules | null>(null);
  useEffect(() => {
    if (read.data) setRules(read.data);
  }, [read.data]);
  const save = useAction(async () => {
    await call("setSiteRules", { path: { site: siteId.value }, body: rules! });
    say(w.saved);
    read.reload();
  });
  return (
    <Card title={w.rulesTitle}>
      <Trouble error={read.error} retry={read.reload} />
      {rules && (
        <form onSubmit={(event) => (event.preventDefault(), void save.run())}>
          <div class="fields tall">
            {editable.map(([field, label, factor]) => {
              const unit = factor || 10 ** digitsOf(site.value?.currency ?? "EUR");
              const most = factor === 60 ? 44_640 : factor === 0 ? 1_000_000 : 100;
              return (
              <Field key={field} label={w[label]}>
                {(ids) => <input {...ids} type="number" required min={0} max={most} value={(rules[field] ?? 0) / unit} onInput={(event) => setRules({ ...rules, [field]: Math.round(Number(event.currentTarget.value) * unit) })} />}
              </Field>
              );
            })}
          </div>
          <Trouble error={save.error} />
          <div class="buttons">
            <button type="submit" disabled={save.busy}>
              {w.save}
            </button>
          </div>
        </form>
      )}
    </Card>
  );
}
