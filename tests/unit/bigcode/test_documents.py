from __future__ import annotations

from typing import Any

import pytest

from pytest_aibench.bigcode.documents import entry_point, problem_ids, prompt_text, solutions
from pytest_aibench.errors import UsageError

PACK: dict[str, Any] = {
    "task_id": "Python/0",
    "prompt": 'def f(x):\n    """Docs."""\n',
    "declaration": "def f(x):\n",
    "canonical_solution": "    return x\n",
    "buggy_solution": "    return -x\n",
    "entry_point": "g",
}


@pytest.mark.parametrize(
    ("documents", "ids"),
    [
        ([{"task_id": "HumanEval/0"}, {"task_id": "HumanEval/1"}], ["HumanEval/0", "HumanEval/1"]),
        ([{"task_id": 11}], ["TASK/11"]),
        ([{"name": "gcd"}], ["gcd"]),
        ([1, 2], ["TASK/0", "TASK/1"]),
        ([{"task_id": "a"}, {"task_id": "b"}, {"task_id": "a"}], ["a.0", "b", "a.2"]),
        ([{"task_id": "odd[1]"}], ["TASK/0"]),
    ],
)
def test_ids(documents: list[Any], ids: list[str]) -> None:
    assert problem_ids("task", documents) == ids


@pytest.mark.parametrize(
    ("document", "tests", "name"),
    [
        # The field is not always the name that the tests call.
        (PACK, "check(f)", "f"),
        ({"prompt": "Write it.", "entry_point": "g"}, "check(g(1))", "g"),
        (
            {"code": "def aid(): pass\ndef main_one(x):\n  return x"},
            "assert main_one(1)",
            "main_one",
        ),
        ({"prompt": "Write it."}, "assert True", ""),
        (3, "assert True", ""),
    ],
)
def test_entry_point(document: Any, tests: str, name: str) -> None:
    assert entry_point(document, "python", tests) == name


@pytest.mark.parametrize(
    ("prompt", "lead"),
    [
        (PACK["prompt"].strip(), "\n"),
        (PACK["prompt"], ""),
        ("Fix bugs in f.\n\n" + PACK["declaration"].strip(), "\n"),
    ],
)
def test_solutions_continue_the_prompt(prompt: str, lead: str) -> None:
    assert solutions(PACK, prompt) == (lead + "    return x\n", (lead + "    return -x\n",))


def test_a_program_of_its_own_continues_any_prompt() -> None:
    assert solutions({"code": "def f(): ..."}, '"""\nf\n"""\n') == ("def f(): ...", ())


def test_a_chat_prompt_has_no_solution() -> None:
    assert solutions(PACK, "Answer:") == (None, ())
    assert solutions(5, "def parity") == (None, ())


def test_prompts_of_two_parts() -> None:
    assert prompt_text("t", {"instruction": "Do.", "context": "def f():"}) == "Do.\ndef f():"
    with pytest.raises(UsageError, match="--bigcode-tasks t"):
        prompt_text("t", ("a", "b"))
