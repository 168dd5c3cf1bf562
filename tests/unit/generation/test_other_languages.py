"""Replies in JavaScript, Java and C++: the corpus, and every published problem."""

from __future__ import annotations

import re

import pytest

from pytest_aibench.errors import UsageError
from pytest_aibench.generation.extract import MAX_REPLY, extract
from pytest_aibench.generation.languages import reader_for
from pytest_aibench.generation.syntax import parse
from pytest_aibench.models.base import Reply, ReplyForm
from pytest_aibench.problems.problem import Problem
from tests.data import data_rows
from tests.unit.generation import replies_cpp, replies_java, replies_javascript
from tests.unit.generation.replies_python import Case, fenced
from tests.work import calls, linear

CORPORA = {"javascript": replies_javascript, "java": replies_java, "cpp": replies_cpp}
ALL = [(name, case) for name, corpus in CORPORA.items() for case in corpus.CASES]


def problem_of(language: str) -> Problem:
    return Problem("p/0", CORPORA[language].PROMPT, "solve", "", language=language)


def tokens(code: str) -> list[str]:
    """The code without its layout: comments gone, white space squeezed."""
    bare = re.sub(r"/\*.*?\*/", "", code, flags=re.DOTALL)
    return re.findall(r"\w+|[^\w\s]", bare)


@pytest.mark.parametrize(("language", "case"), ALL, ids=[f"{n}: {c.name}" for n, c in ALL])
def test_nasty_replies(language: str, case: Case) -> None:
    found = extract(Reply(case.reply, ReplyForm.CHAT), problem_of(language))
    if case.code is None:
        assert found.code is None
    else:
        assert found.code is not None
        assert tokens(found.code) == tokens(case.code)
    assert found.method == case.method
    assert set(case.warnings) <= set(found.warnings)


def test_the_corpus_is_large() -> None:
    from tests.unit.generation.replies_python import CASES

    assert len(ALL) + len(CASES) >= 150


def test_a_language_that_nobody_reads_is_refused() -> None:
    with pytest.raises(UsageError, match=r"'cobol'.*known: python, javascript, java, cpp"):
        reader_for(Problem("p/0", "", "f", "", language="cobol"))


def test_a_type_of_the_prompt_comes_back_with_its_semicolon() -> None:
    prompt = "struct Pair {\n    int a, b;\n};\nint solve(Pair p) {\n"
    alone = fenced("int solve(Pair p) {\n    return p.a;\n}\n", "cpp")
    found = extract(Reply(alone, ReplyForm.CHAT), Problem("p", prompt, "solve", "", language="cpp"))
    assert tokens(found.code or "") == tokens(f"{prompt}return p.a; }}")


@pytest.mark.parametrize("language", CORPORA)
@pytest.mark.parametrize("piece", ["solve ( { \n", "solve({(", "the solve is here. ", "\ud800"])
def test_junk_costs_linear_work(language: str, piece: str) -> None:
    def work(size: int) -> int:
        text = fenced(piece * (size // len(piece)) + "\n", "")
        reply = Reply(text, ReplyForm.CHAT)
        return calls(lambda: extract(reply, problem_of(language)))

    assert linear(work, MAX_REPLY // 256)


ENTRY = {
    "js": re.compile(r"^const (\w+) = \(", re.MULTILINE),
    "java": re.compile(r"^    (?:public|private|static)[\w<>\[\], ?]* (\w+)\(", re.MULTILINE),
    "cpp": re.compile(r"^\w[\w<>:,*& ]*?[ *&](\w+) ?\(", re.MULTILINE),
}
NAMES = {"js": "javascript", "java": "java", "cpp": "cpp"}


@pytest.mark.parametrize("short", NAMES)
def test_published_solutions_are_found_whole_or_as_a_body(short: str) -> None:
    for row in data_rows(f"humaneval-x/humaneval_{short}.jsonl.gz"):
        entry = ENTRY[short].findall(row["prompt"])[-1]
        problem = Problem(row["task_id"], row["prompt"], entry, "", language=NAMES[short])
        program = row["prompt"] + row["canonical_solution"]
        for reply in (program, row["canonical_solution"]):
            found = extract(Reply(fenced(reply + "\n", short), ReplyForm.CHAT), problem)
            assert found.code is not None
            assert tokens(found.code) == tokens(program), (row["task_id"], found.method)


@pytest.mark.parametrize("short", NAMES)
def test_the_function_alone_gets_back_what_the_prompt_has(short: str) -> None:
    for row in data_rows(f"humaneval-x/humaneval_{short}.jsonl.gz"):
        entry = ENTRY[short].findall(row["prompt"])[-1]
        problem = Problem(row["task_id"], row["prompt"], entry, "", language=NAMES[short])
        start = [match.start() for match in ENTRY[short].finditer(row["prompt"])][-1]
        alone = row["prompt"][start:] + row["canonical_solution"].rstrip()
        alone = alone.removesuffix("}") if short == "java" else alone
        found = extract(Reply(fenced(alone + "\n", short), ReplyForm.CHAT), problem)
        assert found.code is not None
        program = row["prompt"] + row["canonical_solution"]
        assert sorted(tokens(found.code)) == sorted(tokens(program)), row["task_id"]
        assert parse(NAMES[short], found.code).sound == parse(NAMES[short], program).sound
