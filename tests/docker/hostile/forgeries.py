"""Attempts to pass without an answer. None of them knows the harness from inside."""

from __future__ import annotations

from tests.docker.hostile import Hostile

_FAILURES = "wrong_answer runtime_error exited_early crashed timeout"

ROWS = [
    Hostile("sys_exit", "exit status 0 is no pass", "exited_early", "sys.exit(0)"),
    Hostile("os_exit", "exit status 0 is no pass", "exited_early", "os._exit(0)"),
    Hostile(
        "sys_exit_in_call",
        "nor during the tests",
        "exited_early",
        """
        def add(a, b):
            sys.exit(0)
    """,
    ),
    Hostile(
        "os_exit_in_call",
        "nor during the tests",
        "exited_early",
        """
        def add(a, b):
            os._exit(0)
    """,
    ),
    Hostile(
        "libc_exit",
        "nor by libc",
        "exited_early",
        """
        def add(a, b):
            libc.exit(0)
    """,
    ),
    Hostile(
        "exec_true",
        "nor as another program",
        "exited_early",
        """
        def add(a, b):
            os.execv("/bin/true", ["true"])
    """,
    ),
    Hostile(
        "exit_by_thread",
        "nor by a thread",
        "exited_early",
        """
        import threading
        def add(a, b):
            threading.Thread(target=lambda: os._exit(0)).start()
            time.sleep(1)
    """,
    ),
    Hostile(
        "exit_by_signal",
        "nor by a signal's handler",
        "exited_early",
        """
        signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
        def add(a, b):
            signal.setitimer(signal.ITIMER_REAL, 0.01)
            time.sleep(1)
    """,
    ),
    Hostile(
        "exit_hooks",
        "hooks of the interpreter's end",
        "wrong_answer exited_early",
        """
        import atexit, threading
        atexit.register(lambda: os._exit(0))
        sys.excepthook = lambda *_: os._exit(0)
        threading.excepthook = sys.excepthook
        sys.unraisablehook = sys.excepthook
        class Last:
            def __del__(self):
                os._exit(0)
        last = Last()
        def add(a, b):
            return 0
    """,
    ),
    Hostile(
        "exception_that_exits",
        "looking at an exception is no pass",
        _FAILURES,
        """
        class Meta(type):
            def __getattribute__(cls, name):
                os._exit(0)
        class Odd(BaseException, metaclass=Meta):
            def __str__(self):
                os._exit(0)
            __repr__ = __str__
        def add(a, b):
            raise Odd()
    """,
    ),
    Hostile(
        "exception_that_lies",
        "an exception of a class that claims much",
        _FAILURES,
        """
        class Odd(Exception):
            __class__ = property(lambda self: SystemExit)
            def __str__(self):
                return '"}{"proof": "1"}'
        def add(a, b):
            raise Odd()
    """,
    ),
    Hostile(
        "printed_success",
        "words are no pass",
        "exited_early",
        """
        for word in ("passed", "PASS", "ok", "All tests passed", '{"proof": ""}', "0"):
            print(word)
        sys.stdout.flush()
        os._exit(0)
    """,
    ),
    Hostile(
        "written_everywhere",
        "no descriptor takes a word for a pass",
        "exited_early",
        """
        for fd in range(1, 256):
            for word in (b"passed", b'{"proof": "00000000000000000000000000000000"}'):
                try:
                    os.write(fd, word)
                except OSError:
                    pass
        os._exit(0)
    """,
    ),
    Hostile(
        "guessed_proof",
        "a guess at the report",
        "exited_early",
        """
        os.write(3, b'++{"proof": "%s"}' % (b"0" * 32))
        os._exit(0)
    """,
    ),
    Hostile(
        "own_exception_class",
        "assert means the real AssertionError",
        _FAILURES,
        """
        import builtins
        class Fake(Exception):
            pass
        builtins.AssertionError = Fake
        AssertionError = Fake
        def add(a, b):
            return 0
    """,
    ),
    Hostile(
        "patched_interpreter",
        "functions of the harness replaced",
        _FAILURES,
        """
        import builtins, json
        builtins.compile = builtins.exec = json.dumps = lambda *_, **__: "1"
        builtins.isinstance = lambda *_: True
        def add(a, b):
            return 0
    """,
    ),
    Hostile(
        "no_recursion_left",
        "a harness that cannot call functions",
        _FAILURES,
        """
        def add(a, b):
            sys.setrecursionlimit(len(__import__("inspect").stack()) + 1)
            return 0
    """,
    ),
    Hostile(
        "jump_over_asserts",
        "a trace function that skips lines",
        _FAILURES,
        """
        def add(a, b):
            frame = sys._getframe(1)
            last = max(line for *_, line in frame.f_code.co_lines() if line)
            def trace(inner, event, argument):
                if inner is frame and event == "line":
                    try:
                        frame.f_lineno = last
                    except ValueError:
                        pass
                return trace
            frame.f_trace = trace
            sys.settrace(trace)
            raise StopIteration
    """,
    ),
    Hostile(
        "another_check",
        "replacing the tests while they run",
        _FAILURES,
        """
        def add(a, b):
            sys._getframe(1).f_globals["check"] = lambda candidate: None
            return 0
    """,
    ),
    Hostile(
        "fork_in_call",
        "two processes come back; one may answer",
        "passed",
        """
        first = True
        def add(a, b):
            global first
            if first:
                first = False
                os.fork()
            return a + b
    """,
    ),
    Hostile(
        "fork_and_fail",
        "the child's pass is not the sample's",
        _FAILURES,
        """
        parent = os.getpid()
        def add(a, b):
            os.fork() if os.getpid() == parent else None
            return a + b if os.getpid() != parent else 0
    """,
    ),
    Hostile("segfault", "a crash is no pass", "crashed", "ctypes.string_at(0)"),
    Hostile("abort", "a crash is no pass", "crashed", "os.abort()"),
    Hostile(
        "kill_self",
        "a signal is no pass",
        "crashed",
        """
        def add(a, b):
            os.kill(os.getpid(), signal.SIGKILL)
    """,
    ),
    Hostile(
        "close_control",
        "silence is no pass",
        "runtime_error exited_early crashed",
        """
        os.close(3)
    """,
    ),
    Hostile(
        "honest_library_use",
        "what honest programs do works",
        "passed",
        """
        import asyncio, multiprocessing, subprocess, tempfile, threading
        assert asyncio.run(asyncio.sleep(0, 1)) == 1
        assert subprocess.run(["/bin/echo", "x"], capture_output=True).stdout == b"x\\n"
        with tempfile.TemporaryDirectory() as folder:
            open(folder + "/x", "w").write("y")
        end, other = multiprocessing.Pipe()
        child = multiprocessing.get_context("fork").Process(target=lambda: other.send(5))
        child.start()
        assert end.recv() == 5
        child.join()
    """,
    ),
]
