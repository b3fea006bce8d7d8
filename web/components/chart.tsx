// Bars and lines, drawn here; every chart has its numbers as a table as well, and as CSV if wanted.
import { useId } from "preact/hooks";
import { bilingual } from "../data/words";
import { download_csv } from "./csv";
import { Icon } from "./icons";

const words = bilingual({ numbers: "Numbers", none: "Nothing in this time yet.", csv: "CSV", day: "Day", all: "In all" }, { numbers: "数据", none: "该时段暂无数据。", csv: "CSV", day: "日期", all: "合计" });

export interface Point {
  label: string;
  value: number;
  part?: number; // of the value, drawn as the lower part of the bar
  note?: string;
}

interface ChartProps {
  title: string;
  points: Point[];
  format: (value: number) => string;
  line?: boolean;
  parts?: [part: string, rest: string]; // what the lower and the upper part of each bar are
  csv?: string; // name of the file
  most?: number; // top of the scale
}

// Drawn for the width it is shown at, so that its words stay readable on a phone.
const widthOf = (): number => (innerWidth < 600 ? 330 : 600);
const height = 190;
const left = 8;
const bottom = 22;
const top = 16;

// A round number at or above.
function roof(value: number): number {
  if (value <= 0) return 1;
  const ten = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 2.5, 5, 10].map((step) => step * ten).find((step) => step >= value)!;
}

export function Chart({ title, points, format, line = false, parts, csv, most }: ChartProps) {
  const w = words();
  const id = useId();
  const width = widthOf();
  if (points.length === 0 || points.every(({ value }) => value === 0)) return <p class="hint">{w.none}</p>;
  const high = most ?? roof(Math.max(...points.map(({ value }) => value)));
  const x = (index: number): number => left + ((index + (line ? 0 : 0.5)) * (width - left)) / Math.max(1, points.length - (line ? 1 : 0));
  const y = (value: number): number => top + (height - top - bottom) * (1 - value / high);
  const every = Math.ceil(points.length / (width < 600 ? 4 : 7));
  const path = points.map(({ value }, index) => `${index ? "L" : "M"}${x(index).toFixed(1)} ${y(value).toFixed(1)}`).join("");
  const bar = Math.min(46, ((width - left) / points.length) * 0.7);
  return (
    <figure class="chart">
      <figcaption class="sr" id={id}>
        {title}
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby={id}>
        {[0, 0.5, 1].map((part) => (
          <g key={part}>
            <path class="axis" d={`M${left} ${y(high * part)}H${width}`} />
            {part > 0 && (
              <text x={left} y={y(high * part) - 4}>
                {format(high * part)}
              </text>
            )}
          </g>
        ))}
        {line ? (
          <>
            <path class="area" d={`${path}L${x(points.length - 1)} ${y(0)}L${x(0)} ${y(0)}Z`} />
            <path class="line" d={path} />
          </>
        ) : (
          points.map(({ label, value }, index) => (
            <rect key={label} class="bar" x={x(index) - bar / 2} y={y(value)} width={bar} height={Math.max(0, y(0) - y(value))} rx="3">
              <title>{`${label}: ${format(value)}`}</title>
            </rect>
          ))
        )}
        {points.map(
          ({ label, part }, index) =>
            part !== undefined && (
              <rect key={label} class="bar part" x={x(index) - bar / 2} y={y(part)} width={bar} height={Math.max(0, y(0) - y(part))} rx="3">
                <title>{`${label}: ${format(part)}`}</title>
              </rect>
            ),
        )}
        {points.map(
          ({ label }, index) =>
            index % every === 0 && (
              <text key={label} x={x(index)} y={height - 6} text-anchor={line && index === 0 ? "start" : line && index === points.length - 1 ? "end" : "middle"}>
                {label}
              </text>
            ),
        )}
      </svg>
      {parts && (
        <p class="legend">
          {parts.map((name, index) => (
            <span key={name} class={index ? "rest" : "part"}>
              {name}
            </span>
          ))}
        </p>
      )}
      <details>
        <summary>{w.numbers}</summary>
        <div class="table-scroll" tabIndex={0}>
          <table>
            {parts && (
              <thead>
                <tr>
                  <th scope="col">{w.day}</th>
                  <th scope="col" class="number">{parts[0]}</th>
                  <th scope="col" class="number">{w.all}</th>
                </tr>
              </thead>
            )}
            <tbody>
              {points.map(({ label, value, part, note }) => (
                <tr key={label}>
                  <th scope="row">{label}</th>
                  {part !== undefined && <td class="number">{format(part)}</td>}
                  <td class="number">{note ?? format(value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {csv && (
          <button type="button" class="small" onClick={() => download_csv(csv, [parts ? [title, parts[0], w.all] : [title, ""], ...points.map(({ label, value, part }) => [label, ...(part === undefined ? [] : [String(part)]), String(value)])])}>
            <Icon name="download" size={18} />
            {w.csv}
          </button>
        )}
      </details>
    </figure>
  );
}
