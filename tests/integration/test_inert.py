"""A project that merely has the plugin installed pays nothing and sees nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

HEAVY = ["docker", "httpx", "numpy", "lm_eval", "bigcode_eval", "markdown_it", "jinja2", "sqlite3"]


@pytest.mark.parametrize("ways", [(), ("-n1",)], ids=["alone", "xdist"])
def test_a_session_without_a_benchmark_is_left_alone(
    pytester: pytest.Pytester, own_cache: Path, ways: tuple[str, ...]
) -> None:
    pytester.makepyfile(
        f"""
        import sys

        def test_modules():
            loaded = [name for name in {HEAVY!r} if name in sys.modules]
            assert loaded == []
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:hypothesispytest", *ways)
    assert result.ret == 0, result.stdout.str()
    lines = [line for line in result.stdout.lines if not line.startswith(("plugins:", "rootdir:"))]
    assert "aibench" not in "\n".join(lines)
    assert list(own_cache.iterdir()) == []


def test_a_wrong_ini_value_troubles_only_benchmarks(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\naibench_n_samples = many")
    pytester.makepyfile("def test_ok(): pass")
    assert pytester.runpytest_subprocess().ret == 0


def test_the_plugin_may_also_be_named_with_p(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_ok(): pass")
    assert pytester.runpytest_subprocess("-p", "pytest_aibench.plugin").ret == 0
