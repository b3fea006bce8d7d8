// A5: destination, time and vehicle; a ranked list or a map of free bays with price and the reasons for the rank.
import { useState } from "preact/hooks";
import { Icon } from "../../components/icons";
import { useAction, useData } from "../../components/hooks";
import { Bill } from "../../components/bill";
import { Card, Empty, Field, Loading, Modal, Page, say, Segments, Trouble } from "../../components/ui";
import type { OfferList, Place, Quote } from "../../contract/api";
import { call, newKey } from "../../data/api";
import { serverNow } from "../../data/clock";
import { addDays, dateIn, instantOf, kw, minuteIn, minuteText, money, number, span, textMinute } from "../../data/format";
import { site, sites } from "../../data/live";
import { name } from "../../data/names";
import { go, link } from "../../data/router";
import { me } from "../../data/session";
import { OfferMap } from "./map";
import { words } from "./words";

export type Offer = OfferList["items"][number];

interface Wish {
  site: string;
  around: Place | null; // chosen on the map
  date: string;
  time: string;
  minutes: number;
  vehicle: string;
  energy: number;
  order: "nearest" | "cheapest";
}

const horizonDays = 31;
const firstShown = 6;
// Kept while the page is left and come back to.
let remembered: Wish | null = null;
let lastOffers: { offers: Offer[]; wish: Wish; start: string; end: string } | null = null;

function firstWish(): Wish {
  const at = site.value!;
  const start = Math.ceil((serverNow() + 60_000) / 900_000) * 900_000;
  return {
    site: at.site,
    around: null,
    date: dateIn(start, at.time_zone),
    time: minuteText(minuteIn(start, at.time_zone)),
    minutes: 120,
    vehicle: me.value?.vehicles[0]?.vehicle ?? "",
    energy: 0,
    order: "nearest",
  };
}

export function FindPage() {
  const w = words();
  if (!site.value) return <Loading />;
  return <Finder key={site.value.site} title={w.findTitle} />;
}

function Finder({ title }: { title: string }) {
  const w = words();
  const [wish, setWish] = useState<Wish>(() => (remembered?.site === site.value!.site && instantOf(remembered.date, textMinute(remembered.time), site.value!.time_zone) > serverNow() - 900_000 ? remembered : firstWish()));
  const [view, setView] = useState<"list" | "map">("list");
  const [found, setFound] = useState(lastOffers?.wish.site === wish.site ? lastOffers : null);
  const [chosen, setChosen] = useState<Offer | null>(null);
  const [shown, setShown] = useState(firstShown);
  const change = (part: Partial<Wish>): void => {
    remembered = { ...wish, ...part };
    setWish(remembered);
  };
  const destination = sites.value.find((one) => one.site === wish.site) ?? site.value!;
  const zone = destination.time_zone;
  const search = useAction(async (asked: Wish) => {
    const start = instantOf(asked.date, textMinute(asked.time), zone);
    const answer = await call("searchBays", {
      body: {
        destination: asked.around ?? destination.place,
        start: new Date(start).toISOString(),
        end: new Date(start + asked.minutes * 60_000).toISOString(),
        energy_wh: asked.energy * 1000,
        order: asked.order,
        ...(asked.vehicle && asked.energy > 0 && { vehicle: asked.vehicle }),
      },
    });
    lastOffers = { offers: answer.items, wish: asked, start: new Date(start).toISOString(), end: new Date(start + asked.minutes * 60_000).toISOString() };
    setFound(lastOffers);
    setShown(firstShown);
  });
  const today = dateIn(serverNow(), zone);
  const vehicles = me.value?.vehicles ?? [];
  return (
    <Page title={title}>
      <Card>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void search.run(wish);
          }}
        >
          <div class="fields">
            <Field label={w.where}>
              {(ids) => (
                <select {...ids} name="destination" value={wish.site} onChange={(event) => change({ site: event.currentTarget.value, around: null })}>
                  {sites.value.map((one) => (
                    <option key={one.site} value={one.site}>
                      {one.name}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <Field label={w.date}>
              {(ids) => <input {...ids} name="date" type="date" required min={today} max={addDays(today, horizonDays)} value={wish.date} onInput={(event) => change({ date: event.currentTarget.value })} />}
            </Field>
            <Field label={w.time}>
              {(ids) => <input {...ids} name="time" type="time" required step={900} value={wish.time} onInput={(event) => change({ time: event.currentTarget.value })} />}
            </Field>
            <Field label={w.howLong}>
              {(ids) => (
                <select {...ids} name="minutes" value={String(wish.minutes)} onChange={(event) => change({ minutes: Number(event.currentTarget.value) })}>
                  {[30, 60, 90, 120, 180, 240, 360, 480, 720, 1440].map((minutes) => (
                    <option key={minutes} value={minutes}>
                      {w.hours(number(minutes / 60, minutes % 60 ? 1 : 0))}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            {vehicles.length > 0 && (
              <Field label={w.vehicle}>
                {(ids) => (
                  <select {...ids} name="vehicle" value={wish.vehicle} onChange={(event) => change({ vehicle: event.currentTarget.value })}>
                    {vehicles.map((one) => (
                      <option key={one.vehicle} value={one.vehicle}>
                        {one.plate} · {name("connector", one.connector)}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
            )}
            <Field label={w.energy} hint={w.energyHint}>
              {(ids) => <input {...ids} name="energy" type="number" min={0} max={200} step={1} inputMode="numeric" value={wish.energy} onInput={(event) => change({ energy: Number(event.currentTarget.value) })} />}
            </Field>
          </div>
          <div class="row">
            <Segments label={w.order} value={wish.order} options={[["nearest", w.nearest], ["cheapest", w.cheapest]] as const} onChange={(order) => (change({ order }), found && void search.run({ ...wish, order }))} />
            <span class="grow" />
            <button class="primary" type="submit" disabled={search.busy}>
              <Icon name="search" size={20} />
              {w.search}
            </button>
          </div>
          <Trouble error={search.error} />
        </form>
      </Card>
      {vehicles.length === 0 && (
        <p class="notice warn row">
          <span class="grow">{w.addVehicleFirst}</span>
          <a class="button small" href="#/driver/me">
            {w.addVehicle}
          </a>
        </p>
      )}
      {found && (
        <>
          <div class="row">
            <h2 class="grow">
              {w.offers(found.offers.length)} · {span(found.start, found.end, zone)}
            </h2>
            <Segments label={w.view} value={view} options={[["list", w.list], ["map", w.map]] as const} onChange={setView} />
          </div>
          {view === "map" ? (
            <Card>
              <OfferMap offers={found.offers} goal={found.wish.around ?? destination.place} onChoose={setChosen} onPlace={(around) => (change({ around }), void search.run({ ...wish, around }))} />
              <p class="hint">{w.mapHint}</p>
            </Card>
          ) : found.offers.length === 0 ? (
            <Card>
              <Empty icon="search" text={w.noOffers} />
            </Card>
          ) : (
            <>
            <ol class="columns halves">
              {found.offers.slice(0, shown).map((offer, index) => (
                <li key={offer.bay}>
                  <OfferCard offer={offer} best={index === 0} zone={zone} energy={found.wish.energy} onBook={() => setChosen(offer)} />
                </li>
              ))}
            </ol>
            {found.offers.length > shown && (
              <button type="button" onClick={() => setShown(shown + firstShown)}>
                {w.more}
              </button>
            )}
            </>
          )}
        </>
      )}
      {chosen && found && <BookDialog offer={chosen} wish={found.wish} zone={zone} onClose={() => setChosen(null)} again={() => void search.run(wish)} />}
    </Page>
  );
}

function quoteOf(offer: Offer, energy: number): Promise<Quote> {
  return call("quoteBooking", { body: { bay: offer.bay, start: offer.span.start, end: offer.span.end, energy_wh: energy * 1000 } });
}

function OfferCard({ offer, best, zone, energy, onBook }: { offer: Offer; best: boolean; zone: string; energy: number; onBook: () => void }) {
  const w = words();
  const [open, setOpen] = useState(false);
  const at = sites.value.find((one) => one.site === offer.site);
  return (
    <Card class="offer">
      <div class="offer-head">
        <div>
          <strong>{offer.label}</strong> <span class="hint">{at?.name}</span>
        </div>
        <span class="price">{money(offer.price)}</span>
      </div>
      <div class="offer-facts">
        <span>
          <Icon name="walk" size={18} />
          {w.walk(offer.walk_minutes, number(offer.distance_m))}
        </span>
        <span>
          <Icon name="plug" size={18} />
          {offer.charger ? `${name("connector", offer.charger.connector)} · ${kw(offer.charger.power_max_w)}` : w.noCharger}
        </span>
      </div>
      <ul class="chips" aria-label={w.why}>
        {best && <li class="chip good">{w.best}</li>}
        {offer.reasons.map((reason) => (
          <li key={reason} class="chip">
            {name("reason", reason)}
          </li>
        ))}
      </ul>
      {open && <WorkedPrice offer={offer} energy={energy} zone={zone} />}
      <div class="row">
        <button type="button" class="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {w.priceWorked}
        </button>
        <span class="grow" />
        <button type="button" class="primary" aria-label={w.bookBay(offer.label)} disabled={!me.value?.vehicles.length} onClick={onBook}>
          {w.book}
        </button>
      </div>
    </Card>
  );
}

function WorkedPrice({ offer, energy, zone }: { offer: Offer; energy: number; zone: string }) {
  const quote = useData(() => quoteOf(offer, energy), `${offer.bay}|${offer.span.start}|${offer.span.end}|${energy}`);
  if (quote.error) return <Trouble error={quote.error} retry={quote.reload} />;
  return quote.data ? <Bill invoice={quote.data.invoice} zone={zone} /> : <Loading />;
}

function BookDialog({ offer, wish, zone, onClose, again }: { offer: Offer; wish: Wish; zone: string; onClose: () => void; again: () => void }) {
  const w = words();
  const [key] = useState(newKey);
  const book = useAction(async () => {
    const made = await call("createBooking", {
      key,
      body: { bay: offer.bay, vehicle: wish.vehicle || me.value!.vehicles[0]!.vehicle, start: offer.span.start, end: offer.span.end, ...(wish.energy > 0 && { energy_wh: wish.energy * 1000 }) },
    });
    say(w.booked);
    lastOffers = null;
    go(link("driver", "bookings", made.booking));
  });
  return (
    <Modal title={w.confirmBook} onClose={onClose}>
      <p>
        <strong>{offer.label}</strong> · {span(offer.span.start, offer.span.end, zone)}
      </p>
      <WorkedPrice offer={offer} energy={wish.energy} zone={zone} />
      <p class="hint">
        {w.held} {w.freeCancel}
      </p>
      <Trouble error={book.error} />
      <div class="buttons spread">
        {book.error ? (
          <button type="button" onClick={() => (onClose(), again())}>
            <Icon name="search" size={20} />
            {w.search}
          </button>
        ) : null}
        <button type="button" class="primary" disabled={book.busy} onClick={() => void book.run()}>
          {w.book}
        </button>
      </div>
    </Modal>
  );
}

