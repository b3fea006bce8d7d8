// A new tariff: rates of the four periods, the hours of the periods, and the fees around them.
import { useState } from "preact/hooks";
import { Icon } from "../../components/icons";
import { useAction } from "../../components/hooks";
import { ask, Field, say, Trouble } from "../../components/ui";
import type { NewTariff, Period } from "../../contract/api";
import { call } from "../../data/api";
import { digitsOf, minuteText, textMinute } from "../../data/format";
import { loadBays, site } from "../../data/live";
import { name } from "../../data/names";
import { Preview } from "./preview";
import { words } from "./words";

const periods = ["valley", "flat", "peak", "sharp"] as const;
type Rates = Record<Period, string>;
interface Rule {
  days: string; // 1 weekday, 2 weekend, 7 every day
  from: string;
  to: string;
  period: Period;
}

// A price in the currency to ten-thousandths of a minor unit.
export const e4 = (price: string, currency: string): number => Math.round((Number(price) || 0) * 10 ** digitsOf(currency) * 10_000);
const minor = (price: string, currency: string): number => Math.round((Number(price) || 0) * 10 ** digitsOf(currency));

export function TariffForm({ onDone }: { onDone: () => void }) {
  const w = words();
  const currency = site.value?.currency ?? "EUR";
  const [title, setTitle] = useState("");
  const [energy, setEnergy] = useState<Rates>({ valley: "0.30", flat: "0.40", peak: "0.50", sharp: "0.60" });
  const [parking, setParking] = useState<Rates>({ valley: "0.50", flat: "1.00", peak: "1.00", sharp: "1.00" });
  const [rules, setRules] = useState<Rule[]>([
    { days: "7", from: "22:00", to: "06:00", period: "valley" },
    { days: "1", from: "17:00", to: "21:00", period: "peak" },
  ]);
  const [visit, setVisit] = useState("0");
  const [service, setService] = useState("0");
  const [overstay, setOverstay] = useState("2.00");
  const [free, setFree] = useState("0");
  const [unit, setUnit] = useState("15");
  const [most, setMost] = useState("");
  const [tax, setTax] = useState("19");
  const [included, setIncluded] = useState(true);
  const written = (): NewTariff => {
    const rates = (given: Rates) => Object.fromEntries(periods.map((period) => [period, e4(given[period], currency)])) as Record<Period, number>;
    return {
      name: title || w.newTariff,
      currency,
      energy_rates: rates(energy),
      parking_rates: rates(parking),
      // Hours over midnight are two rules.
      rules: rules.flatMap(({ days, from, to, period }) => {
        const [start, end] = [textMinute(from), textMinute(to) || 1440];
        const one = (start_minute: number, end_minute: number) => ({ day_types: days === "7" ? 7 : Number(days), start_minute, end_minute, period });
        if (start < end) return [one(start, end)];
        return end > 0 && start < 1440 ? [one(start, 1440), one(0, end)] : [];
      }),
      default_period: "flat",
      visit_fee_minor: minor(visit, currency),
      service_rate_e4: e4(service, currency),
      overstay_rate_e4: e4(overstay, currency),
      free_parking_minutes: Number(free) || 0,
      unit_minutes: Math.max(1, Number(unit) || 1),
      ...(most && { parking_day_max_minor: minor(most, currency) }),
      tax_ppm: Math.round((Number(tax) || 0) * 10_000),
      prices_include_tax: included,
    };
  };
  const publish = useAction(async () => {
    if (!(await ask({ title: w.publishAsk, text: w.publishText, yes: w.publish }))) return;
    await call("publishTariff", { path: { site: site.value!.site }, body: written() });
    await loadBays();
    say(w.published);
    onDone();
  });
  const money = (label: string, value: string, set: (value: string) => void) => (
    <Field label={label}>{(ids) => <input {...ids} type="number" min={0} step="0.0001" inputMode="decimal" value={value} onInput={(event) => set(event.currentTarget.value)} />}</Field>
  );
  const change = (index: number, part: Partial<Rule>): void => setRules(rules.map((rule, i) => (i === index ? { ...rule, ...part } : rule)));
  return (
    <form onSubmit={(event) => (event.preventDefault(), void publish.run())}>
      <Field label={w.name}>{(ids) => <input {...ids} name="tariff" required maxLength={64} value={title} onInput={(event) => setTitle(event.currentTarget.value)} />}</Field>
      {([[w.energyRates, energy, setEnergy], [w.parkingRates, parking, setParking]] as const).map(([title_, rates, set]) => (
        <fieldset key={title_} class="stack">
          <legend class="legend-label">
            {title_} ({currency})
          </legend>
          <div class="fields narrow">{periods.map((period) => money(name("period", period), rates[period], (value) => set({ ...rates, [period]: value })))}</div>
        </fieldset>
      ))}
      <fieldset class="stack">
        <legend class="legend-label">{w.periods}</legend>
        {rules.map((rule, index) => (
          <div key={index} class="rule-row">
            <select aria-label={w.days} value={rule.days} onChange={(event) => change(index, { days: event.currentTarget.value })}>
              <option value="7">{w.every}</option>
              <option value="1">{w.weekdays}</option>
              <option value="2">{w.weekends}</option>
            </select>
            <input aria-label={w.start} type="time" required step={900} value={rule.from} onInput={(event) => change(index, { from: event.currentTarget.value })} />
            <input aria-label={w.end} type="time" required step={900} value={rule.to} onInput={(event) => change(index, { to: event.currentTarget.value })} />
            <select aria-label={w.period} value={rule.period} onChange={(event) => change(index, { period: event.currentTarget.value as Period })}>
              {periods.map((period) => (
                <option key={period} value={period}>
                  {name("period", period)}
                </option>
              ))}
            </select>
            <button type="button" class="plain" aria-label={`${w.remove} ${minuteText(textMinute(rule.from))}`} onClick={() => setRules(rules.filter((_, i) => i !== index))}>
              <Icon name="close" size={20} />
            </button>
          </div>
        ))}
        <div class="row">
          <button type="button" class="small" onClick={() => setRules([...rules, { days: "7", from: "08:00", to: "12:00", period: "peak" }])}>
            <Icon name="plus" size={18} />
            {w.addRule}
          </button>
          <span class="hint">
            {w.otherwise}: {name("period", "flat")}
          </span>
        </div>
      </fieldset>
      <div class="fields narrow">
        {money(w.visitFee, visit, setVisit)}
        {money(w.service, service, setService)}
        {money(w.overstay, overstay, setOverstay)}
        {money(w.dayMax, most, setMost)}
        <Field label={w.freeMinutes}>{(ids) => <input {...ids} type="number" min={0} max={10080} value={free} onInput={(event) => setFree(event.currentTarget.value)} />}</Field>
        <Field label={w.unitMinutes}>{(ids) => <input {...ids} type="number" min={1} max={1440} value={unit} onInput={(event) => setUnit(event.currentTarget.value)} />}</Field>
        <Field label={w.tax}>{(ids) => <input {...ids} type="number" min={0} max={100} step="0.1" value={tax} onInput={(event) => setTax(event.currentTarget.value)} />}</Field>
      </div>
      <label class="check">
        <input type="checkbox" checked={included} onChange={(event) => setIncluded(event.currentTarget.checked)} />
        {w.includesTax}
      </label>
      <details class="stack">
        <summary>{w.preview}</summary>
        <Preview tariff={written} />
      </details>
      <Trouble error={publish.error} />
      <div class="buttons">
        <button type="submit" class="primary" disabled={publish.busy}>
          {w.publish}
        </button>
      </div>
    </form>
  );
}
