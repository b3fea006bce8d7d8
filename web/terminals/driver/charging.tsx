// C2: charging at one booking, live: power, energy, what it costs so far and when it is done; start and stop.
import { Chart } from "../../components/chart";
import { Icon } from "../../components/icons";
import { useAction, useData, useEvery } from "../../components/hooks";
import { ask, Card, say, Trouble } from "../../components/ui";
import type { Booking } from "../../contract/api";
import { call } from "../../data/api";
import { serverNow } from "../../data/clock";
import { clock, kw, kwh, lasting, money, number } from "../../data/format";
import { bayNow, sites } from "../../data/live";
import { name } from "../../data/names";
import { words } from "./words";

const early_ms = 10 * 60_000;

export const zoneOf = (booking: Booking): string => sites.value.find((one) => one.site === booking.site)?.time_zone ?? "UTC";

// From shortly before the start: the car may be there before its plate or card was seen.
export const mayCharge = (booking: Booking): boolean => booking.phase === "active" || (booking.phase === "confirmed" && serverNow() > Date.parse(booking.start) - early_ms);

export function Charging({ booking, changed }: { booking: Booking; changed: () => void }) {
  const w = words();
  const session = booking.sessions.at(-1);
  const now = useData(
    async () => {
      if (!session) return null;
      const [shown, course] = await Promise.all([
        call("showSession", { path: { session } }),
        call("showSessionCourse", { path: { session } }).catch(() => null),
      ]);
      return { shown, course };
    },
    session ?? "none",
    ["session"],
  );
  useEvery(5_000, () => session && booking.phase === "active" && now.reload());
  const bill = useData(() => call("showInvoice", { path: { booking: booking.booking } }), `${booking.booking}|${booking.phase}`, ["session"]);
  useEvery(10_000, () => booking.phase === "active" && bill.reload());
  const start = useAction(async () => {
    await call("startCharging", { path: { booking: booking.booking } });
    say(w.asked);
    changed();
  });
  const stop = useAction(async () => {
    if (!(await ask({ title: w.stopAsk, text: w.stopText, yes: w.stopCharge }))) return;
    await call("stopCharging", { path: { session: session! } });
    say(w.asked);
    now.reload();
  });
  const bay = bayNow(booking.bay);
  if (bay && !bay.charger && !session) return null;
  const open = now.data?.shown.open ?? false;
  const course = now.data?.course;
  // The register that bills is told to the engine now and then; the meter values are fresher.
  const energy = Math.max(now.data?.shown.energy_wh ?? 0, open ? (course?.energy_wh ?? 0) : 0);
  const power = course?.power_w ?? 0;
  const missing = booking.energy_wh - energy;
  const zone = zoneOf(booking);
  return (
    <Card title={w.charging} actions={open ? <span class="tag is-charging plain">{name("state", "charging")}</span> : null}>
      {now.data ? (
        <div class="now-charging">
          <div class="bigs" aria-live="off">
            {open && course && course.power_w !== null && (
              <div>
                <p class="big">
                  {number(course.power_w / 1000, 1)} <small>kW</small>
                </p>
                <p class="hint">{w.power}</p>
              </div>
            )}
            <div>
              <p class="big">
                {number(energy / 1000, 2)} <small>kWh</small>
              </p>
              <p class="hint">{w.energyDone}</p>
            </div>
            {open && missing > 0 && power > 0 && (
              <div>
                <p class="big">{lasting((missing / power) * 3_600_000)}</p>
                <p class="hint">{w.readyIn(kwh(booking.energy_wh))}</p>
              </div>
            )}
            {booking.phase === "active" && bill.data && (
              <div>
                <p class="big">{money(bill.data.invoice.total)}</p>
                <p class="hint">{w.costSoFar}</p>
              </div>
            )}
          </div>
          {course && course.items.length > 1 && (
            <Chart line title={w.course} format={kw} points={course.items.map(({ at, power_w }) => ({ label: clock(at, zone), value: power_w }))} />
          )}
        </div>
      ) : (
        <p class="hint">{booking.phase === "active" ? w.waitingCar : w.notArrived}</p>
      )}
      <Trouble error={start.error ?? stop.error} />
      {mayCharge(booking) && (
        <div class="buttons">
          {open ? (
            <button type="button" class="danger" disabled={stop.busy} onClick={() => void stop.run()}>
              {w.stopCharge}
            </button>
          ) : (
            <button type="button" class="primary" disabled={start.busy} onClick={() => void start.run()}>
              <Icon name="bolt" size={20} />
              {w.startCharge}
            </button>
          )}
        </div>
      )}
    </Card>
  );
}
