// The one store of what is live: sites, the bays of the chosen site, and what happened since. Pages read it; only this
// file writes it. The last known state is kept, so that without a network it can be shown with its age.
import { batch, computed, effect, signal, type Signal } from "@preact/signals";
import type { Bay, Site } from "../contract/api";
import { call, every } from "./api";
import { sawAnswer, sawEvent } from "./clock";
import { Feed, type FeedMessage } from "./feed";
import { expired, forget, signInAgain, token } from "./session";

const eventsKept = 60;
const saveEveryMs = 10_000;
const reloadEveryMs = 60_000;

export const sites = signal<Site[]>([]);
export const sitesLoaded = signal(false);
export const siteId = signal<string>(localStorage.getItem("site") ?? "");
export const site = computed(() => sites.value.find((one) => one.site === siteId.value));
export const bayIds = signal<string[]>([]);
// Of the chosen site, at least once.
export const baysLoaded = signal(false);
export const linkUp = signal(false);
export const everUp = signal(false);
// Of what is shown, by our own clock; 0: nothing is shown yet.
export const heardAt = signal(0);
export const recent = signal<FeedMessage[]>([]);

const cells = new Map<string, Signal<Bay>>();
const listeners = new Map<string, Set<(data: Record<string, any>) => void>>();
let feed: Feed | undefined;
let wanted = 0;

export const bayCell = (id: string): Signal<Bay> | undefined => cells.get(id);
export const bayNow = (id: string | null | undefined): Bay | undefined => (id ? cells.get(id)?.value : undefined);
export const labelOf = (id: string | null | undefined): string => bayNow(id)?.label ?? id ?? "";
export const allBays = (): Bay[] => bayIds.value.map((id) => cells.get(id)!.value);

// Calls `listener` for each message of that kind until the returned function is called; "reload": read anew.
export function on(event: string, listener: (data: Record<string, any>) => void): () => void {
  const set = listeners.get(event) ?? new Set();
  listeners.set(event, set.add(listener));
  return () => set.delete(listener);
}
const announce = (event: string, data: Record<string, any>): void => listeners.get(event)?.forEach((listener) => listener(data));

function setBay(bay: Bay): void {
  const cell = cells.get(bay.bay);
  // The feed's bays don't carry what only staff and owners see: that stays as it was read.
  if (cell) cell.value = { ...cell.value, ...bay, charger: mergedCharger(cell.value, bay) };
  else {
    cells.set(bay.bay, signal(bay));
    bayIds.value = [...bayIds.value, bay.bay];
  }
}

function mergedCharger(before: Bay, after: Bay): Bay["charger"] {
  if (!after.charger || after.charger.station || !before.charger) return after.charger;
  return { ...before.charger, ...after.charger };
}

function setAll(bays: Bay[]): void {
  batch(() => {
    const gone = new Set(cells.keys());
    for (const bay of bays) {
      gone.delete(bay.bay);
      setBay(bay);
    }
    for (const id of gone) cells.delete(id);
    const ids = bays.map((bay) => bay.bay);
    if (ids.join() !== bayIds.value.join()) bayIds.value = ids; // the same list again draws nothing
  });
}

function take({ event, data }: FeedMessage): void {
  const at = data["at"] as string | undefined;
  if (event === "hello" && at) sawAnswer(at);
  else if (at && sawEvent(at)) void loadBays();
  if (event === "reset") return void loadBays();
  if (event === "bay") {
    const known = bayNow(data["bay_now"].bay);
    setBay(data["bay_now"] as Bay);
    if (!known || known.state !== data["bay_now"].state) remember({ event, data });
  } else if (event !== "hello") remember({ event, data });
  announce(event, data);
}

function remember(message: FeedMessage): void {
  recent.value = [message, ...recent.value].slice(0, eventsKept);
}

export async function loadBays(): Promise<void> {
  const of = siteId.value;
  const asked = ++wanted;
  if (!of) return;
  let at = "";
  const found = await every(async (cursor) => {
    const page = await call("listBays", { path: { site: of }, query: { limit: 200, cursor } });
    at = page.at;
    return page;
  }).catch(() => null);
  if (!found || asked !== wanted) return;
  sawAnswer(at);
  setAll(found);
  baysLoaded.value = true;
  heardAt.value = Date.now();
  announce("reload", {});
  save();
}

export async function loadSites(): Promise<void> {
  const found = await every((cursor) => call("listSites", { query: { limit: 200, cursor } })).catch(() => null);
  if (!found) {
    restore();
    setTimeout(() => void loadSites(), 3000);
    return;
  }
  batch(() => {
    sites.value = found;
    sitesLoaded.value = true;
    if (!found.some((one) => one.site === siteId.value)) siteId.value = found[0]?.site ?? "";
  });
}

export function chooseSite(id: string): void {
  localStorage.setItem("site", id);
  siteId.value = id;
}

interface Saved {
  site: string;
  at: number;
  sites: Site[];
  bays: Bay[];
}

let savedAt = 0;
function save(): void {
  if (bayIds.value.length === 0) return;
  savedAt = Date.now();
  // What only staff sees is not left behind in the browser.
  const bays = allBays().map(({ owner: _owner, in_service: _service, ...bay }) => bay);
  const saved: Saved = { site: siteId.value, at: heardAt.value, sites: sites.value, bays };
  try {
    localStorage.setItem("saved", JSON.stringify(saved));
  } catch {
    localStorage.removeItem("saved"); // no room: nothing is better than a half
  }
}

function restore(): void {
  if (heardAt.value > 0) return;
  try {
    const saved = JSON.parse(localStorage.getItem("saved") ?? "null") as Saved | null;
    if (!saved) return;
    batch(() => {
      sites.value = saved.sites;
      siteId.value = saved.site;
      setAll(saved.bays);
      heardAt.value = saved.at;
      baysLoaded.value = true;
      sitesLoaded.value = true;
    });
  } catch {
    localStorage.removeItem("saved");
  }
}

// Follows the chosen site and the person: a new token sees other things.
export function start(): void {
  effect(() => {
    const chosen = siteId.value;
    void token.value;
    feed?.stop();
    feed = undefined;
    if (!chosen) return;
    const kept = bayIds.peek().some((id) => cells.get(id)?.peek().site === chosen);
    if (!kept) {
      batch(() => {
        cells.clear();
        baysLoaded.value = false;
        bayIds.value = [];
        recent.value = [];
      });
    }
    feed = new Feed(
      chosen,
      take,
      (up) => {
        linkUp.value = up;
        if (up) everUp.value = true;
      },
      () => {
        heardAt.value = Date.now();
        if (Date.now() - savedAt > saveEveryMs) save();
      },
      () => {
        if (token.value && !expired.value) void signInAgain().then((again) => again || forget());
      },
    );
    void loadBays();
  });
  window.addEventListener("online", () => feed?.retry());
  setInterval(() => {
    if (!document.hidden && linkUp.value) void loadBays();
  }, reloadEveryMs);
  void loadSites();
}
