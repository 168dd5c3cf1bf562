"""The Docker hosts of a run in its reports."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from pytest_aibench.commands.baseline import reviewable
from pytest_aibench.errors import DataError
from pytest_aibench.report.html import write_page
from pytest_aibench.report.jsonfile import to_json
from pytest_aibench.report.load import parse_summary
from pytest_aibench.scoring.summary import Summary
from tests.unit.report.golden_run import AFTER

SCHEMA = Path(__file__).parents[3] / "docs" / "schema" / "summary-1.0.json"
BOX = {"host": "ssh://ann@box", "cores": 8, "engine": "28.0", "dropped": "it does not <answer>"}
SPREAD: Summary = replace(AFTER, run=replace(AFTER.run, hosts=(BOX,)))


def test_they_are_written_and_read() -> None:
    content = SPREAD.to_dict()
    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(content)
    assert parse_summary(to_json(content), "x").run.hosts == (BOX,)


def test_they_decide_nothing_and_are_in_no_baseline() -> None:
    assert reviewable(SPREAD) == reviewable(AFTER)


def test_malformed_ones_are_refused() -> None:
    content = SPREAD.to_dict()
    content["run"]["hosts"] = ["box"]
    with pytest.raises(DataError, match=r"run\.hosts"):
        parse_summary(json.dumps(content), "x")


def test_the_page_names_them(tmp_path: Path) -> None:
    write_page(tmp_path / "run.html", SPREAD)
    page = (tmp_path / "run.html").read_text()
    assert "host ssh://ann@box, cores 8, engine 28.0, dropped it does not &lt;answer&gt;" in page
