from __future__ import annotations

import pytest

from pytest_aibench.errors import UsageError
from pytest_aibench.generation.fences import code_blocks
from pytest_aibench.generation.prompts import (
    WRITTEN,
    PromptMode,
    build_request,
    chat_prompt,
    choose_mode,
)
from pytest_aibench.models.base import ModelIdentity, Sampling
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


@pytest.mark.parametrize("mode", [PromptMode.CHAT, PromptMode.COMPLETION])
def test_context_comes_before_the_prompt(mode: PromptMode) -> None:
    problem = Problem("p/0", PROMPT, "f", "", context="def f(): return 2\nFix bugs in f.\n\n")
    text = build_request("b", problem, 0, Sampling(), mode=mode).prompt
    assert text.startswith(problem.context)
    assert PROMPT.strip() in text.removeprefix(problem.context)


@pytest.mark.parametrize("mode", [PromptMode.CHAT, PromptMode.COMPLETION])
def test_what_is_to_be_answered_is_asked_as_it_stands(mode: PromptMode) -> None:
    problem = Problem("p/0", "What is 1 + 1?", "f", "", context="Be brief. ", task="answer")
    text = build_request("b", problem, 0, Sampling(), mode=mode).prompt
    assert text == "Be brief. What is 1 + 1?"


@pytest.mark.parametrize("inner", ["```", "`````", "~~~"])
def test_a_prompt_with_fences_stays_in_one_block(inner: str) -> None:
    prompt = f'def f():\n    """\n{inner}\nx\n{inner}\n    """\n'
    (block,) = code_blocks(chat_prompt(Problem("p/0", prompt, "f", "")))
    assert block.code == prompt


def test_the_language_is_named() -> None:
    text = chat_prompt(Problem("p/0", "int f() {\n", "f", "", language="cpp"))
    assert "C++" in text
    assert "```cpp\n" in text


def test_stop_words_end_a_completion_and_no_chat_reply() -> None:
    problem, stop = Problem("p/0", PROMPT, "f", ""), ("\ndef",)
    base = build_request("b", problem, 0, Sampling(), mode=PromptMode.COMPLETION, stop=stop)
    assert base.sampling.stop == stop
    assert build_request("b", problem, 0, Sampling(), stop=stop).sampling.stop == ()
    own = Sampling(stop=("x",))
    given = build_request("b", problem, 0, own, mode=PromptMode.COMPLETION, stop=stop)
    assert given.sampling.stop == ("x",)


def test_samples_share_the_text_of_their_prompt() -> None:
    problem = Problem("p/0", PROMPT, "f", "")
    one, two = (build_request("b", problem, i, Sampling()).prompt for i in range(2))
    assert one is two


@pytest.mark.parametrize(
    ("asked", "facts", "mode"),
    [
        ("auto", {}, PromptMode.CHAT),
        ("auto", {"chat_template": True}, PromptMode.CHAT),
        ("auto", {"chat_template": False}, PromptMode.COMPLETION),
        ("chat", {"chat_template": False}, PromptMode.CHAT),
        ("completion", {}, PromptMode.COMPLETION),
    ],
)
def test_the_mode_goes_by_the_user_then_by_the_server(
    asked: str, facts: dict[str, bool], mode: PromptMode
) -> None:
    assert choose_mode(asked, ModelIdentity("m", "p", "m", facts=facts)) is mode


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(UsageError, match="--prompt-mode raw"):
        choose_mode("raw", ModelIdentity("m", "p", "m"))


def test_what_is_to_be_written_is_asked_before_the_instruction() -> None:
    problem = Problem("p/0", "Sort numbers.\nANSWER:\n", "", "", task="write")
    chat = build_request("b", problem, 0, Sampling()).prompt
    assert chat == "Sort numbers.\nANSWER:\n\n" + WRITTEN.format(language="Python") + "\n"
    bare = build_request("b", problem, 0, Sampling(), mode=PromptMode.COMPLETION).prompt
    assert bare == problem.prompt
