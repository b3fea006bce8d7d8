import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { violations } from "./check_layers.mjs";

// A tree on disk from { path: text }, and what the check says of it.
function check(files) {
  const tree = mkdtempSync(join(tmpdir(), "layers-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), text);
    }
    return violations(tree);
  } finally {
    rmSync(tree, { recursive: true });
  }
}

const allowed = {
  "itself, base and the standard library": { "src/core/a.cc": '#include "core/a.h"\n#include "base/time.h"\n#include <vector>\n' },
  "engine includes ports": { "src/engine/a.cc": '#include "ports/journal.h"\n' },
  "net names Asio": { "src/net/a.cc": "#include <boost/asio.hpp>\n#include <boost/beast/core.hpp>\n" },
  "core tests use GoogleTest": { "src/core/a_test.cc": "#include <gtest/gtest.h>\n#include <rapidcheck.h>\n" },
  "sim includes everything but apps": { "src/sim/a.cc": '#include "net/http.h"\n#include "api/routes.h"\n' },
  "apps include every layer and their own files": {
    "apps/server/main.cc": '#include "net/http.h"\n#include "options.h"\n',
    "apps/server/options.h": "#pragma once\n",
  },
  "a test of framing uses a version": { "src/ocpp/rpc/a_test.cc": '#include "ocpp/v16/types.h"\n' },
  "a fixture puts layers together": { "src/api/testing/world.h": '#include "engine/engine.h"\n' },
  "a test includes a fixture": { "src/api/a_test.cc": '#include "api/testing/world.h"\n' },
  "an include in a comment is none": { "src/core/a.cc": '/*\n#include "net/http.h"\n*/\n// #include <boost/asio.hpp>\n' },
  "safety includes base": { "src/bay/safety/limits.h": '#include "base/time.h"\n' },
  "a connector includes what they share": { "src/connectors/fire/a.cc": '#include "connectors/wire/link.h"\n' },
  "a connector includes itself": { "src/connectors/sms/a.cc": '#include "connectors/sms/a.h"\n' },
};

const refused = {
  "core includes net": [{ "src/core/a.cc": '\n#include "net/http.h"\n' }, /^src\/core\/a\.cc:2: core may not include net/],
  "core includes ports": [{ "src/core/a.cc": '#include "ports/journal.h"\n' }, /core may not include ports/],
  "core includes boost": [{ "src/core/a.h": "#include <boost/json.hpp>\n" }, /core knows only the C\+\+ standard library/],
  "core includes a POSIX header": [{ "src/core/a.h": "#include <unistd.h>\n" }, /standard library/],
  "base includes fmt": [{ "src/base/a.h": "# include <fmt/core.h>\n" }, /base knows only/],
  "core outside tests includes GoogleTest": [{ "src/core/a.cc": "#include <gtest/gtest.h>\n" }, /standard library/],
  "api names Asio": [{ "src/api/a.cc": "#include <boost/asio.hpp>\n" }, /only src\/net/],
  "apps name Beast": [{ "apps/server/main.cc": '#include "boost/beast.hpp"\n' }, /only src\/net/],
  "bench names Asio": [{ "bench/ocpp/load.cc": "#include <boost/asio/io_context.hpp>\n" }, /only src\/net/],
  "api includes engine": [{ "src/api/a.cc": '#include "engine/engine.h"\n' }, /api may not include engine/],
  "net includes core": [{ "src/net/a.cc": '#include "core/site.h"\n' }, /net may not include core/],
  "engine includes journal": [{ "src/engine/a.cc": '#include "journal/sqlite.h"\n' }, /engine may not include journal/],
  "src includes apps": [{ "src/sim/a.cc": '#include "apps/server/options.h"\n' }, /nothing in src\/ includes apps/],
  "a connector includes another": [{ "src/connectors/sms/a.cc": '#include "connectors/ocpi/a.h"\n' }, /includes? another/],
  "safety includes ports": [{ "src/bay/safety/a.cc": '#include "ports/clock.h"\n' }, /the safety logic knows base only/],
  "safety includes the agent": [{ "src/bay/safety/a.cc": '#include "bay/agent/a.h"\n' }, /bay\/safety may not include/],
  "rpc includes a version": [{ "src/ocpp/rpc/a.cc": '#include "ocpp/v16/types.h"\n' }, /framing knows no protocol version/],
  "climbing": [{ "src/core/a.cc": '#include "../base/time.h"\n' }, /climbs/],
  "beside instead of relative to src": [{ "src/core/a.cc": '#include "a.h"\n', "src/core/a.h": "" }, /not relative to src/],
  "a product file includes a fixture": [{ "src/api/a.cc": '#include "api/testing/world.h"\n' }, /is for tests only/],
  "a new layer": [{ "src/cloud/a.cc": "\n" }, /src\/cloud is not in the table/],
};

for (const [name, files] of Object.entries(allowed)) {
  test(`allowed: ${name}`, () => assert.deepEqual(check(files), []));
}
for (const [name, [files, message]] of Object.entries(refused)) {
  test(`refused: ${name}`, () => {
    const found = check(files);
    assert.equal(found.length, 1, found.join("\n"));
    assert.match(found[0], message);
  });
}
