// The driver's bookings: what runs now with live charging, what comes, and the receipts of what was.
import { useState } from "preact/hooks";
import { Bill } from "../../components/bill";
import { Icon } from "../../components/icons";
import { useAction, useData, useEvery } from "../../components/hooks";
import { Plan } from "../../components/plan";
import { ask, Card, Empty, Facts, Field, Loading, Modal, Page, say, Trouble } from "../../components/ui";
import type { Booking } from "../../contract/api";
import { call, Refused } from "../../data/api";
import { second, serverNow } from "../../data/clock";
import { lasting, money, span, when } from "../../data/format";
import { bayNow, siteId } from "../../data/live";
import { name } from "../../data/names";
import { link } from "../../data/router";
import { me } from "../../data/session";
import { Charging, mayCharge, zoneOf } from "./charging";
import { DisputeBill } from "./dispute";
import { words } from "./words";

const running = (booking: Booking): boolean => booking.phase === "awaiting_funds" || booking.phase === "confirmed" || booking.phase === "active";
const plateOf = (booking: Booking): string => me.value?.vehicles.find((one) => one.vehicle === booking.vehicle)?.plate ?? "";
const pollMs = 8_000;

export function BookingsPage() {
  const w = words();
  const [pages, setPages] = useState(1);
  const list = useData(
    async () => {
      const items: Booking[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < pages; ++page) {
        const answer = await call("listMyBookings", { query: { limit: 30, cursor } });
        items.push(...answer.items);
        cursor = answer.next ?? undefined;
        if (!cursor) break;
      }
      return { items, more: cursor !== undefined };
    },
    `bookings|${pages}`,
    ["booking", "reload"],
  );
  const now = list.data?.items.filter(running).sort((a, b) => a.start.localeCompare(b.start)) ?? [];
  const past = list.data?.items.filter((booking) => !running(booking)) ?? [];
  return (
    <Page title={w.myBookings}>
      <Trouble error={list.error} retry={list.reload} />
      {!list.data && list.loading && <Loading />}
      {list.data?.items.length === 0 && (
        <Card>
          <Empty icon="ticket" text={w.noBookings}>
            <a class="button primary" href="#/driver/find">
              {w.findTitle}
            </a>
          </Empty>
        </Card>
      )}
      {now.length > 0 && (
        <Card title={w.upcoming}>
          <BookingList bookings={now} />
        </Card>
      )}
      {past.length > 0 && (
        <Card title={w.history}>
          <BookingList bookings={past} />
          {list.data?.more && (
            <button type="button" onClick={() => setPages(pages + 1)}>
              {w.more}
            </button>
          )}
        </Card>
      )}
    </Page>
  );
}

function BookingList({ bookings }: { bookings: Booking[] }) {
  return (
    <ul class="items">
      {bookings.map((booking) => (
        <li key={booking.booking}>
          <a class="item" href={link("driver", "bookings", booking.booking)}>
            <span class="grow">
              <strong>{booking.label}</strong>
              <span class="hint">{span(booking.start, booking.end, zoneOf(booking))}</span>
            </span>
            <span class="number">
              <span class={booking.phase === "active" ? "tag plain is-charging" : running(booking) ? "tag plain is-free" : "hint"}>
                {booking.end_reason && booking.end_reason !== "completed" ? name("end", booking.end_reason) : name("phase", booking.phase)}
              </span>
              <br />
              {booking.charged ? money(booking.charged) : running(booking) ? money(booking.hold) : ""}
            </span>
            <Icon name="next" size={20} />
          </a>
        </li>
      ))}
    </ul>
  );
}

export function BookingPage({ booking: id }: { booking: string }) {
  const w = words();
  const found = useData(() => call("showBooking", { path: { booking: id } }), id, ["booking", "session", "reload"], (data) => !data["booking"] || data["booking"] === id);
  const booking = found.data;
  useEvery(pollMs, () => booking && booking.phase !== "closed" && found.reload());
  if (!booking) {
    return (
      <Page title={w.booking}>
        <Trouble error={found.error} retry={found.reload} />
        {found.loading && <Loading />}
      </Page>
    );
  }
  const zone = zoneOf(booking);
  // While it runs it is what the driver looks for: it stands first.
  const charging = <Charging key="charging" booking={booking} changed={found.reload} />;
  return (
    <Page title={`${booking.label} · ${name("kind", booking.kind)}`}>
      <div class="columns two">
        <div class="stack">
          {booking.phase === "active" && booking.sessions.length > 0 && charging}
          <Card>
            <Progress booking={booking} />
            <p>
              <strong>{span(booking.start, booking.end, zone)}</strong>
            </p>
            <Timing booking={booking} zone={zone} />
            {running(booking) && <Actions booking={booking} zone={zone} changed={found.reload} />}
          </Card>
          {!(booking.phase === "active" && booking.sessions.length > 0) && (mayCharge(booking) || booking.sessions.length > 0) && charging}
          <Costs booking={booking} zone={zone} />
        </div>
        {running(booking) && booking.site === siteId.value && (
          <Card title={w.guide}>
            <Plan mine={booking.bay} selected={booking.bay} only={bayNow(booking.bay)?.level ?? ""} legend={false} />
          </Card>
        )}
      </div>
    </Page>
  );
}

function Progress({ booking }: { booking: Booking }) {
  if (booking.end_reason && booking.end_reason !== "completed") return <p class="notice warn">{name("end", booking.end_reason)}</p>;
  const order = ["confirmed", "active", "settling", "closed"] as const;
  const at = order.indexOf(booking.phase as (typeof order)[number]);
  return (
    <ol class="steps">
      {order.map((phase, index) => (
        <li key={phase} class={index < at ? "done" : index === at ? "now" : ""} aria-current={index === at ? "step" : undefined}>
          {name("phase", phase)}
        </li>
      ))}
    </ol>
  );
}

function Timing({ booking, zone }: { booking: Booking; zone: string }) {
  const w = words();
  void second.value;
  const now = serverNow();
  const start = Date.parse(booking.start);
  const end = Date.parse(booking.end);
  const live = running(booking);
  return (
    <Facts
      items={[
        live && booking.hold_expires_at && booking.phase === "confirmed" && [w.expires, lasting(Date.parse(booking.hold_expires_at) - now)],
        live && now < start && [w.startsIn, lasting(start - now)],
        live && now >= start && now < end && [w.timeLeft, lasting(end - now)],
        live && now >= end && [w.over, lasting(now - end)],
        plateOf(booking) ? [w.plateOfBooking, plateOf(booking)] : null,
        booking.charged ? [w.paid, money(booking.charged)] : [w.heldSum, money(booking.hold)],
        [w.bay, booking.label],
        !live && [w.ends, when(booking.slots_end, zone)],
      ]}
    />
  );
}

function Actions({ booking, zone, changed }: { booking: Booking; zone: string; changed: () => void }) {
  const w = words();
  const [extending, setExtending] = useState(false);
  const act = useAction(async (what: "cancelBooking" | "leaveBay") => {
    await call(what, { path: { booking: booking.booking } });
    changed();
  });
  const cancel = async (): Promise<void> => {
    if (await ask({ title: w.cancelAsk, text: w.cancelText, yes: w.cancel, danger: true })) await act.run("cancelBooking");
  };
  const leave = async (): Promise<void> => {
    if (await ask({ title: w.leaveAsk, text: w.leaveText, yes: w.leave })) await act.run("leaveBay");
  };
  const arrive = useAction(async () => {
    if (!(await ask({ title: w.arriveAsk, text: w.arriveText(booking.label), yes: w.arrive }))) return;
    await call("arriveAtBay", { path: { booking: booking.booking } });
    say(w.arrived);
    changed();
  });
  const help = useAction(async () => {
    if (!(await ask({ title: w.helpAsk, text: w.helpText(booking.label), yes: w.helpYes, danger: true }))) return;
    await call("callForHelp", { path: { bay: booking.bay } });
    say(w.helpCalled);
  });
  const bay = bayNow(booking.bay);
  return (
    <>
      <Trouble error={act.error ?? arrive.error ?? help.error} />
      <div class="buttons">
        {booking.phase === "confirmed" && mayCharge(booking) && bay && !bay.charger && (
          <button type="button" class="primary" disabled={arrive.busy} onClick={() => void arrive.run()}>
            <Icon name="car" size={20} />
            {w.arrive}
          </button>
        )}
        {booking.phase === "confirmed" && (
          <button type="button" disabled={act.busy} onClick={() => void cancel()}>
            <Icon name="close" size={20} />
            {w.cancel}
          </button>
        )}
        {booking.phase === "active" && (
          <button type="button" disabled={act.busy} title={w.leaveHint} onClick={() => void leave()}>
            <Icon name="out" size={20} />
            {w.leave}
          </button>
        )}
        {booking.phase === "active" && mayCharge(booking) && (
          <button type="button" class="danger" disabled={help.busy} onClick={() => void help.run()}>
            <Icon name="alert" size={20} />
            {w.help}
          </button>
        )}
        <button type="button" onClick={() => setExtending(true)}>
          <Icon name="plus" size={20} />
          {w.extend}
        </button>
      </div>
      {extending && <Extend booking={booking} zone={zone} onClose={() => setExtending(false)} changed={changed} />}
    </>
  );
}

function Extend({ booking, zone, onClose, changed }: { booking: Booking; zone: string; onClose: () => void; changed: () => void }) {
  const w = words();
  const [minutes, setMinutes] = useState(30);
  const end = new Date(Date.parse(booking.end) + minutes * 60_000).toISOString();
  const quote = useData(() => call("quoteBooking", { body: { bay: booking.bay, start: booking.start, end } }), end);
  const extend = useAction(async () => {
    await call("extendBooking", { path: { booking: booking.booking }, body: { end } });
    changed();
    onClose();
  });
  return (
    <Modal title={w.extend} onClose={onClose}>
      <Field label={w.extendBy}>
        {(ids) => (
          <select {...ids} value={String(minutes)} onChange={(event) => setMinutes(Number(event.currentTarget.value))}>
            {[15, 30, 60, 90, 120, 180].map((one) => (
              <option key={one} value={one}>
                {lasting(one * 60_000)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Facts items={[[w.newEnd, when(end, zone)], [w.extendCost, quote.data ? money(quote.data.invoice.total) : "…"]]} />
      <Trouble error={extend.error ?? quote.error} />
      <div class="buttons">
        <button type="button" class="primary" disabled={extend.busy} onClick={() => void extend.run()}>
          {w.extend}
        </button>
      </div>
    </Modal>
  );
}

function Costs({ booking, zone }: { booking: Booking; zone: string }) {
  const w = words();
  const bill = useData(() => call("showInvoice", { path: { booking: booking.booking } }), `${booking.booking}|${booking.phase}`, ["session"]);
  useEvery(10_000, () => booking.phase !== "closed" && bill.reload());
  const filing = bill.error instanceof Refused && bill.error.code === "busy";
  if (booking.phase === "closed" && booking.charged === null && bill.error) return null;
  return (
    <Card
      title={bill.data?.final ? w.receipt : w.estimate}
      actions={
        bill.data?.final && (
          <button type="button" class="small" onClick={() => print()}>
            {w.print}
          </button>
        )
      }
    >
      {filing ? <p class="hint">{w.filing}</p> : <Trouble error={bill.error} retry={bill.reload} />}
      {bill.data && <Bill invoice={bill.data.invoice} zone={zone} />}
      {bill.data?.final && booking.charged !== null && booking.charged.minor > 0 && <DisputeBill booking={booking.booking} zone={zone} />}
    </Card>
  );
}
