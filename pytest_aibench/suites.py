"""`--suite NAME`: benchmarks and options under one name, defined in a TOML file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_aibench.errors import UsageError

__all__ = ["SETTABLE", "Suite", "load_suite"]

SETTABLE = (
    "limit", "max_tokens", "n_samples", "pass_at", "profile", "prompt_mode", "sandbox_host",
    "seed", "temperature", "top_k", "top_p",
)  # fmt: skip
"""Options that a suite may set."""


@dataclass(frozen=True, slots=True)
class Suite:
    """One suite: test files (or node ids) as absolute paths, and the text of options it sets."""

    name: str
    tests: tuple[str, ...]
    options: dict[str, str]


def load_suite(name: str, own_file: Path | None) -> Suite:
    """The suite of that name; the user's own file comes before the shipped one.

    Raises:
        UsageError: there is no such suite, or a file is wrong; with file and reason.
    """
    files = [file for file in (own_file, _shipped()) if file is not None]
    known: dict[str, Any] = {}
    for file in files:
        tables = _read(file)
        if name in tables:
            return _suite(name, tables[name], file)
        known |= tables
    about = "; ".join(f"{n}: {table.get('about', '')}" for n, table in known.items())
    raise UsageError(f"--suite {name}: there is no such suite ({about})")


def _text(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _shipped() -> Path:
    package = Path(__file__).parent
    # An installed wheel holds the benchmarks; a checkout has them beside the package.
    installed = package / "benchmarks" / "suites.toml"
    return installed if installed.is_file() else package.parent / "benchmarks" / "suites.toml"


def _read(file: Path) -> dict[str, Any]:
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"suites file {file}: {error}") from error
    wrong = [name for name, table in tables.items() if not isinstance(table, dict)]
    if wrong:
        raise UsageError(f"suites file {file}: {wrong[0]!r} is no table; write [{wrong[0]}]")
    return tables


def _suite(name: str, table: dict[str, Any], file: Path) -> Suite:
    where = f"suites file {file}, [{name}]"
    tests = table.get("benchmarks")
    if not isinstance(tests, list) or not tests or not all(isinstance(t, str) for t in tests):
        raise UsageError(f"{where}: 'benchmarks' must be a list of test files")
    options = {k: v for k, v in table.items() if k not in ("about", "benchmarks")}
    unknown = sorted(set(options) - set(SETTABLE))
    if unknown:
        raise UsageError(f"{where}: {unknown[0]!r} is none of {', '.join(SETTABLE)}")
    for test in tests:
        path = file.parent / test.partition("::")[0]
        if not path.exists():
            raise UsageError(f"{where}: there is no file {path}")
    return Suite(
        name,
        tuple(str(file.parent / test) for test in tests),
        {key: _text(value) for key, value in options.items()},
    )
