import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { unused_limits, violations } from "./check_words.mjs";

function in_tree(files, look) {
  const tree = mkdtempSync(join(tmpdir(), "words-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), text);
    }
    return look(tree);
  } finally {
    rmSync(tree, { recursive: true });
  }
}
const check = (path, text) => in_tree({ [path]: text }, violations);

const refused = [
  ["src/a.cc", "int x;\n// TODO later\n", /^src\/a\.cc:2: unfinished work/],
  ["web/a.ts", "// FIXME\n", /unfinished/],
  ["src/a_test.cc", "std::this_thread::sleep_for(1s);\n", /a test sleeps/],
  ["src/a_test.cc", "  ::usleep(10);\n", /a test sleeps/],
  ["tests/e2e/a.test.mjs", "await new Promise((resolve) => setTimeout(resolve, 100));\n", /a test sleeps/],
  ["tests/e2e/a.test.mjs", "await new Promise((done) => { setTimeout(done, 100) });\n", /a test sleeps/],
  ["tests/e2e/a.test.mjs", 'import { setTimeout as pause } from "node:timers/promises";\n', /a test sleeps/],
  ["README.md", "cd /root/x\n", /path of one machine/],
  ["docs/a.md", "see /home/anna/bayward\n", /path of one machine/],
  ["tests/key.pem", "-----BEGIN EC PRIVATE KEY-----\n", /private key/],
  ["a.toml", 'key = "AKIAABCDEFGHIJKLMNOP"\n', /access key/],
  ["a.toml", 'url = "postgres://bay:hunter22@db.example/bay"\n', /password in an address/],
];
const allowed = [
  ["src/a_test.cc", "std::this_thread::sleep_for(1ms);  // poll interval\n"],
  ["src/a_test.cc", "::usleep(prng.below(2000));  // not a wait: moves the kill\n"],
  ["tests/lib/wait.mjs", "const poll = (ms) => new Promise((resolve) => setTimeout(resolve, ms));\n"],
  ["tests/e2e/a.test.mjs", "const limit = setTimeout(() => reject(new Error()), 5000);\n"],
  ["src/a.cc", 'mkdtemp("fooXXXXXX");\n'],
  ["src/net/timer.cc", "sleep_for(1s);\n"],
  ["README.md", "the framework/root/ of https://example.org/work/ and user@host, /var/lib/bayward\n"],
  ["README.md", "postgres://bay:${PASSWORD}@db/bay ws://cp1:secret@127.0.0.1:9000/ocpp\n"],
];
for (const [path, text, message] of refused) {
  test(`refused in ${path}: ${text.trim().slice(0, 50)}`, () => {
    const found = check(path, text);
    assert.equal(found.length, 1, found.join("\n"));
    assert.match(found[0], message);
  });
}
for (const [path, text] of allowed) {
  test(`allowed in ${path}: ${text.trim().slice(0, 50)}`, () => assert.deepEqual(check(path, text), []));
}

test("a bound that nothing uses is named", () => {
  const files = {
    "src/base/limits.h": "inline constexpr size_t inbox = 1;\ninline constexpr int64_t outbox = 2;\n",
    "src/engine/inbox.cc": "if (n > limits::inbox) refuse();\n",
  };
  assert.deepEqual(in_tree(files, unused_limits), ["outbox"]);
});
