"""Options, their ini twins and environment variables, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .conftest import Toy

MakeToy = Callable[..., Toy]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--n-samples", "0"), "*--n-samples: expected a whole number from 1 up, got '0'*"),
        (("--n-samples", "2", "--pass-at", "1,5"), "*pass@5 needs at least 5 samples*"),
        (("--temperature", "hot"), "*--temperature: expected a number from 0 up, got 'hot'*"),
        (("--top-p", "1.5"), "*--top-p: expected a number above 0 and up to 1, got '1.5'*"),
        (("--isolation", "none"), "*--isolation: expected one of warm, uid, container*"),
        (("--max-time", "soon"), "*--max-time: expected a time such as 90s, 15m or 2h*"),
        (("--system-prompt", "be \udc80"), r"*--system-prompt: expected text in UTF-8, got*"),
        (("--model", "foo/bar"), "*there is no provider 'foo'*ollama/foo/bar*"),
        (("--model", "reference:solve=2"), "*solve*"),
        (("--model", "replay/absent.jsonl"), "*absent.jsonl*"),
    ],
)
def test_wrong_options_are_refused_with_the_remedy(
    toy: MakeToy, arguments: tuple[str, ...], message: str
) -> None:
    run = toy(["good"])
    result = run.pytester.runpytest_subprocess("--model", "replay/replies.jsonl", *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([message])


def test_ini_values_hold_where_no_option_is_given(pytester: pytest.Pytester, toy: MakeToy) -> None:
    pytester.makeini(
        "[pytest]\naibench_model = replay/replies.jsonl\naibench_n_samples = 3\n"
        "aibench_pass_at = 2\n"
    )
    run = toy(["good", "bad", "bad"])
    pytester.runpytest_subprocess("--aibench-report", "report.json")
    assert run.report()["run"]["settings"]["n_samples"] == 3
    assert "pass@2" in run.report()["benchmarks"]["toy"]
    pytester.runpytest_subprocess("--aibench-report", "report.json", "--n-samples", "2")
    assert run.report()["run"]["settings"]["n_samples"] == 2


@pytest.mark.parametrize("ways", [(), ("-n1",)], ids=["alone", "xdist"])
def test_a_wrong_ini_value_is_named(
    pytester: pytest.Pytester, toy: MakeToy, ways: tuple[str, ...]
) -> None:
    pytester.makeini("[pytest]\naibench_n_samples = many")
    toy(["good"])
    result = pytester.runpytest_subprocess("--model", "replay/replies.jsonl", *ways)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*ini option aibench_n_samples: expected a whole number*'many'*"])


def test_pass_at_defaults_to_those_that_n_allows(toy: MakeToy) -> None:
    run = toy(["good"] * 10)
    run.run()
    scores = [key for key in run.report()["benchmarks"]["toy"] if key.startswith("pass@")]
    assert scores == ["pass@1", "pass@10"]


def test_a_report_that_cannot_be_written_makes_the_run_invalid(toy: MakeToy) -> None:
    run = toy(["good"])
    (run.pytester.path / "file").write_text("")
    result = run.run("--aibench-report", "file/report.json")
    assert result.ret == 11
    result.stdout.fnmatch_lines(["*the report could not be written*"])


def test_a_malformed_problem_file_is_refused_before_anything_runs(
    pytester: pytest.Pytester,
) -> None:
    (pytester.path / "mine.jsonl").write_text('{"task_id": "A/0", "prompt": 5}\n')
    pytester.makepyfile(
        "import pytest_aibench as aibench\n"
        "@aibench.benchmark('mine', problems='mine.jsonl')\n"
        "def test_mine(sample): pass\n"
    )
    result = pytester.runpytest_subprocess("--model", "reference")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["*mine.jsonl, line 1: *prompt*"])


def test_the_summary_satisfies_its_schema(toy: MakeToy, pytestconfig: pytest.Config) -> None:
    import json

    import jsonschema

    run = toy(["good", "bad", "boom"], ["good", "good", "bad"])
    run.run()
    schema = pytestconfig.rootpath / "docs" / "schema" / "summary-1.0.json"
    jsonschema.validate(run.report(), json.loads(schema.read_text()))
