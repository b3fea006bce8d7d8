// Reading a plan of bays from a file (CSV, GeoJSON or SVG): every bad row is named with what is wrong. Nothing is made here,
// and nothing of the file comes into the page but text and numbers.
import { parse_csv } from "../../components/csv";
import type { BadCell } from "./residents";
import { words } from "./words";

export interface Spot {
  line: number;
  label: string;
  east_m: number;
  north_m: number;
  level: string;
  group: string;
}

export interface ReadPlan {
  good: Spot[];
  bad: BadCell[];
  trouble: string; // of the whole file
  scaled: boolean; // its unit has to be told: an SVG
}

export const spots_max = 1000;
export const plan_chars_max = 2_000_000;
const reach_m = 2000;
const control = /[\u0000-\u001f\u007f]/;

// What a file says of one bay, before it is believed.
interface Raw {
  line: number;
  label: string;
  east: unknown;
  north: unknown;
  level: string;
  group: string;
  wrong?: string;
}

const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value).trim() : "");

function from_csv(file: string): Raw[] | string {
  const w = words();
  const rows = parse_csv(file);
  if (rows === null) return w.badQuote;
  const head = rows[0]?.cells.map((cell) => cell.toLowerCase()) ?? [];
  const missing = ["label", "east_m", "north_m"].find((column) => !head.includes(column));
  if (missing) return w.missingColumn(missing);
  const cell = (cells: string[], column: string): string => (head.includes(column) ? (cells[head.indexOf(column)] ?? "") : "");
  return rows.slice(1).map(({ line, cells }) => ({ line, label: cell(cells, "label"), east: cell(cells, "east_m").replace(",", "."), north: cell(cells, "north_m").replace(",", "."), level: cell(cells, "level"), group: cell(cells, "group") }));
}

type Position = [number, number];
const is_position = (value: unknown): value is Position => Array.isArray(value) && typeof value[0] === "number" && typeof value[1] === "number";

// The middle of the corners: good enough for a bay.
function middle(ring: unknown): Position | null {
  if (!Array.isArray(ring) || ring.length < 4 || !ring.every(is_position)) return null;
  const corners = ring.slice(0, -1) as Position[];
  return [corners.reduce((sum, [x]) => sum + x, 0) / corners.length, corners.reduce((sum, [, y]) => sum + y, 0) / corners.length];
}

function from_geojson(file: string, entrance: { latitude: number; longitude: number }): Raw[] | string {
  let read: any;
  try {
    read = JSON.parse(file);
  } catch {
    return words().planUnread;
  }
  if (!Array.isArray(read?.features)) return words().planUnread;
  const north_per_degree = 111_195;
  const east_per_degree = north_per_degree * Math.cos((entrance.latitude * Math.PI) / 180);
  return (read.features as any[]).map((feature, index) => {
    const properties = feature?.properties ?? {};
    const geometry = feature?.geometry;
    const at = geometry?.type === "Point" && is_position(geometry.coordinates) ? geometry.coordinates : geometry?.type === "Polygon" ? middle(geometry.coordinates?.[0]) : null;
    return {
      line: index + 1,
      label: text(properties.label ?? properties.name ?? properties.ref ?? feature?.id),
      east: at ? (at[0] - entrance.longitude) * east_per_degree : NaN,
      north: at ? (at[1] - entrance.latitude) * north_per_degree : NaN,
      level: text(properties.level),
      group: text(properties.group),
      ...(at ? {} : { wrong: words().shapeWrong }),
    };
  });
}

// Rectangles with a name; from the lower left corner of the picture, in its own units.
function from_svg(file: string): Raw[] | string {
  const read = new DOMParser().parseFromString(file, "image/svg+xml");
  if (read.querySelector("parsererror") || read.documentElement.localName !== "svg") return words().planUnread;
  const box = (read.documentElement.getAttribute("viewBox") ?? "").trim().split(/[\s,]+/).map(Number);
  const bottom = box.length === 4 && box.every(Number.isFinite) ? box[1]! + box[3]! : Number.parseFloat(read.documentElement.getAttribute("height") ?? "0") || 0;
  const left = box.length === 4 && Number.isFinite(box[0]) ? box[0]! : 0;
  const number = (element: Element, attribute: string): number => Number.parseFloat(element.getAttribute(attribute) ?? "0");
  const named = (element: Element): string => (element.querySelector("title")?.textContent ?? element.getAttribute("data-label") ?? element.id ?? "").trim();
  return [...read.querySelectorAll("rect")]
    .filter((element) => named(element) !== "")
    .map((element, index) => ({
      line: index + 1,
      label: named(element),
      east: number(element, "x") + number(element, "width") / 2 - left,
      north: bottom - number(element, "y") - number(element, "height") / 2,
      level: (element.getAttribute("data-level") ?? element.closest("g[id]")?.getAttribute("data-level") ?? "").trim(),
      group: (element.getAttribute("data-group") ?? "").trim(),
      ...(element.closest("[transform]") ? { wrong: words().transformWrong } : {}),
    }));
}

export function read_plan(file: string, entrance: { latitude: number; longitude: number }, metresPerUnit: number): ReadPlan {
  const w = words();
  const clean = file.replace(/^\uFEFF/, "").trimStart();
  const scaled = clean.startsWith("<");
  const failed = (trouble: string): ReadPlan => ({ good: [], bad: [], trouble, scaled });
  if (clean.length > plan_chars_max) return failed(w.planTooMany(spots_max));
  const raw = scaled ? from_svg(clean) : clean.startsWith("{") ? from_geojson(clean, entrance) : from_csv(clean);
  if (typeof raw === "string") return failed(raw);
  if (raw.length === 0) return failed(w.planNone);
  if (raw.length > spots_max) return failed(w.planTooMany(spots_max));
  const scale = scaled ? metresPerUnit : 1;
  const labels = new Map<string, number>();
  const good: Spot[] = [];
  const bad: BadCell[] = [];
  for (const one of raw) {
    const before = bad.length;
    const refuse = (column: string, given: unknown, wrong: string): number => bad.push({ line: one.line, column, text: String(given).slice(0, 60), wrong });
    if (one.label.length < 1 || one.label.length > 64 || control.test(one.label)) refuse("label", one.label, w.labelWrong);
    else if (labels.has(one.label)) refuse("label", one.label, w.labelTwice(labels.get(one.label)!));
    else labels.set(one.label, one.line);
    const place = (value: unknown): number => (value === "" ? NaN : Math.round(Number(value) * scale * 10) / 10);
    const [east_m, north_m] = [place(one.east), place(one.north)];
    if (one.wrong) refuse("", one.label, one.wrong);
    else {
      if (!(Math.abs(east_m) <= reach_m)) refuse("east_m", one.east, w.placeWrong);
      if (!(Math.abs(north_m) <= reach_m)) refuse("north_m", one.north, w.placeWrong);
    }
    for (const column of ["level", "group"] as const) {
      if (one[column].length > 64 || control.test(one[column])) refuse(column, one[column], w.levelWrong);
    }
    if (bad.length === before) good.push({ line: one.line, label: one.label, east_m, north_m, level: one.level, group: one.group });
  }
  return { good, bad, trouble: "", scaled };
}
