from __future__ import annotations

import pytest

from pytest_aibench.generation.fences import code_blocks
from pytest_aibench.generation.prompts import PromptMode, build_request, chat_prompt
from pytest_aibench.models.base import Sampling
from pytest_aibench.problems.problem import Problem

PROMPT = 'def f():\n    """Return 1."""\n'


def test_a_chat_request_holds_the_prompt_in_a_fence() -> None:
    problem = Problem("p/0", PROMPT, "f", "")
    request = build_request("b", problem, 3, Sampling(seed=1), system="S")
    assert request.chat
    assert (request.system, request.sample) == ("S", 3)
    assert request.sampling.seed not in (None, 1)
    (block,) = code_blocks(request.prompt)
    assert (block.code, block.tag, block.closed) == (PROMPT, "python", True)


def test_a_completion_request_is_the_prompt_itself() -> None:
    problem = Problem("p/0", PROMPT, "f", "")
    request = build_request("b", problem, 0, Sampling(), mode=PromptMode.COMPLETION)
    assert (request.prompt, request.chat) == (PROMPT, False)


@pytest.mark.parametrize("inner", ["```", "`````", "~~~"])
def test_a_prompt_with_fences_stays_in_one_block(inner: str) -> None:
    prompt = f'def f():\n    """\n{inner}\nx\n{inner}\n    """\n'
    (block,) = code_blocks(chat_prompt(Problem("p/0", prompt, "f", "")))
    assert block.code == prompt


def test_the_language_is_named() -> None:
    text = chat_prompt(Problem("p/0", "int f() {\n", "f", "", language="cpp"))
    assert "C++" in text
    assert "```cpp\n" in text
