"""lm-eval's `simple_evaluate`, stopped when its requests are made and run again with answers."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lm_eval import simple_evaluate
from lm_eval.api.task import Task
from lm_eval.tasks import TaskManager

from pytest_aibench.errors import AibenchError, UsageError
from pytest_aibench.lm_eval.code_eval import CodeEval, Execute, is_redirected, redirected
from pytest_aibench.lm_eval.documents import Document, DocumentPlan, PlannedRequest
from pytest_aibench.lm_eval.options import LmEvalOptions
from pytest_aibench.lm_eval.quiet import quiet
from pytest_aibench.lm_eval.requests import Answer
from pytest_aibench.lm_eval.stand_ins import Planned, PlanningModel, RecordedModel
from pytest_aibench.models.base import Sampling
from pytest_aibench.models.lm_eval import generation_arguments

__all__ = ["Evaluation"]

_EXECUTE_THEMSELVES = ("cruxeval", "longproc")


class CapturingTaskManager(TaskManager):  # type: ignore[misc]
    """Keeps the tasks that `simple_evaluate` loads, with their requests, for the second time.

    Making the requests again would cost most of the time, and tasks that shuffle their documents
    would ask for others.
    """

    _loaded: Any = None

    def load(self, task_list: Any) -> Any:
        if self._loaded is None:
            self._loaded = super().load(task_list)
        return self._loaded

    @property
    def captured(self) -> dict[str, Task]:
        """The loaded tasks by name."""
        tasks: dict[str, Task] = self._loaded["tasks"]
        return tasks

    def keep_requests(self) -> None:
        """Have the tasks go on with the requests that they have."""
        for task in self.captured.values():
            task.build_all_requests = _nothing
            for instance in task.instances:
                instance.resps.clear()


def _nothing(**_: Any) -> None:
    return


@dataclass
class Evaluation:
    """One call of `simple_evaluate`, made twice: to `plan`, and with answers to `score`.

    `name` is the model's in lm-eval's results; `chat` puts prompts as conversations, which begin
    with `system`. What `sampling` sets, of temperature, top_p, top_k and length, replaces what
    tasks ask for.
    """

    options: LmEvalOptions
    name: str
    sampling: Sampling = field(default_factory=Sampling)
    chat: bool = False
    system: str | None = None

    def __post_init__(self) -> None:
        self._code_eval = CodeEval()
        self._manager: CapturingTaskManager | None = None

    @property
    def arguments(self) -> dict[str, Any]:
        """The keywords of `simple_evaluate`."""
        return {
            "tasks": list(self.options.tasks),
            "num_fewshot": self.options.num_fewshot,
            "limit": self.options.limit,
            "bootstrap_iters": self.options.bootstrap_iters,
            "system_instruction": self.system,
            "apply_chat_template": self.chat,
            "gen_kwargs": generation_arguments(self.sampling) or None,
            # What this confirms does not happen: programs run in the sandbox, or are refused.
            "confirm_run_unsafe_code": True,
        }

    def plan(self) -> DocumentPlan:
        """What lm-eval will ask for.

        Raises:
            UsageError: a task does not exist, cannot be loaded or cannot be measured here.
        """
        self._check_paths()
        with quiet(), redirected(self._code_eval):
            if not (self._can_do_without_lm_evals_tasks() and self._planned(False)):
                self._planned(True)
            assert self._manager is not None
            tasks = self._manager.captured
            for name, task in tasks.items():
                _check(name, task)
            return DocumentPlan(tuple(d for t in tasks.values() for d in _documents(t)), self.chat)

    @property
    def executes_code(self) -> bool:
        """Whether the planned tasks run programs."""
        tasks = self._manager.captured.values() if self._manager else ()
        return any(is_redirected(module) for task in tasks for module in _modules(task))

    def score(
        self,
        plan: DocumentPlan,
        answers: Mapping[str, Sequence[Answer]],
        execute: Execute,
    ) -> dict[str, Any]:
        """What `simple_evaluate` returns for a model that gives these answers.

        Where tasks run programs it evaluates twice: once to learn them all, which `execute` then
        judges together, and once with the verdicts.

        Raises:
            InfrastructureError: a program could not be judged.
        """
        model = RecordedModel(self.name, plan, answers)
        code_eval = self._code_eval
        with quiet(), redirected(code_eval):
            if self.executes_code:
                programs = code_eval.noted()
                # An error that does not come from wrong programs comes again below.
                with contextlib.suppress(Exception):
                    self._evaluated(model, bootstrap_iters=0)
                with code_eval.executing(execute, programs):
                    return self._evaluated(model)
            return self._evaluated(model)

    def _evaluated(self, model: RecordedModel, **changed: Any) -> dict[str, Any]:
        assert self._manager is not None
        self._manager.keep_requests()
        arguments = self.arguments | changed
        results: dict[str, Any] = simple_evaluate(
            model=model, task_manager=self._manager, **arguments
        )
        return results

    def _check_paths(self) -> None:
        for path in self.options.include_paths:
            if not path.is_dir():
                raise UsageError(f"--include-path {path}: there is no such folder")

    def _can_do_without_lm_evals_tasks(self) -> bool:
        """Whether the user's own folders may hold all that is asked for. Reading lm-eval's folder
        takes seconds; a tag always needs it, for any task may carry one."""
        own = self._task_manager(include_defaults=False)
        names = {task for task in self.options.tasks if not _is_file(task)}
        return names <= set(own.all_tasks) and not names & set(own.all_tags)

    def _planned(self, include_defaults: bool) -> bool:
        """Plan with those tasks at hand; False where the user's own folders turn out too small."""
        self._manager = self._task_manager(include_defaults)
        try:
            simple_evaluate(
                model=PlanningModel(self.name), task_manager=self._manager, **self.arguments
            )
        except Planned:
            pass
        except Exception as error:
            if not include_defaults and not isinstance(error, OSError):
                return False
            raise _unloadable(self.options, error) from error
        return True

    def _task_manager(self, include_defaults: bool) -> CapturingTaskManager:
        paths = [str(path) for path in self.options.include_paths]
        return CapturingTaskManager(include_path=paths or None, include_defaults=include_defaults)


def _is_file(task: str) -> bool:
    return task.endswith((".yaml", ".yml")) and Path(task).is_file()


def _documents(task: Task) -> list[Document]:
    """The task's requests by document, in lm-eval's order."""
    by_id: dict[int, list[Any]] = {}
    for instance in task.instances:
        by_id.setdefault(instance.doc_id, []).append(instance)
    return [
        Document(
            task=instances[0].task_name,
            doc_id=doc_id,
            repeats=instances[0].repeats,
            requests=tuple(PlannedRequest(i.request_type, i.idx, tuple(i.args)) for i in instances),
        )
        for doc_id, instances in by_id.items()
    ]


def _check(name: str, task: Task) -> None:
    """Refuse what would run a model's code in this process, or shows images to the model."""
    modules = _modules(task)
    alone = [m.__name__ for m in modules if set(m.__name__.split(".")) & set(_EXECUTE_THEMSELVES)]
    unsafe = getattr(task, "UNSAFE_CODE", False) and not any(map(is_redirected, modules))
    if alone or unsafe:
        raise UsageError(
            f"--lm-eval-tasks {name}: the task runs the model's code by its own means, outside the "
            "sandbox. Only tasks that use Hugging Face's code_eval metric can be run; leave it out"
        )
    if getattr(task, "MULTIMODAL", False):
        raise UsageError(f"--lm-eval-tasks {name}: tasks with images or sounds are not supported")


def _modules(task: Task) -> list[Any]:
    """The modules of the functions that the task's file names."""
    functions: list[Any] = list(getattr(task, "_metric_fn_list", {}).values())
    functions += [type(task), *vars(task.config).values()]
    for ensemble in getattr(task, "_filters", ()):
        for make in ensemble.filters:
            functions += [make, *getattr(make, "keywords", {}).values()]
            functions += list(vars(make).values()) if hasattr(make, "__dict__") else []
    found = {getattr(f, "__module__", None) for f in functions if callable(f)}
    return [sys.modules[name] for name in sorted(filter(None, found)) if name in sys.modules]


def _unloadable(options: LmEvalOptions, error: Exception) -> UsageError:
    if isinstance(error, AibenchError):
        return UsageError(str(error))
    where = f"--lm-eval-tasks {','.join(options.tasks)}"
    reason = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, KeyError) and "is not a registered" in reason:
        return UsageError(
            f"{where}: {reason.strip(chr(34))}. See `lm_eval ls tasks`, or give the folder of your "
            "own tasks with --include-path"
        )
    said = f"{where}: lm-eval cannot load the tasks ({type(error).__name__}: {reason[:400]})"
    if isinstance(error, OSError):
        said += (
            ". Load the data set once with a connection to the Hugging Face hub, or name local "
            "data in a copy of the task (--include-path)"
        )
    return UsageError(said)
