// What the far ends share when they run as programs of their own, as beside the demo: lines of JSON. The first says
// where they listen and what the server has to know of them; each further one is something that came in:
//   {"heard":"alarm"|"all_clear"|...,"text":"..."}
// Lines on standard input are orders to them. They end with whoever started them.
import { createInterface } from 'node:readline';

export const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

export function run({ order = () => {}, end = () => {} } = {}) {
  const leave = () => {
    end();
    process.exit(0);
  };
  process.on('SIGTERM', leave);
  process.on('SIGINT', leave);
  createInterface({ input: process.stdin }).on('line', (line) => order(JSON.parse(line))).on('close', leave);
}
