// Offers on a plain map: the destination in the middle, sites where they are, rings for the walk. No tiles of others.
import { useState } from "preact/hooks";
import type { Place } from "../../contract/api";
import { money, number } from "../../data/format";
import { sites } from "../../data/live";
import type { Offer } from "./find";
import { words } from "./words";

const metresPerDegree = 111_320;

export function OfferMap({ offers, goal, onChoose, onPlace }: { offers: Offer[]; goal: Place; onChoose: (offer: Offer) => void; onPlace: (place: Place) => void }) {
  const w = words();
  const size = innerWidth < 600 ? 330 : 440;
  const [hovered, setHovered] = useState<string | null>(null);
  const metresEast = metresPerDegree * Math.cos((goal.latitude * Math.PI) / 180);
  const farthest = Math.max(60, ...offers.map((offer) => offer.distance_m));
  const scale = (size / 2 - 40) / (farthest * 1.15);
  const at = (place: Place) => ({ x: size / 2 + (place.longitude - goal.longitude) * metresEast * scale, y: size / 2 - (place.latitude - goal.latitude) * metresPerDegree * scale });
  const near = sites.value.map((one) => ({ one, ...at(one.place) })).filter(({ x, y }) => x > -50 && y > -50 && x < size + 50 && y < size + 50);
  // Bays of one site stand close together: they are fanned out around it, the best first.
  const fans = new Map<string, number>();
  const pins = offers.slice(0, 12).map((offer, index) => {
    const nth = fans.get(offer.site) ?? 0;
    fans.set(offer.site, nth + 1);
    const middle = at(sites.value.find((one) => one.site === offer.site)?.place ?? goal);
    const angle = -Math.PI / 2 + nth * 2.4;
    const away = 52 + 30 * Math.sqrt(nth);
    return { offer, index, x: middle.x + Math.cos(angle) * away, y: middle.y + Math.sin(angle) * away };
  });
  const place = (event: MouseEvent): void => {
    const box = (event.currentTarget as SVGElement).getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * size - size / 2;
    const y = ((event.clientY - box.top) / box.height) * size - size / 2;
    onPlace({ latitude: Math.round((goal.latitude - y / scale / metresPerDegree) * 1e6) / 1e6, longitude: Math.round((goal.longitude + x / scale / metresEast) * 1e6) / 1e6 });
  };
  const ring = 10 ** Math.floor(Math.log10(farthest)) * (farthest / 10 ** Math.floor(Math.log10(farthest)) > 5 ? 5 : farthest / 10 ** Math.floor(Math.log10(farthest)) > 2 ? 2 : 1);
  return (
    <svg class="map" viewBox={`0 0 ${size} ${size}`} role="group" aria-label={w.map} onClick={place}>
      {[1, 2].map((n) => (
        <g key={n} aria-hidden="true">
          <circle class="ring" cx={size / 2} cy={size / 2} r={ring * n * scale} />
          <text x={size / 2} y={size / 2 - ring * n * scale - 4}>
            {number(ring * n)} {w.metres}
          </text>
        </g>
      ))}
      {near.map(({ one, x, y }) => (
        <g key={one.site} aria-hidden="true">
          <rect class="place" x={x - 26} y={y - 26} width="52" height="52" rx="10" />
          <text x={x} y={y + 44}>
            {one.name}
          </text>
        </g>
      ))}
      <circle class="goal" cx={size / 2} cy={size / 2} r="9" role="img" aria-label={w.goal} />
      {[...pins].reverse().map(({ offer, index, x, y }) => (
        <g
          key={offer.bay}
          role="button"
          tabIndex={0}
          aria-label={`${index + 1}. ${offer.label}, ${money(offer.price)}, ${w.walk(offer.walk_minutes, number(offer.distance_m))}`}
          onClick={(event) => (event.stopPropagation(), onChoose(offer))}
          onKeyDown={(event) => (event.key === "Enter" || event.key === " ") && (event.preventDefault(), onChoose(offer))}
          onPointerEnter={() => setHovered(offer.bay)}
          onPointerLeave={() => setHovered(null)}
        >
          <circle class={index === 0 ? "pin best" : "pin"} cx={x} cy={y} r={hovered === offer.bay ? 18 : 16} />
          <text class="pin-text" x={x} y={y + 5}>
            {index + 1}
          </text>
          <text x={x} y={y + 29}>
            {money(offer.price)}
          </text>
        </g>
      ))}
    </svg>
  );
}
