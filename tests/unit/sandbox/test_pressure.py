"""What a sample fights for, by the kernel's files in both versions of its control groups."""

from __future__ import annotations

from pathlib import Path

import pytest
from supervisor.cgroup import Counters
from supervisor.pressure import Shortage, Starvation

MIB = 1 << 20


class Group:
    """A control group's files, of version 1 or 2, below `root`."""

    def __init__(self, root: Path, version: int) -> None:
        self._version = version
        home = root if version == 2 else root / "memory"
        home.mkdir(exist_ok=True)
        if version == 2:
            (root / "cgroup.controllers").write_text("cpu memory pids\n")
        (home / ("memory.max" if version == 2 else "memory.limit_in_bytes")).write_text(
            f"{256 * MIB}\n"
        )
        self._stat = home / "memory.stat"
        self.use(0, 0)
        self.counters = Counters(root)

    def use(self, mib: int, refaults: int) -> None:
        name = "anon" if self._version == 2 else "rss"
        lines = {"file": 3 * MIB, name: mib * MIB, "shmem": 0, "workingset_refault_file": refaults}
        self._stat.write_text("".join(f"{name} {value}\n" for name, value in lines.items()))


@pytest.fixture(params=[1, 2])
def group(request: pytest.FixtureRequest, tmp_path: Path) -> Group:
    return Group(tmp_path, request.param)


def test_memory_in_use(group: Group) -> None:
    group.use(200, 7)
    assert group.counters.memory() == (256 * MIB, 200 * MIB, 7)


def test_short_memory_is_a_shortage_once_code_is_read_again_and_again(group: Group) -> None:
    shortage = Shortage(group.counters)
    looks = []
    for used, refaults in [(10, 5000), (250, 5000), (250, 5300), (250, 5600)]:
        group.use(used, refaults)
        looks.append(shortage.look())
    assert looks == [False, False, False, True]


@pytest.mark.parametrize("used", [[250, 250, 250], [100, 100, 100], [250, 100, 250]])
def test_no_shortage_without_both(group: Group, used: list[int]) -> None:
    shortage = Shortage(group.counters)
    for at, mib in enumerate(used):
        group.use(mib, 0 if used == [250, 250, 250] else 500 * at)
        assert not shortage.look()


def test_without_a_limit_nothing_is_short(tmp_path: Path) -> None:
    assert not Shortage(Counters(tmp_path)).look()


def test_waiting_for_a_core_outlives_the_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = iter([{"a": 3e9, "b": 1e9}, {"b": 1.5e9}, {"b": 1.5e9, "a": 1e9}])
    monkeypatch.setattr("supervisor.pressure._run_delays", lambda: next(seen))
    starvation = Starvation()
    totals = []
    for _ in range(3):
        starvation.look()
        totals.append(starvation.seconds)
    assert totals == [3.0, 3.5, 4.5]
