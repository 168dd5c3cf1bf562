from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.problems.problem import Problem
from pytest_aibench.profiles import PROFILES, Task
from pytest_aibench.profiles.cuts import after_prompt, after_stripped_prompt, block_of

PROMPT = '\n\ndef f(x):\n    """Return x."""\n'
PROBLEM = Problem("p/0", PROMPT, "f", "")
BODY = "    return x\n"
LANGUAGES = ("python", "cpp", "java", "javascript")


def bigcode(benchmark: str) -> Task:
    return PROFILES["bigcode"].tasks[benchmark]


def finished(benchmark: str, problem: Problem, continuation: str) -> str:
    finish = bigcode(benchmark).finish
    assert finish is not None
    return finish(problem, problem.prompt + continuation)


@pytest.mark.parametrize(
    "word", ["\nclass", "\ndef", "\n#", "\n@", "\nprint", "\nif", "\n```", "<file_sep>"]
)
def test_humaneval_is_cut_at_the_first_stop_word(word: str) -> None:
    stripped = PROMPT.strip() + "\n    return x"
    assert finished("humaneval", PROBLEM, f"    return x{word} and on\nclass") == stripped
    kept = PROMPT + "    return x"
    assert finished("humaneval-unstripped", PROBLEM, f"    return x{word} and on\nclass") == kept


def test_stop_words_in_the_prompt_cut_nothing() -> None:
    problem = Problem("p/0", "import re\n\ndef g():\n    pass\n\ndef f(x):\n", "f", "")
    assert finished("humaneval", problem, BODY) == problem.prompt + BODY
    assert finished("mbpp", problem, BODY) == problem.prompt + BODY


def test_mbpp_loses_a_function_that_comes_after_a_class() -> None:
    problem = Problem("MBPP/342", '"""\nText\n"""\n', "f", "")
    assert finished("mbpp", problem, "x = 1\nclass A:\n    pass\ndef f(): pass") == (
        '"""\nText\n"""\nx = 1'
    )


@pytest.mark.parametrize(
    ("continuation", "kept"),
    [
        ("\n    return x\n\n\nx = f(1)\n", "\n    return x\n\n"),
        ("\n    return x\n\n# say\n    y", "\n    return x\n"),
        ("\n    return x\n)", "\n    return x"),
        ("\n\treturn x", "\n\treturn x"),
        ("\n    return x<|endoftext|>y", "\n    return x"),
    ],
)
def test_python_of_humanevalpack_ends_at_the_margin(continuation: str, kept: str) -> None:
    stop = bigcode("humanevalpack-fix-python").stop
    assert block_of(continuation, language="python", stop=stop) == kept


@pytest.mark.parametrize(
    ("language", "continuation", "kept"),
    [
        ("cpp", " if (x) { y; } }\nint main() {}", " if (x) { y; } }"),
        ("javascript", "return '}'; }", "return '}"),  # braces in texts count, as there
        ("cpp", " while (x) { y; } z", " while (x) { y; }"),
        ("cpp", " no brace", " no brace"),
        ("java", " x; } }\nclass B {}", " x; } }"),
        ("java", " x; }\n public static void main(", " x; }\n }"),
        ("java", " if (y) { x; ", " if (y) { x; \n}"),
        ("java", " x; } z", " x; }"),
    ],
)
def test_braces_of_humanevalpack(language: str, continuation: str, kept: str) -> None:
    assert block_of(continuation, language=language, stop=()) == kept


def test_the_solutions_of_a_stripped_prompt_are_those_of_the_prompt() -> None:
    assert finished("humaneval", PROBLEM, BODY) == (PROMPT + BODY).lstrip()
    assert finished("humanevalpack-fix-python", PROBLEM, BODY) == (PROMPT + BODY).rstrip()


@given(st.text("x \n{}#\"'", max_size=60), st.sampled_from(LANGUAGES))
def test_cutting_again_changes_nothing(text: str, language: str) -> None:
    stop = ("\n#",)
    once = block_of(text, language=language, stop=stop)
    if language != "java":  # which may be closed once more
        assert block_of(once, language=language, stop=stop) == once
    for way in (after_prompt, after_stripped_prompt):
        candidate = way(PROBLEM, PROMPT + text, cut=lambda kept: kept.partition("#")[0])
        assert candidate.startswith(PROMPT.strip() if way is after_stripped_prompt else PROMPT)
        assert "#" not in candidate
