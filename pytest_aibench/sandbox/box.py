"""One warm container, and the conversation with its PID 1."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import Any, Literal

from pytest_aibench.errors import SandboxError
from pytest_aibench.sandbox.answer import Answer, ContainerLost
from pytest_aibench.sandbox.confinement import (
    SCRATCH,
    Isolation,
    Shape,
    choose_uid,
    container_settings,
)
from pytest_aibench.sandbox.engine import engine_errors
from pytest_aibench.sandbox.files import boot_source, supervisor_modules
from pytest_aibench.sandbox.languages import Language
from pytest_aibench.sandbox.program import Limits
from pytest_aibench.sandbox.stream import AttachedStream
from pytest_aibench.sandbox.watchdog import Watchdog

__all__ = ["Box", "BoxSettings", "Role", "start_box"]

Role = Literal["run", "compile"]

_START_SECONDS = 60.0
_GRACE_SECONDS = 30.0  # beyond a program's wall limit, for clean-up on a busy machine
_WALL_FACTOR = 4  # the supervisor's LONGEST_WALL_FACTOR
_IDLE_SECONDS = 900.0
_QUIET_SECONDS = 1.0  # most programs have ended by then, and are not worth a watchdog
# PID 1 looks at the limit four times a second, and has to end and count all processes then.
_CPU_GRACE_SECONDS = 2.0
_COMMAND = ["python3", "-s", "-P", "-c"]
_SENT_LIMITS = ("cpu_seconds", "wall_seconds", "output_kept", "output_killed")


@dataclass(frozen=True, slots=True)
class BoxSettings:
    """What a container is made of. `serial` numbers the containers of a process.

    `role`: `"run"` for programs, `"compile"` for the compiler of a language that needs one apart.
    """

    image: str
    shape: Shape
    isolation: Isolation
    labels: dict[str, str]
    seccomp: bool
    serial: int
    role: Role = "run"


class Box:
    """A running container; one program at a time.

    `hello` is what PID 1 said of itself: Python's version, capabilities, seccomp mode.
    """

    def __init__(self, client: Any, container: Any, stream: AttachedStream) -> None:
        self._client = client
        self._container = container
        self._stream = stream
        self._created = time.time()
        self.hello: dict[str, Any] = {}
        self.served = 0

    def boot(self, settings: dict[str, Any]) -> None:
        """Send the supervisor, and wait until it serves."""
        self._stream.send({"modules": supervisor_modules(), "settings": settings})
        self.hello, _ = self._stream.receive(_START_SECONDS)

    def run(
        self,
        language: Language,
        limits: Limits,
        parts: tuple[bytes, ...],
        compile_seconds: float = 0.0,
        *,
        guarded: bool = False,
    ) -> Answer:
        """Run a program of `parts` (the last one is the secret).

        `compile_seconds`: CPU time for compiling it, where that is a stage of its own.
        `guarded`: a guard runs before it, and finds its modules loaded.

        Raises:
            ContainerLost: no answer came.
        """
        header = {name: getattr(limits, name) for name in _SENT_LIMITS}
        header |= {"compile_seconds": compile_seconds, "guarded": guarded}
        header |= {"language": language.name, "rlimits": language.rlimits(limits)}
        self.served += 1
        return Answer.from_message(*self.ask(header, parts, _longest(limits, compile_seconds)))

    def ask(
        self, header: dict[str, Any], parts: tuple[bytes, ...], seconds: float
    ) -> tuple[dict[str, Any], tuple[bytes, ...]]:
        """One message, and the one that answers it within `seconds`.

        The CPU time in `header` is enforced here, too, should PID 1 not come to it.

        Raises:
            ContainerLost: no answer came.
        """
        try:
            self._stream.send(header, parts)
            if self._stream.heard_within(_QUIET_SECONDS):
                return self._stream.receive(seconds)
            cpu_seconds = header["cpu_seconds"] + header.get("compile_seconds", 0.0)
            return self._receive_watched(seconds, cpu_seconds + _CPU_GRACE_SECONDS)
        except ContainerLost as error:
            limit = error.limit or ("memory" if self._ran_out_of_memory() else "")
            raise ContainerLost(str(error), limit) from None

    def _receive_watched(
        self, seconds: float, cpu_seconds: float
    ) -> tuple[dict[str, Any], tuple[bytes, ...]]:
        watchdog = Watchdog(self._client, self._container.id, cpu_seconds)
        try:
            with watchdog:
                return self._stream.receive(seconds)
        except ContainerLost as error:
            raise ContainerLost(str(error), "cpu" if watchdog.overrun else "") from None

    def close(self) -> None:
        """Remove the container, whatever state it is in."""
        self._stream.close()
        with contextlib.suppress(*engine_errors()):  # gone, or going by itself
            self._client.api.remove_container(self._container.id, force=True)

    def _ran_out_of_memory(self) -> bool:
        """Whether the engine saw the container's memory used up (its state went with it)."""
        with contextlib.suppress(*engine_errors()):  # it may have gone, too
            return self._was_out_of_memory()
        return False

    def _was_out_of_memory(self) -> bool:
        events = self._client.api.events(
            since=int(self._created) - 1,
            until=int(time.time()) + 1,
            filters={"container": self._container.id, "event": "oom"},
            decode=True,
        )
        with contextlib.closing(events):
            return any(True for _ in events)


def _longest(limits: Limits, compile_seconds: float) -> float:
    """Seconds after which a container that has not answered is lost."""
    stages = 2 if compile_seconds else 1
    wall = stages * limits.wall_seconds + 2 * compile_seconds
    return _WALL_FACTOR * wall + _GRACE_SECONDS


def start_box(client: Any, settings: BoxSettings) -> Box:
    """Create, attach, start and boot a container.

    Raises:
        SandboxError: the engine refused, or the container did not come up.
    """
    from docker.errors import APIError

    uid = choose_uid(settings.serial, settings.isolation)
    box = None
    try:
        container = client.containers.create(
            settings.image,
            [*_COMMAND, boot_source()],
            labels=settings.labels,
            detach=False,  # so that the container's stdin ends with our stream
            **container_settings(settings.shape, settings.isolation, uid, settings.seccomp),
        )
        box = Box(client, container, _attach(client, container))
        container.start()
        facts = {"scratch": SCRATCH, "first_uid": uid, "idle_seconds": _IDLE_SECONDS}
        box.boot({**facts, "role": settings.role})
    except (APIError, OSError, SandboxError) as error:
        if box is not None:
            box.close()
        if isinstance(error, SandboxError):
            raise
        raise SandboxError(f"a sandbox container could not be started: {error}") from error
    return box


def _attach(client: Any, container: Any) -> AttachedStream:
    streams = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
    return AttachedStream(client.api.attach_socket(container.id, params=streams))
