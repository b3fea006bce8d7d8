// The driver's vehicles, cards and notices.
import { useState } from "preact/hooks";
import { Icon } from "../../components/icons";
import { useAction, useData } from "../../components/hooks";
import { ask, Card, Empty, Field, Loading, Page, say, Segments, Trouble } from "../../components/ui";
import type { Connector, Notice, Vehicle } from "../../contract/api";
import { call } from "../../data/api";
import { kw, money, number, when } from "../../data/format";
import { labelOf, site } from "../../data/live";
import { name } from "../../data/names";
import { link } from "../../data/router";
import { me } from "../../data/session";
import { fits, kindOf, shown, type PlateKind } from "./plates";
import { words } from "./words";

const refreshMe = async (): Promise<void> => {
  me.value = await call("showMe");
};

export function Plate({ text }: { text: string }) {
  const kind = kindOf(text);
  return <span class={`plate ${kind}`}>{shown(text)}</span>;
}

export function MePage() {
  const w = words();
  return (
    <Page
      title={w.meTitle}
      actions={
        <a class="button small" href="#/driver/notices">
          <Icon name="bell" size={20} />
          {w.notices}
        </a>
      }
    >
      <div class="columns halves">
        <div class="stack">
          <Vehicles vehicles={me.value?.vehicles ?? []} />
          <Cards count={me.value?.tokens_count ?? 0} />
          <Email />
          <Driving />
        </div>
        <AddVehicle />
      </div>
    </Page>
  );
}

function Email() {
  const w = words();
  const pending = me.value?.email_pending;
  const [email, setEmail] = useState(pending ?? me.value?.email ?? "");
  const [code, setCode] = useState("");
  const save = useAction(async () => {
    await call("setEmail", { body: { email: email.trim() || null } });
    await refreshMe();
    say(email.trim() ? w.emailSent : w.emailSaved);
  });
  const confirm = useAction(async () => {
    await call("confirmEmail", { body: { code: code.trim() } });
    await refreshMe();
    setCode("");
    say(w.emailSaved);
  });
  return (
    <Card title={w.email}>
      <form onSubmit={(event) => (event.preventDefault(), void save.run())}>
        <Field label={w.email} hint={w.emailHint}>
          {(ids) => <input {...ids} name="email" type="email" maxLength={254} autocomplete="email" value={email} onInput={(event) => setEmail(event.currentTarget.value)} />}
        </Field>
        <Trouble error={save.error} />
        <div class="buttons">
          <button type="submit" disabled={save.busy}>
            {w.emailSave}
          </button>
        </div>
      </form>
      {pending && (
        <form onSubmit={(event) => (event.preventDefault(), void confirm.run())}>
          <Field label={w.emailCode} hint={w.emailCodeHint(pending)}>
            {(ids) => <input {...ids} name="email-code" required pattern="[0-9]{6}" maxLength={6} inputMode="numeric" autocomplete="one-time-code" value={code} onInput={(event) => setCode(event.currentTarget.value)} />}
          </Field>
          <Trouble error={confirm.error} />
          <div class="buttons">
            <button type="submit" class="primary" disabled={confirm.busy}>
              {w.emailConfirm}
            </button>
          </div>
        </form>
      )}
    </Card>
  );
}

// A6: consent, and everything that is kept because of it.
function Driving() {
  const w = words();
  const driving = useData(() => call("showMyDriving"), "driving");
  const change = useAction(async (consent: boolean) => {
    if (!consent && !(await ask({ title: w.drivingOffAsk, text: w.drivingOffText, yes: w.drivingOff, danger: true }))) return;
    await call("setMyDriving", { body: { consent } });
    driving.reload();
    say(consent ? w.drivingOnSaid : w.drivingOffSaid);
  });
  const seen = driving.data;
  return (
    <Card title={w.driving}>
      <Trouble error={driving.error} retry={driving.reload} />
      <p class="hint">{w.drivingLead}</p>
      {seen && (
        <label class="check">
          <input
            type="checkbox"
            name="driving"
            checked={seen.consent}
            disabled={change.busy}
            onChange={(event) => {
              // It shows what is on record, not what was tapped.
              const wanted = event.currentTarget.checked;
              event.currentTarget.checked = seen.consent;
              void change.run(wanted);
            }}
          />
          {w.drivingSwitch}
        </label>
      )}
      <Trouble error={change.error} />
      {seen?.consent && seen.accidents.length === 0 && <p>{w.drivingNone}</p>}
      {seen?.usual_part && <p>{w.drivingUsual(name("side", seen.usual_part))}</p>}
      {seen && seen.accidents.length > 0 && (
        <ul class="items">
          {seen.accidents.map((one) => (
            <li key={one.reference} class="item">
              <span class="grow">
                <strong>{w.drivingScraped(name("side", one.side))}</strong>
                <span class="hint">{[one.date, one.reference, w.drivingUntil(one.expires_at.slice(0, 10))].join(" · ")}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Vehicles({ vehicles }: { vehicles: Vehicle[] }) {
  const w = words();
  const remove = useAction(async (one: Vehicle) => {
    if (!(await ask({ title: w.removeAsk(one.plate ?? ""), text: w.removeText, yes: w.remove, danger: true }))) return;
    await call("removeVehicle", { path: { vehicle: one.vehicle } });
    await refreshMe();
    say(w.removed);
  });
  return (
    <Card title={w.vehicles}>
      <Trouble error={remove.error} />
      {vehicles.length === 0 && <Empty icon="car" text={w.noVehicles} />}
      <ul class="items">
        {vehicles.map((one) => (
          <li key={one.vehicle} class="item">
            <span class="grow">
              <Plate text={one.plate ?? "—"} />
              <span class="hint">
                {[name("connector", one.connector), one.battery_wh ? `${number(one.battery_wh / 1000)} kWh` : "", one.power_max_w ? kw(one.power_max_w) : ""].filter(Boolean).join(" · ")}
              </span>
            </span>
            <button type="button" class="plain" aria-label={w.removeAsk(one.plate ?? "")} onClick={() => void remove.run(one)}>
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function AddVehicle() {
  const w = words();
  const [kind, setKind] = useState<PlateKind>(site.value?.currency === "CNY" ? "cn-green" : site.value?.currency === "USD" ? "us" : "eu");
  const [plate, setPlate] = useState("");
  const [connector, setConnector] = useState<Connector>("iec_62196_t2");
  const [battery, setBattery] = useState("");
  const [power, setPower] = useState("");
  const [wrong, setWrong] = useState("");
  const add = useAction(async () => {
    await call("addVehicle", {
      body: { plate, connector, ...(battery && { battery_wh: Math.round(Number(battery) * 1000) }), ...(power && { power_max_w: Math.round(Number(power) * 1000) }) },
    });
    await refreshMe();
    setPlate("");
    setBattery("");
    setPower("");
    say(w.added);
  });
  const submit = (event: Event): void => {
    event.preventDefault();
    if (!fits(kind, plate)) return setWrong(w.plateBad[kind] ?? "");
    void add.run();
  };
  return (
    <Card title={w.addVehicle}>
      <form onSubmit={submit}>
        <Segments label={w.plateKind} value={kind} options={[["cn-green", w.cnGreen], ["cn-blue", w.cnBlue], ["eu", w.eu], ["us", w.us]] as const} onChange={(chosen) => (setKind(chosen), setWrong(""))} />
        <Field label={w.plate} hint={w.plateHint[kind]} error={wrong || undefined}>
          {(ids) => <input {...ids} name="plate" required maxLength={32} autocapitalize="characters" autocomplete="off" value={plate} onInput={(event) => (setPlate(event.currentTarget.value), setWrong(""))} />}
        </Field>
        <div class="fields narrow">
          <Field label={w.plug}>
            {(ids) => (
              <select {...ids} value={connector} onChange={(event) => setConnector(event.currentTarget.value as Connector)}>
                {(["iec_62196_t2", "iec_62196_t2_combo", "gbt_ac", "gbt_dc", "chademo", "iec_62196_t1", "none"] as const).map((one) => (
                  <option key={one} value={one}>
                    {name("connector", one)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={w.battery} hint={w.optional}>
            {(ids) => <input {...ids} type="number" min={0} max={2000} step="0.1" inputMode="decimal" value={battery} onInput={(event) => setBattery(event.currentTarget.value)} />}
          </Field>
          <Field label={w.maxPower} hint={w.optional}>
            {(ids) => <input {...ids} type="number" min={0} max={1000} step="0.1" inputMode="decimal" value={power} onInput={(event) => setPower(event.currentTarget.value)} />}
          </Field>
        </div>
        <Trouble error={add.error} />
        <div class="buttons">
          <button class="primary" type="submit" disabled={add.busy}>
            {w.add}
          </button>
        </div>
      </form>
    </Card>
  );
}

function Cards({ count }: { count: number }) {
  const w = words();
  const [card, setCard] = useState("");
  const change = useAction(async (adding: boolean) => {
    if (adding) await call("addToken", { body: { token: card } });
    else await call("removeToken", { path: { token: card } });
    await refreshMe();
    setCard("");
    say(adding ? w.added : w.removed);
  });
  return (
    <Card title={w.cards}>
      <p>{w.cardsText(count)}</p>
      <form onSubmit={(event) => (event.preventDefault(), void change.run(true))}>
        <Field label={w.cardNumber} hint={w.cardHint}>
          {(ids) => <input {...ids} name="card" required maxLength={36} autocomplete="off" value={card} onInput={(event) => setCard(event.currentTarget.value)} />}
        </Field>
        <Trouble error={change.error} />
        <div class="buttons">
          {count > 0 && (
            <button type="button" disabled={change.busy || card === ""} onClick={() => void change.run(false)}>
              {w.removeCard}
            </button>
          )}
          <button class="primary" type="submit" disabled={change.busy}>
            {w.add}
          </button>
        </div>
      </form>
    </Card>
  );
}

export function NoticeItems({ notices, home }: { notices: Notice[]; home: string }) {
  const zone = site.value?.time_zone ?? "UTC";
  return (
    <ul class="items">
      {notices.map((notice, index) => (
        <li key={index} class="item">
          <span class="grow">
            <strong>{name("notice", notice.notice)}</strong>
            <span class="hint">
              {[when(notice.at, zone), notice.bay ? labelOf(notice.bay) : "", notice.other_bay ? `→ ${labelOf(notice.other_bay)}` : ""].filter(Boolean).join(" · ")}
            </span>
          </span>
          {notice.amount && <strong class="number">{money(notice.amount)}</strong>}
          {notice.booking && home === "driver" && (
            <a class="button small plain" href={link("driver", "bookings", notice.booking)} aria-label={notice.booking}>
              <Icon name="next" size={20} />
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}

export function NoticesPage() {
  const w = words();
  const list = useData(() => call("listMyNotices", { query: { limit: 100 } }), "notices", ["notice"]);
  return (
    <Page title={w.notices}>
      <Card>
        <Trouble error={list.error} retry={list.reload} />
        {!list.data && list.loading && <Loading />}
        {list.data?.items.length === 0 && <Empty icon="bell" text={w.noNotices} />}
        {list.data && <NoticeItems notices={list.data.items} home="driver" />}
      </Card>
    </Page>
  );
}
