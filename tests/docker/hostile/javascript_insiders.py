"""Forgeries in JavaScript that pass beside their tests. Apart from them, none does."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ROWS", "Forgery"]


@dataclass(frozen=True)
class Forgery:
    """A solution that is none, and tests of a kind that benchmarks use, which it deceives."""

    name: str
    tests: str
    source: str


_STEAL = """
const steal = () => {
  const { readSync, writeSync } = require("fs");
  const read = (data) => readSync(3, data) && data;
  writeSync(3, "+");
  const secret = read(Buffer.alloc(read(Buffer.alloc(4)).readUInt32BE()));
  writeSync(3, JSON.stringify({ proof: secret.toString("hex") }));
  process.reallyExit(0);
};
"""
_SUM = "console.assert(add(1, 2) === 3);"
_LOOSE_SUM = "console.assert(add(1, 2) == 3);"
_LIST = "const assert = require('assert');\nassert.deepEqual(pair(1), [1, 2]);"
_METHODS = "console.assert(pair(4).length === 2 && pair(4).includes(5));"
_JSON = "console.assert(JSON.stringify(pair(3)) === JSON.stringify([3, 4]));"

ROWS = [
    Forgery("reads the secret", _SUM, _STEAL + "const add = steal;"),
    Forgery("number of its own", _LOOSE_SUM, "const add = () => ({ valueOf: () => 3 });"),
    Forgery(
        "primitive of its own",
        _LOOSE_SUM,
        "const add = () => ({ [Symbol.toPrimitive]: () => 3 });",
    ),
    Forgery("text of its own", _LOOSE_SUM, "const add = () => ({ toString: () => '3' });"),
    Forgery(
        "function with a number of its own",
        _LOOSE_SUM,
        "const add = () => Object.assign(() => 0, { valueOf: () => 3 });",
    ),
    Forgery(
        "number that changes",
        "const sum = add(1, 2);\nconsole.assert(sum > 2 && sum < 4 && sum + 1 === 4);",
        "const add = () => { const it = [3, 3, 3][Symbol.iterator](); "
        "return { valueOf: () => it.next().value }; };",
    ),
    Forgery(
        "methods of its own",
        _METHODS,
        "const pair = () => ({ length: 2, includes: () => true });",
    ),
    Forgery(
        "class with methods of a list",
        _METHODS,
        "class List { get length() { return 2; } includes() { return true; } }\n"
        "const pair = () => new List();",
    ),
    Forgery(
        "proxy that agrees",
        _METHODS,
        "const pair = () => new Proxy({}, { get: (_, k) => (k === 'length' ? 2 : () => true) });",
    ),
    Forgery(
        "JSON of its own",
        _JSON,
        "const pair = (a) => ({ toJSON: () => [a, a + 1] });",
    ),
    Forgery(
        "patched includes",
        _METHODS,
        "Array.prototype.includes = () => true;\nconst pair = () => [0, 0];",
    ),
    Forgery(
        "patched every",
        "console.assert([4, 5].every((value, i) => pair(4)[i] === value));",
        "Array.prototype.every = () => true;\nconst pair = () => [];",
    ),
    Forgery(
        "patched join",
        "console.assert(pair(3).join() === [3, 4].join());",
        "Array.prototype.join = () => 'x';\nconst pair = () => [9];",
    ),
    Forgery(
        "patched iterator",
        "const assert = require('assert');\nassert.deepEqual([...pair(1)], [...[1, 2]]);",
        "Array.prototype[Symbol.iterator] = function* () {};\nconst pair = () => [];",
    ),
    Forgery(
        "patched forEach",
        "[[1, 2], [3, 4]].forEach(([a, b]) => console.assert(add(a, b) === a + b));",
        "Array.prototype.forEach = () => {};\nconst add = () => 0;",
    ),
    Forgery(
        "patched Math",
        "console.assert(Math.abs(add(1, 2) - 3) < 1e-6);",
        "Math.abs = () => 0;\nconst add = () => 9;",
    ),
    Forgery(
        "patched Object",
        "console.assert(Object.is(add(1, 2), 3) && Object.keys(pair(1)).length === 2);",
        "Object.is = () => true;\nObject.keys = () => [1, 2];\n"
        "const add = () => 0, pair = () => 0;",
    ),
    Forgery(
        "swallowed assertion",
        "const assert = require('assert');\nassert.throws(() => add(), TypeError);",
        "Object.defineProperty(TypeError, Symbol.hasInstance, { value: () => true });\n"
        "const add = () => { throw 1; };",
    ),
    Forgery(
        "list that knows who asks",
        _LIST,
        "const pair = () => new Proxy([1, 2], { get: (list, key) => "
        "(new Error().stack.includes('tests.js') ? list[key] : undefined) });",
    ),
]
