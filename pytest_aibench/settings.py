"""Everything the user chose, wherever it was given, as one frozen `Settings`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_aibench.errors import UsageError
from pytest_aibench.models.base import Sampling
from pytest_aibench.options import BY_NAME, lookup, path_of, suite_of
from pytest_aibench.profiles import Profile, get_profile

if TYPE_CHECKING:
    from pytest_aibench.suites import Suite

__all__ = ["DEFAULT_PASS_AT", "Settings", "default_cache_dir"]

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
        profile = get_profile(lookup(config, BY_NAME["profile"], suite))

        def get(name: str) -> Any:
            option = BY_NAME[name]
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
            problems_file=path_of(get("problems")),
            data_dir=path_of(get("aibench_data")),
            cache_dir=path_of(get("aibench_cache")) or default_cache_dir(),
            report_file=path_of(get("aibench_report")),
            lm_eval_output=path_of(get("lm_eval_output")),
            strict_samples=bool(config.getoption("strict_samples")),
            isolation=get("isolation"),
            sandbox_hosts=get("sandbox_host"),
            preflight=not (config.getoption("no_preflight") or profile.trusting),
            generation=Asking(
                prompt_mode=get("prompt_mode"),
                system_prompt=get("system_prompt"),
                prompt_template=path_of(get("prompt_template")),
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
                baseline=path_of(get("baseline")),
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
