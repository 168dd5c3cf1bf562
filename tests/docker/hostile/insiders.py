"""Forgeries that know the harness from inside. Apart from its tests, none of them passes."""

from __future__ import annotations

from tests.docker.hostile import Hostile

_SUSPICIOUS = "suspicious"
_NO_PASS = "suspicious wrong_answer runtime_error exited_early crashed timeout"
_READ_SECRET = """
        def secret():
            os.write(3, b"+")
            time.sleep(0.05)
            return os.read(3, 1 << 16)[-16:].hex()
"""

ROWS = [
    Hostile(
        "always_equal",
        "equality is not the solution's to define",
        _SUSPICIOUS,
        """
        class Equal:
            def __eq__(self, other):
                return True
        def add(a, b):
            return Equal()
    """,
    ),
    Hostile(
        "equal_in_every_way",
        "nor are arithmetic, order and truth",
        _SUSPICIOUS,
        """
        class Equal:
            __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = lambda self, other: True
            __sub__ = __rsub__ = __add__ = __radd__ = lambda self, other: self
            __abs__ = __neg__ = __round__ = lambda self, *_: self
            __getattr__ = lambda self, name: self
            __call__ = lambda self, *_: self
            __hash__ = lambda self: 0
            __len__ = lambda self: 1
            __iter__ = lambda self: iter([self])
        def add(a, b):
            return Equal()
    """,
    ),
    Hostile(
        "int_that_lies",
        "a subclass arrives as its base",
        _SUSPICIOUS,
        """
        class Lie(int):
            __eq__ = lambda self, other: True
            __hash__ = int.__hash__
        def add(a, b):
            return Lie(0)
    """,
    ),
    Hostile(
        "borrowed_class",
        "whatever class it claims to be",
        _SUSPICIOUS,
        """
        class Lie:
            __class__ = property(lambda self: int)
            __eq__ = lambda self, other: True
        def add(a, b):
            return Lie()
    """,
    ),
    Hostile(
        "empty_range",
        "the tests' builtins are their own",
        _SUSPICIOUS,
        """
        import builtins
        builtins.range = lambda *_: ()
        def add(a, b):
            return 0
    """,
    ),
    Hostile(
        "globals_of_the_tests",
        "and their globals",
        _SUSPICIOUS,
        """
        def add(a, b):
            sys._getframe(1).f_globals["range"] = lambda *_: ()
            caller = sys._getframe(1)
            return caller.f_locals["i"] + 7
        range = lambda *_: ()
    """,
    ),
    Hostile(
        "answer_in_a_frame",
        "and their local variables",
        _SUSPICIOUS,
        """
        def add(a, b):
            return sys._getframe(1).f_locals["i"] + 7
    """,
    ),
    Hostile(
        "answer_in_the_code",
        "and their text",
        _SUSPICIOUS,
        """
        import gc
        def add(a, b):
            if sys._getframe(1).f_code.co_filename != "<tests>":
                return None
            return a + b
    """,
    ),
    Hostile(
        "secret_on_the_descriptor",
        "the secret is in another process",
        _NO_PASS,
        _READ_SECRET
        + """
        def add(a, b):
            os.write(3, b'{"proof": "%s"}' % secret().encode())
            os._exit(0)
    """,
    ),
    Hostile(
        "secret_at_load",
        "also while the solution loads",
        _NO_PASS,
        """
        os.write(3, b"+")
        time.sleep(0.05)
        os.read(3, 1 << 16)
        os.write(3, b"+")
        time.sleep(0.05)
        secret = os.read(3, 1 << 16)[-16:].hex().encode()
        os.write(3, b'{"proof": "%s"}' % secret)
        os._exit(0)
    """,
    ),
    Hostile(
        "harness_frames",
        "the epilogue that would report is in another process",
        _SUSPICIOUS,
        """
        def add(a, b):
            frame = sys._getframe(1)
            while frame.f_back is not None:
                if "parts" in frame.f_locals and "facts" not in frame.f_locals:
                    parts = frame.f_locals["parts"]
                    proof = parts.next().hex()
                    os.write(3, b'{"proof": "%s"}' % proof.encode())
                    os._exit(0)
                frame = frame.f_back
            return 0
    """,
    ),
    Hostile(
        "good_only_beside_its_tests",
        "a lie about oneself is one",
        _SUSPICIOUS,
        """
        honest = os.getppid() == 1
        def add(a, b):
            return a + b if honest else 0
    """,
    ),
    Hostile(
        "silent_when_apart",
        "a pass is not kept by never answering",
        _SUSPICIOUS,
        """
        apart = os.getppid() != 1
        def add(a, b):
            while apart:
                time.sleep(1)
            return a + b
    """,
    ),
    Hostile(
        "greedy_when_apart",
        "nor by using up a limit",
        _SUSPICIOUS,
        """
        apart = os.getppid() != 1
        def add(a, b):
            while apart:
                pass
            return a + b
    """,
    ),
    Hostile(
        "kill_the_tests",
        "nor by killing the process of the tests",
        _SUSPICIOUS,
        """
        if os.getppid() != 1:
            os.kill(os.getppid(), signal.SIGKILL)
        def add(a, b):
            return a + b
    """,
    ),
    Hostile(
        "stop_the_tests",
        "nor by stopping it",
        _SUSPICIOUS,
        """
        if os.getppid() != 1:
            os.kill(os.getppid(), signal.SIGSTOP)
        def add(a, b):
            return a + b
    """,
    ),
    Hostile(
        "look_into_the_tests",
        "nor by reading its memory",
        "passed",
        """
        parent = os.getppid()
        if parent != 1:
            for name in ("mem", "maps", "environ", "fd/3", "fd/4", "syscall", "stack"):
                must_fail("/proc/PPID/" + name, open, "/proc/%d/%s" % (parent, name), "rb")
            must_fail("ptrace", libc.ptrace, 16, parent, 0, 0)
            pidfd = os.pidfd_open(parent)
            for fd in range(8):
                must_fail("pidfd_getfd", libc.syscall, 438, pidfd, fd, 0)
    """,
    ),
    Hostile(
        "early_answers",
        "nor by answering before the question",
        _NO_PASS,
        """
        import json
        def frame(message):
            text = json.dumps(message).encode()
            return len(text).to_bytes(4, "big") + text
        if os.getppid() != 1:
            os.write(3, frame({"names": {"add": ["callable"]}}))
            for i in range(100):
                os.write(3, frame({"value": True}))
        def add(a, b):
            return os.getppid() == 1 and a + b
    """,
    ),
    Hostile(
        "strange_names",
        "nor by being something that tests cannot use",
        _SUSPICIOUS,
        """
        import json
        def frame(message):
            text = json.dumps(message).encode()
            return len(text).to_bytes(4, "big") + text
        if os.getppid() != 1:
            os.write(3, frame({"names": {"add": ["module", "os.path"]}}))
        def add(a, b):
            return a + b
    """,
    ),
    Hostile(
        "claims_that_it_is_impossible",
        "nor by reporting in the tests' place",
        _SUSPICIOUS,
        """
        if os.getppid() != 1:
            for fd in range(3, 64):
                try:
                    os.write(fd, b'{"impossible": "really"}')
                except OSError:
                    pass
        def add(a, b):
            return a + b
    """,
    ),
    Hostile(
        "nonsense_on_the_wire",
        "nor by sending what is no value",
        _SUSPICIOUS,
        """
        import json
        sent = json.dumps
        if os.getppid() != 1:
            json.dumps = lambda value, **_: sent({"value": {"tuple": {"iterator": 7}}})
        def add(a, b):
            return a + b
    """,
    ),
    Hostile(
        "endless_value",
        "nor by sending no end",
        _SUSPICIOUS,
        """
        def add(a, b):
            if os.getppid() == 1:
                return a + b
            deep = []
            for _ in range(100_000):
                deep = [deep]
            return deep
    """,
    ),
]
