from __future__ import annotations

import ast
from pathlib import Path

from pytest_aibench.sandbox import box, files
from pytest_aibench.sandbox.image import image_tag
from pytest_aibench.sandbox.languages import LANGUAGES


def test_supervisor_is_complete() -> None:
    modules = files.supervisor_modules()
    assert {"supervisor", "supervisor.main", "supervisor.languages.python"} <= set(modules)
    for name, source in {**modules, "boot": files.boot_source()}.items():
        ast.parse(source, name)


def test_supervisor_needs_only_the_standard_library_and_itself() -> None:
    import sys

    for name, source in files.supervisor_modules().items():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                imported = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                imported = [node.module or ""]
            else:
                continue
            roots = {module.split(".")[0] for module in imported}
            assert roots <= sys.stdlib_module_names | {"supervisor"}, name


def test_every_language_has_a_runner() -> None:
    from supervisor.languages import RUNNERS

    assert set(LANGUAGES) <= set(RUNNERS)


def test_client_waits_as_long_as_the_supervisor_may_take() -> None:
    from supervisor.sample import LONGEST_WALL_FACTOR

    assert box._WALL_FACTOR == LONGEST_WALL_FACTOR


def test_image_is_named_by_its_content(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    before = image_tag("python")
    (tmp_path / "Dockerfile").write_bytes(b"FROM scratch\n")
    monkeypatch.setattr("pytest_aibench.sandbox.image.container_folder", lambda: tmp_path)
    assert image_tag("python") != before
    assert before.startswith("aibench-sandbox-python:")
