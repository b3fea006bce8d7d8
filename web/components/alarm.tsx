// D3: a danger that a person is told of takes the whole screen, sounds and shakes until it is acknowledged, stays in sight
// while it lasts, and ends with the all-clear. What was acknowledged is kept by incident and round: what comes back alarms
// again, on this device as on any other.
import { signal } from "@preact/signals";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { MyAlarmList } from "../contract/api";
import { call } from "../data/api";
import { clock } from "../data/format";
import { on, sites } from "../data/live";
import { name } from "../data/names";
import { token } from "../data/session";
import { bilingual } from "../data/words";
import { useAction, useEvery } from "./hooks";
import { Icon } from "./icons";
import { say, Trouble } from "./ui";

const words = bilingual(
  {
    danger: "Danger",
    warning: "Warning",
    at: (place: string, time: string) => `${place} · since ${time}`,
    keepAway: "Keep away from the car and the charger. The power has been cut where that helps. The property office has been told. If there is fire, call the emergency number.",
    choose: "The charger watches it and cuts the power by itself should it grow. You may stop charging or go on.",
    look: "Please see to your car. The property office has been told.",
    seen: "I have seen it",
    stop: "Stop charging",
    goOn: "Go on charging",
    stopped: "Asked to stop charging.",
    still: (what: string, place: string) => `${place}: ${what}. It lasts on.`,
    clearTitle: "All clear",
    clear: (what: string, place: string) => `${place}: ${what} is over. You can go to your car again.`,
    understood: "Understood",
  },
  {
    danger: "危险",
    warning: "警告",
    at: (place, time) => `${place} · ${time}起`,
    keepAway: "请远离车辆和充电桩。必要处已断电，物业已收到通知。如有火情请拨打紧急电话。",
    choose: "充电桩正在监测，情况加重时会自动断电。您可以停止充电或继续。",
    look: "请查看您的车辆。物业已收到通知。",
    seen: "我已看到",
    stop: "停止充电",
    goOn: "继续充电",
    stopped: "已请求停止充电。",
    still: (what, place) => `${place}：${what}，仍在持续。`,
    clearTitle: "警报解除",
    clear: (what, place) => `${place}：${what}已结束，您可以回到车旁。`,
    understood: "知道了",
  },
);

type Alarm = MyAlarmList["items"][number];

const kept = "alarms-seen";
const keptMost = 40;
const seenOnes = signal<string[]>(read());
const alarms = signal<Alarm[]>([]);
const rereadEveryMs = 20_000;

function read(): string[] {
  try {
    const list = JSON.parse(localStorage.getItem(kept) ?? "[]") as unknown;
    return Array.isArray(list) ? list.filter((one): one is string => typeof one === "string") : [];
  } catch {
    return [];
  }
}
function keep(key: string): void {
  seenOnes.value = [...seenOnes.value.filter((one) => one !== key), key].slice(-keptMost);
  localStorage.setItem(kept, JSON.stringify(seenOnes.value));
}
const keyOf = (alarm: Alarm): string => `${alarm.incident}.${alarm.round}`;
const clearOf = (alarm: Alarm): string => `${keyOf(alarm)}.clear`;

// Two tones and a shake, over and over; silent where the browser allows no sound before a touch.
function sound(): () => void {
  let audio: AudioContext | undefined;
  const once = (): void => {
    navigator.vibrate?.([500, 200, 500, 200, 500]);
    try {
      audio ??= new AudioContext();
      const from = audio.currentTime;
      for (let i = 0; i < 4; ++i) {
        const tone = audio.createOscillator();
        const volume = audio.createGain();
        tone.type = "square";
        tone.frequency.value = i % 2 === 0 ? 880 : 660;
        volume.gain.value = 0.15;
        tone.connect(volume).connect(audio.destination);
        tone.start(from + i * 0.35);
        tone.stop(from + i * 0.35 + 0.3);
      }
    } catch {
      // no sound here: the screen and the shaking have to do
    }
  };
  once();
  const timer = setInterval(once, 2_400);
  return () => {
    clearInterval(timer);
    navigator.vibrate?.(0);
    void audio?.close().catch(() => undefined);
  };
}

function Screen({ alarm }: { alarm: Alarm }) {
  const w = words();
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  const danger = alarm.severity === "danger";
  const choice = !danger && alarm.session !== null;
  useEffect(() => {
    const dialog = box.current!;
    if (!dialog.open) dialog.showModal();
    const silence = sound();
    return () => (silence(), dialog.close());
  }, []);
  const answer = useAction(async (stop: boolean) => {
    if (stop) {
      await call("stopCharging", { path: { session: alarm.session! } });
      say(w.stopped);
    }
    // Seen by the person whatever becomes of telling the platform: the alarm must not trap anybody.
    await call("acknowledgeIncident", { path: { incident: alarm.incident } }).catch(() => undefined);
    keep(keyOf(alarm));
  });
  const zone = sites.value.find((one) => one.site === alarm.site)?.time_zone ?? "UTC";
  return (
    <dialog ref={box} class={`alarm is-${alarm.severity}`} role="alertdialog" aria-labelledby={id} aria-describedby={`${id}-what`} onCancel={(event) => event.preventDefault()}>
      <div class="alarm-body">
        <Icon name="alert" size={72} />
        {/* Not a button: whoever is typing must not answer by accident. */}
        <h2 id={id} tabIndex={-1} autofocus>
          {danger ? w.danger : w.warning}
        </h2>
        <div id={`${id}-what`} class="stack">
          <p class="alarm-what">{name("incident", alarm.kind)}</p>
          <p>{w.at(alarm.bay_label || sites.value.find((one) => one.site === alarm.site)?.name || "", clock(alarm.opened_at, zone))}</p>
          <p>{danger ? w.keepAway : choice ? w.choose : w.look}</p>
        </div>
        <Trouble error={answer.error} />
        <div class="alarm-buttons">
          {choice && (
            <button type="button" class="primary" disabled={answer.busy} onClick={() => void answer.run(true)}>
              {w.stop}
            </button>
          )}
          <button type="button" class={choice ? "" : "primary"} disabled={answer.busy} onClick={() => void answer.run(false)}>
            {choice ? w.goOn : w.seen}
          </button>
        </div>
      </div>
    </dialog>
  );
}

function AllClear({ alarm }: { alarm: Alarm }) {
  const w = words();
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = box.current!;
    if (!dialog.open) dialog.showModal();
    navigator.vibrate?.(200);
    return () => dialog.close();
  }, []);
  const done = (): void => {
    void call("acknowledgeIncident", { path: { incident: alarm.incident } }).catch(() => undefined);
    keep(clearOf(alarm));
  };
  return (
    <dialog ref={box} class="alarm is-clear" role="alertdialog" aria-labelledby={id} onCancel={(event) => (event.preventDefault(), done())}>
      <div class="alarm-body">
        <Icon name="check" size={72} />
        <h2 id={id}>{w.clearTitle}</h2>
        <p>{w.clear(name("incident", alarm.kind), alarm.bay_label)}</p>
        <div class="alarm-buttons">
          <button type="button" class="primary" onClick={done}>
            {w.understood}
          </button>
        </div>
      </div>
    </dialog>
  );
}

export function Alarms() {
  const w = words();
  const [error, setError] = useState(false);
  const load = (): void => {
    if (!token.value) return void (alarms.value = []);
    call("listMyAlarms").then((answer) => ((alarms.value = answer.items), setError(false)), () => setError(true));
  };
  useEffect(() => {
    load();
    const offs = [on("notice", (data) => /^(alarm|reminder|all_clear)$/.test(data["notice"]) && load()), on("reload", load)];
    return () => offs.forEach((off) => off());
  }, [token.value]);
  useEvery(rereadEveryMs, () => (error || alarms.value.length > 0) && load());
  const seen = new Set(seenOnes.value);
  const worst = (one: Alarm): number => (one.severity === "danger" ? 0 : 1);
  const loud = alarms.value.filter((one) => !one.over && one.severity !== "notice" && !seen.has(keyOf(one))).sort((a, b) => worst(a) - worst(b))[0];
  const cleared = alarms.value.find((one) => one.over && seen.has(keyOf(one)) && !seen.has(clearOf(one)));
  const lasting = alarms.value.filter((one) => !one.over && one.severity !== "notice" && seen.has(keyOf(one)));
  return (
    <>
      {lasting.map((one) => (
        <p key={one.incident} class="notice warn row alarm-lasting" role="status">
          <Icon name="alert" />
          <span class="grow">{w.still(name("incident", one.kind), one.bay_label)}</span>
        </p>
      ))}
      {loud ? <Screen key={keyOf(loud)} alarm={loud} /> : cleared && <AllClear key={clearOf(cleared)} alarm={cleared} />}
    </>
  );
}
