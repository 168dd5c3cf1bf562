"""Chat replies as models give them, each with the program that is in it.

The problem: `from typing import List`, a helper `twice` and the signature of `solve`.
"""

from __future__ import annotations

from typing import NamedTuple

PROMPT = '''\
from typing import List

def twice(x):
    return 2 * x

def solve(xs: List[int]) -> int:
    """Sum of all, doubled."""
'''

HEAD = "from typing import List\n\ndef twice(x):\n    return 2 * x\n\n"
BODY = "def solve(xs: List[int]) -> int:\n    return twice(sum(xs))\n"
WHOLE = HEAD + BODY


class Case(NamedTuple):
    """`code` is compared by syntax tree, or letter by letter where `exact`."""

    name: str
    reply: str
    code: str | None
    method: str = "entry_point"
    warnings: tuple[str, ...] = ()
    exact: bool = False


def fenced(code: str, tag: str = "python", fence: str = "```") -> str:
    return f"{fence}{tag}\n{code}{fence}\n"


CASES = [
    Case("one block", fenced(WHOLE), WHOLE, exact=True),
    Case("prose around", f"Sure!\n\n{fenced(WHOLE)}\nHope it helps.", WHOLE),
    Case("no tag", fenced(WHOLE, ""), WHOLE),
    Case("tag Python3", fenced(WHOLE, "Python3"), WHOLE),
    Case("tag py", fenced(WHOLE, "py"), WHOLE),
    Case("tag with attributes", fenced(WHOLE, '{.python title="a.py"}'), WHOLE),
    Case("tag with file name", fenced(WHOLE, "python:solution.py"), WHOLE),
    Case("wrong tag but right code", fenced(WHOLE, "java"), WHOLE),
    Case("tildes", fenced(WHOLE, fence="~~~"), WHOLE),
    Case("longer fence", fenced(WHOLE, fence="`````"), WHOLE),
    Case("carriage returns", fenced(WHOLE).replace("\n", "\r\n"), WHOLE),
    Case("lone carriage returns in prose", "a\rb\r\n" + fenced(WHOLE), WHOLE),
    Case("byte order mark", "\ufeff" + fenced(WHOLE), WHOLE),
    Case("never closed", "```python\n" + WHOLE, WHOLE, warnings=("fence_unclosed",)),
    Case(
        "closed behind the code", "```python\n" + WHOLE.rstrip("\n") + "```", WHOLE, "loose_fence"
    ),
    Case(
        "opened behind a sentence", "Here: ```python\n" + WHOLE + "```\nDone.", WHOLE, "loose_fence"
    ),
    Case("no fence at all", WHOLE, WHOLE, "whole"),
    Case("no fence, prose before", "Here it is:\n\n" + WHOLE, None, "none"),
    Case(
        "in a list",
        "1. Answer:\n\n   ```python\n   " + WHOLE.replace("\n", "\n   ") + "```\n",
        WHOLE,
    ),
    Case("in a quote", "".join(f"> {line}\n" for line in fenced(WHOLE).splitlines()), WHOLE),
    Case("indented fence", "".join(f"  {line}\n" for line in fenced(WHOLE).splitlines()), WHOLE),
    Case(
        "in details", "<details>\n<summary>Code</summary>\n" + fenced(WHOLE) + "</details>", WHOLE
    ),
    Case("bold heading", "**Solution**\n" + fenced(WHOLE), WHOLE),
    Case("table before", "| a | b |\n| --- | --- |\n| 1 | 2 |\n\n" + fenced(WHOLE), WHOLE),
    # preamble
    Case("only the function", fenced(BODY), WHOLE),
    Case(
        "import there, helper not",
        fenced("from typing import List\n" + BODY),
        "def twice(x):\n    return 2 * x\nfrom typing import List\n" + BODY,
    ),
    Case(
        "own helper wins",
        fenced("def twice(x):\n    return x + x\n" + BODY),
        "from typing import List\ndef twice(x):\n    return x + x\n" + BODY,
    ),
    Case(
        "future import stays first",
        fenced("from __future__ import annotations\n" + BODY),
        "from __future__ import annotations\n" + WHOLE,
    ),
    Case("extra imports", fenced("import math\n" + BODY), HEAD + "import math\n" + BODY),
    Case(
        "conditional import",
        fenced("try:\n    import numpy as np\nexcept ImportError:\n    np = None\n" + BODY),
        HEAD + "try:\n    import numpy as np\nexcept ImportError:\n    np = None\n" + BODY,
    ),
    # several blocks
    Case(
        "usage in a second block", fenced(WHOLE) + "Use:\n" + fenced("print(solve([1]))\n"), WHOLE
    ),
    Case("output in a second block", fenced(WHOLE) + "Output:\n" + fenced("2\n", ""), WHOLE),
    Case("shell first", fenced("pip install numpy\n", "bash") + fenced(WHOLE), WHOLE),
    Case("corrected later", fenced(BODY.replace("sum", "max")) + "Wait:\n" + fenced(BODY), WHOLE),
    Case(
        "corrected in one block",
        fenced(BODY.replace("sum", "max") + BODY),
        HEAD + BODY.replace("sum", "max") + BODY,
    ),
    Case(
        "helper in a block before",
        fenced("def total(xs):\n    return sum(xs)\n")
        + "then\n"
        + fenced("def solve(xs):\n    return twice(total(xs))\n"),
        HEAD + "def total(xs):\n    return sum(xs)\ndef solve(xs):\n    return twice(total(xs))\n",
    ),
    Case(
        "helper in a block after",
        fenced("def solve(xs):\n    return twice(total(xs))\n")
        + fenced("def total(xs):\n    return sum(xs)\n"),
        HEAD + "def total(xs):\n    return sum(xs)\ndef solve(xs):\n    return twice(total(xs))\n",
    ),
    Case(
        "import in a block before",
        fenced("import math\n") + fenced("def solve(xs):\n    return math.fsum(xs)\n"),
        HEAD + "import math\ndef solve(xs):\n    return math.fsum(xs)\n",
    ),
    Case(
        "split in the middle",
        fenced("def solve(xs):\n    t = 0\n    for x in xs:\n")
        + fenced("        t += x\n    return t\n"),
        HEAD + "def solve(xs):\n    t = 0\n    for x in xs:\n        t += x\n    return t\n",
        "joined",
    ),
    Case(
        "other language after", fenced(WHOLE) + fenced("int solve() { return 1; }\n", "cpp"), WHOLE
    ),
    Case("wrong syntax later", fenced(WHOLE) + fenced("def solve(xs:\n"), WHOLE),
    Case("tests that define nothing", fenced(WHOLE) + fenced("assert solve([]) == 0\n"), WHOLE),
    Case(
        "an unclosed second block",
        fenced(WHOLE) + "```python\nprint(solve([1]))",
        WHOLE,
        warnings=("fence_unclosed",),
    ),
    # fences within code
    Case(
        "fence in a docstring",
        '```python\ndef solve(xs):\n    """\n```\n>>> solve([])\n```\n    """\n    return 0\n```\n',
        HEAD + 'def solve(xs):\n    """\n```\n>>> solve([])\n```\n    """\n    return 0\n',
        "outer_fence",
    ),
    Case(
        "fence in a docstring, longer outer fence",
        '````python\ndef solve(xs):\n    """\n```\n    """\n    return 0\n````\n',
        HEAD + 'def solve(xs):\n    """\n```\n    """\n    return 0\n',
    ),
    Case(
        "indented fence in a docstring",
        fenced('def solve(xs):\n    """\n    ```\n    solve([])\n    ```\n    """\n    return 0\n'),
        HEAD + 'def solve(xs):\n    """\n    ```\n    solve([])\n    ```\n    """\n    return 0\n',
    ),
    # bodies
    Case(
        "the body alone",
        fenced("    return twice(sum(xs))\n"),
        PROMPT + "    return twice(sum(xs))\n",
        "continuation",
    ),
    Case(
        "the body alone, not indented",
        fenced("return twice(sum(xs))\n"),
        PROMPT + "    return twice(sum(xs))\n",
        "continuation",
    ),
    Case(
        "the body, deeper",
        fenced("        t = sum(xs)\n        return twice(t)\n"),
        PROMPT + "    t = sum(xs)\n    return twice(t)\n",
        "continuation",
    ),
    Case(
        "the body without a fence",
        "    return twice(sum(xs))",
        PROMPT + "    return twice(sum(xs))\n",
        "whole",
    ),
    Case(
        "the body, first line not indented",
        fenced("t = sum(xs)\n    return twice(t)\n"),
        PROMPT + "    t = sum(xs)\n    return twice(t)\n",
        "continuation",
    ),
    # usage
    Case("print at the end", fenced(WHOLE + "print(solve([1]))\n"), WHOLE),
    Case(
        "main guard", fenced(WHOLE + "\nif __name__ == '__main__':\n    print(solve([1]))\n"), WHOLE
    ),
    Case("asserts", fenced(WHOLE + "assert solve([1]) == 3, 'no'\n"), WHOLE),
    Case(
        "recursion limit stays",
        fenced("import sys\nsys.setrecursionlimit(9**5)\n" + BODY),
        HEAD + "import sys\nsys.setrecursionlimit(9**5)\n" + BODY,
    ),
    Case("constants stay", fenced("MOD, N = 7, 3\n" + BODY), HEAD + "MOD, N = 7, 3\n" + BODY),
    Case(
        "decorators stay",
        fenced("import functools\n@functools.cache\n" + BODY),
        HEAD + "import functools\n@functools.cache\n" + BODY,
    ),
    Case(
        "an alias",
        fenced("def f(xs):\n    return 0\nsolve = f\n"),
        HEAD + "def f(xs):\n    return 0\nsolve = f\n",
    ),
    Case(
        "a lambda",
        fenced("solve = lambda xs: 2 * sum(xs)\n"),
        HEAD + "solve = lambda xs: 2 * sum(xs)\n",
    ),
    Case("one line", fenced("def solve(xs): return 0\n"), HEAD + "def solve(xs): return 0\n"),
    Case(
        "async",
        fenced("async def solve(xs):\n    return 0\n"),
        HEAD + "async def solve(xs):\n    return 0\n",
    ),
    Case("tabs", fenced("def solve(xs):\n\treturn 0\n"), HEAD + "def solve(xs):\n    return 0\n"),
    Case(
        "no break in strings",
        fenced("def solve(xs):\n    return '\u2028 \x0c'\n"),
        HEAD + "def solve(xs):\n    return '\u2028 \x0c'\n",
    ),
    # reasoning
    Case(
        "thought first",
        "<think>\n" + fenced("def solve(xs):\n    return 9\n") + "</think>\n" + fenced(WHOLE),
        WHOLE,
    ),
    Case(
        "thought without its opening",
        "Try:\n" + fenced("def solve(xs):\n    return 9\n") + "No.\n</think>\n\n" + fenced(WHOLE),
        WHOLE,
    ),
    Case(
        "thought that never ends",
        "<think>\n" + fenced(WHOLE),
        None,
        "none",
        ("reasoning_unclosed",),
    ),
    Case("thought and nothing else", "<think>x</think>", None, "none"),
    Case(
        "the word in code",
        fenced("def solve(xs):\n    return '<think>'\n"),
        HEAD + "def solve(xs):\n    return '<think>'\n",
    ),
    # nothing, or nothing that works
    Case("empty", "", None, "none"),
    Case("blank", " \n\t\n", None, "none"),
    Case("prose", "I cannot help with that.", None, "none"),
    Case("one word", "Sure", None, "none"),
    Case("an empty block", "```python\n```", None, "none"),
    Case("a comment in a block", fenced("# TODO\n"), HEAD + "# TODO\n", "last_block"),
    Case(
        "another function",
        fenced("def other(xs):\n    return 0\n"),
        HEAD + "def other(xs):\n    return 0\n",
        "last_block",
    ),
    Case(
        "wrong syntax",
        fenced("def solve(xs)\n    return 0\n"),
        "def solve(xs)\n    return 0\n",
        "named",
        exact=True,
    ),
    Case(
        "cut in the middle",
        "```python\ndef solve(xs):\n    return twice(",
        "def solve(xs):\n    return twice(",
        "named",
        ("fence_unclosed",),
        exact=True,
    ),
    Case(
        "a class around it",
        fenced("class Solution:\n    def solve(self, xs):\n        return 0\n"),
        HEAD + "class Solution:\n    def solve(self, xs):\n        return 0\n",
        "named",
    ),
    Case("only another language", fenced("console.log(1)\n", "js"), None, "other_language"),
    Case(
        "a session", fenced(">>> solve([1])\n2\n"), ">>> solve([1])\n2\n", "last_block", exact=True
    ),
    Case(
        "cut behind usage",
        fenced("print(solve([1]))\n") + "```python\ndef solve(xs):\n    return twice(",
        "def solve(xs):\n    return twice(",
        "named",
        ("fence_unclosed",),
        exact=True,
    ),
    Case(
        "cut in the body",
        "```python\n    total = (",
        "    total = (",
        "unclosed",
        ("fence_unclosed",),
        exact=True,
    ),
    Case(
        "a NUL",
        fenced("def solve(xs):\n    return '\x00'\n"),
        "def solve(xs):\n    return '\x00'\n",
        "named",
        exact=True,
    ),
]
