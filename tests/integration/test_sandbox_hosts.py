"""`--sandbox-host`: where it may be given, and what is refused before anything runs."""

from __future__ import annotations

import pytest

from pytest_aibench.settings import Settings

HOSTS = ("unix:///one.sock", "ssh://ann@box:2222")
SUITE = """
[mine]
benchmarks = ["test_mine.py"]
sandbox_host = ["unix:///one.sock", "ssh://ann@box:2222"]
"""
BENCHMARK = """
import pytest_aibench as aibench

PROBLEM = aibench.Problem(id="P/0", prompt="", entry_point="f", test="")


@aibench.benchmark("mine", problems=[PROBLEM])
def test_mine(sample, sandbox):
    sandbox.check(sample)
"""


def settings(pytester: pytest.Pytester, *arguments: str) -> Settings:
    return Settings.from_config(pytester.parseconfig(*arguments))


def test_hosts_of_the_command_line(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\naibench_sandbox_hosts = tcp://other:2376")
    arguments = [word for host in HOSTS for word in ("--sandbox-host", host)]
    assert settings(pytester, *arguments).sandbox_hosts == HOSTS


def test_hosts_of_the_ini_file(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\naibench_sandbox_hosts =\n    {}\n    {}".format(*HOSTS))
    assert settings(pytester).sandbox_hosts == HOSTS


def test_hosts_of_a_suite(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_mine=BENCHMARK)
    (pytester.path / "mine.toml").write_text(SUITE)
    assert settings(pytester, "--suite", "mine", "--suites", "mine.toml").sandbox_hosts == HOSTS


def test_none_is_named(pytester: pytest.Pytester) -> None:
    assert settings(pytester).sandbox_hosts == ()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("box", "*--sandbox-host: expected unix:///SOCKET, ssh://USER@BOX or tcp://*'box'*"),
        ("tcp://box", "*--sandbox-host: expected unix:///SOCKET*"),
        ("tcp://box:port", "*--sandbox-host: expected unix:///SOCKET*"),
        ("unix://", "*--sandbox-host: expected unix:///SOCKET*"),
        ("ssh://ann:secret@box", "*--sandbox-host: expected a host without a password*"),
    ],
)
def test_wrong_hosts_are_refused(pytester: pytest.Pytester, url: str, message: str) -> None:
    with pytest.raises(pytest.UsageError) as error:
        pytester.parseconfig("--sandbox-host", url)
    pytest.LineMatcher(str(error.value).splitlines()).fnmatch_lines([message])
    assert "secret" not in str(error.value)


def test_host_that_does_not_answer_ends_the_run_before_it_begins(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_mine=BENCHMARK)
    result = pytester.runpytest_subprocess(
        "--model", "reference", "--sandbox-host", "unix:///nowhere/docker.sock"
    )
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["*no Docker engine answers at unix:///nowhere/docker.sock*correct --sandbox-host*"]
    )
