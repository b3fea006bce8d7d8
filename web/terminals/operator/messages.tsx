// What a charging station and the platform say to each other, as it goes over the wire, while it happens.
import { useRef, useState } from "preact/hooks";
import { Icon } from "../../components/icons";
import { useData, useEvery } from "../../components/hooks";
import { Card, Empty, Field, Loading, Page, Trouble } from "../../components/ui";
import type { StationMessageList } from "../../contract/api";
import { call, every } from "../../data/api";
import { clock, day } from "../../data/format";
import { site, siteId } from "../../data/live";
import { link } from "../../data/router";
import { words } from "./words";

type Message = StationMessageList["items"][number];
type By = "" | "station" | "platform";
const lookEveryMs = 2_000;
const shownMost = 500;

export function MessagesPage({ station }: { station: string }) {
  const w = words();
  const zone = site.value?.time_zone ?? "UTC";
  const known = useData(async () => (await every((cursor) => call("listStations", { path: { site: siteId.value }, query: { limit: 200, cursor } }))).find((one) => one.station === station), `${siteId.value}|${station}`);
  const [action, setAction] = useState("");
  const [by, setBy] = useState<By>("");
  const [errors, setErrors] = useState(false);
  const [personal, setPersonal] = useState(false);
  const [held, setHeld] = useState(false);
  const key = [station, action, by, errors, personal].join(" ");
  // What has come so far, for the filters of that key.
  const come = useRef<{ key: string; newest: number; items: Message[] }>({ key: "", newest: 0, items: [] });
  const list = useData(async () => {
    const before = come.current.key === key ? come.current : { key, newest: 0, items: [] };
    const query = { limit: 200, after: before.newest || undefined, action: action || undefined, by: by || undefined, errors: errors || undefined, personal: personal || undefined };
    const answer: StationMessageList = await call("listStationMessages", { path: { station }, query });
    const last = answer.items[answer.items.length - 1]?.number;
    const more = answer.items.length === query.limit && last !== undefined;
    // A server that has started anew counts from 1 again.
    const items = answer.newest < before.newest ? answer.items : [...before.items, ...answer.items];
    come.current = { key, newest: more ? last : answer.newest, items: items.slice(-shownMost) };
    return come.current.items;
  }, key);
  useEvery(lookEveryMs, () => !held && !list.loading && list.reload());
  return (
    <Page
      title={`${w.messages} · ${known.data?.identity ?? station}`}
      actions={
        <a class="button small" href={link("operator", "stations", station)}>
          <Icon name="back" size={18} />
          {known.data?.identity ?? station}
        </a>
      }
    >
      <Card>
        <p class="hint">{w.messagesLead}</p>
        <div class="fields">
          <Field label={w.messageAction} hint={w.messageActionHint}>
            {(ids) => <input {...ids} name="message-action" maxLength={64} value={action} onChange={(event) => setAction(event.currentTarget.value.trim())} />}
          </Field>
          <Field label={w.messageBy}>
            {(ids) => (
              <select {...ids} name="message-by" value={by} onChange={(event) => setBy(event.currentTarget.value as By)}>
                <option value="">{w.messageByBoth}</option>
                <option value="station">{w.messageByStation}</option>
                <option value="platform">{w.messageByPlatform}</option>
              </select>
            )}
          </Field>
        </div>
        <div class="buttons">
          <label class="check">
            <input type="checkbox" checked={errors} onChange={(event) => setErrors(event.currentTarget.checked)} /> {w.messageErrors}
          </label>
          <label class="check">
            <input type="checkbox" checked={personal} onChange={(event) => setPersonal(event.currentTarget.checked)} /> {w.messagePersonal}
          </label>
          <button type="button" class="small" aria-pressed={held} onClick={() => setHeld(!held)}>
            {held ? w.messageGoOn : w.messageHold}
          </button>
        </div>
        <Trouble error={list.error} retry={list.reload} />
      </Card>
      <Card>
        {!list.data && list.loading && <Loading />}
        {list.data?.length === 0 && <Empty icon="list" text={w.messageNone} />}
        <ul class="items messages">
          {[...(list.data ?? [])].reverse().map((one) => (
            <MessageItem key={one.number} message={one} zone={zone} />
          ))}
        </ul>
      </Card>
    </Page>
  );
}

function MessageItem({ message, zone }: { message: Message; zone: string }) {
  const w = words();
  const from = message.by === "station" ? w.messageByStation : w.messageByPlatform;
  const wrong = message.kind === "error" || message.kind === "result_error" || message.kind === "unreadable";
  return (
    <li>
      <details class="audit">
        <summary>
          <strong>{message.action || w.messageKinds[message.kind]}</strong>
          {wrong && ` ⚠ ${w.messageKinds[message.kind]}`}
          <span class="hint">
            {day(message.at, zone)} {clock(message.at, zone)} · {from} · {w.messageKinds[message.kind]} · {w.messageBytes(message.bytes)} · {message.id}
          </span>
        </summary>
        <pre class="audit-data" tabIndex={0}>
          {message.payload === null ? w.messageTooLong : JSON.stringify(message.payload, null, 1)}
        </pre>
      </details>
    </li>
  );
}
