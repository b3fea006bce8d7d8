// How a station proves who it is: the profile on record, the connection it has, its certificates, and what happened.
import { useState } from "preact/hooks";
import { Icon } from "../../components/icons";
import { useAction, useData } from "../../components/hooks";
import { save_file } from "../../components/save";
import { ask, Card, Facts, Field, Loading, say, Trouble } from "../../components/ui";
import { call, fetchFile } from "../../data/api";
import { when } from "../../data/format";
import { words } from "./station_words";

const eventsShown = 20;

export function Security({ station, zone }: { station: string; zone: string }) {
  const w = words();
  const path = { station };
  const shown = useData(() => call("showStationSecurity", { path }), station, ["station"]);
  const [profile, setProfile] = useState(0);
  const change = useAction(async (body: { profile?: number; revoke_certificates?: boolean }) => {
    const question = body.profile ? { title: w.setProfileAsk, text: w.setProfileText, yes: w.change } : { title: w.revokeAsk, text: w.revokeText, yes: w.revoke };
    if (!(await ask({ ...question, danger: true }))) return;
    await call("setStationSecurity", { path, body });
    say(w.done);
    shown.reload();
  });
  const renew = useAction(async () => {
    const told = await call("orderStation", { path, body: { order: "renew_certificate" } });
    say(told.outcome === "answered" ? told.status || w.done : w.outcomes[told.outcome]!);
  });
  const roots = useAction(async () => save_file("bayward-roots.pem", await fetchFile("showStationAuthority", {})));
  const now = shown.data;
  return (
    <Card title={w.security}>
      <Trouble error={shown.error ?? change.error ?? renew.error ?? roots.error} />
      {!now && shown.loading && <Loading />}
      {now && (
        <>
          <Facts
            items={[
              [w.profile, w.profiles[now.profile] ?? now.profile],
              [w.connectedBy, now.connection ? (w.profiles[now.connection.profile!] ?? now.connection.profile) : w.notConnected],
              now.connection?.certificate && [w.certificate, w.certificateUntil(now.connection.certificate.serial!, when(now.connection.certificate.until!, zone))],
              now.certificates_since && [w.certificatesSince, when(now.certificates_since, zone)],
            ]}
          />
          <form class="row" onSubmit={(event) => (event.preventDefault(), void change.run({ profile: profile || now.profile }))}>
            <Field label={w.setProfile}>
              {(ids) => (
                <select {...ids} name="profile" value={String(profile || now.profile || 1)} onChange={(event) => setProfile(Number(event.currentTarget.value))}>
                  {[1, 2, 3].map((one) => (
                    <option key={one} value={one}>
                      {w.profiles[one]}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <button type="submit" class="small" disabled={change.busy || (profile || now.profile) === now.profile}>
              {w.change}
            </button>
          </form>
          <div class="buttons">
            <button type="button" class="small" disabled={roots.busy} onClick={() => void roots.run()}>
              <Icon name="download" size={18} />
              {w.roots}
            </button>
            <button type="button" class="small" disabled={renew.busy} onClick={() => void renew.run()}>
              {w.renewCertificate}
            </button>
            <button type="button" class="small" disabled={change.busy} onClick={() => void change.run({ revoke_certificates: true })}>
              {w.revoke}
            </button>
          </div>
        </>
      )}
      <Events station={station} zone={zone} />
    </Card>
  );
}

function Events({ station, zone }: { station: string; zone: string }) {
  const w = words();
  const list = useData(() => call("listStationSecurityEvents", { path: { station }, query: { limit: eventsShown } }), station, ["station"]);
  return (
    <div class="stack">
      <h3>{w.events}</h3>
      <Trouble error={list.error} retry={list.reload} />
      {list.data?.items.length === 0 && <p class="hint">{w.noEvents}</p>}
      <ul class="items">
        {list.data?.items.map((one, index) => (
          <li key={index} class="item">
            <span class="grow">
              <strong>{one.type}</strong>
              <span class="hint">
                {when(one.at, zone)} · {w.origins[one.origin]}
                {one.detail && ` · ${one.detail}`}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
