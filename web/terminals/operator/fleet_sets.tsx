// Sets of settings: which there are, how their stations stand to them, and a new one.
import { useState } from "preact/hooks";
import { useAction, useData } from "../../components/hooks";
import { Icon } from "../../components/icons";
import { ask, Card, Empty, Field, say, Trouble } from "../../components/ui";
import type { SettingSet } from "../../contract/api";
import { call } from "../../data/api";
import { when } from "../../data/format";
import { site, siteId } from "../../data/live";
import { words } from "./fleet_words";

export function SettingSets() {
  const w = words();
  const list = useData(() => call("listSettingSets"), "");
  return (
    <>
      <Card title={w.sets}>
        <Trouble error={list.error} retry={list.reload} />
        {list.data?.items.length === 0 && <Empty icon="gear" text={w.noSets} />}
        <ul class="items">
          {list.data?.items.map((one) => (
            <SetItem key={one.set} set={one} onChange={list.reload} />
          ))}
        </ul>
      </Card>
      <AddSet onAdded={list.reload} />
    </>
  );
}

function SetItem({ set, onChange }: { set: SettingSet; onChange: () => void }) {
  const w = words();
  const [open, setOpen] = useState(false);
  const path = { set: set.set };
  const compare = useAction(async () => {
    const { connected } = await call("compareSettingSet", { path });
    say(w.compared(connected));
  });
  const remove = useAction(async () => {
    if (!(await ask({ title: w.removeAsk, text: w.removeText, yes: w.remove, danger: true }))) return;
    await call("removeSettingSet", { path });
    onChange();
  });
  return (
    <li>
      <div class="item">
        <span class="grow">
          <strong>{set.name}</strong>
          <span class="hint">{set.settings.map((one) => `${one.variable || one.key} = ${one.value}`).join(", ")}</span>
        </span>
        <button type="button" class="small" aria-expanded={open} aria-label={`${open ? w.hide : w.show} ${set.name}`} onClick={() => setOpen(!open)}>
          <Icon name={open ? "minus" : "plus"} size={20} />
        </button>
      </div>
      <Trouble error={compare.error ?? remove.error} />
      <div class="buttons">
        <button type="button" class="small" disabled={compare.busy} onClick={() => void compare.run()}>
          {w.compare}
        </button>
        <button type="button" class="small" disabled={remove.busy} onClick={() => void remove.run()}>
          {w.remove}
        </button>
      </div>
      {open && <Standing set={set.set} />}
    </li>
  );
}

function Standing({ set }: { set: number }) {
  const w = words();
  const zone = site.value?.time_zone ?? "UTC";
  const read = useData(() => call("showSettingSet", { path: { set } }), String(set));
  return (
    <div class="stack station-more">
      <Trouble error={read.error} retry={read.reload} />
      <ul class="items">
        {read.data?.stations.map((one) => (
          <li key={one.station} class="item">
            <span class="grow">
              {one.identity} · {w.states[one.state]}
              <span class="hint">{[one.compared_at && when(one.compared_at, zone), one.trouble].filter(Boolean).join(" · ")}</span>
              {one.settings.map((setting) => (
                <span key={setting.name} class="hint">
                  {setting.name}: {w.wanted} {setting.wanted}, {w.reported} {setting.reported ?? "–"} ({setting.status})
                </span>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

// "AlignedDataCtrlr.Interval; ClockAlignedDataInterval; 900" of each line; null: a line has another form.
export function settings_of(text: string): { variable?: string; key?: string; value: string }[] | null {
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  const settings = lines.map((line) => /^([^;]*);([^;]*);(.*)$/.exec(line)?.slice(1).map((part) => part.trim()));
  if (settings.some((one) => !one)) return null;
  return settings.map((one) => {
    const [variable, key, value] = one as [string, string, string];
    return { ...(variable && { variable }), ...(key && { key }), value };
  });
}

function AddSet({ onAdded }: { onAdded: () => void }) {
  const w = words();
  const [text, setText] = useState("");
  const settings = settings_of(text);
  const add = useAction(async (form: HTMLFormElement) => {
    const given = new FormData(form);
    const field = (key: string): string => String(given.get(key) ?? "").trim();
    const group = { sites: [siteId.value], ...(field("vendor") && { vendor: field("vendor") }), ...(field("model") && { model: field("model") }) };
    await call("addSettingSet", { body: { name: field("name"), group, settings: settings ?? [] } });
    say(w.added);
    form.reset();
    setText("");
    onAdded();
  });
  return (
    <Card title={w.addSet}>
      <form onSubmit={(event) => (event.preventDefault(), void add.run(event.currentTarget))}>
        <Field label={w.name}>{(ids) => <input {...ids} name="name" required maxLength={100} />}</Field>
        <div class="fields narrow">
          <Field label={w.vendor} hint={w.groupHint}>
            {(ids) => <input {...ids} name="vendor" maxLength={50} />}
          </Field>
          <Field label={w.model}>{(ids) => <input {...ids} name="model" maxLength={50} />}</Field>
        </div>
        <Field label={w.settings} hint={w.settingsHint} error={settings === null ? w.settingsBad : undefined}>
          {(ids) => <textarea {...ids} name="settings" required spellcheck={false} value={text} placeholder="AlignedDataCtrlr.Interval; ClockAlignedDataInterval; 900" onInput={(event) => setText(event.currentTarget.value)} />}
        </Field>
        <Trouble error={add.error} />
        <div class="buttons">
          <button type="submit" class="primary" disabled={add.busy || settings === null}>
            {w.addIt}
          </button>
        </div>
      </form>
    </Card>
  );
}
