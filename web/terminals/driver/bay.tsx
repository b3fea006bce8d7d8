// A9 and B6: a bay reached by its code, and the hold on the spot.
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../../components/icons";
import { useAction, useData } from "../../components/hooks";
import { Plan } from "../../components/plan";
import { Card, Facts, Field, Loading, Page, StateTag, Trouble } from "../../components/ui";
import { call, newKey } from "../../data/api";
import { serverNow } from "../../data/clock";
import { kw, when } from "../../data/format";
import { allBays, bayNow, chooseSite, siteId, sites } from "../../data/live";
import { name } from "../../data/names";
import { go, link } from "../../data/router";
import { me } from "../../data/session";
import { words } from "./words";

// "bay-1a" in whatever a code says: an address of ours or the bare id.
export const bayIn = (text: string): string | null => /(?:^|[/#=\s])(bay-[0-9a-f]+)\s*$/.exec(text.trim())?.[1] ?? null;

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
declare const BarcodeDetector: { new (options: { formats: string[] }): Detector } | undefined;
const canScan = typeof BarcodeDetector !== "undefined" && !!navigator.mediaDevices?.getUserMedia;

function Viewfinder({ onCode, onTrouble }: { onCode: (text: string) => void; onTrouble: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    let stream: MediaStream | null = null;
    let timer = 0;
    let over = false;
    const detector = new BarcodeDetector!({ formats: ["qr_code"] });
    const look = async (): Promise<void> => {
      if (over) return;
      const codes = video.current && video.current.readyState >= 2 ? await detector.detect(video.current).catch(() => []) : [];
      if (codes[0]) return onCode(codes[0].rawValue);
      timer = window.setTimeout(() => void look(), 200);
    };
    navigator.mediaDevices
      .getUserMedia({ video: { facingMode: "environment" } })
      .then(async (opened) => {
        if (over) return opened.getTracks().forEach((track) => track.stop());
        stream = opened;
        video.current!.srcObject = opened;
        await video.current!.play();
        void look();
      })
      .catch(onTrouble);
    return () => {
      over = true;
      clearTimeout(timer);
      stream?.getTracks().forEach((track) => track.stop());
    };
  }, []);
  return (
    <div class="viewfinder">
      <video ref={video} muted playsInline />
    </div>
  );
}

export function ScanPage() {
  const w = words();
  const [camera, setCamera] = useState(false);
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState("");
  const [broken, setBroken] = useState(!canScan);
  const open = (text: string): void => {
    const bay = bayIn(text) ?? allBays().find((one) => one.label.toLowerCase() === text.trim().toLowerCase())?.bay;
    if (bay) go(link("bay", bay));
    else setWrong(w.notFound);
  };
  return (
    <Page title={w.scanTitle}>
      <div class="columns two">
        <Card>
          <p>{w.scanLead}</p>
          {camera && (
            <Viewfinder
              onCode={(text) => {
                setCamera(false);
                const bay = bayIn(text);
                if (bay) go(link("bay", bay));
                else setWrong(w.notABay);
              }}
              onTrouble={() => (setCamera(false), setBroken(true))}
            />
          )}
          {broken ? (
            <p class="hint">{w.noCamera}</p>
          ) : (
            <button type="button" class={camera ? "wide" : "primary wide"} onClick={() => (setWrong(""), setCamera(!camera))}>
              <Icon name="scan" />
              {camera ? w.stopCamera : w.camera}
            </button>
          )}
          <form onSubmit={(event) => (event.preventDefault(), open(typed))}>
            <Field label={w.typed} hint={w.typedHint} error={wrong || undefined}>
              {(ids) => <input {...ids} name="code" required maxLength={200} autocapitalize="characters" value={typed} onInput={(event) => (setTyped(event.currentTarget.value), setWrong(""))} />}
            </Field>
            <button type="submit">{w.open}</button>
          </form>
        </Card>
        <Card>
          <Plan onSelect={(bay) => go(link("bay", bay))} />
        </Card>
      </div>
    </Page>
  );
}

export function BayPage({ bay: id }: { bay: string }) {
  const w = words();
  const read = useData(() => call("showBay", { path: { bay: id } }), id);
  const [vehicle, setVehicle] = useState("");
  const [key] = useState(newKey);
  const bay = bayNow(id) ?? read.data;
  useEffect(() => {
    if (read.data && read.data.site !== siteId.value) chooseSite(read.data.site);
  }, [read.data?.site]);
  const vehicles = me.value?.vehicles ?? [];
  // Scanned on arrival: what is booked here and now is what the driver came for.
  const mine = useData(() => call("listMyBookings", { query: { limit: 30 } }), `mine|${id}`, ["booking"]);
  const own = mine.data?.items.find((one) => one.bay === id && (one.phase === "active" || (one.phase === "confirmed" && Date.parse(one.start) - serverNow() < 15 * 60_000)));
  const hold = useAction(async () => {
    const made = await call("createBooking", { key, body: { bay: id, vehicle: vehicle || vehicles[0]!.vehicle, kind: "walk_up" } });
    go(link("driver", "bookings", made.booking));
  });
  if (!bay) {
    return (
      <Page title={w.hold}>
        <Trouble error={read.error} />
        {read.loading && <Loading />}
      </Page>
    );
  }
  const at = sites.value.find((one) => one.site === bay.site);
  const zone = at?.time_zone ?? "UTC";
  return (
    <Page title={bay.label}>
      <div class="columns two">
        <Card actions={<StateTag state={bay.state} />} title={w.hold}>
          <Facts
            items={[
              [w.site, at?.name],
              [w.power_max, bay.charger ? `${name("connector", bay.charger.connector)} · ${kw(bay.charger.power_max_w)}` : w.noCharger],
              bay.free_until && [w.freeUntil, when(bay.free_until, zone)],
            ]}
          />
          {vehicles.length === 0 ? (
            <p class="notice warn row">
              <span class="grow">{w.addVehicleFirst}</span>
              <a class="button small" href="#/driver/me">
                {w.addVehicle}
              </a>
            </p>
          ) : (
            <Field label={w.vehicle}>
              {(ids) => (
                <select {...ids} value={vehicle || vehicles[0]!.vehicle} onChange={(event) => setVehicle(event.currentTarget.value)}>
                  {vehicles.map((one) => (
                    <option key={one.vehicle} value={one.vehicle}>
                      {one.plate}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          )}
          {own && (
            <p class="notice row">
              <span class="grow">{w.scanIsMine}</span>
              <a class="button primary small" href={link("driver", "bookings", own.booking)}>
                {w.openBooking}
              </a>
            </p>
          )}
          {bay.state === "free" ? <p class="hint">{w.holdText(Math.round((at?.walk_up_hold_s ?? 600) / 60))}</p> : !own && (
            <p class="notice warn">
              {w.notFree} {bay.free_from && w.freeFrom(when(bay.free_from, zone))}
            </p>
          )}
          <Trouble error={hold.error} />
          <div class="buttons spread">
            <a class="button" href="#/driver/find">
              {w.bookLater}
            </a>
            <button type="button" class="primary" disabled={hold.busy || vehicles.length === 0 || bay.state !== "free"} onClick={() => void hold.run()}>
              {w.holdNow}
            </button>
          </div>
        </Card>
        <Card title={w.guide}>
          <Plan mine={id} selected={id} only={bay.level} legend={false} onSelect={(other) => go(link("bay", other))} />
        </Card>
      </div>
    </Page>
  );
}
