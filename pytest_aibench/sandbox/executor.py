"""Executes programs in warm Docker containers, and decides when a verdict can be believed."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, get_args

from pytest_aibench.errors import SandboxError, UsageError
from pytest_aibench.records import Verdict
from pytest_aibench.sandbox.answer import Answer, ContainerLost, HarnessFailed
from pytest_aibench.sandbox.box import Box, BoxSettings, Role, start_box
from pytest_aibench.sandbox.compiling import CompileFailed, compile_program, compiler_shape
from pytest_aibench.sandbox.confinement import Isolation, Shape, weaknesses
from pytest_aibench.sandbox.confirm import confirm
from pytest_aibench.sandbox.engine import connect, open_slots
from pytest_aibench.sandbox.image import ImageRef, Progress, ensure_image
from pytest_aibench.sandbox.judging import in_doubt, judge, lost_verdict
from pytest_aibench.sandbox.languages import COMPILED_APART, Language, get_language
from pytest_aibench.sandbox.memo import Memo, VerdictCache
from pytest_aibench.sandbox.owner import owner_labels, sweep_orphans
from pytest_aibench.sandbox.pool import BoxPool
from pytest_aibench.sandbox.program import Limits, Program

__all__ = ["DockerExecutor"]

FindImage = Callable[[Any, str, Progress], ImageRef]

_SECRET_BYTES = 16
_LARGEST_PROGRAM = 64 << 20
_SAMPLES_PER_BOX = 2000
# What neighbours on the other cores can cost a program in CPU time (shared caches and memory).
# Who needs still more has timed out; who ends in between is measured again, alone.
_BUSY_FACTOR = 1.5


class DockerExecutor:
    """One program at a time; containers are made when they are first needed.

    `isolation`: `"warm"` keeps a container for many programs, `"uid"` does so with a new user for
    each program, `"container"` gives every program a container of its own.
    `confirm_passes`: a pass is confirmed, where need be by a run apart from the tests (`confirm`).
    With `remember`, identical programs run once; with `cache`, once in all runs that share it.
    With `keep_times`, a remembered verdict has the times of that run.
    `host` is the URL of the engine; `find_image` gives the image of a family there, and `warned`
    learns what `warnings` says in sentences: which protection the engine did not grant.
    """

    def __init__(
        self,
        *,
        run_id: str,
        worker: str = "main",
        isolation: str = "warm",
        remember: bool = True,
        confirm_passes: bool = True,
        keep_times: bool = False,
        cache: VerdictCache | None = None,
        progress: Progress = lambda line: None,
        host: str = "",
        find_image: FindImage = ensure_image,
        warned: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        if isolation not in get_args(Isolation):
            known = ", ".join(get_args(Isolation))
            raise UsageError(f"isolation {isolation!r} is not one of {known}")
        self._isolation: Isolation = isolation  # type: ignore[assignment]
        self._labels = owner_labels(run_id, worker)
        self._progress = progress
        self._confirm = confirm_passes
        self._memo = Memo(4096 if remember else 0, cache, self._circumstances, keep_times)
        self._client: Any = connect(host)
        self._slots = open_slots(host, self._client)
        self._find_image = find_image
        self._warned = warned
        self._images: dict[str, ImageRef] = {}
        self._pools: dict[tuple[Shape, Role], BoxPool] = {}
        self._serial = itertools.count()
        self._background = ThreadPoolExecutor(1, "aibench-sandbox")
        self._seccomp = True
        self.warnings: list[str] = []

    def execute(self, program: Program) -> Verdict:
        """Run `program` to its end and judge it.

        Raises:
            SandboxError: nothing can be said about the program.
        """
        known = self._memo.get(program)
        if known is not None:
            return known
        answer, verdict = self._measure(program, _BUSY_FACTOR, self._slots.one())
        if answer is not None and in_doubt(answer, program):
            _, verdict = self._measure(program, 1.0, self._slots.all())
        if verdict.passed and self._confirm:
            verdict = confirm(program, verdict, self._measure_apart)
        self._memo.put(program, verdict)
        return verdict

    def close(self) -> None:
        """Remove every container."""
        for pool in self._pools.values():
            pool.close()
        self._pools.clear()
        self._background.shutdown()
        self._slots.close()
        self._client.close()

    def _circumstances(self, program: Program) -> str:
        image = self._image(get_language(program.language).family).digest
        return f"{image} {self._isolation} {self._confirm}"

    def _measure_apart(self, program: Program, alone: bool) -> tuple[Answer | None, Verdict]:
        return self._measure(program, 1.0, self._slots.all() if alone else self._slots.one())

    def _measure(
        self, program: Program, factor: float, slot: AbstractContextManager[None]
    ) -> tuple[Answer | None, Verdict]:
        """One run with `factor` times its CPU time, repeated once if it could not be measured."""
        language = get_language(program.language)
        pool = self._pool(Shape.of(language.family, program.limits))
        with slot:
            try:
                return self._run(pool, language, program, factor)
            except (ContainerLost, HarnessFailed):
                return self._run(pool, language, program, factor)

    def _run(
        self, pool: BoxPool, language: Language, program: Program, factor: float
    ) -> tuple[Answer | None, Verdict]:
        secret = os.urandom(_SECRET_BYTES)
        try:
            parts = (*self._parts(language, program), secret)
        except CompileFailed as failed:
            return None, failed.verdict
        if sum(map(len, parts)) > _LARGEST_PROGRAM:
            raise SandboxError(f"the program is larger than {_LARGEST_PROGRAM >> 20} MiB")
        limits = _more_cpu_time(program.limits, factor)
        compile_seconds = program.rules.compile_seconds * factor if language.compiles else 0.0
        box = pool.take()
        try:
            guarded = bool(program.rules.guard)
            answer = box.run(language, limits, parts, compile_seconds, guarded=guarded)
        except ContainerLost as error:
            pool.discard()
            if error.limit:
                return None, lost_verdict(error.limit, program.limits)
            raise ContainerLost(f"a sandbox container was lost twice in a row: {error}") from None
        except BaseException:  # interrupted: its answer must not become that of the next program
            pool.discard()
            raise
        if self._is_used_up(box, answer):
            pool.discard()
        return answer, judge(answer, language, program, secret)

    def _parts(self, language: Language, program: Program) -> tuple[bytes, ...]:
        apart = COMPILED_APART.get(language.name)
        if apart is None:
            return language.parts(program)
        pool = self._pool(compiler_shape(apart.family), "compile")
        return apart.compiled_parts(program, compile_program(pool, apart, program))

    def _is_used_up(self, box: Box, answer: Answer) -> bool:
        once = self._isolation == "container"
        return once or box.served >= _SAMPLES_PER_BOX or not answer.reusable

    def _image(self, family: str) -> ImageRef:
        if family not in self._images:
            self._images[family] = self._find_image(self._client, family, self._progress)
        return self._images[family]

    def _pool(self, shape: Shape, role: Role = "run") -> BoxPool:
        if not self._pools:
            sweep_orphans(self._client)
        if (shape, role) not in self._pools:
            self._image(shape.family)
            pool = BoxPool(lambda: self._start(shape, role), self._background)
            self._pools[shape, role] = pool
        return self._pools[shape, role]

    def _start(self, shape: Shape, role: Role) -> Box:
        try:
            box = self._start_with(shape, role)
        except SandboxError as error:
            if not (self._seccomp and "seccomp" in str(error)):
                raise
            self._seccomp = False
            self._warn(f"the engine refuses the sandbox's own seccomp profile ({error})")
            box = self._start_with(shape, role)
        for weakness in weaknesses(box.hello):
            self._warn(weakness)
        return box

    def _start_with(self, shape: Shape, role: Role) -> Box:
        settings = BoxSettings(
            image=self._image(shape.family).digest,
            shape=shape,
            # A compiler needs no user for each program: it executes none.
            isolation=self._isolation if role == "run" else "warm",
            labels=self._labels,
            seccomp=self._seccomp,
            serial=next(self._serial),
            role=role,
        )
        return start_box(self._client, settings)

    def _warn(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)
            self._warned(sentence)


def _more_cpu_time(limits: Limits, factor: float) -> Limits:
    return replace(limits, cpu_seconds=limits.cpu_seconds * factor)
