"""Judging many programs at once with this machine's own node, javac and g++.

Each judge takes programs of the project itself (nothing is confined here) and returns, in their
order, `passed` or what ended them.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

__all__ = ["judge_cpp", "judge_java", "judge_javascript"]

NODE = """
const vm = require("vm");
const outcome = (program) => {
  try {
    new vm.Script(program).runInNewContext({ require }, { timeout: 5000 });
    return "passed";
  } catch (error) {
    return error.name;
  }
};
const programs = JSON.parse(require("fs").readFileSync(0));
console.log(JSON.stringify(programs.map(outcome)));
"""
JAVA = """
import java.lang.reflect.InvocationTargetException;

public class Run {
    public static void main(String[] args) throws Exception {
        for (int i = 0; i < Integer.parseInt(args[0]); i++) {
            String outcome = "passed";
            try {
                var main = Class.forName("p" + i + ".Main").getMethod("main", String[].class);
                main.invoke(null, (Object) new String[0]);
            } catch (InvocationTargetException error) {
                outcome = error.getCause().getClass().getSimpleName();
            }
            System.out.println(outcome);
        }
    }
}
"""
CPP = """
#include <cstdio>
#include <sys/wait.h>
#include <unistd.h>

int main() {
    void (*programs[])() = {%s};
    for (auto program : programs) {
        std::fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            std::fclose(stderr);
            alarm(5);
            program();
            _exit(0);
        }
        int status = 0;
        waitpid(child, &status, 0);
        bool aborted = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
        std::puts(aborted ? "aborted" : status == 0 ? "passed" : "crashed");
    }
}
"""


def judge_javascript(programs: Sequence[str], folder: Path) -> list[str]:
    """Each program in a context of its own."""
    outcomes: list[str] = json.loads(_run(["node", "-e", NODE], folder, json.dumps(programs)))
    return outcomes


def judge_java(programs: Sequence[str], folder: Path) -> list[str]:
    """Each program in a package of its own; one javac, one java."""
    files = []
    for number, program in enumerate(programs):
        path = folder / f"p{number}" / "Main.java"
        path.parent.mkdir()
        path.write_text(f"package p{number};\n{program}")
        files.append(str(path))
    (folder / "Run.java").write_text(JAVA)
    # A javac that never optimises itself takes half the time for so little.
    javac = ["javac", "-J-XX:TieredStopAtLevel=1", "-proc:none"]
    _run([*javac, "-d", ".", "Run.java", *files], folder)
    return _run(["java", "-cp", ".", "Run", str(len(programs))], folder).split()


def judge_cpp(programs: Sequence[str], folder: Path) -> list[str]:
    """Each program in a namespace of its own, executed in a process of its own; one g++."""
    headers: dict[str, None] = {}
    bodies = []
    for number, program in enumerate(programs):
        lines = program.replace("int main() {", "void run() {").split("\n")
        headers.update(dict.fromkeys(line for line in lines if line.startswith("#include")))
        body = "\n".join(line for line in lines if not line.startswith("#"))
        bodies.append(f"namespace p{number} {{\n{body}\n}}\n")
    calls = ", ".join(f"p{number}::run" for number in range(len(programs)))
    source = "\n".join([*headers, "#include <csignal>", *bodies, CPP % calls])
    (folder / "all.cpp").write_text(source)
    # None of them throws, and unwinding takes g++ two fifths of its time.
    _run(["g++", "-std=c++17", "-fno-exceptions", "-o", "all", "all.cpp"], folder)
    return _run(["./all"], folder).split()


def _run(command: Sequence[str], folder: Path, text: str = "") -> str:
    done = subprocess.run(
        command, cwd=folder, input=text, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr[:2000]
    return done.stdout
