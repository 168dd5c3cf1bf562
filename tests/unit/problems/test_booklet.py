from __future__ import annotations

from pathlib import Path

import pytest

from pytest_aibench.errors import DataError
from pytest_aibench.problems import Problem
from pytest_aibench.problems.booklet import parse_booklet, read_booklet
from pytest_aibench.problems.problem import digest_of

BOOKLET = """\
# Strings

Some prose.

## T/0 `f` (easy)

```python prompt
def f(x):
```

```javascript prompt
const f = (x) => {
```

```python solution
    return x

```

Too large.

```python wrong
    return x + 1
```

```python tests
def check(candidate):
    assert candidate(1) == 1
```

## T/1 `g` (hard)

```javascript prompt
const g = (x) => {
```

```javascript solution
    return x;
}
```

```javascript tests
check(g)
```
"""


def test_blocks_become_a_problem() -> None:
    assert list(parse_booklet(BOOKLET, "python", "x")) == [
        Problem(
            id="T/0",
            prompt="def f(x):\n",
            entry_point="f",
            test="def check(candidate):\n    assert candidate(1) == 1\n",
            canonical_solution="    return x\n\n",
            wrong_solutions=("    return x + 1\n",),
            tags=("strings", "easy"),
        )
    ]


def test_a_problem_may_be_given_in_some_languages_only() -> None:
    text = BOOKLET.replace("```javascript prompt\nconst f = (x) => {\n```", "")
    (problem,) = parse_booklet(text, "javascript", "x")
    assert problem.id == "T/1"
    assert problem.language == "javascript"
    assert list(parse_booklet(BOOKLET, "java", "x")) == []


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("## T/0 `f` (easy)", "## T/0 f", "b.md, line 5: expected '## ID"),
        ("## T/0 `f`", "## T[0 `f`", "b.md, line 5: task_id 'T[0' holds '['"),
        ("`f` (easy)", "`f.g` (easy)", "b.md, line 5: entry_point 'f.g'"),
        ("```python prompt", "```python", "b.md, line 7: a block must be one of prompt"),
        ("```python prompt", "```python start", "b.md, line 7: a block must be one of prompt"),
        ("```python solution", "```python wrong", "b.md: T/0 needs one 'solution' block"),
        ("```python wrong", "```python solution", "b.md: T/0 needs one 'solution' block"),
        ("check(g)\n```\n", "check(g)\n", "b.md, line 42: the fenced block is not closed"),
        ("# Strings\n", "```python prompt\n```\n", "b.md, line 1: a block must be"),
    ],
)
def test_malformed_booklet_is_refused(old: str, new: str, reason: str) -> None:
    assert old in BOOKLET
    with pytest.raises(DataError) as caught:
        list(parse_booklet(BOOKLET.replace(old, new, 1), "python", "b.md"))
    assert str(caught.value).startswith(reason)


def test_folder_is_read_in_the_order_of_the_names(tmp_path: Path) -> None:
    second = BOOKLET.replace("T/0", "T/2").replace("T/1", "T/3")
    (tmp_path / "2.md").write_text(second)
    (tmp_path / "1.md").write_text(BOOKLET)
    (tmp_path / "notes.txt").write_text("## nothing")
    dataset = read_booklet(tmp_path, "python")
    assert [problem.id for problem in dataset.problems] == ["T/0", "T/2"]
    assert dataset.digest == digest_of(dataset.problems)


def test_digest_changes_with_the_problems_of_its_language_only(tmp_path: Path) -> None:
    path = tmp_path / "1.md"
    digests = []
    for text in (
        BOOKLET,
        BOOKLET.replace("Some prose.", "Other prose."),
        BOOKLET.replace("const g", "let g"),
        BOOKLET.replace("candidate(1) == 1", "candidate(2) == 2"),
    ):
        path.write_text(text)
        digests.append(read_booklet(tmp_path, "python").digest)
    assert digests[0] == digests[1] == digests[2]
    assert digests[3] != digests[0]


@pytest.mark.parametrize(
    ("language", "name"),
    [("python", "a_b2_c"), ("cpp", "a_b2_c"), ("javascript", "aB2C"), ("java", "aB2C")],
)
def test_entry_point_is_spelt_as_the_language_does(language: str, name: str) -> None:
    text = BOOKLET.replace("`f`", "`a_b2_c`").replace("```javascript", "```go")
    text = text.replace("```python", f"```{language}")
    assert next(parse_booklet(text, language, "b.md")).entry_point == name


def test_ids_are_unique_over_all_files(tmp_path: Path) -> None:
    (tmp_path / "1.md").write_text(BOOKLET)
    (tmp_path / "2.md").write_text(BOOKLET)
    with pytest.raises(DataError, match=r"2\.md: task_id 'T/0' is not unique"):
        read_booklet(tmp_path, "python")


def test_folder_without_problems_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no python problems"):
        read_booklet(tmp_path, "python")
