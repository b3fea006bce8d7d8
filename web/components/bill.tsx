// A bill line by line, and its split by tariff period.
import type { Invoice } from "../contract/api";
import { money, number, rate, span } from "../data/format";
import { name } from "../data/names";
import { bilingual } from "../data/words";

const words = bilingual(
  { what: "What", amount: "Amount", net: "Net", tax: "of which tax", total: "Total", estimated: "estimated", perHour: "/h", split: "Energy by tariff period", defect: "The meter's readings were doubtful; the doubtful part wasn't billed.", h: "h" },
  { what: "项目", amount: "金额", net: "净额", tax: "其中税费", total: "合计", estimated: "估算", perHour: "/小时", split: "各时段电量", defect: "电表读数存疑，存疑部分未计费。", h: "小时" },
);

type Line = Invoice["lines"][number];

function worked({ kind, quantity, rate_e4, amount }: Line): string {
  const w = words();
  if (kind === "energy" || kind === "service_energy") return `${number(quantity / 1e6, 2)} kWh × ${rate(rate_e4, amount.currency)}/kWh`;
  if (kind === "parking" || kind === "overstay") return `${number(quantity / 3_600_000, 2)} ${w.h} × ${rate(rate_e4, amount.currency)}${w.perHour}`;
  return "";
}

const timed = (line: Line): boolean => line.kind === "parking" || line.kind === "energy" || line.kind === "overstay";

export function Bill({ invoice, zone }: { invoice: Invoice; zone: string }) {
  const w = words();
  return (
    <div class="bill">
      <table>
        <thead class="sr">
          <tr>
            <th scope="col">{w.what}</th>
            <th scope="col">{w.amount}</th>
          </tr>
        </thead>
        <tbody>
          {invoice.lines.map((line, index) => (
            <tr key={index}>
              <td>
                <span class="bill-what">
                  {name("line", line.kind)}
                  {line.period && timed(line) && <span class={`period is-${line.period}`}>{name("period", line.period)}</span>}
                  {line.estimated && <span class="hint"> {w.estimated}</span>}
                </span>
                <span class="hint">
                  {[timed(line) ? span(line.start, line.end, zone) : "", worked(line)].filter(Boolean).join(" · ")}
                </span>
              </td>
              <td class="number">{money(line.amount)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          {invoice.tax.minor !== 0 && (
            <tr class="soft">
              <th scope="row">{w.tax}</th>
              <td class="number">{money(invoice.tax)}</td>
            </tr>
          )}
          <tr class="total">
            <th scope="row">{w.total}</th>
            <td class="number">{money(invoice.total)}</td>
          </tr>
        </tfoot>
      </table>
      <PeriodSplit invoice={invoice} />
      {invoice.register_defect && <p class="hint">{w.defect}</p>}
    </div>
  );
}

function PeriodSplit({ invoice }: { invoice: Invoice }) {
  const wh = new Map<string, number>();
  for (const line of invoice.lines) {
    if (line.kind === "energy" && line.period) wh.set(line.period, (wh.get(line.period) ?? 0) + line.quantity / 1000);
  }
  const all = [...wh.values()].reduce((sum, one) => sum + one, 0);
  if (all <= 0) return null;
  let at = 0;
  return (
    <figure class="split">
      <figcaption>{words().split}</figcaption>
      <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        {[...wh].map(([period, amount]) => {
          const x = at;
          at += (amount / all) * 100;
          return <rect key={period} class={`period-fill is-${period}`} x={x} y="0" width={(amount / all) * 100} height="6" />;
        })}
      </svg>
      <p class="legend">
        {[...wh].map(([period, amount]) => (
          <span key={period} class={`period is-${period}`}>
            {name("period", period)} {number(amount / 1000, 1)} kWh
          </span>
        ))}
      </p>
    </figure>
  );
}
