"""What Python harnesses take away from a program before they run it, as source text.

The list is that of `reliability_guard` in openai/human-eval (`execution.py`), which BigCode's
harness and APPS's metric have too; EvalPlus adds `open`. It is no protection: it is here because a
program that uses one of these names fails there. The streams are those of `swallow_io`, which
APPS's metric lacks: text without a descriptor, and reading fails.
"""

from __future__ import annotations

from pytest_aibench.problems.judging import Rules

__all__ = ["APPS_RULES", "EVALPLUS_RULES", "HUMAN_EVAL_RULES"]

_APPS_GUARD = """\
import builtins, io, os, shutil, subprocess, sys

os.environ["OMP_NUM_THREADS"] = "1"
for name in (
    "kill", "system", "putenv", "remove", "removedirs", "rmdir", "fchdir", "setuid", "fork",
    "forkpty", "killpg", "rename", "renames", "truncate", "replace", "unlink", "fchmod", "fchown",
    "chmod", "chown", "chroot", "lchflags", "lchmod", "lchown", "getcwd", "chdir",
):
    setattr(os, name, None)
for name in ("rmtree", "move", "chown"):
    setattr(shutil, name, None)
for name in ("exit", "quit", "help"):
    setattr(builtins, name, None)
for name in ("ipdb", "joblib", "resource", "psutil", "tkinter"):
    sys.modules[name] = None
subprocess.Popen = None
"""

_HUMAN_EVAL_GUARD = (
    _APPS_GUARD
    + """

class WriteOnly(io.StringIO):
    def read(self, *args):
        raise OSError

    readline = readlines = read

    def readable(self):
        return False


sys.stdin = sys.stdout = sys.stderr = WriteOnly()
"""
)

# Loaded in these harnesses' own processes, and could not be under the guard.
_LOADED = ("numpy", "multiprocessing")
APPS_RULES = Rules(guard=_APPS_GUARD, loaded=_LOADED)
HUMAN_EVAL_RULES = Rules(guard=_HUMAN_EVAL_GUARD, loaded=_LOADED)

# The judge imports numpy after the guard, where it needs it, and that wants putenv.
EVALPLUS_RULES = Rules(
    guard=_HUMAN_EVAL_GUARD.replace(' "putenv",', "") + "builtins.open = None\n",
    loaded=("multiprocessing",),
)
