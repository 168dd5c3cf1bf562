from __future__ import annotations

import json

import pytest

from pytest_aibench.sandbox.languages.javascript_split import SplitJavaScript, impossible
from pytest_aibench.sandbox.program import Program

HELPERS = "const md5 = require('js-md5')\nconst twice = (x) => 2 * x;\n\n/* Calls f. */\n"


@pytest.mark.parametrize(
    "tests",
    [
        "const assert = require('node:assert');\nassert.deepEqual(f('a'), 1);",
        'const assert = require( "assert/strict" ), md5 = require("js-md5");',
        "console.assert(JSON.stringify(f(1)) === '[1]', 'x');",
        "const letters = new Array(26).fill(null);\nfor (const x of letters) console.log(f(x));",
        "const processes = ['module', 'global'];\nconst globalMaximum = f(processes).value;",
    ],
)
def test_tests_of_values_can_run_apart(tests: str) -> None:
    assert impossible(Program("javascript", "", tests)) == ""


@pytest.mark.parametrize(
    ("tests", "reason"),
    [
        ("f().then((x) => x)", ".then"),
        ("(async () => { await f(); })()", "async"),
        ("setTimeout(() => f(), 1)", "setTimeout"),
        ("process.env.X = '1'; f()", "process."),
        ("globalThis['f']()", "globalThis["),
        ("module.exports.f()", "module."),
        ("console.log = () => 0; f()", "console"),
        ("const { log } = console", "console"),
        ("require('fs').readFileSync(f())", "require"),
        ("const r = require; r('assert')", "require"),
        ("console.assert(f() instanceof Error)", "instanceof"),
        ("f.prototype.g()", ".prototype"),
        ("eval('f()')", "eval"),
        ("new Function('return 1')", "Function"),
    ],
)
def test_tests_that_see_more_than_values_cannot(tests: str, reason: str) -> None:
    assert impossible(Program("javascript", "", tests)) == f"the tests use {reason}"


@pytest.mark.parametrize(
    "declaration", ["const f = (x) => {", "let f = function", "function f(", "async function* f("]
)
def test_what_the_prompt_defines_before_the_function(declaration: str) -> None:
    context = f"{HELPERS}{declaration}"
    program = Program("javascript", "solution", "tests", entry_point="f", context=context)
    facts, solution, tests = SplitJavaScript().parts(program)
    assert json.loads(facts) == {"entryPoint": "f", "definitions": HELPERS}
    assert (solution, tests) == (b"solution", b"tests")


@pytest.mark.parametrize(("entry", "context"), [("", HELPERS), ("g", HELPERS), ("twice.", HELPERS)])
def test_a_prompt_without_the_function_defines_nothing(entry: str, context: str) -> None:
    program = Program("javascript", "", "", entry_point=entry, context=context)
    assert json.loads(SplitJavaScript().parts(program)[0])["definitions"] == ""
