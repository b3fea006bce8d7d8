"""A meter and relay module on Modbus TCP for the tests of bayward-bay, served by pymodbus (not ours).

Usage: modbus_module.py PORT. Commands on standard input, one a line: "input ADDRESS VALUE" sets an input register,
"discrete ADDRESS 0|1" a discrete input, "exit" ends it. What the bay writes is said on standard output: "coil ADDRESS
VALUE", "holding ADDRESS VALUE". Like a real relay module it has a watchdog: holding register 100 is the time in ms after
which coil 0 opens by itself when that register is not written again; then it says "watchdog".
"""
import asyncio
import sys
import time

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartAsyncTcpServer

WATCHDOG = 100


def say(*words):
    print(*words, flush=True)


class Module(ModbusSlaveContext):
    written = {}
    alive_until = float("inf")

    def setValues(self, fc_as_hex, address, values):  # noqa: N802, the name is pymodbus's
        super().setValues(fc_as_hex, address, values)
        kind = "coil" if fc_as_hex in (5, 15) else "holding"
        for offset, value in enumerate(values):
            place = (kind, address + offset)
            if place == ("holding", WATCHDOG):
                self.alive_until = time.monotonic() + value / 1000
            if kind == "coil" and address + offset in (0, 1):
                super().setValues(2, address + offset + 1, [int(value)])
            if self.written.get(place) != int(value):
                self.written[place] = int(value)
                say(kind, address + offset, int(value))


async def watch(module):
    while True:
        await asyncio.sleep(0.02)
        if module.written.get(("coil", 0)) == 1 and time.monotonic() > module.alive_until:
            module.setValues(5, 0, [0])
            say("watchdog")


async def obey(module):
    loop = asyncio.get_running_loop()
    while True:
        line = await loop.run_in_executor(None, sys.stdin.readline)
        words = line.split()
        if not words or words[0] == "exit":
            return
        function = {"input": 4, "discrete": 2}[words[0]]
        ModbusSlaveContext.setValues(module, function, int(words[1]), [int(words[2])])


async def main(port):
    blocks = {kind: ModbusSequentialDataBlock(0, [0] * 256) for kind in ("di", "co", "hr", "ir")}
    module = Module(**blocks, zero_mode=True)
    context = ModbusServerContext(slaves=module, single=True)
    server = asyncio.create_task(StartAsyncTcpServer(context, address=("127.0.0.1", port)))
    watcher = asyncio.create_task(watch(module))
    say("ready")
    await obey(module)
    server.cancel()
    watcher.cancel()


asyncio.run(main(int(sys.argv[1])))
