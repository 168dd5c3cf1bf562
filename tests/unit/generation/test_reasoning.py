from __future__ import annotations

import pytest

from pytest_aibench.generation.reasoning import without_reasoning


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        ("plain", "plain"),
        ("<think>a</think>b", "b"),
        ("\n <THINK>\na\n</think>\nb", "\nb"),
        ("<thinking>a</thinking>b", "b"),
        ("<reasoning>x </think> y</reasoning>b", "b"),
        ("<seed:think>a</seed:think>b", "b"),
        ("no opening tag\n</think>\n\nb", "\n\nb"),
        ("so that is it.</think>\nb", "\nb"),
        ("one\n</think>\ntwo\n</think>\nb", "\nb"),
        ("x = '</think>' + y", "x = '</think>' + y"),
        ("def f():\n    '''<think> is kept'''", "def f():\n    '''<think> is kept'''"),
        ("<think></think>", ""),
        (
            "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final"
            "<|message|>b<|return|>",
            "b",
        ),
        ("<|channel|>final <|constrain|>json<|message|>b", "b"),
    ],
)
def test_what_is_left(reply: str, text: str) -> None:
    spoken = without_reasoning(reply)
    assert spoken.text == text
    assert not spoken.unclosed


@pytest.mark.parametrize(
    "reply",
    ["<think>def f(): pass", "<|channel|>analysis<|message|>def f(): pass", "<think>a</thinking>"],
)
def test_reasoning_that_never_ends_is_no_answer(reply: str) -> None:
    assert without_reasoning(reply) == ("", True, True)


@pytest.mark.parametrize(
    ("piece", "left"),
    [
        ("<think>", ""),
        ("</think>", ""),
        ("</think>\n", "\n"),
        ("</think> x\t", None),
        ("<|channel|>", None),
        ("<|channel|>final<|message|>", ""),
        ("<|channel|>" + "a" * 100, None),
        (" ", None),
    ],
)
def test_a_megabyte_is_read_whole(piece: str, left: str | None) -> None:
    # Were a pattern quadratic, this would take hours: 10^12 steps.
    reply = piece * (1_000_000 // len(piece))
    assert without_reasoning(reply).text == (reply if left is None else left)
