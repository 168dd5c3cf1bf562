"""The settings that keep a program in, pinned: whoever weakens one has to change this file."""

from __future__ import annotations

import json

import pytest

from pytest_aibench.sandbox.confinement import Shape, choose_uid, container_settings, weaknesses
from pytest_aibench.sandbox.files import seccomp_profile
from pytest_aibench.sandbox.program import Limits

SHAPE = Shape.of("python", Limits(memory=1 << 28, scratch=1 << 24, processes=9))
STRONG = {"Seccomp": "2", "NoNewPrivs": "1", "counters": True}


def test_default_settings() -> None:
    settings = container_settings(SHAPE, "warm", 23456, seccomp=True)
    assert settings["user"] == "23456:23456"
    assert (settings["cap_drop"], settings["cap_add"]) == (["ALL"], [])
    assert settings["network_mode"] == settings["ipc_mode"] == "none"
    assert settings["read_only"] is True
    assert settings["auto_remove"] is True
    assert settings["mem_limit"] == settings["memswap_limit"] == 1 << 28
    assert settings["pids_limit"] == 9
    assert settings["security_opt"][0] == "no-new-privileges"
    assert settings["security_opt"][1] == "seccomp=" + seccomp_profile()
    assert settings["tmpfs"]["/tmp"].startswith("rw,exec,nosuid,nodev,size=16777216,nr_inodes=8192")
    assert dict(settings["log_config"])["Type"] == "none"
    assert not {"volumes", "devices", "privileged", "ports", "mounts"} & set(settings)


def test_user_per_program_adds_three_capabilities() -> None:
    settings = container_settings(SHAPE, "uid", 23456, seccomp=True)
    assert settings["user"] == "0:0"
    assert settings["cap_add"] == ["SETUID", "SETGID", "CHOWN"]
    assert "uid=0,gid=0" in settings["tmpfs"]["/tmp"]


@pytest.mark.parametrize(("isolation", "distinct"), [("warm", 500), ("uid", 10)])
def test_containers_get_users_of_their_own(isolation: str, distinct: int) -> None:
    uids = {choose_uid(serial, isolation) for serial in range(500)}  # type: ignore[arg-type]
    assert len(uids) == distinct
    assert min(uids) >= 20_000
    assert max(uids) < 60_000


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"Seccomp": "0"}, "seccomp"),
        ({"NoNewPrivs": "0"}, "privileges"),
        ({"counters": False}, "counters"),
    ],
)
def test_weaknesses_are_named(changes: dict[str, object], words: str) -> None:
    assert list(weaknesses(STRONG)) == []
    (sentence,) = weaknesses({**STRONG, **changes})
    assert words in sentence


def test_seccomp_profile_allows_nothing_by_default() -> None:
    profile = json.loads(seccomp_profile())
    assert profile["defaultAction"] == "SCMP_ACT_ERRNO"
    free = {
        name
        for rule in profile["syscalls"]
        if rule["action"] == "SCMP_ACT_ALLOW" and "args" not in rule
        for name in rule["names"]
    }
    assert not free & {
        "socket", "clone", "clone3", "unshare", "setns", "mount", "ptrace", "process_vm_readv",
        "prlimit64", "setxattr", "bpf", "keyctl", "memfd_create", "shmget", "mq_open",
        "perf_event_open",
    }  # fmt: skip
    assert all(rule.get("comment") for rule in profile["syscalls"] if len(rule["names"]) > 1)
