from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_aibench.generation.detect import CERTAIN, detect, language_of_tag
from pytest_aibench.generation.extract import extract
from pytest_aibench.models.base import Reply, ReplyForm
from pytest_aibench.problems.problem import LANGUAGES, Problem
from tests.data import FULL, data_rows

SHORT = {"python": "python", "cpp": "cpp", "java": "java", "js": "javascript"}
# All with AIBENCH_FULL=1, which takes 20 s.
STEP = 1 if FULL else 10

PYTHON = "def solve(a, b):\n    return a + b\n"
JAVASCRIPT = "function solve(a, b) {\n  return [a, b].map((x) => x + 1);\n}\n"
JAVA = "class Solution {\n  public static int solve(int a, int b) { return a + b; }\n}\n"
CPP = "#include <vector>\nstd::vector<int> solve(int a, int b) { return {a, b}; }\n"
CODE = {"python": PYTHON, "javascript": JAVASCRIPT, "java": JAVA, "cpp": CPP}
PROMPTS = {
    "python": "def solve(a, b):\n",
    "javascript": "const solve = (a, b) => {\n",
    "java": "class Solution {\n  public static int solve(int a, int b) {\n",
    "cpp": "#include <vector>\nstd::vector<int> solve(int a, int b) {\n",
}


def solutions() -> Iterator[tuple[str, str]]:
    """Language and text of every published solution; STEP thins them out."""
    for short, language in SHORT.items():
        for row in data_rows(f"humaneval-x/humaneval_{short}.jsonl.gz")[::STEP]:
            yield language, row["prompt"] + row["canonical_solution"]
            yield language, row["declaration"] + row["canonical_solution"]
        for row in data_rows(f"humanevalpack/humanevalpack_{short}_even.jsonl.gz")[::STEP]:
            yield language, row["declaration"] + row["buggy_solution"]
    for row in data_rows("humaneval/HumanEval.jsonl.gz")[::STEP]:
        yield "python", row["prompt"] + row["canonical_solution"]
    for row in data_rows("mbpp/mbpp.jsonl.gz")[::STEP]:
        yield "python", row["code"]


def test_published_solutions_are_told_by_their_language() -> None:
    guesses = [(language, detect(code)) for language, code in solutions()]
    assert [(language, guess) for language, guess in guesses if guess.language != language] == []
    # Of all 2,778, a Python text that is broken and 7 C++ texts that a grammar does not know.
    uncertain = [language for language, guess in guesses if guess.confidence < CERTAIN]
    assert len(uncertain) <= (8 if STEP == 1 else 3)


def test_no_damaged_solution_is_certainly_of_another_language() -> None:
    dice = random.Random(1)
    told = 0
    for language, code in solutions():
        cut = code[: dice.randrange(1, len(code))]
        for damaged in (cut, cut + "`", code.replace(dice.choice("(){}:"), "", 1)):
            guess = detect(damaged)
            assert guess.language == language or guess.confidence < CERTAIN, (language, damaged)
            told += guess.language == language
    assert told > 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_code_is_told_without_a_fence(language: str) -> None:
    assert (detect(CODE[language]).language, detect(CODE[language]).confidence) == (language, 1.0)


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("function add(a, b) {\n  let c = a + b;\n  return c;\n}\n", "javascript"),
        ("function<int(int)> f(int a) { return [=](int b) { return a + b; }; }", "cpp"),
        ("class A { int f() { var x = new ArrayList<Integer>(); return x.size(); } }", "java"),
    ],
)
def test_words_that_grammars_take_for_types(code: str, language: str) -> None:
    assert (detect(code).language, detect(code).confidence) == (language, CERTAIN)


@pytest.mark.parametrize(
    "text",
    [
        *("", "Sure", "Note: this", "https://example.org/x", "x = 5", "x = 5;", "{}", "a(b);"),
        *("return a + b;", "int x;", "Hello world;", "int f(int a) { return a; }", '{"a": 1}'),
    ],
)
def test_what_defines_nothing_or_fits_two_grammars_is_a_guess(text: str) -> None:
    assert detect(text).confidence < CERTAIN


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="{}=>();:def class\n\ud800ä\x00`", max_size=200))
def test_any_text_has_a_guess(text: str) -> None:
    guess = detect(text)
    assert guess.language in LANGUAGES
    assert 0.0 <= guess.confidence <= CERTAIN


@pytest.mark.parametrize(
    ("tag", "language"),
    [("js", "javascript"), ("c++", "cpp"), ("ts", "typescript"), ("py", "python"), ("", "")]
    + [(tag, "") for tag in ("bash", "json", "text", "output", "code")],
)
def test_languages_of_tags(tag: str, language: str) -> None:
    assert language_of_tag(tag) == language


def told(reply: str, wanted: str) -> tuple[str, str]:
    problem = Problem("p/0", PROMPTS[wanted], "solve", "", language=wanted)
    found = extract(Reply(reply, ReplyForm.CHAT), problem)
    assert bool(found.language) == (found.method == "other_language")
    assert found.code is None or not found.language
    return found.language, found.method


@pytest.mark.parametrize("wanted", LANGUAGES)
@pytest.mark.parametrize("written", LANGUAGES)
@pytest.mark.parametrize("fence", ["```{}\n", "```\n", "```WANTED\n", ""])
def test_a_reply_in_another_language_is_told(wanted: str, written: str, fence: str) -> None:
    opening = fence.replace("WANTED", wanted).format(written)
    reply = opening + CODE[written] + ("```\n" if fence else "")
    language, _ = told(reply, wanted)
    assert language == ("" if written == wanted else written)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("```go\nfunc solve(a int) {}\n```\n```bash\ngo run x\n```", ("go", "other_language")),
        ("```bash\npip install x\n```", ("", "none")),
        ("```json\n{}\n```", ("", "none")),
        ("I cannot: sorry.", ("", "none")),
        ("```c\nint x;\n```\n```python\ndef solve(a, b:\n```", ("", "named")),
        ("```js\nx\n```\n```\n" + PYTHON + "```", ("", "entry_point")),
        ("```\n$ solve\n```", ("", "last_block")),
    ],
)
def test_nothing_is_told_that_is_not_certain(reply: str, expected: tuple[str, str]) -> None:
    assert told(reply, "python") == expected
