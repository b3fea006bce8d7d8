// The journal, searched: who did what when, and the events as they stand in it.
import { useEffect, useState } from "preact/hooks";
import { download_csv } from "../../components/csv";
import { Icon } from "../../components/icons";
import { useAction } from "../../components/hooks";
import { Card, Empty, Field, Loading, Page, Trouble } from "../../components/ui";
import type { AuditList } from "../../contract/api";
import { call } from "../../data/api";
import { serverNow } from "../../data/clock";
import { addDays, clock, dateIn, day, instantOf } from "../../data/format";
import { site } from "../../data/live";
import { name } from "../../data/names";
import { go, place } from "../../data/router";
import { words } from "./words";

type Entry = AuditList["items"][number];
const pageItems = 50;
const exportMost = 5_000;
const lookMost = 40; // pages of a search that finds little, before it asks whether to go on
const days = 7; // looked at when no time is chosen

const keys = ["kind", "stream", "actor", "word", "from", "to"] as const;
const kinds = ["", "person", "staff", "station", "system"] as const;
type Search = Record<(typeof keys)[number], string>;

// A search is its address: it can be kept, sent, and gone back to.
export const auditLink = (search: Partial<Search>): string => `#/operator/audit?${new URLSearchParams(Object.entries(search).filter(([, value]) => value))}`;

function searched(zone: string): Search {
  const { query } = place.value;
  const today = dateIn(serverNow(), zone);
  const otherwise: Search = { kind: "", stream: "", actor: "", word: "", from: addDays(today, -days), to: today };
  return Object.fromEntries(keys.map((key) => [key, query.get(key) ?? otherwise[key]])) as Search;
}

export function AuditPage() {
  const zone = site.value?.time_zone ?? "UTC";
  const search = searched(zone);
  return <Audit key={JSON.stringify(search)} search={search} zone={zone} />;
}

function Audit({ search: asked, zone }: { search: Search; zone: string }) {
  const w = words();
  const [search, setSearch] = useState(asked);
  const [found, setFound] = useState<Entry[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const query = (cursor?: string) => ({
    limit: pageItems,
    cursor,
    kind: kinds.find((one) => one !== "" && one === asked.kind) || undefined,
    stream: asked.stream || undefined,
    actor: asked.actor || undefined,
    word: asked.word || undefined,
    from: asked.from ? new Date(instantOf(asked.from, 0, zone)).toISOString() : undefined,
    to: asked.to ? new Date(instantOf(addDays(asked.to, 1), 0, zone)).toISOString() : undefined,
  });
  const read = async (before: Entry[], cursor: string | undefined, wanted: number): Promise<{ items: Entry[]; next: string | null }> => {
    const items = [...before];
    let at: string | null = cursor ?? null;
    for (let pages = 0; pages < lookMost; ++pages) {
      const answer: AuditList = await call("searchAudit", { query: query(at ?? undefined) });
      items.push(...answer.items);
      at = answer.next;
      if (at === null || items.length - before.length >= wanted) break;
    }
    return { items, next: at };
  };
  const run = useAction(async (more: boolean) => {
    const answer = await read(more ? (found ?? []) : [], more ? (next ?? undefined) : undefined, pageItems);
    setFound(answer.items);
    setNext(answer.next);
  });
  useEffect(() => void run.run(false), []);
  const submit = (event: Event): void => {
    event.preventDefault();
    if (JSON.stringify(search) === JSON.stringify(asked)) void run.run(false);
    else go(auditLink(search));
  };
  const save = useAction(async () => {
    const { items } = await read([], undefined, exportMost);
    download_csv("audit", [
      ["position", "at", "actor_kind", "actor", "command", "stream", "sequence", "event", "data"],
      ...items.flatMap((one) => one.events.map((event) => [String(one.position), one.at, one.actor_kind, one.actor ?? "", one.command, event.stream, String(event.sequence), event.event, JSON.stringify(event.data)])),
    ]);
  });
  const names = [...new Set((found ?? []).flatMap((one) => [one.command, ...one.events.map(({ event }) => event)]))].sort();
  const field = (label: string, key: keyof Search, hint?: string, type = "text") => (
    <Field label={label} hint={hint}>
      {(ids) => <input {...ids} name={`audit-${key}`} type={type} maxLength={64} list={key === "word" ? "audit-names" : undefined} value={search[key]} onInput={(event) => setSearch({ ...search, [key]: event.currentTarget.value.trim() })} />}
    </Field>
  );
  return (
    <Page title={w.auditTitle}>
      <Card>
        <p class="hint">{w.auditLead}</p>
        <form onSubmit={submit}>
          <datalist id="audit-names">
            {names.map((one) => (
              <option key={one} value={one} />
            ))}
          </datalist>
          <div class="fields">
            <Field label={w.auditKind}>
              {(ids) => (
                <select {...ids} name="audit-kind" value={search.kind} onChange={(event) => setSearch({ ...search, kind: event.currentTarget.value })}>
                  {kinds.map((one) => (
                    <option key={one} value={one}>
                      {one === "" ? w.auditAnybody : name("actor", one)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            {field(w.auditStream, "stream", w.auditStreamHint)}
            {field(w.auditActor, "actor", w.auditActorHint)}
            {field(w.auditWord, "word", w.auditWordHint)}
            {field(w.auditFrom, "from", undefined, "date")}
            {field(w.auditTo, "to", undefined, "date")}
          </div>
          <Trouble error={run.error ?? save.error} />
          <div class="buttons">
            <button type="button" disabled={save.busy} onClick={() => void save.run()}>
              <Icon name="download" size={20} />
              {w.auditExport}
            </button>
            <button type="submit" class="primary" disabled={run.busy}>
              <Icon name="search" size={20} />
              {w.auditSearch}
            </button>
          </div>
        </form>
      </Card>
      {!found && run.busy && <Loading />}
      {found && (
        <Card>
          {found.length === 0 && <Empty icon="search" text={next ? w.auditNoneYet : w.auditNone} />}
          <ul class="items">
            {found.map((one) => (
              <AuditEntry key={one.position} entry={one} zone={zone} />
            ))}
          </ul>
          {next && (
            <button type="button" disabled={run.busy} onClick={() => void run.run(true)}>
              {w.auditMore}
            </button>
          )}
        </Card>
      )}
    </Page>
  );
}

function AuditEntry({ entry, zone }: { entry: Entry; zone: string }) {
  const w = words();
  return (
    <li>
      <details class="audit">
        <summary>
          <strong>{entry.command}</strong>
          <span class="hint">
            {day(entry.at, zone)} {clock(entry.at, zone)} · {name("actor", entry.actor_kind)}
            {entry.actor && ` ${entry.actor}`} · {w.auditPosition(entry.position)}
          </span>
        </summary>
        {entry.actor && (
          <p>
            {w.auditActor} <a href={auditLink({ actor: entry.actor })}>{entry.actor}</a>
          </p>
        )}
        {entry.events.map((event) => (
          <div key={`${event.stream}-${event.sequence}`} class="stack">
            <p>
              <a href={auditLink({ word: event.event })}>{event.event}</a>{" "}
              <span class="hint">
                <a href={auditLink({ stream: event.stream })}>{event.stream}</a> · {event.sequence}
              </span>
            </p>
            <pre class="audit-data" tabIndex={0}>
              {JSON.stringify(event.data[event.event] ?? event.data, null, 1)}
            </pre>
          </div>
        ))}
      </details>
    </li>
  );
}
