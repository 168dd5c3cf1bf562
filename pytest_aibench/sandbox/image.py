"""The images that programs run in: built once, named by their content.

`python -m pytest_aibench.sandbox.image [FAMILY ...]` builds what is missing, and says what it does;
without a family, the image of Python.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pytest_aibench.errors import SandboxError
from pytest_aibench.sandbox.bootstrap import SUITE, make_root_filesystem
from pytest_aibench.sandbox.engine import connect, engine_errors
from pytest_aibench.sandbox.files import container_folder
from pytest_aibench.sandbox.locks import file_lock

__all__ = ["FAMILIES", "ImageRef", "carry_image", "ensure_image", "has_image", "image_tag"]

FAMILIES = ("python", "node", "cpp", "java", "data")
Progress = Callable[[str], None]

_BASE = f"debian:{SUITE}-slim"
_OWN_BASE = f"aibench-sandbox-base:{SUITE}"
_PROXIES = ("http_proxy", "https_proxy", "no_proxy")
_STAGE = re.compile(r"^FROM (\S+) AS (\S+)$", re.M)


@dataclass(frozen=True, slots=True)
class ImageRef:
    """An image in the engine: its name, and the digest of its content (`sha256:...`)."""

    tag: str
    digest: str


def image_tag(family: str = "python") -> str:
    """The name of the family's image: it changes with what the image is built from, and only then.

    That is its stage of the Dockerfile, the stages below it, and the folder of its name.
    """
    folder = container_folder()
    digest = hashlib.sha256(_stages((folder / "Dockerfile").read_text("utf-8"), family).encode())
    for path in sorted(path for path in (folder / family).rglob("*") if path.is_file()):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(folder)} {content}\n".encode())
    return f"aibench-sandbox-{family}:{digest.hexdigest()[:12]}"


def _stages(dockerfile: str, name: str) -> str:
    """The instructions of the stage `name` and of those that it is built from."""
    lines = [line for line in dockerfile.splitlines() if line and not line.startswith("#")]
    stages = re.split(r"^(?=FROM )", "\n".join(lines), flags=re.M)
    for stage in stages:
        head = _STAGE.match(stage)
        if head and head[2] == name:
            return _stages(dockerfile, head[1]) + stage.strip() + "\n"
    return ""


def ensure_image(
    client: Any, family: str = "python", progress: Progress = lambda line: None
) -> ImageRef:
    """The image of `family`, built where the engine does not have it.

    Raises:
        SandboxError: it could not be built; the message ends with the build's last lines.
    """
    tag = image_tag(family)
    try:
        digest = _digest(client, tag)
        if digest is None:
            with file_lock("image"):  # one build at a time; who waited finds it done
                digest = _digest(client, tag) or _build(client, family, tag, progress)
    except engine_errors() as error:
        raise SandboxError(f"the image {tag} could not be made: {error}") from error
    return ImageRef(tag, digest)


def has_image(client: Any, image: ImageRef) -> bool:
    """Whether the engine has this very image, whatever it calls it."""
    return _digest(client, image.digest) is not None


def carry_image(source: Any, target: Any, image: ImageRef) -> None:
    """Bring `image` from one engine to another, under the same digest and name.

    Raises:
        SandboxError: the other engine did not take it, or calls it otherwise.
    """
    try:
        events = target.api.load_image(source.api.get_image(image.digest))
        errors = [event["error"] for event in events if "error" in event]
        if not (errors or has_image(target, image)):
            errors = ["it has another digest there (another kind of image store?)"]
        if not errors:
            target.api.tag(image.digest, *image.tag.split(":"))
    except engine_errors() as error:
        errors = [str(error)]
    if errors:
        raise SandboxError(f"a Docker host did not take the image {image.tag}: {errors[0]}")


def _digest(client: Any, tag: str) -> str | None:
    from docker.errors import ImageNotFound

    try:
        return str(client.images.get(tag).id)
    except ImageNotFound:
        return None


def _build(client: Any, family: str, tag: str, progress: Progress) -> str:
    base = _base_image(client, progress)
    progress(f"building {tag} from {base}")
    proxies = {name: os.environ[name] for name in _PROXIES if name in os.environ}
    # Of its own stages alone: the engine's classic builder would make those of every family.
    stages = _stages((container_folder() / "Dockerfile").read_text("utf-8"), family)
    with tempfile.NamedTemporaryFile("w", suffix=".Dockerfile") as file:
        file.write(f"ARG BASE\n{stages}")
        file.flush()
        stream = _start_build(client, tag, file.name, {"BASE": base, **proxies})
        _follow(stream, tag, progress)
    digest = _digest(client, tag)
    if digest is None:
        raise SandboxError(f"the build of {tag} ended without an image")
    return digest


def _start_build(client: Any, tag: str, dockerfile: str, arguments: dict[str, str]) -> Any:
    return client.api.build(
        path=str(container_folder()),
        dockerfile=dockerfile,
        tag=tag,
        buildargs=arguments,
        network_mode="host",
        rm=True,
        forcerm=True,
        decode=True,
    )


def _follow(stream: Iterable[dict[str, Any]], tag: str, progress: Progress) -> None:
    lines: list[str] = []
    failure = ""
    for event in stream:  # to its end, also after a failure: that closes the connection
        text = str(event.get("stream", "")).strip()
        if text.startswith("Step "):
            progress(text.splitlines()[0])
        lines += text.splitlines()
        failure = failure or str(event.get("error", ""))
    if failure:
        last = "\n  ".join([*lines[-8:], failure])
        raise SandboxError(f"building the sandbox image {tag} failed:\n  {last}")


def _base_image(client: Any, progress: Progress) -> str:
    """Debian's slim image where the engine has it or can pull it, else one bootstrapped here."""
    from docker.errors import APIError

    for name in (_BASE, _OWN_BASE):
        if _digest(client, name):
            return name
    progress(f"pulling {_BASE}")
    try:
        client.images.pull(_BASE)
    except APIError as error:
        progress(f"no registry gives {_BASE} ({error.explanation or error}): bootstrapping Debian")
        return _bootstrap(client, progress)
    return _BASE


def _bootstrap(client: Any, progress: Progress) -> str:
    name, tag = _OWN_BASE.split(":")
    with make_root_filesystem(progress) as archive:
        progress(f"importing {archive.stat().st_size >> 20} MB as {_OWN_BASE}")
        client.api.import_image_from_file(str(archive), repository=name, tag=tag)
    if not _digest(client, _OWN_BASE):
        raise SandboxError(f"the engine did not accept the bootstrapped image {_OWN_BASE}")
    return _OWN_BASE


def main(families: Iterable[str] = ("python",)) -> int:
    """Build the images of `families` that are missing; the exit code of the command."""
    try:
        client = connect()
        for family in families:
            image = ensure_image(client, family, print)
            print(f"{image.tag} is ready ({image.digest[:19]})")
    except SandboxError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    client.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or FAMILIES[:1]))
