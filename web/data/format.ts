// Money in its currency, times in the site's zone, in the reader's language.
import type { Money } from "../contract/api";
import { serverNow } from "./clock";
import { language } from "./words";

const locale = (): string => (language.value === "zh" ? "zh-CN" : "en-GB");

const cache = new Map<string, unknown>();
function cached<T>(key: string, make: () => T): T {
  const full = `${locale()}|${key}`;
  const found = cache.get(full) as T | undefined;
  if (found) return found;
  const made = make();
  cache.set(full, made);
  return made;
}

const timeFormat = (zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  cached(`${zone}|${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(locale(), { ...options, timeZone: zone }));

export const digitsOf = (currency: string): number =>
  cached(`digits|${currency}`, () => ({ n: currencyFormat(currency).resolvedOptions().maximumFractionDigits ?? 2 })).n;

const currencyFormat = (currency: string, digits?: number): Intl.NumberFormat =>
  cached(`money|${currency}|${digits ?? ""}`, () =>
    new Intl.NumberFormat(locale(), { style: "currency", currency, currencyDisplay: "narrowSymbol", ...(digits === undefined ? {} : { minimumFractionDigits: 2, maximumFractionDigits: digits }) }),
  );

export const money = ({ minor, currency }: Money): string => currencyFormat(currency).format(minor / 10 ** digitsOf(currency));
// Ten-thousandths of a minor unit, per hour or kWh.
export const rate = (e4: number, currency: string): string => currencyFormat(currency, 6).format(e4 / 10_000 / 10 ** digitsOf(currency));

export const number = (value: number, digits = 0): string =>
  cached(`number|${digits}`, () => new Intl.NumberFormat(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits })).format(value);
export const percent = (part: number, digits = 0): string =>
  cached(`percent|${digits}`, () => new Intl.NumberFormat(locale(), { style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits })).format(part);
export const kwh = (wh: number): string => `${number(wh / 1000, 1)} kWh`;
export const kw = (w: number): string => `${number(w / 1000, Math.round(w / 100) % 10 === 0 ? 0 : 1)} kW`;

export const clock = (at: string | number, zone: string): string =>
  timeFormat(zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(at));
export const day = (at: string | number, zone: string): string =>
  timeFormat(zone, { weekday: "short", day: "numeric", month: "short" }).format(new Date(at));
export const fullDay = (at: string | number, zone: string): string =>
  timeFormat(zone, { year: "numeric", month: "short", day: "numeric" }).format(new Date(at));

// The day is left out when it is today's.
export function when(at: string | number, zone: string): string {
  return dateIn(at, zone) === dateIn(serverNow(), zone) ? clock(at, zone) : `${day(at, zone)} ${clock(at, zone)}`;
}

export function span(start: string | number, end: string | number, zone: string): string {
  const same = dateIn(start, zone) === dateIn(end, zone);
  return `${when(start, zone)} – ${same ? clock(end, zone) : when(end, zone)}`;
}

export function lasting(milliseconds: number): string {
  const minutes = Math.max(0, Math.round(milliseconds / 60_000));
  const [h, m] = [Math.floor(minutes / 60), minutes % 60];
  const zh = language.value === "zh";
  if (h === 0) return zh ? `${m}分钟` : `${m} min`;
  if (h >= 48) return zh ? `${Math.round(h / 24)}天` : `${Math.round(h / 24)} days`;
  return m === 0 ? (zh ? `${h}小时` : `${h} h`) : zh ? `${h}小时${m}分` : `${h} h ${m} min`;
}

// "2026-11-21" on the site's calendar.
export function dateIn(at: string | number, zone: string): string {
  const format = cached(`iso|${zone}`, () => new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }));
  return format.format(new Date(at));
}

export function minuteIn(at: string | number, zone: string): number {
  const [h = 0, m = 0] = cached(`hm|${zone}`, () => new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }))
    .format(new Date(at))
    .split(":")
    .map(Number);
  return h * 60 + m;
}

// The instant of a wall-clock time of the site; in the hour that a clock change skips, the one after it.
export function instantOf(date: string, minute: number, zone: string): number {
  const wanted = Date.parse(`${date}T00:00:00Z`) + minute * 60_000;
  let at = wanted;
  for (let i = 0; i < 3; ++i) {
    const shown = Date.parse(`${dateIn(at, zone)}T00:00:00Z`) + minuteIn(at, zone) * 60_000;
    if (shown === wanted) break;
    at += wanted - shown;
  }
  return at;
}

export const addDays = (date: string, days: number): string => new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
// 0: Monday.
export const weekdayOf = (date: string): number => (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
export const minuteText = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
export const textMinute = (text: string): number => {
  const [h = 0, m = 0] = text.split(":").map(Number);
  return h * 60 + m;
};
export const weekdayName = (index: number, long = false): string =>
  timeFormat("UTC", { weekday: long ? "long" : "short" }).format(new Date(Date.UTC(2026, 0, 5 + index)));
export const dateText = (date: string): string => fullDay(`${date}T12:00:00Z`, "UTC");
