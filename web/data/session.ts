// Who is signed in. The token is kept for this tab, or for this browser when the person asked to stay signed in.
import { computed, signal } from "@preact/signals";
import type { Me, Session } from "../contract/api";

export type Role = "driver" | "owner" | "property" | "operator";

const kept = (): string | null => sessionStorage.getItem("token") ?? localStorage.getItem("token");

export const token = signal<string | null>(kept());
export const me = signal<Me | null>(null);
export const roles = computed<Role[]>(() => (me.value?.roles ?? []) as Role[]);
// The operator may do what the property office of any site may.
export const terminalsOf = (): Role[] => {
  const mine = roles.value;
  return mine.includes("operator") && !mine.includes("property") ? [...mine.filter((role) => role !== "operator"), "property", "operator"] : mine;
};
// Set while a request waits for the person to sign in again; what was being typed stays on the page.
export const expired = signal(false);

let waiting: ((again: boolean) => void)[] = [];

export function keep(session: Session, stay: boolean): void {
  forgetToken();
  token.value = session.token;
  (stay ? localStorage : sessionStorage).setItem("token", session.token);
  finishWaiting(true);
}

export const staysSignedIn = (): boolean => localStorage.getItem("token") !== null;

function forgetToken(): void {
  sessionStorage.removeItem("token");
  localStorage.removeItem("token");
}

export function forget(): void {
  forgetToken();
  token.value = null;
  me.value = null;
  finishWaiting(false);
}

export function signInAgain(): Promise<boolean> {
  expired.value = true;
  return new Promise((resolve) => waiting.push(resolve));
}

export function finishWaiting(again: boolean): void {
  expired.value = false;
  const all = waiting;
  waiting = [];
  for (const one of all) one(again);
}
