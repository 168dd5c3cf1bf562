"""Attacks with memory and output."""

from __future__ import annotations

from tests.docker.hostile import Hostile

ROWS = [
    Hostile(
        "greedy",
        "memory of a process",
        "out_of_memory",
        """
        blocks = []
        while True:
            blocks.append(bytearray(10_000_000))
    """,
    ),
    Hostile(
        "greedy_and_sorry",
        "a caught MemoryError is no end",
        "passed",
        """
        blocks = []
        try:
            while True:
                blocks.append(bytearray(10_000_000))
        except MemoryError:
            del blocks
    """,
    ),
    Hostile(
        "greedy_children",
        "memory of the container",
        "out_of_memory",
        """
        for _ in range(12):
            if os.fork() == 0:
                block = bytearray(40_000_000)
                for page in range(0, len(block), 4096):
                    block[page] = 1
                time.sleep(1000)
        os.wait()  # until one is killed
    """,
    ),
    Hostile(
        "unmapped_memory",
        "no memory without a process to blame",
        "passed",
        """
        must_fail("memfd_create", libc.syscall, 319, b"x", 0)
        must_fail("memfd_secret", libc.syscall, 447, 0)
    """,
    ),
    Hostile(
        "memory_in_pipes",
        "kernel memory counts",
        "passed out_of_memory",
        """
        import fcntl
        for _ in range(40):
            if os.fork() == 0:
                while True:
                    try:
                        end = os.pipe()[1]
                        fcntl.fcntl(end, 1031, 1 << 20)
                        os.set_blocking(end, False)
                        os.write(end, bytes(1 << 20))
                    except OSError:
                        time.sleep(1000)
        time.sleep(0.3)
    """,
    ),
    Hostile(
        "oom_score",
        "who makes PID 1 the victim has used up the memory",
        "out_of_memory",
        """
        def protect():
            try:
                open("/proc/self/oom_score_adj", "w").write("-1000")
            except OSError:
                pass
        must_fail("changed the score of PID 1", open, "/proc/1/oom_score_adj", "w")
        protect()
        for _ in range(12):
            if os.fork() == 0:
                protect()
                block = bytearray(40_000_000)
                for page in range(0, len(block), 4096):
                    block[page] = 1
                time.sleep(1000)
        os.wait()  # until one is killed
    """,
    ),
    Hostile(
        "endless_output",
        "output is bounded",
        "output_limit",
        """
        block = b"A" * 65536
        while True:
            os.write(1, block)
    """,
    ),
    Hostile(
        "endless_errors",
        "so is stderr",
        "output_limit",
        """
        block = b"E" * 65536
        while True:
            os.write(2, block)
    """,
    ),
    Hostile(
        "endless_control",
        "noise on the control descriptor",
        "timeout exited_early",
        """
        while True:
            os.write(3, b"+" * 65536)
    """,
    ),
    Hostile(
        "odd_output",
        "bytes that are no text",
        "passed",
        """
        sys.stdout.write("\\U0001F600" * 1000 + "\\ud800")
        os.write(1, bytes(range(256)) * 10)
        os.write(2, b"\\xff\\xfe\\x00" * 100)
    """,
    ),
    Hostile(
        "closed_output",
        "nothing to write to",
        "passed",
        """
        os.close(1)
        os.close(2)
    """,
    ),
    Hostile(
        "stack_overflow",
        "a crash is no pass",
        "crashed out_of_memory",
        """
        sys.setrecursionlimit(10**9)
        class Deep:
            def __getattr__(self, name):
                return getattr(self, name)
        def add(a, b):
            return Deep().x
    """,
    ),
    Hostile(
        "deep_nesting",
        "a value that cannot be shown",
        "wrong_answer runtime_error crashed",
        """
        def add(a, b):
            nested = []
            for _ in range(100000):
                nested = [nested]
            return nested
    """,
    ),
    Hostile(
        "large_value",
        "a value that is large",
        "wrong_answer out_of_memory",
        """
        def add(a, b):
            return "x" * 20_000_000
    """,
    ),
    Hostile(
        "many_threads",
        "threads count as processes",
        "passed",
        """
        import threading
        try:
            for _ in range(200):
                threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
        except (RuntimeError, MemoryError):
            pass
        else:
            hole("no limit")
    """,
    ),
]
