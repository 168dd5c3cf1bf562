"""Chat replies with JavaScript: a helper `twice` and the signature of `solve` in the prompt."""

from __future__ import annotations

from tests.unit.generation.replies_python import Case, fenced

PROMPT = """\
const twice = (x) => {
  return 2 * x;
}

/* Sum of all, doubled. */
const solve = (xs) => {
"""
HEAD = "const twice = (x) => {\n  return 2 * x;\n}\n"
BODY = "const solve = (xs) => {\n  return twice(xs.reduce((a, b) => a + b, 0));\n}\n"
WHOLE = HEAD + BODY
INNER = "  return twice(xs.reduce((a, b) => a + b, 0));\n}\n"


def js(code: str, tag: str = "javascript") -> str:
    return fenced(code, tag)


CASES = [
    Case("one block", js(WHOLE), WHOLE),
    Case("tag js", js(WHOLE, "js"), WHOLE),
    Case("tag JavaScript", js(WHOLE, "JavaScript"), WHOLE),
    Case("tag node", js(WHOLE, "node"), WHOLE),
    Case("no tag", js(WHOLE, ""), WHOLE),
    Case("only the function", js(BODY), WHOLE),
    Case("own helper", js("let twice = x => x + x;\n" + BODY), "let twice = x => x + x;\n" + BODY),
    Case(
        "a function declaration",
        js("function solve(xs) { return 0; }\n"),
        HEAD + "function solve(xs) { return 0; }\n",
    ),
    Case(
        "an async function",
        js("async function solve(xs) { return 0; }\n"),
        HEAD + "async function solve(xs) { return 0; }\n",
    ),
    Case(
        "a generator",
        js("function* solve(xs) { yield 0; }\n"),
        HEAD + "function* solve(xs) { yield 0; }\n",
    ),
    Case("an assignment", js("solve = xs => 0;\n"), HEAD + "solve = xs => 0;\n"),
    Case(
        "a var",
        js("var solve = function (xs) { return 0; };\n"),
        HEAD + "var solve = function (xs) { return 0; };\n",
    ),
    Case("printed", js(WHOLE + "console.log(solve([1]));\n"), WHOLE),
    Case("called", js(WHOLE + "solve([1]);\n"), WHOLE),
    Case("asserted", js(WHOLE + "console.assert(solve([1]) === 2);\n"), WHOLE),
    Case("exported", js(WHOLE + "module.exports = { solve };\n"), WHOLE),
    Case("exported by name", js(WHOLE + "exports.solve = solve;\n"), WHOLE),
    Case("export in front", js(HEAD + "export " + BODY), WHOLE),
    Case(
        "export default",
        js(HEAD + "export default function solve(xs) { return 0; }\n"),
        HEAD + "function solve(xs) { return 0; }\n",
    ),
    Case("export list", js(WHOLE + "export { solve };\n"), WHOLE),
    Case("main guard", js(WHOLE + "if (require.main === module) {\n  solve([1]);\n}\n"), WHOLE),
    Case(
        "a requirement stays",
        js("const fs = require('fs');\n" + WHOLE),
        "const fs = require('fs');\n" + WHOLE,
    ),
    Case("constants stay", js("const MOD = 7;\n" + WHOLE), "const MOD = 7;\n" + WHOLE),
    Case("strict mode stays", js("'use strict';\n" + WHOLE), "'use strict';\n" + WHOLE),
    Case("usage in a second block", js(WHOLE) + js("console.log(solve([1]));\n"), WHOLE),
    Case("output in a second block", js(WHOLE) + js("2\n", ""), WHOLE),
    Case("corrected later", js(BODY.replace("twice", "")) + js(BODY), WHOLE),
    Case(
        "helper in a block before",
        js("const sum = xs => 1;\n") + js("const solve = (xs) => sum(xs);\n"),
        HEAD + "const sum = xs => 1;\nconst solve = (xs) => sum(xs);\n",
    ),
    Case("the body alone", js(INNER), PROMPT + INNER, "continuation"),
    Case(
        "the body without its bracket", js(INNER.replace("}\n", "")), PROMPT + INNER, "continuation"
    ),
    Case("a wrong bracket", js(BODY + "}\n"), HEAD + BODY + "}\n", "named"),
    Case("cut", "```js\n" + BODY[:-20], BODY[:-20], "named", ("fence_unclosed",)),
    Case("no fence", WHOLE, WHOLE, "whole"),
    Case("prose", "I cannot do that.", None, "none"),
    Case("another language", fenced("print(1)\n", "python"), None, "other_language"),
    Case("a thought first", "<think>" + js("const solve = 1;\n") + "</think>" + js(WHOLE), WHOLE),
    Case(
        "a fence in a comment",
        js("const solve = (xs) => 0;\n// x\n    // ```\n"),
        HEAD + "const solve = (xs) => 0;\n// x\n    // ```\n",
    ),
    Case(
        "a name that is a part of another",
        js("const resolve = x => x;\n"),
        "const resolve = x => x;\n",
        "last_block",
    ),
    Case(
        "a regular expression",
        js("const solve = (xs) => /[{}()]/.test(xs);\n"),
        HEAD + "const solve = (xs) => /[{}()]/.test(xs);\n",
    ),
    Case(
        "letters outside ASCII",
        js("const solve = (xs) => 'é😀';\nconsole.log('ü');\n"),
        HEAD + "const solve = (xs) => 'é😀';\n",
    ),
]
