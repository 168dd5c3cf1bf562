"""An image that lacks a part is an error of the sandbox, and no verdict on anybody's program."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pytest_aibench.errors import SandboxError
from pytest_aibench.sandbox.executor import DockerExecutor
from pytest_aibench.sandbox.image import ImageRef, ensure_image
from pytest_aibench.sandbox.languages import get_language
from pytest_aibench.sandbox.program import Program

GOOD = {
    "javascript": Program("javascript", "const x = 1", "if (x !== 1) throw 1"),
    "cpp": Program("cpp", "int f() { return 1; }", "int main() { return f() - 1; }"),
    "java": Program(
        "java", "class Solution {}", "class Main { public static void main(String[] a) {} }"
    ),
}
BROKEN = [
    ("javascript", f"/usr/lib/{platform.machine()}-linux-gnu/libnode.so.108"),
    ("javascript", "/opt/aibench/harness.blob"),
    ("cpp", "/opt/aibench/cpp/proof.o"),
    ("java", "/opt/aibench/java/run/aibench/Harness.class"),
]


@pytest.fixture
def image_without(client: Any) -> Iterator[Callable[[str, str], ImageRef]]:
    made: list[str] = []

    def make(family: str, path: str) -> ImageRef:
        whole = ensure_image(client, family)
        container = client.containers.create(whole.digest, ["rm", path], network_mode="none")
        container.start()
        assert container.wait()["StatusCode"] == 0
        made.append(container.commit(repository="aibench-broken", tag=family).id)
        container.remove()
        return ImageRef(f"aibench-broken:{family}", made[-1])

    yield make
    for name in made:
        client.images.remove(name, force=True)


@pytest.mark.parametrize(("language", "path"), BROKEN)
def test_missing_part_is_no_verdict(
    language: str,
    path: str,
    image_without: Callable[[str, str], ImageRef],
    open_executor: Callable[..., DockerExecutor],
) -> None:
    executor = open_executor()
    family = get_language(language).family
    executor._images[family] = image_without(family, path)
    with pytest.raises(SandboxError, match=f"harness for {language} ended before") as caught:
        executor.execute(GOOD[language])
    assert f"aibench-sandbox-{family}" in str(caught.value)
