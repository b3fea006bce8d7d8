// The garage as a plan, live: each bay by shape and colour. Every bay listens to its own cell of the store, so a change
// draws one bay and not the garage. Arrow keys go from bay to bay, Enter opens one.
import type { Signal } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Bay } from "../contract/api";
import { second, serverNow } from "../data/clock";
import { bayCell, bayIds } from "../data/live";
import { name } from "../data/names";
import { bilingual } from "../data/words";
import { Icon, StateIcon, StateShape } from "./icons";

const words = bilingual(
  { plan: "Plan of the garage", level: (level: string) => `Level ${level}`, larger: "Larger", smaller: "Smaller", legend: "Meaning of the shapes", yours: "yours", noPlaces: "Places aren't entered yet: the bays are shown in a row." },
  { plan: "车库平面图", level: (level) => `${level}层`, larger: "放大", smaller: "缩小", legend: "图例", yours: "您的", noPlaces: "尚未录入位置：车位按顺序排列。" },
);

interface Spot {
  id: string;
  x: number;
  y: number;
}
interface Level {
  name: string;
  spots: Spot[];
  x: number;
  y: number;
  width: number;
  height: number;
}
interface Layout {
  levels: Level[];
  bay: { width: number; height: number };
  placed: boolean;
}

const margin_m = 2;
// A bay is then as wide as a finger; on a wide screen the plan is fitted to the room there is.
const pixelsPerMetre = { finger: 22, least: 15, most: 30 };
const fittedFrom_px = 560;
const scrolledFrom = 0.75; // of the screen's height: as .plan-scroll in style.css
const rowOf = 15;

// Where nothing stands the plan is drawn shorter than it is: what is left of a lane is wide enough to be seen as one.
const lane_m = { across: 3, along: 6 };

function closerTogether(values: number[], size: number, lane: number): Map<number, number> {
  const drawn = new Map<number, number>();
  let before: { value: number; at: number } | undefined;
  for (const value of [...new Set(values)].sort((a, b) => a - b)) {
    const at: number = before ? before.at + Math.min(value - before.value, size + lane) : value;
    drawn.set(value, at);
    before = { value, at };
  }
  return drawn;
}

const least = (values: number[], otherwise: number): number => {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((value, i) => value - sorted[i]!).filter((gap) => gap > 0.5);
  return gaps.length > 0 ? Math.min(...gaps) : otherwise;
};

function layoutOf(bays: Bay[]): Layout {
  const placed = new Set(bays.map((bay) => `${bay.level}|${bay.east_m}|${bay.north_m}`)).size > bays.length / 2;
  const at = (bay: Bay, index: number) =>
    placed ? { x: bay.east_m, y: -bay.north_m } : { x: (index % rowOf) * 2.8, y: Math.floor(index / rowOf) * 7 };
  const byLevel = new Map<string, Spot[]>();
  bays.forEach((bay, index) => {
    const spots = byLevel.get(bay.level) ?? [];
    spots.push({ id: bay.bay, ...at(bay, spots.length === index ? index : spots.length) });
    byLevel.set(bay.level, spots);
  });
  const rows = new Map<string, number[]>();
  for (const [level, spots] of byLevel) for (const spot of spots) rows.set(`${level}|${spot.y}`, [...(rows.get(`${level}|${spot.y}`) ?? []), spot.x]);
  const across = Math.min(2.6, ...[...rows.values()].map((xs) => least(xs, 2.6)));
  const along = Math.min(6, ...[...byLevel.values()].map((spots) => least(spots.map((spot) => spot.y), 6)));
  const bay = { width: Math.max(1.4, across * 0.92), height: Math.max(1.8, Math.min(5, along * 0.8)) };
  const levels = [...byLevel].map(([level, measured]) => {
    const across = closerTogether(measured.map((spot) => spot.x), bay.width, lane_m.across);
    const along = closerTogether(measured.map((spot) => spot.y), bay.height, lane_m.along);
    const spots = measured.map(({ id, x, y }) => ({ id, x: across.get(x)!, y: along.get(y)! }));
    const xs = spots.map((spot) => spot.x);
    const ys = spots.map((spot) => spot.y);
    const x = Math.min(...xs) - bay.width / 2 - margin_m;
    const y = Math.min(...ys) - bay.height / 2 - margin_m;
    return { name: level, spots, x, y, width: Math.max(...xs) - x + bay.width / 2 + margin_m, height: Math.max(...ys) - y + bay.height / 2 + margin_m };
  });
  return { levels, bay, placed };
}

interface PlanProps {
  selected?: string | null | undefined;
  mine?: string | null | undefined;
  onSelect?: (bay: string) => void;
  only?: string; // one level
  legend?: boolean;
}

export function Plan({ selected, mine, onSelect, only, legend = true }: PlanProps) {
  const w = words();
  const ids = bayIds.value;
  const layout = useMemo(() => layoutOf(ids.map((id) => bayCell(id)!.peek())), [ids]);
  const [zoom, setZoom] = useState(1);
  const [focused, setFocused] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(0);
  const any = ids.length > 0;
  useEffect(() => {
    if (!box.current || typeof ResizeObserver === "undefined") return;
    const watch = new ResizeObserver(([entry]) => setRoom(entry!.contentRect.width));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, [any]);
  const shown = mine ?? selected;
  useEffect(() => {
    const spot = shown && room > 0 && box.current?.querySelector(`[data-bay="${CSS.escape(shown)}"]`);
    const scroll = spot && spot.closest(".plan-scroll");
    if (!scroll) return;
    const [at, around] = [spot.getBoundingClientRect(), scroll.getBoundingClientRect()];
    scroll.scrollBy(at.left + at.width / 2 - around.left - around.width / 2, at.top + at.height / 2 - around.top - around.height / 2);
  }, [shown, room > 0]);
  if (!any) return null;
  const levels = layout.levels.filter((level) => only === undefined || level.name === only);
  const stop = focused ?? selected ?? levels[0]?.spots[0]?.id;

  const widest = Math.max(...levels.map((level) => level.width));
  const highest = Math.max(...levels.map((level) => level.height));
  const fitting = Math.min((room - 4) / widest, (innerHeight * scrolledFrom) / highest);
  const fitted = Math.min(pixelsPerMetre.most, Math.max(pixelsPerMetre.least, fitting));
  const scale = (room >= fittedFrom_px ? fitted : pixelsPerMetre.finger) * zoom;

  const move = (event: KeyboardEvent, level: Level, from: Spot): void => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      return onSelect?.(from.id);
    }
    const [dx, dy] = ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } as Record<string, [number, number]>)[event.key] ?? [0, 0];
    if (dx === 0 && dy === 0) return;
    event.preventDefault();
    const ahead = level.spots
      .map((spot) => ({ spot, along: (spot.x - from.x) * dx + (spot.y - from.y) * dy, aside: Math.abs((spot.x - from.x) * dy) + Math.abs((spot.y - from.y) * dx) }))
      .filter(({ along }) => along > 0.1)
      .sort((a, b) => a.along + a.aside * 3 - (b.along + b.aside * 3));
    const to = ahead[0]?.spot;
    if (!to) return;
    setFocused(to.id);
    box.current?.querySelector<SVGElement>(`[data-bay="${to.id}"]`)?.focus();
  };

  return (
    <div class="plan" ref={box}>
      <div class="plan-tools">
        <button type="button" class="small" aria-label={w.smaller} disabled={zoom <= 0.5} onClick={() => setZoom(zoom / 1.4)}>
          <Icon name="minus" size={18} />
        </button>
        <button type="button" class="small" aria-label={w.larger} disabled={zoom >= 3} onClick={() => setZoom(zoom * 1.4)}>
          <Icon name="plus" size={18} />
        </button>
      </div>
      {!layout.placed && <p class="hint">{w.noPlaces}</p>}
      {levels.map((level) => (
        <section key={level.name} class="level" aria-label={level.name ? w.level(level.name) : w.plan}>
          {level.name && layout.levels.length > 1 && <p class="level-name">{w.level(level.name)}</p>}
          <div class="plan-scroll" tabIndex={-1}>
            <svg
              class="plan-svg"
              width={level.width * scale}
              height={level.height * scale}
              viewBox={`${level.x} ${level.y} ${level.width} ${level.height}`}
              role="group"
              aria-label={w.plan}
            >
              <rect class="floor" x={level.x + 0.3} y={level.y + 0.3} width={level.width - 0.6} height={level.height - 0.6} rx="0.8" />
              {level.spots.map((spot) => (
                <BayOnPlan
                  key={spot.id}
                  cell={bayCell(spot.id)!}
                  spot={spot}
                  size={layout.bay}
                  chosen={spot.id === selected}
                  mine={spot.id === mine}
                  stop={spot.id === stop}
                  onSelect={onSelect}
                  onKey={(event) => move(event, level, spot)}
                />
              ))}
            </svg>
          </div>
        </section>
      ))}
      {legend && <Legend />}
    </div>
  );
}

interface BayProps {
  cell: Signal<Bay>;
  spot: Spot;
  size: { width: number; height: number };
  chosen: boolean;
  mine: boolean;
  stop: boolean;
  onSelect: ((bay: string) => void) | undefined;
  onKey: (event: KeyboardEvent) => void;
}

function BayOnPlan({ cell, spot, size, chosen, mine, stop, onSelect, onKey }: BayProps) {
  const bay = cell.value;
  const note = noteOf(bay);
  const glyph = Math.min(size.width * 0.62, size.height * 0.34);
  const text = Math.min(0.6, (size.width * 1.36) / Math.max(bay.label.length, 4));
  return (
    <g
      class={`bay is-${bay.state}${chosen ? " chosen" : ""}${mine ? " mine" : ""}`}
      data-bay={bay.bay}
      data-state={bay.state}
      transform={`translate(${spot.x} ${spot.y})`}
      role={onSelect ? "button" : "img"}
      tabIndex={onSelect ? (stop ? 0 : -1) : undefined}
      aria-pressed={onSelect ? chosen : undefined}
      aria-label={`${bay.label}${note && ` ${note}`}: ${name("state", bay.state)}${mine ? `, ${words().yours}` : ""}`}
      onClick={onSelect && (() => onSelect(bay.bay))}
      onKeyDown={onSelect && onKey}
    >
      <rect class="bay-box" x={-size.width / 2} y={-size.height / 2} width={size.width} height={size.height} rx="0.22" />
      <text class="bay-label" y={-size.height / 2 + text * 1.25} font-size={text}>
        {bay.label}
      </text>
      <g transform={`translate(${-glyph / 2} ${-glyph / 2 + size.height * 0.04}) scale(${glyph / 24})`} class="bay-glyph">
        <StateShape state={bay.state} />
      </g>
      {/* What is seen is the beginning of the name: label, space, time. */}
      {note && " "}
      {note && (
        <text class="bay-note" y={size.height / 2 - text * 0.6} font-size={Math.min(text, (size.width * 1.5) / note.length)}>
          {note}
        </text>
      )}
    </g>
  );
}

// The time left of a stay, as far as it is known; counted here, because the feed doesn't tell each minute.
export function minutesLeft(bay: Bay): number | null {
  if (!bay.free_from || bay.minutes_left === null) return null;
  return Math.floor((Date.parse(bay.free_from) - serverNow()) / 60_000);
}

function noteOf(bay: Bay): string {
  if (bay.state !== "taken" && bay.state !== "charging" && bay.state !== "held") return "";
  if (!bay.free_from) return "";
  void second.value;
  const left = Date.parse(bay.free_from) - serverNow();
  const minutes = Math.round(Math.abs(left) / 60_000);
  return `${left < 0 ? "+" : ""}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

export function Legend() {
  const states = ["free", "held", "taken", "charging", "wrong_vehicle", "offline", "out_of_service", "closed"];
  return (
    <ul class="legend-states" aria-label={words().legend}>
      {states.map((state) => (
        <li key={state}>
          <StateIcon state={state} />
          {name("state", state)}
        </li>
      ))}
    </ul>
  );
}
