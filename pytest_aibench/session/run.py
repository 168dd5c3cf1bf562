"""Which run this is, which process of it, and where its files are."""

from __future__ import annotations

import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pytest_aibench.sandbox.hosts import Hosts

__all__ = ["Run", "is_worker"]

_RUN_ID = "aibench_run_id"
_RUN_DIR = "aibench_run_dir"
_MODEL = "aibench_model_address"


@dataclass(frozen=True, slots=True)
class Run:
    """One run, as one process sees it. `worker` is `"main"` or xdist's `"gw3"`.

    `model_address` is where a worker finds the controller's model service, if there is one.
    """

    id: str
    folder: Path
    worker: str
    model_address: str = ""

    @classmethod
    def start(cls, cache_dir: Path) -> Run:
        """A new run with a folder of its own below the cache."""
        run_id = time.strftime("%Y%m%d-%H%M%S") + f"-{os.getpid()}-{secrets.token_hex(2)}"
        return cls(run_id, cache_dir / "runs" / run_id, "main")

    @classmethod
    def join(cls, workerinput: dict[str, Any]) -> Run:
        """The run that the controller of this worker started."""
        return cls(
            workerinput[_RUN_ID],
            Path(workerinput[_RUN_DIR]),
            str(workerinput["workerid"]),
            workerinput[_MODEL],
        )

    def invite(self, workerinput: dict[str, Any], model_address: str) -> None:
        """Tell a worker which run it belongs to, and where it can ask the model."""
        workerinput[_MODEL] = model_address
        workerinput[_RUN_ID] = self.id
        workerinput[_RUN_DIR] = str(self.folder)

    @property
    def plan_file(self) -> Path:
        return self.folder / "plan.json"

    @property
    def prompts_file(self) -> Path:
        return self.folder / "prompts.json"

    @property
    def lm_eval_plan_file(self) -> Path:
        return self.folder / "lm-eval-plan.jsonl"

    @property
    def solutions_file(self) -> Path:
        return self.folder / "solutions.json"

    @property
    def limits_file(self) -> Path:
        return self.folder / "limits.json"

    def hosts(self, urls: tuple[str, ...]) -> Hosts:
        """The Docker hosts at `urls`, as the processes of this run know them."""
        from pytest_aibench.sandbox.hosts import Hosts

        return Hosts(urls, self.folder / "hosts.jsonl")

    @property
    def journal_file(self) -> Path:
        return self.folder / f"samples-{self.worker}.jsonl"

    def journals(self) -> list[Path]:
        """The journals of all processes of the run."""
        return sorted(self.folder.glob("samples-*.jsonl"))


def is_worker(config: pytest.Config) -> bool:
    """Whether this process is a worker of pytest-xdist."""
    return hasattr(config, "workerinput")
