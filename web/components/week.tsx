// Weekly hours drawn on a grid: with the pointer or a finger by dragging, with the keyboard by arrows, Space and
// Shift+arrow. Cells are half hours, or quarters where the hours at hand need them.
import { useRef, useState } from "preact/hooks";
import type { RangeList, Week } from "../contract/api";
import { minuteText, textMinute, weekdayName } from "../data/format";
import { bilingual } from "../data/words";

const words = bilingual(
  { hint: "Drag over the hours. With the keyboard: arrows move, Space changes, Shift and an arrow draws.", grid: "Hours of the week", shared: "on", not: "off", clear: "Clear", workdays: "Workdays 8–18", always: "Always", time: "Time" },
  { hint: "拖动选择时段。键盘：方向键移动，空格切换，Shift加方向键连续绘制。", grid: "每周时段", shared: "开放", not: "不开放", clear: "清空", workdays: "工作日8–18点", always: "全天", time: "时间" },
);

export const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

export function stepOf(week: Week): number {
  const fine = days.some((day) => (week[day] ?? []).some(([from, to]) => textMinute(from) % 30 !== 0 || textMinute(to) % 30 !== 0));
  return fine ? 15 : 30;
}

const covers = (ranges: RangeList, minute: number): boolean => ranges.some(([from, to]) => textMinute(from) <= minute && minute < textMinute(to));

export function rangesOf(on: boolean[], step: number): RangeList {
  const ranges: RangeList = [];
  let from = -1;
  for (let i = 0; i <= on.length; ++i) {
    if (on[i] && from < 0) from = i;
    if (!on[i] && from >= 0) {
      ranges.push([minuteText(from * step), minuteText(i * step)]);
      from = -1;
    }
  }
  return ranges;
}

export const isEmptyWeek = (week: Week): boolean => days.every((day) => (week[day] ?? []).length === 0);
export const wholeWeek = (): Week => Object.fromEntries(days.map((day) => [day, [["00:00", "24:00"]]])) as Week;
const workdays = (): Week => Object.fromEntries(days.map((day, i) => [day, i < 5 ? [["08:00", "18:00"]] : []])) as Week;

// "Mon–Fri 08:00–18:00; Sat 10:00–17:00"
export function weekText(week: Week): string {
  const texts = days.map((day) => (week[day] ?? []).map(([from, to]) => `${from}–${to}`).join(", "));
  const parts: string[] = [];
  for (let i = 0; i < 7; ) {
    let j = i;
    while (j < 6 && texts[j + 1] === texts[i]) ++j;
    if (texts[i]) parts.push(`${weekdayName(i)}${j > i ? `–${weekdayName(j)}` : ""} ${texts[i]}`);
    i = j + 1;
  }
  return parts.join("; ") || "—";
}

export function WeekGrid({ week, onChange }: { week: Week; onChange: (week: Week) => void }) {
  const w = words();
  const step = stepOf(week);
  const rows = 1440 / step;
  const [stop, setStop] = useState<[number, number]>([0, Math.floor(480 / step)]);
  const paint = useRef<boolean | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const cells = days.map((day) => Array.from({ length: rows }, (_, row) => covers(week[day] ?? [], row * step)));

  const set = (day: number, row: number, on: boolean): void => {
    if (cells[day]![row] === on) return;
    cells[day]![row] = on;
    onChange({ ...week, [days[day]!]: rangesOf(cells[day]!, step) });
  };
  const cellAt = (event: PointerEvent): [number, number] | null => {
    const under = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>("[data-cell]");
    const [day, row] = under?.dataset["cell"]?.split(",").map(Number) ?? [];
    return day === undefined || row === undefined ? null : [day, row];
  };
  const down = (event: PointerEvent): void => {
    const at = cellAt(event);
    if (!at || event.button !== 0) return;
    event.preventDefault();
    paint.current = !cells[at[0]]![at[1]];
    box.current!.setPointerCapture(event.pointerId);
    setStop(at);
    set(at[0], at[1], paint.current);
  };
  const drag = (event: PointerEvent): void => {
    if (paint.current === null) return;
    const at = cellAt(event);
    if (at) set(at[0], at[1], paint.current);
  };
  const key = (event: KeyboardEvent): void => {
    const [day, row] = stop;
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      return set(day, row, !cells[day]![row]);
    }
    const by = ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], Home: [0, -row], End: [0, rows - 1 - row] } as Record<string, [number, number]>)[event.key];
    if (!by) return;
    event.preventDefault();
    const next: [number, number] = [Math.min(6, Math.max(0, day + by[0])), Math.min(rows - 1, Math.max(0, row + by[1]))];
    if (event.shiftKey) set(next[0], next[1], cells[day]![row]!);
    setStop(next);
    box.current?.querySelector<HTMLElement>(`[data-cell="${next[0]},${next[1]}"]`)?.focus();
  };

  return (
    <div class="week">
      <div class="row">
        <button type="button" class="small" onClick={() => onChange(workdays())}>
          {w.workdays}
        </button>
        <button type="button" class="small" onClick={() => onChange(wholeWeek())}>
          {w.always}
        </button>
        <button type="button" class="small" onClick={() => onChange({})}>
          {w.clear}
        </button>
      </div>
      <div class="week-grid" role="grid" aria-label={w.grid} ref={box} onPointerDown={down} onPointerMove={drag} onPointerUp={() => (paint.current = null)} onPointerCancel={() => (paint.current = null)} onKeyDown={key}>
        <div role="row" class="contents">
          <span role="columnheader" class="head">
            <span class="sr">{w.time}</span>
          </span>
          {days.map((day, index) => (
            <span key={day} role="columnheader" class="head">
              {weekdayName(index)}
            </span>
          ))}
        </div>
        {Array.from({ length: rows }, (_, row) => (
          <div key={row} role="row" class="contents">
            <span role="rowheader" class="hour">
              <span class={(row * step) % 120 === 0 ? "" : "sr"}>{minuteText(row * step)}</span>
            </span>
            {days.map((day, index) => (
              <span
                key={day}
                role="gridcell"
                data-cell={`${index},${row}`}
                class={`week-cell${cells[index]![row] ? " on" : ""}${(row * step) % 60 === 0 ? " half" : ""}${step === 15 ? " fine" : ""}`}
                tabIndex={stop[0] === index && stop[1] === row ? 0 : -1}
                aria-selected={cells[index]![row]!}
                aria-label={`${weekdayName(index, true)} ${minuteText(row * step)}, ${cells[index]![row] ? w.shared : w.not}`}
                onFocus={() => setStop([index, row])}
              />
            ))}
          </div>
        ))}
      </div>
      <p class="hint">{w.hint}</p>
    </div>
  );
}
