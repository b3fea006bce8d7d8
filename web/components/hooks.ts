// What pages share: data that is read and read again, and actions that may be refused.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { on } from "../data/live";
import { language } from "../data/words";

export interface Loaded<T> {
  data: T | undefined;
  error: unknown;
  loading: boolean;
  reload: () => void;
}

// Reads when shown, when `key` changes and when one of the live `events` happens that is `about` it; keeps the last
// answer meanwhile.
export function useData<T>(read: () => Promise<T>, key: string, events: string[] = [], about?: (data: Record<string, any>) => boolean): Loaded<T> {
  const [state, setState] = useState<{ key: string; data: T | undefined; error: unknown; loading: boolean }>({ key, data: undefined, error: null, loading: true });
  const round = useRef(0);
  const latest = useRef(read);
  latest.current = read;
  const concerns = useRef(about);
  concerns.current = about;
  const load = useCallback(() => {
    const mine = ++round.current;
    setState((before) => ({ ...before, key, data: before.key === key ? before.data : undefined, loading: true }));
    latest.current().then(
      (data) => mine === round.current && setState({ key, data, error: null, loading: false }),
      (error: unknown) => mine === round.current && setState((before) => ({ ...before, error, loading: false })),
    );
  }, [key]);
  useEffect(() => {
    load();
    return () => {
      ++round.current;
    };
  }, [load, language.value]);
  useEffect(() => {
    let due = 0;
    // Several events of one moment are one reason to read again.
    const soon = (data: Record<string, any>): void => {
      if (concerns.current && !concerns.current(data)) return;
      due ||= window.setTimeout(() => {
        due = 0;
        load();
      }, 250);
    };
    const off = events.map((event) => on(event, soon));
    return () => {
      clearTimeout(due);
      for (const one of off) one();
    };
  }, [load, events.join()]);
  return { data: state.key === key ? state.data : undefined, error: state.error, loading: state.loading, reload: load };
}

export interface Action<A extends unknown[]> {
  run: (...given: A) => Promise<boolean>;
  busy: boolean;
  error: unknown;
  clear: () => void;
}

// One at a time; true when it worked.
export function useAction<A extends unknown[]>(act: (...given: A) => Promise<unknown>): Action<A> {
  const [state, setState] = useState<{ busy: boolean; error: unknown }>({ busy: false, error: null });
  const running = useRef(false);
  const run = async (...given: A): Promise<boolean> => {
    if (running.current) return false;
    running.current = true;
    setState({ busy: true, error: null });
    try {
      await act(...given);
      setState({ busy: false, error: null });
      return true;
    } catch (error) {
      setState({ busy: false, error });
      return false;
    } finally {
      running.current = false;
    }
  };
  return { run, busy: state.busy, error: state.error, clear: () => setState({ busy: false, error: null }) };
}

export function useEvery(milliseconds: number, act: () => void): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && latest.current(), milliseconds);
    return () => clearInterval(timer);
  }, [milliseconds]);
}
