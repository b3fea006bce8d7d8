// Requests to the platform, typed by the contract. A refusal is thrown as Refused. A session that ended is renewed by the
// person in a dialog, and the request goes on where it was.
import { routes, type Operations, type Problem } from "../contract/api";
import { forget, signInAgain, token } from "./session";
import { language } from "./words";

export type Code = Problem["code"] | "unreachable";

export class Refused extends Error {
  constructor(
    readonly code: Code,
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly retryAfterS: number | null = null,
  ) {
    super(title);
  }
}

type Given<K extends keyof Operations> = {
  [P in "path" | "query" | "body" as Operations[K][P] extends undefined ? never : object extends Operations[K][P] ? never : P]: Operations[K][P];
} & { query?: Operations[K]["query"]; body?: Operations[K]["body"]; key?: string };

export function headers(): Record<string, string> {
  const sent: Record<string, string> = { "Accept-Language": language.value };
  if (token.value) sent["Authorization"] = `Bearer ${token.value}`;
  return sent;
}

export const newKey = (): string => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;

function address(pattern: string, path: Record<string, string>, query: Record<string, unknown>): string {
  const filled = pattern.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ""));
  const asked = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const search = new URLSearchParams(asked.map(([name, value]) => [name, String(value)]));
  return asked.length > 0 ? `${filled}?${search}` : filled;
}

async function once(method: string, url: string, body: unknown, key: string | undefined, signing: boolean): Promise<unknown> {
  const sent = headers();
  if (signing) delete sent["Authorization"]; // it may be the one that has ended
  if (body !== undefined) sent["Content-Type"] = "application/json";
  if (key) sent["Idempotency-Key"] = key;
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { method, headers: sent, body: body === undefined ? null : JSON.stringify(body) });
    text = await response.text();
  } catch {
    throw new Refused("unreachable", 0, "", "");
  }
  if (response.ok) return text ? JSON.parse(text) : undefined;
  let problem: Partial<Problem> = {};
  try {
    problem = JSON.parse(text) as Problem;
  } catch {
    throw new Refused("unreachable", response.status, "", "");
  }
  const wait = Number(response.headers.get("Retry-After"));
  throw new Refused(problem.code ?? "unavailable", response.status, problem.title ?? "", problem.detail ?? "", wait || null);
}

export async function call<K extends keyof Operations>(
  name: K,
  ...[given]: object extends Given<K> ? [Given<K>?] : [Given<K>]
): Promise<Operations[K]["answer"]> {
  const { path = {}, query = {}, body, key } = (given ?? {}) as { path?: Record<string, string>; query?: Record<string, unknown>; body?: unknown; key?: string };
  const [method, pattern] = routes[name];
  const url = address(pattern, path, query);
  const signing = name === "logIn" || name === "register";
  // The same key when it has to be sent twice: whatever was done is done once.
  const sentKey = method === "POST" ? (key ?? newKey()) : undefined;
  for (;;) {
    try {
      return (await once(method, url, body, sentKey, signing)) as Operations[K]["answer"];
    } catch (error) {
      const ended = error instanceof Refused && error.code === "unauthenticated" && token.value !== null && !signing;
      if (!ended) throw error;
      if (name === "logOut" || !(await signInAgain())) {
        if (name !== "logOut") forget();
        throw error;
      }
    }
  }
}

// An answer that is a file.
export async function fetchFile(name: "fetchStationUpload" | "showStationAuthority", path: Record<string, string>): Promise<Blob> {
  const response = await fetch(address(routes[name][1], path, {}), { headers: headers() }).catch(() => null);
  if (!response?.ok) throw new Refused(response?.status === 404 ? "not_found" : "unreachable", response?.status ?? 0, "", "");
  return response.blob();
}

// All pages of a list, up to `most` items.
export async function every<T>(page: (cursor: string | undefined) => Promise<{ items: T[]; next: string | null }>, most = 10_000): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const answer = await page(cursor);
    items.push(...answer.items);
    cursor = answer.next ?? undefined;
  } while (cursor && items.length < most);
  return items;
}
