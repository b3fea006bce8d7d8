// The live page of one site: bays with state, counts, energy, latest events. Everything shown came from the API.
import { Feed, type FeedMessage } from "./feed";
import { allBays, allSites, ask, Refused, setToken, token, type Bay, type Site } from "./server";
import { language, switchLanguage, word, words } from "./words";

const states = ["free", "held", "taken", "charging", "wrong_vehicle", "out_of_service", "offline", "closed"];
const eventsShown = 30;
const lateAfterMs = 20_000;
const energyEveryMs = 15_000;

const byId = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

let sites: Site[] = [];
let site: Site | undefined;
let bays = new Map<string, Bay>();
const tiles = new Map<string, HTMLLIElement>();
let recent: { at: string; text: () => string }[] = [];
let feed: Feed | undefined;
let loadedAt = 0;

function shape(state: string): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "shape");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#shape-${state}`);
  svg.append(use);
  return svg;
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, className: string, text = ""): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

// The site's wall clock; the day too when it isn't the one we are in.
function clock(at: string): string {
  const zone = { timeZone: site?.time_zone };
  const time = new Date(at).toLocaleTimeString(language, { ...zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const far = Math.abs(new Date(at).getTime() - serverNow()) > 20 * 3600_000;
  return far ? `${new Date(at).toLocaleDateString(language, { ...zone, weekday: "short" })} ${time}` : time;
}

// The server's clock may run faster than ours (a demonstration): the last time it told.
let lastServerTime = Date.now();
const serverNow = (): number => lastServerTime;

const kilowattHours = (wh: number): string =>
  (wh / 1000).toLocaleString(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

function more(bay: Bay): string {
  const w = words();
  const parts: string[] = [];
  if (bay.minutes_left !== null && bay.minutes_left < 0) parts.push(w.minutesOver(-bay.minutes_left));
  else if (bay.free_from) parts.push(w.freeFrom(clock(bay.free_from)));
  else if (bay.free_until) parts.push(w.freeUntil(clock(bay.free_until)));
  if (bay.session_energy_wh !== null) parts.push(`${kilowattHours(bay.session_energy_wh)} kWh`);
  else if (bay.charger) parts.push(w.power((bay.charger.power_max_w / 1000).toLocaleString(language)));
  return parts.join(" · ");
}

function showBay(bay: Bay): void {
  let tile = tiles.get(bay.bay);
  if (!tile) {
    tile = document.createElement("li");
    tiles.set(bay.bay, tile);
    byId("bays").append(tile);
  }
  tile.className = bay.state;
  const line = element("div", "word");
  line.append(shape(bay.state), word(bay.state));
  tile.replaceChildren(element("div", "label", bay.label), line, element("div", "more", more(bay)));
}

function count(name: string, text: string, state?: string): HTMLDivElement {
  const box = document.createElement("div");
  const title = element("dt", state ?? "");
  if (state) title.append(shape(state));
  title.append(name);
  box.append(title, element("dd", "", text));
  return box;
}

function showCounts(): void {
  const number = new Map<string, number>();
  let energy = 0;
  for (const bay of bays.values()) {
    number.set(bay.state, (number.get(bay.state) ?? 0) + 1);
    energy += bay.session_energy_wh ?? 0;
  }
  const boxes = states
    .filter((state) => number.has(state) || state === "free" || state === "taken" || state === "charging")
    .map((state) => count(word(state), (number.get(state) ?? 0).toLocaleString(language), state));
  boxes.push(count(words().energy, kilowattHours(energy)), count(words().all, bays.size.toLocaleString(language)));
  byId("counts").replaceChildren(...boxes);
}

function showEvents(): void {
  const items = recent.map(({ at, text }) => {
    const item = document.createElement("li");
    const time = element("time", "", clock(at));
    time.dateTime = at;
    item.append(time, text());
    return item;
  });
  byId("events").replaceChildren(...items);
  byId("no-events").hidden = items.length > 0;
}

function showAge(): void {
  const heard = Math.max(feed?.lastHeard ?? 0, loadedAt);
  const late = !feed?.connected && Date.now() - heard > lateAfterMs;
  const box = byId("age");
  box.classList.toggle("late", late);
  const text = !site ? (sites.length === 0 && loadedAt ? words().noSites : words().loading)
    : late ? words().late(Math.round((Date.now() - heard) / 1000)) : `${words().live} ${clock(new Date(serverNow()).toISOString())}`;
  if (box.textContent !== text) box.textContent = text;
}

function showAll(): void {
  document.documentElement.lang = language;
  for (const place of document.querySelectorAll<HTMLElement>("[data-text]")) place.textContent = word(place.dataset["text"]!);
  byId("language").textContent = words().otherLanguage;
  byId("sign").textContent = token ? words().signOut : words().signIn;
  for (const bay of bays.values()) showBay(bay);
  byId("no-bays").hidden = bays.size > 0 || !loadedAt;
  showCounts();
  showEvents();
  showAge();
}

const label = (bay: string | null): string => bays.get(bay ?? "")?.label ?? bay ?? "";

// What a message says to a person; nothing for those that only carry state.
function sentence({ event, data }: FeedMessage): (() => string) | undefined {
  switch (event) {
    case "bay":
      return () => words().eventBay(data["bay_now"].label, word(data["bay_now"].state));
    case "booking":
      return () => words().eventBooking(label(data["bay"]), word(data["phase"] === "closed" ? "settled" : data["phase"]));
    case "session":
      return () => words().eventSession(label(data["bay"]), kilowattHours(data["energy_wh"]), data["open"]);
    case "incident":
      return () => words().eventIncident(label(data["bay"]), word(data["incident_kind"]), data["open"]);
    case "station":
      return () => words().eventStation(data["station"], data["online"]);
    case "notice":
      return () => {
        const own = word(`notice_${data["notice"]}`);
        const text = own.startsWith("notice_") ? word(data["notice"]) : own;
        return data["bay"] ? `${label(data["bay"])}: ${text}` : text;
      };
    default:
      return undefined;
  }
}

function take(message: FeedMessage): void {
  if (message.data["at"]) lastServerTime = Date.parse(message.data["at"]);
  if (message.event === "reset") return void load();
  if (message.event === "bay") {
    const bay = message.data["bay_now"] as Bay;
    const before = bays.get(bay.bay);
    bays.set(bay.bay, bay);
    showBay(bay);
    showCounts();
    if (before && before.state === bay.state) return;
  }
  const text = sentence(message);
  if (!text) return;
  recent = [{ at: message.data["at"], text }, ...recent].slice(0, eventsShown);
  showEvents();
}

async function load(): Promise<void> {
  if (!site) return;
  const of = site.site;
  try {
    const found = await allBays(of);
    if (site?.site !== of) return;
    bays = new Map(found.map((bay) => [bay.bay, bay]));
    loadedAt = Date.now();
    for (const [id, tile] of tiles) {
      if (!bays.has(id)) tile.remove();
      if (!bays.has(id)) tiles.delete(id);
    }
    showAll();
  } catch (error) {
    if (error instanceof Refused && error.status === 401) signOut();
  }
}

function watch(chosen: Site): void {
  feed?.stop();
  site = chosen;
  bays = new Map();
  tiles.clear();
  recent = [];
  byId("bays").replaceChildren();
  loadedAt = 0;
  feed = new Feed(chosen.site, take);
  void load();
}

async function loadSites(): Promise<void> {
  try {
    sites = await allSites();
    loadedAt = Date.now();
  } catch (error) {
    if (error instanceof Refused && error.status === 401) setToken(null);
    window.setTimeout(() => void loadSites(), 3000);
    return;
  }
  const wanted = new URLSearchParams(location.search).get("site");
  byId("site").replaceChildren(...sites.map((one) => new Option(one.name, one.site)));
  const first = sites.find((one) => one.site === wanted) ?? sites[0];
  if (!first) {
    showAll();
    window.setTimeout(() => void loadSites(), 3000);
    return;
  }
  byId<HTMLSelectElement>("site").value = first.site;
  watch(first);
}

function signOut(): void {
  setToken(null);
  if (site) watch(site);
  showAll();
}

async function signIn(form: HTMLFormElement): Promise<void> {
  const given = new FormData(form);
  const error = byId("login-error");
  error.textContent = "";
  try {
    const answer = await ask<{ token: string }>("POST", "/login", { phone: given.get("phone"), password: given.get("password") });
    setToken(answer.token);
    form.reset();
    byId<HTMLDialogElement>("login").close();
    if (site) watch(site);
    showAll();
  } catch (refused) {
    error.textContent = refused instanceof Refused ? refused.message : words().unreachable;
  }
}

byId("language").addEventListener("click", () => {
  switchLanguage();
  showAll();
});
byId("sign").addEventListener("click", () => {
  if (!token) return byId<HTMLDialogElement>("login").showModal();
  void ask("POST", "/logout").catch(() => undefined);
  signOut();
});
byId("login-cancel").addEventListener("click", () => byId<HTMLDialogElement>("login").close());
byId("login-form").addEventListener("submit", (event) => {
  event.preventDefault();
  void signIn(event.target as HTMLFormElement);
});
byId("site").addEventListener("change", (event) => {
  const chosen = sites.find((one) => one.site === (event.target as HTMLSelectElement).value);
  if (chosen) watch(chosen);
});
window.setInterval(showAge, 1000);
window.setInterval(() => {
  if (!document.hidden) void load();
}, energyEveryMs);
showAll();
void loadSites();
