// Pages are addressed after the #: the server has one page, links can be kept and sent, and a wrong path stays a 404.
import { computed, signal } from "@preact/signals";

const current = signal(location.hash);
addEventListener("hashchange", () => {
  current.value = location.hash;
  window.scrollTo(0, 0);
});

export interface Place {
  parts: string[];
  query: URLSearchParams;
}

export const place = computed<Place>(() => {
  const [path = "", search = ""] = current.value.replace(/^#\/?/, "").split("?");
  return { parts: path.split("/").filter(Boolean).map(decodePart), query: new URLSearchParams(search) };
});

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const link = (...parts: string[]): string => `#/${parts.map(encodeURIComponent).join("/")}`;

export function go(hash: string, replace = false): void {
  if (replace) {
    history.replaceState(null, "", hash);
    current.value = hash;
  } else location.hash = hash;
}
