// Reading a list of residents (CSV): every bad row is named with its line, column and what is wrong. Nothing is changed here.
import { parse_csv } from "../../components/csv";
import type { Bay } from "../../contract/api";
import { words } from "./words";

export interface Resident {
  line: number;
  name: string;
  phone: string;
  bay: Bay | null;
  group: string;
  account: string | null; // once looked up: who has one already
}

export interface BadCell {
  line: number;
  column: string;
  text: string;
  wrong: string;
}

export interface Checked {
  good: Resident[];
  bad: BadCell[];
  trouble: string; // of the whole file
}

export const rows_max = 2000;
const columns = ["name", "phone", "bay", "group"] as const;
const control = /[\u0000-\u001f\u007f]/;

// As the platform reads it: + or 00, the country, 7 to 15 digits in all (E.164).
export function phone_of(text: string): string | null {
  const digits = text.replace(/[\s()./-]/g, "").replace(/^00/, "+");
  return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : null;
}

export function check_residents(text: string, bays: Bay[]): Checked {
  const w = words();
  const rows = parse_csv(text);
  if (rows === null) return { good: [], bad: [], trouble: w.badQuote };
  const head = rows[0]?.cells.map((cell) => cell.toLowerCase()) ?? [];
  const missing = ["name", "phone"].find((column) => !head.includes(column));
  if (missing) return { good: [], bad: [], trouble: w.missingColumn(missing) };
  const body = rows.slice(1);
  if (body.length === 0) return { good: [], bad: [], trouble: w.noFile };
  if (body.length > rows_max) return { good: [], bad: [], trouble: w.tooMany(rows_max) };
  const place = Object.fromEntries(columns.map((column) => [column, head.indexOf(column)])) as Record<(typeof columns)[number], number>;
  const byLabel = new Map(bays.map((bay) => [bay.label.toLowerCase(), bay]));
  const groups = new Set(bays.map((bay) => bay.group).filter(Boolean));
  const phones = new Map<string, number>();
  const owned = new Map<string, number>();
  const good: Resident[] = [];
  const bad: BadCell[] = [];
  for (const { line, cells } of body) {
    const cell = (column: (typeof columns)[number]): string => (place[column] >= 0 ? (cells[place[column]] ?? "") : "");
    const before = bad.length;
    const refuse = (column: string, wrong: string): number => bad.push({ line, column, text: cell(column as (typeof columns)[number]).slice(0, 60), wrong });
    if (cell("name").length < 1 || cell("name").length > 64 || control.test(cell("name"))) refuse("name", w.nameWrong);
    const phone = phone_of(cell("phone"));
    if (!phone) refuse("phone", w.phoneWrong);
    else if (phones.has(phone)) refuse("phone", w.phoneTwice(phones.get(phone)!));
    else phones.set(phone, line);
    const bay = byLabel.get(cell("bay").toLowerCase()) ?? null;
    if (cell("bay") && !bay) refuse("bay", w.bayWrong);
    else if (bay && owned.has(bay.bay)) refuse("bay", w.bayTwice(owned.get(bay.bay)!));
    else if (bay) owned.set(bay.bay, line);
    if (cell("group") && !groups.has(cell("group"))) refuse("group", w.groupWrong);
    if (bad.length === before) good.push({ line, name: cell("name"), phone: phone!, bay, group: cell("group"), account: null });
  }
  return { good, bad, trouble: "" };
}

// Without letters and digits that look alike.
export function first_password(): string {
  const letters = "abcdefghjkmnpqrstuvwxyz23456789";
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => letters[byte % letters.length]).join("").replace(/(.{4})(?=.)/g, "$1-");
}
