// The day of bays, slot by slot (A4): one strip for one bay, or a grid of all.
import { useEffect, useRef } from "preact/hooks";
import type { Schedule } from "../contract/api";
import { second, serverNow } from "../data/clock";
import { clock } from "../data/format";
import { name } from "../data/names";

type Item = Schedule["items"][number];

export interface Run {
  start: string;
  end: string;
  use: Item["use"];
  booking: string | undefined;
}

// Slots next to each other with the same use and booking are one.
export function runsOf(items: Item[]): Run[] {
  const runs: Run[] = [];
  for (const item of items) {
    const last = runs.at(-1);
    if (last && last.end === item.start && last.use === item.use && last.booking === item.booking) last.end = item.end;
    else runs.push({ start: item.start, end: item.end, use: item.use, booking: item.booking });
  }
  return runs;
}

const rowHeight = 30;
const labelWidth = 72;
const hourWidths = { one: 21, many: 34, most: 56 };
const frame_px = 420; // beside the grid on a wide screen
const headHeight = 26;
const hour_ms = 3_600_000;

interface Row {
  bay: string;
  label: string;
  schedule: Schedule;
}

export function DayGrid({ rows, zone, onSelect }: { rows: Row[]; zone: string; onSelect?: (bay: string, run: Run) => void }) {
  const items = rows[0]?.schedule.items;
  if (!items || items.length === 0) return null;
  return <Grid key={items[0]!.start} rows={rows} zone={zone} onSelect={onSelect} start={Date.parse(items[0]!.start)} end={Date.parse(items.at(-1)!.end)} />;
}

// The hours stay at the top and the bays at the side, whatever of the day is looked at; it begins where the day is now.
function Grid({ rows, zone, onSelect, start, end }: { rows: Row[]; zone: string; onSelect: ((bay: string, run: Run) => void) | undefined; start: number; end: number }) {
  void second.value;
  const box = useRef<HTMLDivElement>(null);
  const hours = Math.round((end - start) / hour_ms);
  const hourWidth = rows.length === 1 ? hourWidths.one : Math.min(hourWidths.most, Math.max(hourWidths.many, (innerWidth - frame_px) / hours));
  const x = (at: number): number => ((at - start) / hour_ms) * hourWidth;
  const width = hours * hourWidth + 8;
  const height = rows.length * rowHeight + 4;
  const now = serverNow();
  const isToday = now > start && now < end;
  useEffect(() => {
    if (isToday) box.current!.scrollLeft = x(now) - (box.current!.clientWidth - labelWidth) / 3;
  }, []);
  const everyHour = Array.from({ length: hours + 1 }, (_, hour) => start + hour * hour_ms);
  return (
    <div class="day-grid" ref={box} tabIndex={0} role="group" aria-label={name("use", "booked")}>
      <span class="day-corner" />
      <svg class="day-hours" width={width} height={headHeight} aria-hidden="true">
        {everyHour.slice(0, -1).map((at, hour) => hour % (rows.length === 1 ? 3 : 2) === 0 && (
          <text key={at} x={x(at) + 2} y={headHeight - 10}>
            {clock(at, zone)}
          </text>
        ))}
      </svg>
      <svg class="day-bays" width={labelWidth} height={height} aria-hidden="true">
        {rows.map(({ bay, label }, index) => (
          <text key={bay} x={4} y={index * rowHeight + 19} font-weight="650">
            {label}
          </text>
        ))}
      </svg>
      <svg width={width} height={height}>
        {everyHour.map((at) => (
          <path key={at} class="hour-line" d={`M${x(at)} 0V${height}`} aria-hidden="true" />
        ))}
        {rows.map(({ bay, label, schedule }, index) => (
          <g key={bay} role="list" aria-label={label}>
            {runsOf(schedule.items).map((run) => (
              <rect
                key={run.start}
                role="listitem"
                class={`slot-${run.use}`}
                data-use={run.use}
                x={x(Date.parse(run.start)) + 0.5}
                y={index * rowHeight + 3}
                width={Math.max(1, x(Date.parse(run.end)) - x(Date.parse(run.start)) - 1)}
                height={rowHeight - 6}
                rx="3"
                aria-label={`${clock(run.start, zone)}–${clock(run.end, zone)} ${name("use", run.use)}`}
                onClick={onSelect && (() => onSelect(bay, run))}
              >
                <title>{`${label} ${clock(run.start, zone)}–${clock(run.end, zone)} ${name("use", run.use)}`}</title>
              </rect>
            ))}
          </g>
        ))}
        {isToday && <path class="now-line" d={`M${x(now)} 0V${height}`} aria-hidden="true" />}
      </svg>
    </div>
  );
}

export function UseLegend() {
  return (
    <ul class="legend-states">
      {(["open", "booked", "closed"] as const).map((use) => (
        <li key={use}>
          <svg width="22" height="14" class="day-key" aria-hidden="true">
            <rect class={`slot-${use}`} width="22" height="14" rx="3" />
          </svg>
          {name("use", use)}
        </li>
      ))}
    </ul>
  );
}
