from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_aibench.generation.extract import MAX_REPLY, extract
from pytest_aibench.models.base import Reply, ReplyForm
from pytest_aibench.problems.problem import Problem
from tests.data import data_rows
from tests.unit.generation.replies_python import CASES, PROMPT, Case
from tests.work import calls, linear

PROBLEM = Problem("p/0", PROMPT, "solve", "")


def chat(text: str, **more: str) -> Reply:
    return Reply(text, ReplyForm.CHAT, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nasty_replies(case: Case) -> None:
    found = extract(chat(case.reply), PROBLEM)
    if case.code is None:
        assert found.code is None
    elif case.exact:
        assert found.code == case.code
    else:
        assert found.code is not None
        assert ast.unparse(ast.parse(found.code)) == ast.unparse(ast.parse(case.code))
    assert found.method == case.method
    assert set(case.warnings) <= set(found.warnings)


def test_a_completion_continues_the_prompt_as_it_is() -> None:
    found = extract(Reply("    return 1\n```", ReplyForm.COMPLETION), PROBLEM)
    assert (found.code, found.method) == (PROMPT + "    return 1\n```", "completion")


def test_a_solution_is_used_as_it_is() -> None:
    found = extract(Reply("```", ReplyForm.SOLUTION), PROBLEM)
    assert (found.code, found.method) == ("```", "solution")


def test_a_refusal_holds_no_code() -> None:
    found = extract(chat("```py\ndef solve(): pass\n```", finish_reason="refusal"), PROBLEM)
    assert (found.code, found.method) == (None, "refused")


def test_reasoning_without_an_answer_is_told() -> None:
    found = extract(chat("", reasoning="```py\ndef solve(): pass\n```"), PROBLEM)
    assert (found.code, found.warnings) == (None, ("reasoning_only",))


@pytest.mark.parametrize(
    ("reply", "code", "method"),
    [
        (Reply("[1, 2]", ReplyForm.COMPLETION), "[1, 2]", "completion"),
        (Reply("[1, 2]", ReplyForm.SOLUTION), "[1, 2]", "solution"),
        (chat("<think>def f</think>It is\n```\n2\n```"), "It is\n```\n2\n```", "answer"),
        (chat(" \n"), None, "none"),
        (chat("no", finish_reason="refusal"), None, "refused"),
    ],
)
def test_an_answer_is_the_whole_reply(reply: Reply, code: str | None, method: str) -> None:
    found = extract(reply, Problem("p/0", "What is 1 + 1?", "f", "", task="answer"))
    assert (found.code, found.method) == (code, method)


def test_the_block_is_on_record() -> None:
    text = "```py\ndef solve(x):\n    return 1\n```\n```py\nprint(solve(2))\n```"
    assert extract(chat(text), PROBLEM).block == 0


@given(st.text(alphabet="`\n def solve(x):return1<think>/#é\x00\ud800", max_size=120))
@settings(deadline=None)
def test_any_reply_is_extracted(text: str) -> None:
    found = extract(chat(text), PROBLEM)
    assert found.code is None or isinstance(found.code, str)


PIECES = {
    "blocks": "```python\ndef g():\n    return 1\n```\ntext\n",
    "answers": "```python\ndef solve(x):\n    return h(x)\n```\ntext\n",
    "helpers": "```python\ndef h(x):\n    return k(x)\n```\n",
    "openings": "```\n",
    "within_a_line": "a ```b``` c ",
    "prose": "The function is as follows.\n",
    "lines": "x = 1\n",
    "quotes": "> ",
    "brackets": "(",
    "spaces": " ",
    "tags": "</think>\n",
}


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES.keys())
def test_the_work_is_linear(piece: str) -> None:
    def work(size: int) -> int:
        reply = chat(piece * (size // len(piece)))
        return calls(lambda: extract(reply, PROBLEM))

    assert linear(work, MAX_REPLY // 64)


def test_what_is_beyond_a_megabyte_is_not_looked_at() -> None:
    text = "x" * MAX_REPLY + "\n```py\ndef solve(x):\n    return 1\n```"
    found = extract(chat(text), PROBLEM)
    assert found.code is None
    assert found.warnings == ("too_long",)


def test_every_published_reply_yields_its_function() -> None:
    problems = {
        row["task_id"]: Problem(row["task_id"], row["prompt"], row["entry_point"], "")
        for row in data_rows("humaneval/HumanEval.jsonl.gz")
    }
    for row in data_rows("generations/humaneval_chat_gpt-3.5-turbo_10.jsonl.gz"):
        problem = problems[row["task_id"]]
        found = extract(chat(row["reply"]), problem)
        assert found.method == "entry_point", row["task_id"]
        assert found.code is not None
        names = {getattr(node, "name", None) for node in ast.parse(found.code).body}
        prompt = {getattr(node, "name", None) for node in ast.parse(problem.prompt).body}
        assert prompt <= names, row["task_id"]


@pytest.mark.parametrize(
    ("text", "code", "method"),
    [
        ("```python\nprint(1)\n```\nfor 2:\n```\n2\n```", "print(1)\n", "entry_point"),
        ("```py\ndef f(): ...\n```\n```py\n2\n```", "def f(): ...\n", "entry_point"),
        ("```py\ndef f(): ...\n```\n```py\nf()\n```", "def f(): ...\n\nf()\n", "entry_point"),
        (
            "```python\ndef f(): ...\n```\nThen:\n```python\nf(\n```",
            "def f(): ...\n",
            "entry_point",
        ),
        ("```python\n  x = [\n```\nGood luck!", "  x = [\n", "last_block"),
        ("n = int(input())\nif n:\n    print(n)", None, "whole"),
        ("It cannot be done.", "", "none"),
    ],
)
def test_any_code_may_be_written_where_no_function_is_named(
    text: str, code: str | None, method: str
) -> None:
    """The prompt, a text that happens to be Python, has no part in it."""
    problem = Problem("p/0", "x = 1", "", "", task="write")
    found = extract(Reply(text, ReplyForm.CHAT), problem)
    assert found.method == method
    assert (found.code or "") == (text if code is None else code)


def test_a_written_completion_is_all_of_the_solution() -> None:
    problem = Problem("p/0", "Print 1.\nANSWER:\n", "", "", task="write")
    assert extract(Reply("print(1)", ReplyForm.COMPLETION), problem).code == "print(1)"


def test_a_named_method_is_found_in_its_class() -> None:
    problem = Problem("p/0", "Sum.", "total", "", task="write")
    code = "class Solution:\n    def total(self): ...\n"
    text = f"```python\n{code}```\n```python\nprint(Solution().total())\n```"
    assert extract(Reply(text, ReplyForm.CHAT), problem).code == code
