"""How the reference harness of a benchmark builds a program and decides whether it passed."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CPP_STANDARD", "Rules"]

CPP_STANDARD = "c++17"


@dataclass(frozen=True, slots=True)
class Rules:
    """What differs between benchmarks of one language; a language ignores what is not its own.

    The source text of a program is `preamble` + solution + newline + tests. Its time limit is
    that of `Limits.cpu_seconds`; compiling is limited apart, by `compile_seconds` of CPU time.

    preamble: declarations before the solution, which end in a newline (all languages).
    std: the language standard, as `g++ -std=` takes it.
    compile_flags: further arguments of the compiler, after the source file (libraries).
    main_class: the Java class whose `main` is run.
    enable_assertions: whether Java's `assert` statements count (`java -ea`).
    silent_pass: the program passes only if it wrote nothing to stdout or stderr. For harnesses
        whose tests complain with `console.assert`, after which node exits with status 0.
    guard: Python that runs before the program, in a namespace of its own: what a harness takes
        away from programs.
    loaded: Python's modules that a harness has loaded before its guard. They are imported before
        it where the solution or its tests name them.
    libraries: whether Java programs find javatuples when they run; the compiler always does.
    """

    preamble: str = ""
    std: str = CPP_STANDARD
    compile_flags: tuple[str, ...] = ()
    main_class: str = "Main"
    enable_assertions: bool = False
    silent_pass: bool = False
    compile_seconds: float = 30.0
    guard: str = ""
    loaded: tuple[str, ...] = ()
    libraries: bool = True
