from __future__ import annotations

import time

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
    "piece",
    ["<think>", "</think>", "</think>\n", "<|channel|>", "<|channel|>final<|message|>", " "],
)
def test_the_time_is_linear(piece: str) -> None:
    began = time.process_time()
    without_reasoning(piece * (1_000_000 // len(piece)))
    assert time.process_time() - began < 1.0
