"""Command line, environment and ini -> one frozen `Settings`.

Precedence: command line over environment over suite over ini file over default.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from pytest_aibench.errors import UsageError
from pytest_aibench.models.base import Sampling
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
)
from pytest_aibench.profiles import PROFILES, Profile, get_profile

if TYPE_CHECKING:
    from pytest_aibench.suites import Suite

__all__ = ["DEFAULT_PASS_AT", "Settings", "add_options"]

DEFAULT_PASS_AT = (1, 10, 100)


@dataclass(frozen=True, slots=True)
class Asking:
    """How a model's server is asked. `max_time` in seconds; None is no limit."""

    prompt_mode: str
    system_prompt: str | None
    prompt_template: Path | None
    concurrency: int
    samples_per_request: int
    store: bool
    max_tokens_total: int | None
    max_time: float | None


@dataclass(frozen=True, slots=True)
class Demands:
    """What the gate is told, as text and numbers; `session.gating` makes a policy of it."""

    rules: tuple[str, ...]
    baseline: Path | None
    max_drop: float
    alpha: float
    max_error_rate: float
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the user chose, parsed and checked.

    `pass_at` holds the k to report; k above `n_samples` are dropped where they come from the
    default and refused where the user asked for them.
    """

    model: str | None
    base_url: str | None
    n_samples: int
    sampling: Sampling
    pass_at: tuple[int, ...]
    limit: int | None
    problems_file: Path | None
    data_dir: Path | None
    cache_dir: Path
    report_file: Path | None
    lm_eval_output: Path | None
    strict_samples: bool
    isolation: str
    sandbox_hosts: tuple[str, ...]
    preflight: bool
    generation: Asking
    gate: Demands
    suite: Suite | None
    profile: Profile

    @classmethod
    def from_config(cls, config: pytest.Config) -> Settings:
        """Raises `UsageError` naming the option that is wrong."""

        suite = suite_of(config)
        profile = get_profile(lookup(config, _BY_NAME["profile"], suite))

        def get(name: str) -> Any:
            option = _BY_NAME[name]
            default = profile.defaults.get(name, option.default)
            return lookup(config, option._replace(default=default), suite)

        profile.allow(get("prompt_mode"), "--prompt-mode {}")
        n_samples = get("n_samples")
        return cls(
            model=get("model"),
            base_url=get("base_url"),
            n_samples=n_samples,
            sampling=Sampling(
                temperature=get("temperature"),
                top_p=get("top_p"),
                top_k=get("top_k"),
                max_tokens=get("max_tokens"),
                seed=get("seed"),
            ),
            pass_at=choose_pass_at(get("pass_at"), n_samples),
            limit=get("limit"),
            problems_file=_path(get("problems")),
            data_dir=_path(get("aibench_data")),
            cache_dir=_path(get("aibench_cache")) or default_cache_dir(),
            report_file=_path(get("aibench_report")),
            lm_eval_output=_path(get("lm_eval_output")),
            strict_samples=bool(config.getoption("strict_samples")),
            isolation=get("isolation"),
            sandbox_hosts=get("sandbox_host"),
            preflight=not (config.getoption("no_preflight") or profile.trusting),
            generation=Asking(
                prompt_mode=get("prompt_mode"),
                system_prompt=get("system_prompt"),
                prompt_template=_path(get("prompt_template")),
                concurrency=get("concurrency"),
                samples_per_request=get("samples_per_request"),
                store=not config.getoption("no_cache"),
                max_tokens_total=get("max_tokens_total"),
                max_time=get("max_time"),
            ),
            suite=suite,
            profile=profile,
            gate=Demands(
                rules=tuple(config.getoption("gate") or config.getini("aibench_gate")),
                baseline=_path(get("baseline")),
                max_drop=get("max_drop"),
                alpha=get("alpha"),
                max_error_rate=get("max_error_rate"),
                allowed=tuple(config.getoption("allow_mismatch")),
            ),
        )

    @property
    def checks_solutions(self) -> bool:
        """Whether reference solutions run before the samples: not where they are the samples."""
        return self.preflight and (self.model or "").partition(":")[0] != "reference"

    def _template_name(self) -> str | None:
        path = self.generation.prompt_template
        return path.name if path else None

    def describe(self) -> dict[str, Any]:
        """What reports record: choices that can change a number, no paths of the machine."""
        return {
            "n_samples": self.n_samples,
            "temperature": self.sampling.temperature,
            "top_p": self.sampling.top_p,
            "top_k": self.sampling.top_k,
            "max_tokens": self.sampling.max_tokens,
            "seed": self.sampling.seed,
            "pass_at": list(self.pass_at),
            "limit": self.limit,
            "suite": self.suite.name if self.suite else None,
            "profile": self.profile.name,
            "isolation": self.isolation,
            "preflight": self.preflight,
            "samples_per_request": self.generation.samples_per_request,
            "prompt_mode": self.generation.prompt_mode,
            "system_prompt": self.generation.system_prompt,
            "prompt_template": self._template_name(),
        }


def choose_pass_at(asked: tuple[int, ...] | None, n_samples: int) -> tuple[int, ...]:
    """The k to report; a k above n that the user asked for is refused."""
    if asked is None:
        return tuple(k for k in DEFAULT_PASS_AT if k <= n_samples)
    too_large = [k for k in asked if k > n_samples]
    if too_large:
        raise UsageError(
            f"--pass-at {','.join(map(str, asked))}: pass@{too_large[0]} needs at least "
            f"{too_large[0]} samples of each problem, and --n-samples is {n_samples}. "
            f"Give --n-samples {max(too_large)} or a smaller k."
        )
    return asked


def default_cache_dir() -> Path:
    """The user's cache folder for this package."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("pytest-aibench"))


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
    Option("--system-prompt", "TEXT", str, "System message of every chat request",
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
    Option("--profile", "NAME", one_of(*PROFILES), "Ask, cut, compose, limit and count as this "
           f"harness does: {', '.join(PROFILES)} (default: aibench)",
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

_BY_NAME = {option.dest: option for option in OPTIONS}


def suite_of(config: pytest.Config) -> Suite | None:
    """The suite that the user named. Raises `UsageError` where there is none of that name."""
    name = config.getoption("suite")
    if not name:
        return None
    from pytest_aibench.suites import load_suite

    own = config.getoption("suites") or config.getini("aibench_suites")
    return load_suite(name, _path(own) if own else None)


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


def _path(text: str | None) -> Path | None:
    # Options stay text until here: xdist sends them to its workers, and cannot send a Path.
    return Path(text).expanduser().absolute() if text else None


def _parse(option: Option, text: str, where: str) -> Any:
    try:
        if option.repeatable:
            return tuple(map(option.parse, text.replace(",", " ").split()))
        return option.parse(text)
    except (argparse.ArgumentTypeError, ValueError) as error:
        raise UsageError(f"{where}: {error}") from error
