from __future__ import annotations

from pathlib import Path

import pytest

from pytest_aibench.sandbox import image
from pytest_aibench.sandbox.image import image_tag

DOCKERFILE = """\
# a remark
ARG BASE=x

FROM ${BASE} AS common
RUN first

# another
FROM common AS one
COPY one /
FROM ${BASE} AS two
RUN second
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "file").write_text("content")
    monkeypatch.setattr(image, "container_folder", lambda: tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("RUN first", "RUN other", {"common", "one"}),
        ("COPY one /", "COPY one /x", {"one"}),
        ("RUN second", "RUN third", {"two"}),
        ("# another", "# said otherwise", set()),
    ],
)
def test_tag_changes_with_its_own_stages(
    folder: Path, old: str, new: str, changed: set[str]
) -> None:
    before = {family: image_tag(family) for family in ("common", "one", "two")}
    (folder / "Dockerfile").write_text(DOCKERFILE.replace(old, new))
    assert {family for family, tag in before.items() if image_tag(family) != tag} == changed


def test_tag_changes_with_the_files_of_its_folder(folder: Path) -> None:
    one, two = image_tag("one"), image_tag("two")
    (folder / "one" / "file").write_text("other content")
    changed = image_tag("one")
    (folder / "one" / "file").rename(folder / "one" / "renamed")
    assert len({one, changed, image_tag("one")}) == 3
    assert image_tag("two") == two


def test_tag_names_the_family(folder: Path) -> None:
    assert image_tag("one").startswith("aibench-sandbox-one:")
