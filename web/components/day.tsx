// The day of bays, slot by slot (A4): one strip for one bay, or a grid of all.
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

export function DayGrid({ rows, zone, onSelect }: { rows: { bay: string; label: string; schedule: Schedule }[]; zone: string; onSelect?: (bay: string, run: Run) => void }) {
  void second.value;
  const first = rows[0]?.schedule.items;
  if (!first || first.length === 0) return null;
  const start = Date.parse(first[0]!.start);
  const end = Date.parse(first.at(-1)!.end);
  const hours = Math.round((end - start) / 3_600_000);
  const hourWidth = rows.length === 1 ? hourWidths.one : Math.min(hourWidths.most, Math.max(hourWidths.many, (innerWidth - frame_px) / hours));
  const x = (at: number): number => labelWidth + ((at - start) / 3_600_000) * hourWidth;
  const width = labelWidth + hours * hourWidth + 8;
  const height = headHeight + rows.length * rowHeight + 4;
  const now = serverNow();
  return (
    <div class="day-grid" tabIndex={0} role="group" aria-label={name("use", "booked")}>
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
        {Array.from({ length: hours + 1 }, (_, hour) => (
          <g key={hour} aria-hidden="true">
            <path class="hour-line" d={`M${x(start + hour * 3_600_000)} ${headHeight - 4}V${height}`} />
            {hour % (rows.length === 1 ? 3 : 2) === 0 && hour < hours && (
              <text x={x(start + hour * 3_600_000) + 2} y={headHeight - 10}>
                {clock(start + hour * 3_600_000, zone)}
              </text>
            )}
          </g>
        ))}
        {rows.map(({ bay, label, schedule }, index) => (
          <g key={bay} role="list" aria-label={label}>
            <text x={4} y={headHeight + index * rowHeight + 19} font-weight="650" aria-hidden="true">
              {label}
            </text>
            {runsOf(schedule.items).map((run) => (
              <rect
                key={run.start}
                role="listitem"
                class={`slot-${run.use}`}
                data-use={run.use}
                x={x(Date.parse(run.start)) + 0.5}
                y={headHeight + index * rowHeight + 3}
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
        {now > start && now < end && <path class="now-line" d={`M${x(now)} ${headHeight - 4}V${height}`} aria-hidden="true" />}
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
