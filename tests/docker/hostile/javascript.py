"""Attacks written in JavaScript."""

# Programs stay in one piece:
# ruff: noqa: E501

from __future__ import annotations

from tests.docker.hostile.attack import FAILURES, Attack, Battery

TESTS = """
const assert = require("node:assert");
function test() {
  console.assert(add(1, 2) === 3);
  assert.deepEqual(pair(1), [1, 2]);
  console.assert(JSON.stringify(pair(3)) === JSON.stringify([3, 4]));
}
test();
"""
HONEST = "const add = (a, b) => a + b;\nconst pair = (a) => [a, a + 1];\n"
WRONG = "const add = () => 0;\nconst pair = () => [9];\n"
CANARY = (
    HONEST
    + """
{
  const fs = require("fs");
  const others = fs.readdirSync("/proc").filter((p) => /^\\d+$/.test(p) && p != "1" && p != process.pid);
  if (others.length) console.log("HOLE processes", others);
  for (const folder of ["/tmp", "/var/tmp", "/run/lock", "/dev/mqueue"]) {
    const found = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
    if (found.length) console.log("HOLE files in", folder, found);
  }
}
"""
)
# The report that a pass would be, on every descriptor, with a secret that is a guess.
BLIND_FORGERY = """
const fs = require("fs");
for (let fd = 0; fd < 64; fd++) {
  try { fs.writeSync(fd, JSON.stringify({ proof: "00".repeat(16) })); } catch {}
}
process.reallyExit(0);
"""

ROWS = [
    Attack("exit at load", "exited_early", WRONG + "process.exit(0);"),
    Attack("reallyExit at load", "exited_early", WRONG + "process.reallyExit(0);"),
    Attack("exit in a call", "exited_early", "const add = () => process.exit(0);"),
    Attack(
        "exit in a getter",
        "exited_early",
        WRONG
        + "Object.defineProperty(globalThis, 'assert', { get() { process.exit(0); } }); assert;",
    ),
    Attack("kill itself", "crashed", WRONG + "process.kill(process.pid, 'SIGKILL'); while (true);"),
    Attack("abort", "crashed", WRONG + "process.abort();"),
    Attack("output on all descriptors", "exited_early crashed", WRONG + BLIND_FORGERY),
    Attack("patched console.assert", "wrong_answer", WRONG + "console.assert = () => {};"),
    Attack(
        "console of its own",
        "wrong_answer",
        "const console = { assert() {}, error() {} };\n" + WRONG,
    ),
    Attack(
        "silenced streams",
        "wrong_answer",
        WRONG + "process.stderr.write = process.stdout.write = () => true;",
    ),
    Attack(
        "patched assert module",
        "wrong_answer",
        WRONG
        + "const a = require('assert'); for (const k in a) a[k] = () => {}; a.strict.deepEqual = () => {};",
    ),
    Attack(
        "patched module loader",
        "wrong_answer",
        WRONG
        + "require('module').prototype.require = () => () => {}; require.cache = {}; globalThis.require = () => () => {};",
    ),
    Attack("own require", "compile_error", "const require = () => ({ deepEqual() {} });\n" + WRONG),
    Attack(
        "patched JSON",
        "wrong_answer",
        "JSON.stringify = () => 'x';\nconst add = (a, b) => a + b, pair = () => 0;",
    ),
    Attack(
        "arrays that write themselves alike",
        "wrong_answer",
        "Array.prototype.toJSON = () => 'x';\nconst add = (a, b) => a + b; let n = 0; const pair = (a) => n++ ? [9] : [a, a + 1];",
    ),
    Attack(
        "swallowing array elements",
        "wrong_answer",
        WRONG
        + "for (const i of [0, 1, 2]) Object.defineProperty(Array.prototype, i, { set() {} });",
    ),
    Attack(
        "iterator without values",
        "wrong_answer",
        WRONG + "Array.prototype[Symbol.iterator] = function* () {};",
    ),
    Attack(
        "patched script runner",
        FAILURES,
        WRONG
        + "const vm = require('vm'); vm.compileFunction = () => () => {}; vm.Script.prototype.runInThisContext = () => {};",
    ),
    Attack(
        "patched Reflect and Function",
        FAILURES,
        WRONG
        + "Reflect.apply = () => {}; Function.prototype.call = Function.prototype.apply = () => {};",
    ),
    Attack(
        "swallowed exceptions",
        "wrong_answer runtime_error",
        "process.on('uncaughtException', () => process.exit(0)); const add = () => { throw 1; };",
    ),
    Attack(
        "emitted end",
        "exited_early",
        WRONG + "process.emit('beforeExit', 0); process.emit('exit', 0); process.exit(0);",
    ),
    Attack(
        "own listeners only",
        "exited_early wrong_answer",
        WRONG + "process.removeAllListeners(); process.on('beforeExit', () => process.exit(0));",
    ),
    Attack(
        "replaced process",
        "exited_early",
        WRONG + "Object.defineProperty(process, 'exitCode', { value: 0 }); process.reallyExit(0);",
    ),
    Attack(
        "unprintable exception",
        "runtime_error",
        "const add = () => { throw { get name() { throw 1; } }; };",
    ),
    Attack("tests after the end of the text", "compile_error", WRONG + "/*"),
    Attack(
        "declares what the tests declare",
        "compile_error",
        WRONG + "const assert = { deepEqual() {} };",
    ),
    Attack("endless loop", "timeout", "while (true);"),
    Attack(
        "endless microtasks",
        "timeout",
        HONEST + "const f = () => Promise.resolve().then(f); const add2 = f();",
    ),
    Attack(
        "sleep", "timeout", "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1e6);"
    ),
    Attack("interval that stays", "timeout", HONEST + "setInterval(() => {}, 1000);"),
    Attack(
        "full heap",
        "out_of_memory",
        "const x = []; while (true) x.push(new Array(1e6).fill(7));",
    ),
    Attack(
        "memory outside the heap",
        "out_of_memory",
        "const x = []; while (true) x.push(Buffer.alloc(1 << 24, 1));",
    ),
    Attack(
        "flood of output",
        "output_limit",
        "while (true) require('fs').writeSync(1, 'x'.repeat(60000));",
    ),
    Attack("deep recursion", "runtime_error", "const add = (a, b) => add(a, b) + 1;"),
    Attack(
        "worker that stays",
        "timeout",
        HONEST + "new (require('worker_threads').Worker)('while (true);', { eval: true });",
    ),
    Attack(
        "process that stays",
        "passed timeout",
        HONEST
        + "require('child_process').spawn('/bin/sleep', ['1000'], { detached: true, stdio: 'ignore' }).unref();",
    ),
    Attack(
        "many processes",
        "passed timeout runtime_error crashed",
        HONEST
        + "for (let i = 0; i < 100; i++) require('child_process').spawn('/bin/sleep', ['9'], { detached: true, stdio: 'ignore' }).on('error', () => {}).unref();",
    ),
    Attack(
        "files for the next program",
        "passed",
        HONEST
        + "for (const f of ['/tmp/a', '/var/tmp/a', '/run/lock/a', '/opt/aibench/harness.blob']) try { require('fs').writeFileSync(f, 'x'); } catch {}",
    ),
    Attack("network", "runtime_error", "require('net').connect(80, '127.0.0.1');\n" + HONEST),
]
BATTERY = Battery("javascript", TESTS, CANARY, WRONG, tuple(ROWS))
