// Two languages. Each page keeps its own words beside it as bilingual(english, chinese); a missing one is a type error.
import { signal } from "@preact/signals";

export type Language = "en" | "zh";

const remembered = localStorage.getItem("language");
const first: Language = remembered === "en" || remembered === "zh" ? remembered : navigator.language.startsWith("zh") ? "zh" : "en";

export const language = signal<Language>(first);

export function chooseLanguage(chosen: Language): void {
  language.value = chosen;
  localStorage.setItem("language", chosen);
}

export function bilingual<T>(english: T, chinese: NoInfer<T>): () => T {
  return () => (language.value === "zh" ? chinese : english);
}

// For values whose names come from the server: an unknown one is shown as it is.
export function wordIn(words: object, name: string): string {
  const found = (words as Record<string, unknown>)[name];
  return typeof found === "string" ? found : name;
}
