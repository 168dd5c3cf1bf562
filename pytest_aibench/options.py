"""The options: flag, ini twin, environment, and which of these holds.

Precedence: command line over environment over suite over ini file over default.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from pytest_aibench.errors import UsageError
from pytest_aibench.option_values import (
    any_int,
    fraction,
    host_url,
    one_of,
    parse_pass_at,
    positive_int,
    probability,
    seconds,
    temperature,
    utf8_text,
)

if TYPE_CHECKING:
    from pytest_aibench.suites import Suite

__all__ = [
    "BY_NAME",
    "OPTIONS",
    "Option",
    "add_options",
    "lookup",
    "path_of",
    "register",
    "suite_of",
]


def add_options(parser: pytest.Parser) -> None:
    """Register every option and its ini twin."""
    group = parser.getgroup("aibench", "language model benchmarks (pytest-aibench)")
    register(parser, group, OPTIONS)
    group.addoption(
        "--gate", action="append", default=[], metavar="RULE",
        help="Bound that the run has to hold, such as humaneval:pass@1>=0.40; repeatable",
    )  # fmt: skip
    parser.addini("aibench_gate", "Bounds that a run has to hold (same as --gate)", "linelist", [])
    group.addoption(
        "--allow-mismatch", action="append", default=[], metavar="FIELD",
        help="Compare although FIELD differs from the baseline's, or the run is partial; "
        "repeatable",
    )  # fmt: skip
    group.addoption(
        "--preflight", action="store_false", default=False, dest="no_preflight",
        help="Run reference solutions before the first sample, and keep problems whose own does "
        "not pass out of the scores (default)",
    )  # fmt: skip
    group.addoption(
        "--no-preflight", action="store_true", default=False, dest="no_preflight",
        help="Do not, and count every problem, as reference harnesses do",
    )  # fmt: skip
    group.addoption(
        "--no-cache", action="store_true", default=False,
        help="Ask the model for every sample, also where a reply of an earlier run is stored",
    )  # fmt: skip
    group.addoption(
        "--strict-samples", action="store_true", default=False,
        help="Report unsolved samples as failures: they stop -x, fill --lf and fail the run",
    )  # fmt: skip


def register(parser: pytest.Parser, group: pytest.OptionGroup, options: Iterable[Option]) -> None:
    """Add each option to `group`, and its ini twin to `parser`."""
    for option in options:
        group.addoption(
            option.flag, dest=option.dest, default=None, metavar=option.metavar,
            type=option.parse, help=option.help, action="append" if option.repeatable else "store",
        )  # fmt: skip
        if option.ini:
            kind: Any = "linelist" if option.repeatable else None
            parser.addini(option.ini, f"{option.help} (same as {option.flag})", kind, default=None)


class Option(NamedTuple):
    """One option: flag, parser of its text, and where else its value may come from."""

    flag: str
    metavar: str
    parse: Callable[[str], Any]
    help: str
    ini: str | None = None
    env: str | None = None
    default: Any = None
    repeatable: bool = False

    @property
    def dest(self) -> str:
        return self.flag.lstrip("-").replace("-", "_")


# The names of `profiles.PROFILES`, which take longer to import than a session without benchmarks.
_PROFILES = ("aibench", "bigcode", "human-eval", "evalplus", "multipl-e")

OPTIONS = (
    Option("--model", "PROVIDER/NAME", str,
           "Model to measure: ollama/NAME (or just NAME), openai/NAME, replay/FILE, reference",
           ini="aibench_model"),
    Option("--base-url", "URL", str, "Address of the model's server", ini="aibench_base_url"),
    Option("--n-samples", "N", positive_int, "Samples of each problem (default: 1)",
           ini="aibench_n_samples", default=1),
    Option("--temperature", "T", temperature, "Sampling temperature; not sent unless given",
           ini="aibench_temperature"),
    Option("--top-p", "P", probability, "Nucleus sampling; not sent unless given",
           ini="aibench_top_p"),
    Option("--top-k", "K", positive_int, "Sample among the K likeliest tokens; not sent unless "
           "given", ini="aibench_top_k"),
    Option("--max-tokens", "N", positive_int, "Longest reply in tokens; not sent unless given",
           ini="aibench_max_tokens"),
    Option("--seed", "N", any_int, "Seed of the run; every sample derives its own from it",
           ini="aibench_seed"),
    Option("--prompt-mode", "MODE", one_of("auto", "chat", "completion"),
           "Put problems as chat messages or as text to continue (default: auto, as the server "
           "says of its model)", ini="aibench_prompt_mode", default="auto"),
    Option("--system-prompt", "TEXT", utf8_text, "System message of every chat request",
           ini="aibench_system_prompt"),
    Option("--prompt-template", "FILE", str, "Jinja2 template of the prompt, in place of ours",
           ini="aibench_prompt_template"),
    Option("--concurrency", "N", positive_int, "Requests in flight (default: 8)",
           ini="aibench_concurrency", default=8),
    Option("--samples-per-request", "N", positive_int, "Ask for N samples of a problem at once "
           "(OpenAI's n) where the server can; default: 1", ini="aibench_samples_per_request",
           default=1),
    Option("--max-tokens-total", "N", positive_int,
           "Ask no more once N tokens (in and out) are used; the run ends with exit code 12"),
    Option("--max-time", "TIME", seconds,
           "Ask no more after TIME (90s, 15m, 2h); the run ends with exit code 12"),
    Option("--pass-at", "K,...", parse_pass_at,
           "Report Pass@K for these K (default: those of 1,10,100 that are <= N)",
           ini="aibench_pass_at"),
    Option("--limit", "N", positive_int, "Only the first N problems of each benchmark",
           ini="aibench_limit"),
    Option("--profile", "NAME", one_of(*_PROFILES), "Ask, cut, compose, limit and count as this "
           f"harness does: {', '.join(_PROFILES)} (default: aibench)",
           ini="aibench_profile", default="aibench"),
    Option("--problems", "FILE", str, "Problem file (.jsonl or .jsonl.gz) for "
           "benchmarks/test_problems.py"),
    Option("--suite", "NAME", str, "Benchmarks and options under one name: quick, standard, full, "
           "languages, or one of your own"),
    Option("--suites", "FILE", str, "TOML file with suites of your own", ini="aibench_suites"),
    Option("--isolation", "HOW", one_of("warm", "uid", "container"),
           "Containers: 'warm' (default: reused, wiped and verified after a sample), 'uid' "
           "(the same, every sample under a user id of its own), 'container' (one a sample, slow)",
           ini="aibench_isolation", default="warm"),
    Option("--sandbox-host", "URL", host_url, "Docker host to run programs on, in place of "
           "DOCKER_HOST's: unix:///SOCKET, ssh://USER@BOX or tcp://BOX:PORT; repeatable, workers "
           "spread over them", ini="aibench_sandbox_hosts", default=(), repeatable=True),
    Option("--baseline", "FILE", str, "Compare with the summary of an earlier run, and fail the "
           "gate where this one is worse", ini="aibench_baseline"),
    Option("--max-drop", "D", fraction,
           "Drop of pass@1 that is tolerated even if significant (default: 0.02)",
           ini="aibench_max_drop", default=0.02),
    Option("--alpha", "A", probability, "Rate of false alarms to accept (default: 0.05)",
           ini="aibench_alpha", default=0.05),
    Option("--max-error-rate", "R", fraction,
           "Share of samples that may go unmeasured (default: 0)",
           ini="aibench_max_error_rate", default=0.0),
    Option("--lm-eval-output", "DIR", str, "Write the scores in the shape of lm-eval's results"),
    Option("--aibench-report", "FILE", str, "Write the summary to FILE (JSON) and one record per "
           "sample beside it (FILE with .samples.jsonl)"),
    Option("--aibench-data", "DIR", str, "Folder with public data sets",
           ini="aibench_data", env="AIBENCH_DATA"),
    Option("--aibench-cache", "DIR", str, "Folder for downloads and the records of runs",
           ini="aibench_cache", env="AIBENCH_CACHE"),
)  # fmt: skip

BY_NAME = {option.dest: option for option in OPTIONS}


def suite_of(config: pytest.Config) -> Suite | None:
    """The suite that the user named. Raises `UsageError` where there is none of that name."""
    name = config.getoption("suite")
    if not name:
        return None
    from pytest_aibench.suites import load_suite

    own = config.getoption("suites") or config.getini("aibench_suites")
    return load_suite(name, path_of(own) if own else None)


def lookup(config: pytest.Config, option: Option, suite: Suite | None = None) -> Any:
    """The value of `option`, wherever it was given. Raises `UsageError` where it is wrong."""
    given = config.getoption(option.dest)
    if given is not None:
        return tuple(given) if option.repeatable else given
    if option.env and os.environ.get(option.env):
        return _parse(option, os.environ[option.env], f"environment variable {option.env}")
    if suite is not None and option.dest in suite.options:
        return _parse(option, suite.options[option.dest], f"suite {suite.name}, {option.dest}")
    text = config.getini(option.ini) if option.ini else None
    if text:
        text = " ".join(text) if option.repeatable else text
        return _parse(option, str(text), f"ini option {option.ini}")
    return option.default


def path_of(text: str | None) -> Path | None:
    """The absolute path that `text` names."""
    # Options stay text until here: xdist sends them to its workers, and cannot send a Path.
    return Path(text).expanduser().absolute() if text else None


def _parse(option: Option, text: str, where: str) -> Any:
    try:
        if option.repeatable:
            return tuple(map(option.parse, text.replace(",", " ").split()))
        return option.parse(text)
    except (argparse.ArgumentTypeError, ValueError) as error:
        raise UsageError(f"{where}: {error}") from error
