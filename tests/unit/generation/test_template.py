from __future__ import annotations

from pathlib import Path

import pytest

from pytest_aibench.errors import UsageError
from pytest_aibench.generation.prompts import PromptMode, build_request
from pytest_aibench.generation.template import PromptTemplate
from pytest_aibench.models.base import Sampling
from pytest_aibench.problems.problem import Problem

PROBLEM = Problem("p/0", "int f(<b>) {\n", "f", "", language="cpp", context="Fix it. ")


def template(folder: Path, text: str) -> PromptTemplate:
    path = folder / "prompt.j2"
    path.write_text(text, encoding="utf-8")
    return PromptTemplate(path)


@pytest.mark.parametrize("mode", PromptMode)
def test_the_template_makes_the_prompt_in_either_mode(tmp_path: Path, mode: PromptMode) -> None:
    head = "{{ context }}{{ id }} {{ entry_point }} {{ language }} {{ language_name }} é\n"
    own = template(tmp_path, head + "{{ prompt }}")
    request = build_request("b", PROBLEM, 0, Sampling(), mode=mode, template=own)
    assert request.prompt == "Fix it. p/0 f cpp C++ é\nint f(<b>) {\n"
    assert request.chat is (mode is PromptMode.CHAT)


def test_samples_share_the_text(tmp_path: Path) -> None:
    own = template(tmp_path, "{{ prompt }}")
    assert own.render(PROBLEM) is own.render(PROBLEM)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a\n{% if %}", r"prompt\.j2:2: TemplateSyntaxError"),
        ("{{ promt }}", "'promt' is undefined.*may use prompt"),
        ("{{ prompt.__class__.__mro__ }}", "SecurityError"),
        ("{{ 1 / 0 }}", "ZeroDivisionError on p/0"),
    ],
)
def test_what_is_wrong_with_a_template_and_where(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        template(tmp_path, text).render(PROBLEM)


def test_a_template_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"absent\.j2: cannot be read"):
        PromptTemplate(tmp_path / "absent.j2")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="cannot be read"):
        PromptTemplate(tmp_path / "binary")
