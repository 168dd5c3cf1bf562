"""Which verdict a JavaScript program gets, and what it finds in its process."""

from __future__ import annotations

import pytest

from pytest_aibench.problems.judging import Rules
from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.program import Limits, Program

GOOD = "const add = (a, b) => a + b;\n"
TESTS = "console.assert(add(1, 2) === 3, 'sum');\n"
SILENT = Rules(silent_pass=True)


@pytest.mark.parametrize(
    ("solution", "kind", "detail"),
    [
        (GOOD, "passed", ""),
        ("const add = (a, b) => a - b;", "wrong_answer", "console.assert: sum"),
        ("const add = () => { throw new TypeError('t'); };", "runtime_error", "TypeError: t"),
        ("const add = () => { throw 'text'; };", "runtime_error", "Error: text"),
        ("const sub = 0;", "runtime_error", "ReferenceError: add is not defined"),
        ("require('absent');", "runtime_error", "Error: Cannot find module 'absent'"),
        ("const add = (a", "compile_error", "SyntaxError: "),
        ("const add = 0; let add = 1;", "compile_error", "SyntaxError: Identifier 'add' has alre"),
        ("process.exit(0)", "exited_early", "exit status 0 before the tests had ended"),
        ("process.abort()", "crashed", "killed by SIGABRT"),
        (
            GOOD + "setTimeout(() => { throw new Error('late'); }, 1);",
            "runtime_error",
            "Error: late",
        ),
        (GOOD + "Promise.reject(new Error('lost'));", "runtime_error", "Error: lost"),
    ],
)
def test_verdict(executor: DockerExecutor, solution: str, kind: str, detail: str) -> None:
    verdict = executor.execute(Program("javascript", solution, TESTS))
    assert verdict.kind.value == kind, verdict
    assert verdict.detail.startswith(detail)
    assert bool(detail) or not verdict.detail


def test_failed_assertion_is_printed_as_node_does(executor: DockerExecutor) -> None:
    program = Program("javascript", "const add = () => 0;", TESTS + TESTS, rules=SILENT)
    assert executor.execute(program).stderr == "Assertion failed sum\nAssertion failed sum\n"


@pytest.mark.parametrize("where", ["console.log('x');", "console.error('x');"])
def test_output_fails_only_where_a_pass_is_silent(executor: DockerExecutor, where: str) -> None:
    loud = executor.execute(Program("javascript", GOOD + where, TESTS, rules=SILENT))
    assert loud.kind.value == "wrong_answer"
    assert loud.detail == "a pass must be silent, but this was printed: x"
    assert executor.execute(Program("javascript", GOOD + where, TESTS)).passed


def test_assert_module(executor: DockerExecutor) -> None:
    for module in ("assert", "node:assert", "assert/strict", "node:assert/strict"):
        tests = (
            f"const assert = require('{module}'); assert(true); assert.deepEqual([add(1, 2)], [3]);"
        )
        assert executor.execute(Program("javascript", GOOD, tests)).passed
        wrong = executor.execute(Program("javascript", "const add = () => 4;", tests))
        assert wrong.kind.value == "wrong_answer"
        assert wrong.detail.startswith("AssertionError: Expected values to be")


def test_process_is_that_of_a_file(executor: DockerExecutor) -> None:
    solution = """
if (require.main !== module || __dirname !== "/tmp") throw new Error("not the main module");
if (process.argv.length !== 2 || !__filename.endsWith(".js")) throw new Error("arguments");
module.exports = { add };
var add = (a, b) => exports && a + b;
const { createHash } = require("crypto");
if (process.version.slice(0, 4) !== "v18.") throw new Error(process.version);
"""
    verdict = executor.execute(Program("javascript", solution, TESTS))
    assert verdict.passed, verdict


def test_every_module_is_silent(executor: DockerExecutor) -> None:
    modules = (
        "async_hooks child_process fs http net os path perf_hooks readline stream url util zlib"
    )
    solution = f"for (const name of '{modules}'.split(' ')) require(`node:${{name}}`);\n" + GOOD
    verdict = executor.execute(Program("javascript", solution, TESTS, rules=SILENT))
    assert verdict.passed, verdict


def test_children_and_threads(executor: DockerExecutor) -> None:
    solution = (
        GOOD
        + """
const { execFileSync, fork } = require("child_process");
const { Worker } = require("worker_threads");
console.log(execFileSync(process.execPath, ["-p", "6 * 7"], { encoding: "utf8" }).trim());
new Worker("console.log('thread')", { eval: true });
require("fs").writeFileSync("child.js", "console.log(process.argv[2])");
fork("child.js", ["fork"]);
"""
    )
    verdict = executor.execute(Program("javascript", solution, TESTS))
    assert verdict.passed, verdict
    assert sorted(verdict.stdout.split()) == ["42", "fork", "thread"]


def test_js_md5(executor: DockerExecutor) -> None:
    tests = """
const md5 = require("js-md5");
const assert = require("assert");
const expected = "900150983cd24fb0d6963f7d28e17f72";
assert.equal(md5("abc"), expected);
assert.equal(md5.hex("abc"), expected);
assert.equal(md5.create().update("a").update("bc").hex(), expected);
assert.equal(md5([97, 98, 99].reduce((s, c) => s + String.fromCharCode(c), "")), expected);
assert.equal(md5(new Uint8Array([97, 98, 99]).buffer), expected);
assert.equal(Buffer.from(md5.array("abc")).toString("hex"), expected);
assert.equal(Buffer.from(md5.arrayBuffer("abc")).toString("hex"), expected);
assert.equal(md5("ä"), "8419b71c87a225a2c70b50486fbee545");
"""
    verdict = executor.execute(Program("javascript", GOOD, tests))
    assert verdict.passed, verdict


def test_end_of_the_event_loop_is_awaited(executor: DockerExecutor) -> None:
    solution = GOOD + "setTimeout(() => console.log('later'), 20);"
    verdict = executor.execute(Program("javascript", solution, TESTS))
    assert (verdict.passed, verdict.stdout) == (True, "later\n")


@pytest.mark.parametrize("memory", [128 << 20, 512 << 20, 1 << 30])
def test_full_memory(executor: DockerExecutor, memory: int) -> None:
    solution = "const x = []; while (true) x.push(new Array(1e5).fill(7));"
    verdict = executor.execute(Program("javascript", solution, TESTS, Limits(memory=memory)))
    assert verdict.kind.value == "out_of_memory"
