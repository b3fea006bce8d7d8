// Comma-separated values (RFC 4180): reading what people bring, writing what they take away.
import { save_file } from "./save";

export interface Row {
  line: number; // where it begins in the file, from 1
  cells: string[];
}

// Comma, semicolon or tab, whichever the first line has most of. Null: a quote is never closed.
export function parse_csv(text: string): Row[] | null {
  const clean = text.replace(/^\uFEFF/, "");
  const head = clean.split(/\r?\n/, 1)[0] ?? "";
  const separator = [",", ";", "\t"].sort((a, b) => head.split(b).length - head.split(a).length)[0]!;
  const rows: Row[] = [];
  let cells: string[] = [];
  let cell = "";
  let quoted = false;
  let line = 1;
  let began = 1;
  const end_row = (): void => {
    cells.push(cell);
    if (cells.some((one) => one.trim() !== "")) rows.push({ line: began, cells: cells.map((one) => one.trim()) });
    cells = [];
    cell = "";
    began = line + 1;
  };
  for (let i = 0; i < clean.length; ++i) {
    const c = clean[i]!;
    if (quoted) {
      if (c === '"' && clean[i + 1] === '"') {
        cell += '"';
        ++i;
      } else if (c === '"') quoted = false;
      else cell += c;
      if (c === "\n") ++line;
    } else if (c === '"' && cell.trim() === "") {
      quoted = true;
      cell = "";
    } else if (c === separator) {
      cells.push(cell);
      cell = "";
    } else if (c === "\n") {
      end_row();
      ++line;
    } else if (c !== "\r") cell += c;
  }
  if (quoted) return null;
  end_row();
  return rows;
}

// A cell that a spreadsheet would take for a formula is made text.
const cell_text = (cell: string): string => {
  const safe = /^[=+\-@\t\r]/.test(cell) && !/^[+-]?\d+([.,]\d+)?$/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n;]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
};

export function csv_text(rows: string[][]): string {
  return `\uFEFF${rows.map((row) => row.map(cell_text).join(",")).join("\r\n")}\r\n`;
}

export function download_csv(name: string, rows: string[][]): void {
  save_file(`${name}.csv`, new Blob([csv_text(rows)], { type: "text/csv;charset=utf-8" }));
}
