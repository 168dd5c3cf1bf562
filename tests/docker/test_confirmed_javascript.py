"""Passes in JavaScript confirmed with tests and solution in two processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_aibench.problems.registry import get_benchmark
from pytest_aibench.problems.sources import DataSource
from pytest_aibench.records import Verdict
from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.program import Limits, Program
from tests.docker.hostile.javascript_insiders import ROWS, Forgery

LIMITS = Limits(cpu_seconds=1.0, wall_seconds=2.0)

# A function that gives back what it is given, and one that the tests' own literals are compared
# with: what crosses both ways, and one way.
VALUES = """
const assert = require("node:assert/strict");
const values = [
  null, undefined, true, "", "\\u{1F600}\\ud800\\n", 0, -0, 1.5, NaN, Infinity, -Infinity, [],
  12n ** 40n, [[[]], [1, [2]]], [1, , 3], Array(3), Object.assign([1], { index: 4 }), {},
  { a: { b: [1] } }, { __proto__: null, x: 1 }, JSON.parse('{"__proto__": 1, "constructor": 2}'),
  new Map([[1, "x"], [{ a: 1 }, new Map()]]), new Set([1, "1", [2]]), new Date(86400e3),
  /a+[/]"/giu, new TypeError("t"), Object("text"), Object(5), Object(false),
  new Uint8Array([1, 255]), new Float64Array([0.1, -0]), new BigInt64Array([-1n]),
  Buffer.from("bytes"), { undefined: 0 }, { number: "NaN" }, { again: 0 }, { remote: [0] },
  { array: [1] }, [{ object: [] }],
];
for (const value of values) {
  assert.deepEqual(same(value), value);
  assert.deepEqual(same([value, { value }]), [value, { value }]);
}
assert.deepEqual(made(), values);
"""
MADE = VALUES[VALUES.index("[") : VALUES.index("];") + 1]

HONEST = {
    "values": (f"const same = (x) => x;\nfunction made() {{ return {MADE}; }}", VALUES),
    "changed arguments": (
        "function f(list, map, it) { list.sort(); list.push({}); map.set(1, list); it.n.push(2); "
        "delete it.m; }",
        "const a = require('assert');\nconst l = [3, 1], m = new Map(), i = { n: [1], m: 0 };\n"
        "const n = i.n;\nf(l, m, i);\na.deepStrictEqual(l, [1, 3, {}]);\na(m.get(1) === l);\n"
        "a.deepStrictEqual(n, [1, 2]);\na.deepStrictEqual(i, { n: [1, 2] });",
    ),
    "identity": (
        "const f = (x) => x;\nconst g = (x) => [...x];\nfunction h() { const o = {}; o.me = o; "
        "return [o, o]; }",
        "const x = [1, [2]];\nconst y = f(x);\nconsole.assert(y === x && g(x) !== x);\n"
        "console.assert(g(x)[1] === x[1]);\nconst [p, q] = h();\n"
        "console.assert(p === q && p.me === q);",
    ),
    "exceptions": (
        "function f(x) { throw new RangeError('no ' + x); }\nclass Odd extends Error {}\n"
        "const g = () => { throw Object.assign(new Odd('odd'), { code: 7 }); };\n"
        "const h = () => { throw 'text'; };",
        "const a = require('assert');\na.throws(() => f(1), RangeError);\na.throws(f, /no un/);\n"
        "a.throws(g, { message: 'odd', code: 7 });\ntry { h(); } catch (e) { a(e === 'text'); }",
    ),
    "functions": (
        "const f = (n) => (k) => n + k;\nconst g = (...all) => all.length;\n"
        "function h() { return [typeof this, ...arguments]; }",
        "console.assert(f(3)(4) === 7 && g(...'four') === 4);\nconst add = f(1);\n"
        "console.assert([1, 2].map(add).join() === '2,3');\n"
        "console.assert(h.apply(null, [1])[1] === 1 && h.call(undefined, 2)[1] === 2);",
    ),
    "objects": (
        "class P { constructor(x) { this.x = x; } far(other) { return this.x - other.x; } }\n"
        "class Stack { constructor() { this.all = []; } push(v) { this.all.push(v); } "
        "get size() { return this.all.length; } pop() { return this.all.pop(); } }\n"
        "const f = (p) => p[0].x;\nconst made = (x) => new P(x);",
        "const p = new P(3);\nconsole.assert(f([p]) === 3 && p.far(made(1)) === 2 && p.x === 3);\n"
        "const s = new Stack();\ns.push(2);\nconsole.assert(s.all[0] === 2 && s.size === 1);\n"
        "console.assert(s.pop() === 2 && s.size === 0);",
    ),
    "instance as data": (
        "class P { constructor(x) { this.x = x; } }\nconst f = (x) => new P(x);",
        "const a = require('assert');\na.deepEqual(f(1), { x: 1 });\na(f(2).x === 2);\n"
        "a(JSON.stringify(f(3)) === '{\"x\":3}');",
    ),
    "iterators": (
        "function* f(n) { while (true) yield n++; }\nconst g = (m) => m.keys();",
        "const it = f(3);\nconsole.assert(it.next().value === 3 && it.next().value === 4);\n"
        "console.assert([...g(new Map([[1, 2]]))].join() === '1');",
    ),
    "names of all kinds": (
        "var f = 1; let g = [2]; const { h } = { h: () => 3 }; class K {} escape = (x) => x;",
        "console.assert(f === 1 && g[0] === 2 && h() === 3 && typeof absent === 'undefined');",
    ),
    "output and more work than memory for one": (
        "console.log('loaded');\nfunction f(n) { console.log('x'.repeat(1e5)); "
        "return new Array(n).fill('y'); }",
        "console.assert(f(20000).length === 20000);",
    ),
}  # fmt: skip
TOKEN = [
    ("const f = (g) => g(1);", "console.assert(f((x) => x + 1) === 2);"),
    ("const f = (x) => x.v;", "class T { v = 3; }\nconsole.assert(f(new T()) === 3);"),
    ("class P {}\nconst f = () => new P();", "console.assert(f().constructor === P);"),
    ("class P {}\nconst f = () => new P();", "console.assert(f() instanceof P);"),
    ("const f = (a, b) => 0;", "console.assert(f.length === 2);"),
    ("const f = async () => 1;", "f().then((x) => console.assert(x === 1));"),
    ("String.prototype.twice = function () { return this + this; };",
     "console.assert('ab'.twice() === 'abab');"),
    ("const f = (x) => console.log(x);",
     "const out = [];\nconsole.log = (x) => out.push(x);\nf(1);"),
    ("let count = 0;\nconst f = () => ++count;", "f();\ncount = 5;\nconsole.assert(f() === 6);"),
]  # fmt: skip


def verdict(executor: DockerExecutor, solution: str, tests: str, entry: str = "f") -> Verdict:
    return executor.execute(Program("javascript", solution, tests, LIMITS, entry_point=entry))


@pytest.mark.parametrize("name", HONEST)
def test_honest_programs_are_confirmed(executor: DockerExecutor, name: str) -> None:
    found = verdict(executor, *HONEST[name])
    assert (found.kind, found.proof) == ("passed", "split"), found


@pytest.mark.parametrize(("solution", "tests"), TOKEN)
def test_what_needs_more_than_values_keeps_the_token(
    executor: DockerExecutor, solution: str, tests: str
) -> None:
    found = verdict(executor, solution, tests)
    assert (found.kind, found.proof) == ("passed", "token"), found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name.replace(" ", "-"))
def test_forgeries_are_suspicious(executor: DockerExecutor, row: Forgery) -> None:
    found = verdict(executor, row.source, row.tests, "add")
    assert (found.kind, found.proof) == ("suspicious", ""), found


def test_the_entry_point_may_have_the_name_of_a_builtin(executor: DockerExecutor) -> None:
    escape = "function escape(text) { return `<${text}>`; }"
    found = verdict(executor, escape, "console.assert(escape('a') === '<a>');", "escape")
    assert (found.kind, found.proof) == ("passed", "split"), found


def test_helpers_come_from_the_prompt(executor: DockerExecutor) -> None:
    prompt = "const square = (x) => x * x;\n// The root.\nconst root = (x) => {\n"
    tests = "console.assert(square(root(9)) === 9);"
    lie = "const square = () => 9;\nconst root = () => 0;"
    honest = prompt + "return Math.sqrt(x); };"
    kinds = [
        executor.execute(
            Program("javascript", code, tests, LIMITS, entry_point="root", context=prompt)
        ).kind
        for code in (honest, lie)
    ]
    assert kinds == ["passed", "suspicious"]


def test_the_process_of_the_tests_is_out_of_reach(executor: DockerExecutor) -> None:
    solution = """
const { readFileSync, readdirSync } = require("fs");
function f() {
  const reached = [];
  for (const id of readdirSync("/proc").filter((name) => +name > 1 && +name !== process.pid)) {
    for (const file of ["mem", "environ", "maps", "fd/3", "fd/4"]) {
      try { readFileSync(`/proc/${id}/${file}`); reached.push(file); } catch (error) {
        if (error.code !== "EACCES") reached.push(`${file} ${error.code}`);
      }
    }
  }
  return reached;
}
"""
    found = verdict(executor, solution, "console.assert(f().join() === '');")
    assert (found.kind, found.proof) == ("passed", "split"), found


@pytest.mark.parametrize(
    ("name", "step"),
    [("basics-javascript", 5), ("humaneval-x-js", 16), ("humanevalpack-synthesize-js", 8)],
)
def test_reference_solutions_are_confirmed(
    executor: DockerExecutor, data_dir: Path, tmp_path: Path, name: str, step: int
) -> None:
    benchmark = get_benchmark(name)
    problems = benchmark.load(DataSource(data_dir, tmp_path, allow_download=False)).problems
    for problem in problems[1::step]:
        solution, tests = benchmark.compose(problem, problem.canonical_solution or "", False)
        limits = Limits(cpu_seconds=benchmark.cpu_seconds)
        program = Program(
            "javascript", solution, tests, limits, benchmark.rules,
            entry_point=problem.entry_point, context=problem.prompt,
        )  # fmt: skip
        found = executor.execute(program)
        assert (problem.id, found.kind, found.proof) == (problem.id, "passed", "split"), found
