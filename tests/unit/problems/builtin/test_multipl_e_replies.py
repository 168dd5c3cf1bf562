"""What models answer to MultiPL-E's prompts becomes the program that its harness would run."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_aibench.generation.extract import extract
from pytest_aibench.generation.syntax import parse
from pytest_aibench.models.base import Reply, ReplyForm
from pytest_aibench.problems import Dataset, DataSource, Problem, get_benchmark
from tests.unit.generation.replies_python import fenced

LANGUAGES = {"cpp": "cpp", "java": "java", "js": "javascript"}
BODY = {
    "cpp": "    if (true) {\n        return {};\n    }\n    return {};",
    "java": "        if (true) {\n            return null;\n        }\n        return null;",
    "js": "    if (true) {\n        return {};\n    }\n    return null;",
}
END = {"cpp": "\n}\n", "java": "\n    }\n", "js": "\n}\n"}  # of the function
USAGE = {
    "cpp": "int main() { return 0; }\n",
    "java": "    public static void main(String[] args) { System.exit(0); }\n",
    "js": "console.log(1);\n",
}


@pytest.fixture(params=LANGUAGES)
def short(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def dataset(short: str, data_dir: Path, tmp_path: Path) -> Dataset:
    source = DataSource(data_dir, tmp_path, allow_download=False)
    return get_benchmark(f"multipl-e-{short}").load(source)


def program(short: str, problem: Problem, reply: Reply) -> str:
    """The program that is executed for `reply`, solution and tests."""
    found = extract(reply, problem)
    assert found.code is not None
    solution, tests = get_benchmark(f"multipl-e-{short}").compose(problem, found.code, True)
    return f"{solution}\n{tests}"


def reference(short: str, problem: Problem) -> str:
    """What MultiPL-E runs for a completion that was cut at the stop word."""
    end = END["js"] if short == "js" else ""
    return f"{problem.prompt}{BODY[short]}{end}\n{problem.test}"


def replies(short: str, prompt: str) -> dict[str, Reply]:
    """The same solution in every form in which models give it."""
    body, end = BODY[short], END[short]
    closing = "}\n" if short == "java" else ""
    cut = body + (end if short == "js" else "")
    texts = {
        "whole": fenced(prompt + body + end + closing, short),
        "whole, with usage": fenced(prompt + body + end + USAGE[short] + closing, short),
        "whole, without a fence": prompt + body + end + closing,
        "class not closed": fenced(prompt + body + end, short),
        "cut like a completion": fenced(prompt + cut + "\n", short),
        "body": fenced(body + "\n", short),
        "body and all that closes": fenced(body + end + closing, short),
        "public class": fenced(
            prompt.replace("class Problem", "public class Problem") + body + end + closing, short
        ),
    }
    chats = {name: Reply(text, ReplyForm.CHAT) for name, text in texts.items()}
    return {"completion": Reply(cut, ReplyForm.COMPLETION), **chats}


def test_every_form_of_a_solution_is_the_references_program(dataset: Dataset, short: str) -> None:
    for number, problem in enumerate(dataset.problems):
        expected = tokens(reference(short, problem))
        forms = list(replies(short, problem.prompt).items())
        # Two forms a problem: each is tried on some thirty.
        for name, reply in (forms[number % len(forms)], forms[(number + 4) % len(forms)]):
            assert tokens(program(short, problem, reply)) == expected, (problem.id, name)


def test_the_function_alone_gets_back_what_the_prompt_has(dataset: Dataset, short: str) -> None:
    for problem in dataset.problems:
        head = problem.prompt.rstrip("\n").rpartition("\n")[2]
        alone = Reply(fenced(f"{head}\n{BODY[short]}{END[short]}", short), ReplyForm.CHAT)
        made, wanted = program(short, problem, alone), reference(short, problem)
        assert not lost(wanted, made, short), problem.id
        assert is_sound(short, made) == is_sound(short, wanted), problem.id


def tokens(code: str) -> str:
    return "".join(code.split())


def lost(wanted: str, made: str, short: str) -> set[str]:
    """Lines of `wanted` that `made` has not; comments may be lost."""
    lines = {line.strip() for line in wanted.splitlines()}
    code = {line for line in lines if line and not line.startswith(("//", "*", "/*"))}
    return {line for line in code if tokens(line) not in tokens(made)}


def is_sound(short: str, code: str) -> bool:
    return parse(LANGUAGES[short], code).sound
