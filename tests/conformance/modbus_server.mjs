// A small Modbus TCP module for tests that need one that answers rightly first and wrongly later. That the driver speaks
// Modbus at all is judged by pymodbus (bay_modbus.test.mjs), not by this one.
import { once } from 'node:events';
import net from 'node:net';

export class ModbusServer {
  static async start(t) {
    const module = new ModbusServer();
    module.input = new Array(256).fill(0);
    module.discrete = new Array(256).fill(0);
    module.coils = new Array(256).fill(0);
    module.holding = new Array(256).fill(0);
    module.wrong = null; // (ask, rightAnswer) => bytes, null (hangs up) or nothing (silence)
    const sockets = new Set();
    const server = net.createServer((socket) => {
      sockets.add(socket);
      let waiting = Buffer.alloc(0);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
      socket.on('data', (data) => {
        waiting = Buffer.concat([waiting, data]);
        while (waiting.length >= 7 && waiting.length >= 6 + waiting.readUInt16BE(4)) {
          const size = 6 + waiting.readUInt16BE(4);
          const ask = waiting.subarray(0, size);
          waiting = waiting.subarray(size);
          const right = module.answer(ask);
          const said = module.wrong ? module.wrong(ask, right) : right;
          if (said === null) return socket.destroy();
          if (said) socket.write(said);
        }
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    module.port = server.address().port;
    t.after(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return module;
  }
  // MBAP header, then the function's answer (Modbus Application Protocol 1.1b3, 6).
  answer(ask) {
    const code = ask[7];
    const first = ask.readUInt16BE(8);
    const count = ask.readUInt16BE(10);
    const frame = (pdu) => {
      const head = Buffer.from(ask.subarray(0, 7));
      head.writeUInt16BE(pdu.length + 1, 4);
      return Buffer.concat([head, pdu]);
    };
    const bits = (table) => {
      const bytes = Buffer.alloc(Math.ceil(count / 8));
      for (let i = 0; i < count; ++i) if (table[first + i]) bytes[i >> 3] |= 1 << (i & 7);
      return frame(Buffer.concat([Buffer.from([code, bytes.length]), bytes]));
    };
    const words = (table) => {
      const bytes = Buffer.alloc(count * 2);
      for (let i = 0; i < count; ++i) bytes.writeUInt16BE(table[first + i] & 0xffff, i * 2);
      return frame(Buffer.concat([Buffer.from([code, bytes.length]), bytes]));
    };
    if (code === 1) return bits(this.coils);
    if (code === 2) return bits(this.discrete);
    if (code === 3) return words(this.holding);
    if (code === 4) return words(this.input);
    if (code === 5) this.coils[first] = count === 0xff00 ? 1 : 0;
    if (code === 6) this.holding[first] = count;
    if (code === 5 && first < 2) this.discrete[first + 1] = this.coils[first]; // contactor's and lock's feedback
    if (code === 5 || code === 6) return frame(Buffer.from(ask.subarray(7, 12)));
    return frame(Buffer.from([code | 0x80, 1]));
  }
}
