// The driver's terminal: find, book, hold, charge, pay.
import { useEffect, useState } from "preact/hooks";
import { Shell, type Tab } from "../../components/shell";
import { Modal } from "../../components/ui";
import { labelOf, on } from "../../data/live";
import { name } from "../../data/names";
import { place } from "../../data/router";
import { BayPage, ScanPage } from "./bay";
import { BookingPage, BookingsPage } from "./bookings";
import { FindPage } from "./find";
import { MePage, NoticesPage } from "./me";
import { TestPaymentPage } from "./top_up";
import { WalletPage } from "./wallet";
import { words } from "./words";

// What the driver must know before driving on.
const urgent: ReadonlySet<string> = new Set(["booking_moved", "booking_displaced", "booking_withdrawn", "overstay", "walk_up_expired", "no_show"]);

function Urgent() {
  const w = words();
  const [told, setTold] = useState<Record<string, any>[]>([]);
  useEffect(
    () =>
      on("notice", (data) => {
        if (!urgent.has(data["notice"])) return;
        navigator.vibrate?.([300, 150, 300]);
        setTold((before) => [...before, data].slice(-5));
      }),
    [],
  );
  const first = told[0];
  if (!first) return null;
  const close = (): void => setTold(told.slice(1));
  return (
    <Modal title={w.alarmTitle} onClose={close}>
      <p>
        <strong>{labelOf(first["bay"])}</strong>: {name("notice", first["notice"])}
        {first["other_bay"] && (
          <>
            {" → "}
            <strong>{labelOf(first["other_bay"])}</strong>
          </>
        )}
      </p>
      <div class="buttons">
        {first["booking"] && (
          <a class="button" href={`#/driver/bookings/${first["booking"]}`} onClick={close}>
            {w.booking}
          </a>
        )}
        <button type="button" class="primary" onClick={close}>
          {w.read}
        </button>
      </div>
    </Modal>
  );
}

function View() {
  const [terminal, page = "find", id] = place.value.parts;
  if (terminal === "bay" && page) return <BayPage bay={page} />;
  if (terminal === "pay-test" && page) return <TestPaymentPage payment={page} />;
  if (page === "bookings") return id ? <BookingPage booking={id} /> : <BookingsPage />;
  if (page === "scan") return <ScanPage />;
  if (page === "wallet") return <WalletPage />;
  if (page === "me") return <MePage />;
  if (page === "notices") return <NoticesPage />;
  return <FindPage />;
}

export default function DriverTerminal() {
  const w = words();
  const tabs: Tab[] = [
    { path: "find", text: w.find, icon: "search" },
    { path: "bookings", text: w.bookings, icon: "ticket" },
    { path: "scan", text: w.scan, icon: "scan" },
    { path: "wallet", text: w.wallet, icon: "wallet" },
    { path: "me", text: w.me, icon: "person" },
  ];
  return (
    <Shell home="driver" tabs={tabs}>
      <View />
      <Urgent />
    </Shell>
  );
}
