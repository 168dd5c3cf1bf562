"""Attacks with processes, signals and time."""

from __future__ import annotations

from tests.docker.hostile import Hostile

ROWS = [
    Hostile(
        "fork_bomb",
        "number of processes; end of all processes",
        "timeout",
        """
        while True:
            try:
                os.fork()
            except OSError:
                pass
    """,
    ),
    Hostile(
        "shell_fork_bomb",
        "the same, across exec",
        "timeout",
        """
        import subprocess
        while True:
            try:
                subprocess.Popen(["/bin/sh", "-c", "b() { b | b & b; }; b"], stderr=-3)
            except OSError:
                pass
    """,
    ),
    Hostile(
        "respawning_forks",
        "killing must outrun forking",
        "passed suspicious",
        """
        def respawn():
            while True:
                if os.fork():
                    os._exit(0)
        for _ in range(6):
            try:
                child = os.fork()
            except BlockingIOError:  # those before have used every process up
                break
            if child == 0:
                respawn()
    """,
    ),
    Hostile(
        "daemon",
        "a session of its own does not outlive the sample",
        "passed",
        """
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.closerange(0, 256)
                while True:
                    try:
                        open("/tmp/alive", "a").write("x")
                    except OSError:
                        pass
                    time.sleep(0.01)
            os._exit(0)
        time.sleep(0.05)
    """,
    ),
    Hostile(
        "stopped_orphans",
        "stopped processes die too",
        "passed",
        """
        for _ in range(10):
            if os.fork() == 0:
                os.setsid()
                os.kill(os.getpid(), signal.SIGSTOP)
                time.sleep(1000)
    """,
    ),
    Hostile(
        "daemon_with_threads",
        "threads of an orphan die too",
        "passed",
        """
        import threading
        if os.fork() == 0:
            os.setsid()
            for _ in range(8):
                threading.Thread(target=time.sleep, args=(1000,)).start()
            time.sleep(1000)
    """,
    ),
    Hostile(
        "vfork_child",
        "a parent that waits in vfork",
        "passed timeout",
        """
        if os.fork() == 0:
            libc.vfork() or time.sleep(1000)
    """,
    ),
    Hostile(
        "signals_to_pid_1",
        "PID 1 cannot be ended from inside",
        "passed",
        """
        for number in range(1, 65):
            try:
                os.kill(1, number)
            except OSError:
                pass
        time.sleep(0.05)
        os.kill(1, 0) if os.getuid() == os.stat("/proc/1").st_uid else None
        if not os.path.isdir("/proc/1"):
            hole("PID 1 is gone")
    """,
    ),
    Hostile(
        "stop_everything",
        "kill(-1, SIGSTOP) does not stop PID 1",
        "passed timeout suspicious",
        """
        if os.fork() == 0:
            os.setsid()
            os.kill(-1, signal.SIGSTOP)
    """,
    ),
    Hostile(
        "stop_who_waits",
        "the wall limit ends what is stopped",
        "timeout",
        """
        if os.fork() == 0:
            os.kill(-1, signal.SIGSTOP)
            os._exit(0)
        os.wait()
        time.sleep(1000)
    """,
    ),
    Hostile(
        "children_that_return",
        "a child that returns to the harness takes no part in it",
        "passed",
        """
        for _ in range(4):
            os.fork()
        def add(a, b):
            if a == 3:
                os.fork()
            return a + b
    """,
    ),
    Hostile(
        "kill_everything",
        "kill(-1, SIGKILL) does not kill PID 1",
        "passed crashed suspicious",
        """
        try:
            os.kill(-1, signal.SIGKILL)
        except OSError:
            pass
    """,
    ),
    Hostile(
        "ignore_every_signal",
        "the time limit cannot be ignored",
        "timeout",
        """
        for number in range(1, 65):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                pass
        while True:
            pass
    """,
    ),
    Hostile(
        "swallow_everything",
        "no exception of the harness to swallow",
        "timeout",
        """
        def add(a, b):
            while True:
                try:
                    while True:
                        pass
                except BaseException:
                    pass
    """,
    ),
    Hostile(
        "stop_self",
        "a stopped sample ends at the wall limit",
        "timeout",
        """
        os.kill(os.getpid(), signal.SIGSTOP)
    """,
    ),
    Hostile("sleep_at_import", "wall limit", "timeout", "time.sleep(1000)"),
    Hostile("sleep_in_call", "wall limit", "timeout", "def add(a, b): time.sleep(1000)"),
    Hostile("endless_loop", "CPU limit", "timeout", "while True: pass"),
    Hostile(
        "endless_in_c",
        "CPU limit inside one C call",
        "timeout",
        """
        def add(a, b):
            return pow(7, 10**9) % 3
    """,
    ),
    Hostile(
        "cpu_in_children",
        "CPU time of all processes counts",
        "timeout",
        """
        for _ in range(4):
            if os.fork() == 0:
                while True:
                    pass
        time.sleep(1000)
    """,
    ),
    Hostile(
        "cpu_of_reaped_children",
        "CPU time of dead processes counts",
        "timeout",
        """
        while True:
            if os.fork() == 0:
                sum(range(200000))
                os._exit(0)
            os.wait()
    """,
    ),
    Hostile(
        "threads_that_sleep",
        "living threads do not hold up a verdict",
        "passed",
        """
        import threading
        for _ in range(6):
            threading.Thread(target=time.sleep, args=(1000,)).start()
    """,
    ),
    Hostile(
        "threads_that_work",
        "busy threads do not outlive it",
        "passed timeout",
        """
        import threading
        def spin():
            while True:
                pass
        for _ in range(4):
            threading.Thread(target=spin).start()
    """,
    ),
    Hostile(
        "lower_own_priority",
        "priority is the sample's own",
        "passed",
        """
        os.nice(19)
        must_fail("raised priority", os.nice, -30)
    """,
    ),
    Hostile(
        "schedule_pid_1",
        "limits and scheduling of PID 1 stay",
        "passed",
        """
        import resource
        for name in ("NOFILE", "CPU", "AS", "FSIZE", "NPROC", "DATA", "STACK"):
            number = getattr(resource, "RLIMIT_" + name)
            must_fail("prlimit " + name, resource.prlimit, 1, number, (1, 1))
        must_fail("affinity", os.sched_setaffinity, 1, {0})
        must_fail("scheduler", os.sched_setscheduler, 1, os.SCHED_IDLE, os.sched_param(0))
        must_fail("nice of PID 1", os.setpriority, os.PRIO_PROCESS, 1, 19)
        must_fail("nice of the group", os.setpriority, os.PRIO_PGRP, 1, 19)
        must_fail("nice of the user", os.setpriority, os.PRIO_USER, 0, 19)
        must_fail("ioprio", libc.syscall, 251, 1, 1, 3 << 13)
        must_fail("process group", os.setpgid, 1, 1)
    """,
    ),
]
