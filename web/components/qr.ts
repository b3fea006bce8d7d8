// QR codes (ISO/IEC 18004) of short addresses: byte mode, error correction M, versions 1 to 6, which hold 106 bytes.
// Gives rows of modules, true for dark; null when the text is too long.

interface Version {
  blocks: number;
  data: number; // codewords of data in each block
  check: number; // codewords of error correction in each block
}

const versions: Version[] = [
  { blocks: 1, data: 16, check: 10 },
  { blocks: 1, data: 28, check: 16 },
  { blocks: 1, data: 44, check: 26 },
  { blocks: 2, data: 32, check: 18 },
  { blocks: 2, data: 43, check: 24 },
  { blocks: 4, data: 27, check: 16 },
];

// GF(2^8) with x^8 + x^4 + x^3 + x^2 + 1.
function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; --bit) {
    product = (product << 1) ^ ((product >> 7) * 0x11d);
    product ^= ((b >> bit) & 1) * a;
  }
  return product;
}

function generator(degree: number): number[] {
  const poly = [...Array<number>(degree - 1).fill(0), 1];
  let root = 1;
  for (let i = 0; i < degree; ++i) {
    for (let j = 0; j < degree; ++j) {
      poly[j] = times(poly[j]!, root);
      if (j + 1 < degree) poly[j]! ^= poly[j + 1]!;
    }
    root = times(root, 2);
  }
  return poly;
}

function remainder(data: number[], degree: number): number[] {
  const divisor = generator(degree);
  const rest = Array<number>(degree).fill(0);
  for (const byte of data) {
    const factor = byte ^ rest.shift()!;
    rest.push(0);
    divisor.forEach((coefficient, i) => (rest[i]! ^= times(coefficient, factor)));
  }
  return rest;
}

function codewords(bytes: Uint8Array, { blocks, data, check }: Version): number[] {
  const bits: number[] = [];
  const put = (value: number, length: number): void => {
    for (let i = length - 1; i >= 0; --i) bits.push((value >> i) & 1);
  };
  put(4, 4); // byte mode
  put(bytes.length, 8);
  for (const byte of bytes) put(byte, 8);
  const room = blocks * data * 8;
  put(0, Math.min(4, room - bits.length));
  while (bits.length % 8) bits.push(0);
  for (let pad = 0xec; bits.length < room; pad ^= 0xec ^ 0x11) put(pad, 8);
  const all = Array.from({ length: blocks * data }, (_, i) => bits.slice(i * 8, i * 8 + 8).reduce((byte, bit) => (byte << 1) | bit, 0));
  const parts = Array.from({ length: blocks }, (_, i) => all.slice(i * data, (i + 1) * data));
  const checks = parts.map((part) => remainder(part, check));
  // Blocks are told in turns.
  const turns = (lists: number[][], length: number): number[] => Array.from({ length }, (_, i) => lists.map((list) => list[i]!)).flat();
  return [...turns(parts, data), ...turns(checks, check)];
}

const masks: ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

class Grid {
  readonly dark: boolean[][];
  private readonly fixed: boolean[][];

  constructor(readonly size: number) {
    this.dark = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
    this.fixed = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
  }
  fix(x: number, y: number, on: boolean): void {
    if (x < 0 || y < 0 || x >= this.size || y >= this.size) return;
    this.dark[y]![x] = on;
    this.fixed[y]![x] = true;
  }
  frame(): void {
    for (let i = 0; i < this.size; ++i) {
      this.fix(6, i, i % 2 === 0);
      this.fix(i, 6, i % 2 === 0);
    }
    const ring = (cx: number, cy: number, reach: number, dark: (far: number) => boolean): void => {
      for (let dy = -reach; dy <= reach; ++dy) for (let dx = -reach; dx <= reach; ++dx) this.fix(cx + dx, cy + dy, dark(Math.max(Math.abs(dx), Math.abs(dy))));
    };
    for (const [x, y] of [[3, 3], [this.size - 4, 3], [3, this.size - 4]] as const) ring(x, y, 4, (far) => far !== 2 && far !== 4);
    if (this.size > 21) ring(this.size - 7, this.size - 7, 2, (far) => far !== 1);
  }
  // Error correction M is 0; BCH(15,5) with its mask.
  format(mask: number): void {
    let rest = mask;
    for (let i = 0; i < 10; ++i) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
    const bits = ((mask << 10) | rest) ^ 0x5412;
    const bit = (i: number): boolean => ((bits >> i) & 1) === 1;
    const last = this.size - 1;
    for (let i = 0; i <= 5; ++i) this.fix(8, i, bit(i));
    this.fix(8, 7, bit(6));
    this.fix(8, 8, bit(7));
    this.fix(7, 8, bit(8));
    for (let i = 9; i < 15; ++i) this.fix(14 - i, 8, bit(i));
    for (let i = 0; i < 8; ++i) this.fix(last - i, 8, bit(i));
    for (let i = 8; i < 15; ++i) this.fix(8, this.size - 15 + i, bit(i));
    this.fix(8, this.size - 8, true);
  }
  fill(words: number[], mask: number): void {
    let at = 0;
    for (let right = this.size - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5;
      for (let step = 0; step < this.size; ++step) {
        const upward = ((right + 1) & 2) === 0;
        const y = upward ? this.size - 1 - step : step;
        for (const x of [right, right - 1]) {
          if (this.fixed[y]![x]) continue;
          const on = at < words.length * 8 && ((words[at >> 3]! >> (7 - (at & 7))) & 1) === 1;
          this.dark[y]![x] = on !== masks[mask]!(x, y);
          ++at;
        }
      }
    }
  }
  // Long runs and blocks of one colour are hard to read; the mask with the fewest is taken.
  penalty(): number {
    let sum = 0;
    const lines = [...this.dark, ...this.dark.map((_, x) => this.dark.map((row) => row[x]!))];
    for (const line of lines) {
      let run = 1;
      for (let i = 1; i <= line.length; ++i) {
        if (line[i] === line[i - 1]) ++run;
        else {
          if (run >= 5) sum += run - 2;
          run = 1;
        }
      }
      sum += 40 * (line.map(Number).join("").match(/(?=10111010000|00001011101)/g)?.length ?? 0);
    }
    for (let y = 1; y < this.size; ++y) {
      for (let x = 1; x < this.size; ++x) {
        const [a, b, c, d] = [this.dark[y]![x], this.dark[y - 1]![x], this.dark[y]![x - 1], this.dark[y - 1]![x - 1]];
        if (a === b && a === c && a === d) sum += 3;
      }
    }
    const share = this.dark.flat().filter(Boolean).length / this.size ** 2;
    return sum + 10 * Math.floor(Math.abs(share - 0.5) * 20);
  }
}

export function qr(text: string): boolean[][] | null {
  const bytes = new TextEncoder().encode(text);
  const index = versions.findIndex(({ blocks, data }) => bytes.length + 2 <= blocks * data);
  if (index < 0) return null;
  const words = codewords(bytes, versions[index]!);
  const tries = masks.map((_, mask) => {
    const grid = new Grid(17 + 4 * (index + 1));
    grid.frame();
    grid.format(mask);
    grid.fill(words, mask);
    return grid;
  });
  return tries.reduce((best, grid) => (grid.penalty() < best.penalty() ? grid : best)).dark;
}
