// How bays that are not made yet will lie.
import { words } from "./words";

interface Lying {
  label: string;
  east_m: number;
  north_m: number;
}

export function Sketch({ spots }: { spots: Lying[] }) {
  const east = spots.map((spot) => spot.east_m);
  const north = spots.map((spot) => spot.north_m);
  const [left, right, low, high] = [Math.min(...east) - 2, Math.max(...east) + 2, Math.min(...north) - 4, Math.max(...north) + 4];
  return (
    <figure class="stack">
      <figcaption class="hint">{words().result}</figcaption>
      <svg class="sketch" viewBox={`${left} ${-high} ${right - left} ${high - low}`} aria-hidden="true">
        {spots.map((spot) => (
          <g key={spot.label} class="is-free" transform={`translate(${spot.east_m} ${-spot.north_m})`}>
            <rect class="bay-box" x="-1.15" y="-2.5" width="2.3" height="5" rx="0.2" />
            <text class="bay-label" font-size="0.55" y="0.2">
              {spot.label}
            </text>
          </g>
        ))}
      </svg>
    </figure>
  );
}
