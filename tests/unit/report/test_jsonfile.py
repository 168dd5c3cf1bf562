from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.report.jsonfile import to_json, write_json

CONTENT = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text() | st.sampled_from(["n", "c"]), inner, max_size=3)
    ),
)


@given(st.dictionaries(st.text(), CONTENT, max_size=3))
def test_the_layout_changes_no_value(content: dict[str, object]) -> None:
    assert json.loads(to_json(content)) == content


def test_counts_take_one_line_each() -> None:
    content = {"problems": {"p": {"n": 20, "c": 12}, 'odd "n": 1': {"n": 1, "c": 0}}}
    assert '    "p": {"n": 20, "c": 12},\n' in to_json(content)
    assert json.loads(to_json(content)) == content


def test_a_failed_write_leaves_the_old_file_and_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "summary.json"
    write_json(path, {"old": 1})
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(path, {"new": float("nan")})
    assert json.loads(path.read_text()) == {"old": 1}
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_in_the_way_is_an_error_and_leaves_no_draft(tmp_path: Path) -> None:
    (tmp_path / "summary.json").mkdir()
    with pytest.raises(OSError, match="summary"):
        write_json(tmp_path / "summary.json", {})
    assert [path.name for path in tmp_path.iterdir()] == ["summary.json"]
