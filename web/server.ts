// What the page asks of the server. Shapes are those of schemas/openapi.yaml.
import { language } from "./words";

export interface Bay {
  bay: string;
  site: string;
  label: string;
  state: string;
  free_from: string | null;
  free_until: string | null;
  minutes_left: number | null;
  charger: { connector: string; power_max_w: number } | null;
  session_energy_wh: number | null;
}

export interface Site {
  site: string;
  name: string;
  time_zone: string;
}

export class Refused extends Error {
  constructor(readonly status: number, detail: string) {
    super(detail);
  }
}

// Kept for this tab only.
export let token = sessionStorage.getItem("token");

export function setToken(value: string | null): void {
  token = value;
  value ? sessionStorage.setItem("token", value) : sessionStorage.removeItem("token");
}

export function headers(): Record<string, string> {
  const out: Record<string, string> = { "Accept-Language": language };
  if (token) out["Authorization"] = `Bearer ${token}`;
  return out;
}

export async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const init: RequestInit = { method, headers: { ...headers(), "Content-Type": "application/json" } };
  if (body !== undefined) init.body = JSON.stringify(body);
  const response = await fetch(`/api/v1${path}`, init);
  const text = await response.text();
  const answer = text ? JSON.parse(text) : {};
  if (!response.ok) throw new Refused(response.status, answer.title ? `${answer.title}. ${answer.detail}` : response.statusText);
  return answer as T;
}

async function all<T>(path: string): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: T[]; next: string | null } = await ask("GET", `${path}?limit=200${cursor ? `&cursor=${cursor}` : ""}`);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor);
  return items;
}

export const allSites = (): Promise<Site[]> => all("/sites");
export const allBays = (site: string): Promise<Bay[]> => all(`/sites/${site}/bays`);
