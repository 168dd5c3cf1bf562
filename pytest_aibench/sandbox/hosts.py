"""The Docker hosts of a run: what its processes tell each other of them, and their images.

Every host runs the identical image: that of the first one, carried by digest to the others.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_aibench.errors import SandboxError
from pytest_aibench.sandbox.engine import connect
from pytest_aibench.sandbox.image import ImageRef, Progress, carry_image, ensure_image, has_image
from pytest_aibench.sandbox.locks import file_lock

__all__ = ["Hosts", "place"]


@dataclass(frozen=True, slots=True)
class Hosts:
    """The hosts that `urls` name, in their order; none means the engine of `DOCKER_HOST`.

    `file` is shared by the processes of a run: a line of JSON for each thing that one of them
    found out. It is appended to, so that a killed process harms nothing.
    """

    urls: tuple[str, ...]
    file: Path

    def join(self, url: str, client: Any) -> None:
        """Note what there is to know of the host at `url`, which `client` reaches.

        Raises:
            SandboxError: it cannot run the image of the first one.
        """
        version = client.version()
        platform = f"{version['Os']}/{version['Arch']}"
        first = next(self._notes("host"), None)
        if first is not None and first["platform"] != platform:
            raise SandboxError(
                f"Docker host {url} is {platform} and {first['host']} is {first['platform']}: "
                "all hosts of a run execute the same image, so name hosts of one kind"
            )
        cores = int(client.info()["NCPU"])
        self._note(host=url, platform=platform, cores=cores, engine=version["Version"])

    def image(
        self, url: str, client: Any, family: str, progress: Progress = lambda line: None
    ) -> ImageRef:
        """The image of `family` in the engine at `url`, the same one on every host of the run.

        Raises:
            SandboxError: it could not be built, or carried there.
        """
        if len(self.urls) < 2:
            return ensure_image(client, family, progress)
        with file_lock("hosts"):  # one host after the other; who waited finds it done
            image = self._pinned(family)
            if image is None:
                image = ensure_image(client, family, progress)
                self._note(image=family, tag=image.tag, digest=image.digest)
            elif not has_image(client, image):
                progress(f"carrying {image.tag} to {url}")
                self._carry(image, url, client)
        return image

    def living(self) -> dict[str, int]:
        """Cores of each host that was not dropped; of every one where all were, all at once."""
        cores = {note["host"]: note["cores"] for note in self._notes("host")}
        dropped = {note["dropped"] for note in self._notes("dropped")}
        urls = [url for url in self.urls if url not in dropped] or self.urls
        return {url: cores.get(url, 1) for url in urls}

    def drop(self, url: str, reason: str) -> None:
        """Have no process of the run use the host any more."""
        self._note(dropped=url, reason=reason)

    def warn(self, url: str, sentence: str) -> None:
        """Note a warning about a host, for the reports of the run."""
        self._note(warning=f"Docker host {url}: {sentence}" if url else sentence)

    def warnings(self) -> list[str]:
        """What the reports of the run have to say of the sandbox, each sentence once."""
        sentences = [note["warning"] for note in self._notes("warning")]
        sentences += [
            f"Docker host {fact['host']} was dropped ({fact['dropped']}); "
            "what it had not finished ran on the others"
            for fact in self.facts()
            if "dropped" in fact
        ]
        return list(dict.fromkeys(sentences))

    def facts(self) -> list[dict[str, Any]]:
        """Of each host that was named, for reports: `host`, `cores`, `engine`, and why it was
        `dropped`, if it was."""
        reasons = {note["dropped"]: note["reason"] for note in reversed([*self._notes("dropped")])}
        return [
            {name: note[name] for name in ("host", "cores", "engine")}
            | ({"dropped": reasons[note["host"]]} if note["host"] in reasons else {})
            for note in self._notes("host")
            if note["host"]
        ]

    def _pinned(self, family: str) -> ImageRef | None:
        found = (note for note in self._notes("image") if note["image"] == family)
        return next((ImageRef(note["tag"], note["digest"]) for note in found), None)

    def _carry(self, image: ImageRef, url: str, client: Any) -> None:
        for other in self.living():
            if other == url:
                continue
            try:
                source = connect(other)
            except SandboxError:  # whoever uses that host finds out
                continue
            with closing(source):
                if has_image(source, image):
                    carry_image(source, client, image)
                    return
        raise SandboxError(f"no other Docker host has {image.tag} ({image.digest[:19]}) for {url}")

    def _note(self, **facts: Any) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps(facts) + "\n"
        fd = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        try:
            os.write(fd, line.encode())
        finally:
            os.close(fd)

    def _notes(self, kind: str) -> Iterator[dict[str, Any]]:
        """Those notes that have a member `kind`, in their order."""
        if not self.file.exists():
            return
        for line in self.file.read_text("utf-8").splitlines():
            note = json.loads(line)
            if kind in note:
                yield note


def place(worker: int, cores: Sequence[int]) -> int:
    """Which host the worker of that number uses; `cores` has those of each host.

    Workers come one after the other to where they have the most cores each.
    """
    counts = [0] * len(cores)
    chosen = 0
    for _ in range(worker + 1):
        chosen = min(range(len(cores)), key=lambda i: (counts[i] + 1) / cores[i])
        counts[chosen] += 1
    return chosen
