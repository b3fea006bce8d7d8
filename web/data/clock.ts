// The platform's time. It may run faster than ours (a demonstration): two answers far enough apart give its pace.
import { signal } from "@preact/signals";

interface Sighting {
  server: number;
  local: number;
}

const farApartMs = 2000;
const doubtMs = 5000;

let anchor: Sighting = { server: Date.now(), local: Date.now() };
let answered: Sighting | null = null;
let pace = 1;

export const serverNow = (): number => anchor.server + (Date.now() - anchor.local) * pace;

// Changes once a second: what shows minutes left reads it.
export const second = signal(serverNow());
setInterval(() => {
  second.value = serverNow();
}, 1000);

// The platform's time when it answered.
export function sawAnswer(at: string): void {
  const seen = { server: Date.parse(at), local: Date.now() };
  if (Number.isNaN(seen.server)) return;
  if (answered && seen.local - answered.local > farApartMs) {
    const found = (seen.server - answered.server) / (seen.local - answered.local);
    pace = found > 1.5 ? found : 1;
  }
  if (!answered || seen.local - answered.local > farApartMs) answered = seen;
  anchor = seen;
  second.value = serverNow();
}

// The time of an event; it counts when it is ahead of what we think. True: so far ahead that asking again is worth it.
export function sawEvent(at: string): boolean {
  const seen = { server: Date.parse(at), local: Date.now() };
  const ahead = seen.server - serverNow();
  if (!(ahead > 0)) return false;
  anchor = seen;
  return ahead > doubtMs && seen.local - (answered?.local ?? 0) > farApartMs;
}
