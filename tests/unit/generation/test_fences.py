from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.generation.fences import Block, code_blocks, loose_blocks, outer_span
from tests.work import calls, linear


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("none", []),
        ("```python\na\n```", [Block("a\n", "python", True)]),
        ("```Python title=x\na\n```\n", [Block("a\n", "python", True)]),
        ("```{.python}\na\n```\n", [Block("a\n", "python", True)]),
        ("``` c++\na\n```\n", [Block("a\n", "c++", True)]),
        ("```python:main.py\na\n```", [Block("a\n", "python", True)]),
        ("```\na\n```", [Block("a\n", "", True)]),
        ("~~~js\na\n~~~", [Block("a\n", "js", True)]),
        ("````\n```\na\n```\n````", [Block("```\na\n```\n", "", True)]),
        ("```py\na", [Block("a", "py", False)]),
        ("```py\na\n", [Block("a\n", "py", False)]),
        ("```py", [Block("", "py", False)]),
        ("```py\na\n``", [Block("a\n``", "py", False)]),
        ("```py\na\n~~~", [Block("a\n~~~", "py", False)]),
        ("```py\na\n``` \ntext\n```\nb\n```", [Block("a\n", "py", True), Block("b\n", "", True)]),
        ("1. step\n\n   ```py\n   a\n     b\n   ```\n", [Block("a\n  b\n", "py", True)]),
        ("- step\n  ```py\n  a\n  ```\n", [Block("a\n", "py", True)]),
        ("> ```py\n> a\n> ```\n", [Block("a\n", "py", True)]),
        ("  ```py\n  a\n  ```\n", [Block("a\n", "py", True)]),
        ("<details>\n```py\na\n```\n</details>", [Block("a\n", "py", True)]),
        ("text\r\n```py\r\na\r\n```\r\n", [Block("a\n", "py", True)]),
        ("Title\n---\n```py\na\n```", [Block("a\n", "py", True)]),
        ("inline ```py\na\n``` text", [Block("", "text", False)]),
        ("```a`b\nc\n```\nd", [Block("d", "", False)]),
    ],
)
def test_blocks(text: str, blocks: list[Block]) -> None:
    assert code_blocks(text) == blocks


def test_what_lies_between_the_outermost_fences() -> None:
    text = "A\n```py\ndef f():\n    '''\n```\nx\n```\n    '''\n```\nB"
    assert outer_span(text) == "def f():\n    '''\n```\nx\n```\n    '''\n"
    assert outer_span("```\na\n```") is None


def test_fences_within_a_line() -> None:
    assert loose_blocks("Here: ```Py\na\n``` and ```b``` or ```") == [
        Block("a\n", "py", True),
        Block("b", "", True),
    ]
    assert loose_blocks("none") == []


@given(st.text(alphabet="`~ \n\r\tpy>-1.#<*é\x0b\x0c\u2028\x85", max_size=80))
def test_any_text_has_blocks(text: str) -> None:
    for block in code_blocks(text):
        assert block.tag == block.tag.lower()
    outer_span(text)
    loose_blocks(text)


@pytest.mark.parametrize(
    "piece",
    ["```\n", "```py\na\n```\n", "> ", "- ", "1. ", "`", "~~~\n", "[a]: b\n", "<a", "> ```\n",
     "- - \n", "*\n", "\t", "a\n", "```a\n~~~\n"],
)  # fmt: skip
def test_the_work_is_linear(piece: str) -> None:
    def work(size: int) -> int:
        text = piece * (size // len(piece))
        return calls(lambda: (code_blocks(text), outer_span(text), loose_blocks(text)))

    assert linear(work, 5_000)
