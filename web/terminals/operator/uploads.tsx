// Logs that staff has asked a station for, and those it has uploaded.
import { Icon } from "../../components/icons";
import { useAction, useData } from "../../components/hooks";
import { save_file } from "../../components/save";
import { say, Trouble } from "../../components/ui";
import { call, fetchFile } from "../../data/api";
import { when } from "../../data/format";
import { words } from "./words";

export function Uploads({ station, zone }: { station: string; zone: string }) {
  const w = words();
  const path = { station };
  const list = useData(() => call("listStationUploads", { path }), station, ["station"]);
  const ask = useAction(async (security: boolean) => {
    const told = await call("orderStation", { path, body: { order: "fetch_log", security } });
    say(told.outcome === "answered" ? w.uploadAsked : `${w.uploadNotAsked} ${told.status}`);
    list.reload();
  });
  const save = useAction(async (upload: number) => {
    save_file(`${station}-${upload}`, await fetchFile("fetchStationUpload", { station, upload: String(upload) }));
  });
  return (
    <div class="stack">
      <Trouble error={list.error ?? ask.error ?? save.error} />
      <ul class="items">
        {list.data?.items.map((one) => (
          <li key={one.upload} class="item">
            <span class="grow">
              {w.uploadLogs[one.log]}
              <span class="hint">{one.received_at ? `${when(one.received_at, zone)} · ${w.messageBytes(one.bytes)}` : w.uploadWaiting}</span>
            </span>
            {one.received_at && (
              <button type="button" class="small" disabled={save.busy} aria-label={`${w.uploadSave} ${one.upload}`} onClick={() => void save.run(one.upload)}>
                <Icon name="download" size={18} />
              </button>
            )}
          </li>
        ))}
      </ul>
      <div class="buttons">
        <button type="button" class="small" disabled={ask.busy} onClick={() => void ask.run(false)}>
          {w.uploadAsk}
        </button>
        <button type="button" class="small" disabled={ask.busy} onClick={() => void ask.run(true)}>
          {w.uploadAskSecurity}
        </button>
      </div>
    </div>
  );
}
