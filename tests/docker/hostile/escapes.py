"""Attacks on the kernel's borders, and on what can be seen across them."""

from __future__ import annotations

from tests.docker.hostile import Hostile

ROWS = [
    Hostile(
        "namespaces_and_mounts",
        "no system call that widens a sample's world",
        "passed",
        """
        for name, number, *arguments in (
            ("unshare user", 272, 0x10000000), ("unshare mount", 272, 0x20000),
            ("unshare net", 272, 0x40000000), ("setns", 308, 3, 0),
            ("mount", 165, b"none", b"/tmp", b"tmpfs", 0, 0), ("umount", 166, b"/tmp", 2),
            ("pivot_root", 155, b"/", b"/"), ("chroot", 161, b"/tmp"),
            ("fsopen", 430, b"tmpfs", 0), ("move_mount", 429, 0, b"", 0, b"", 0),
            ("open_tree", 428, -100, b"/", 0x80001), ("bpf", 321, 0, 0, 0),
            ("perf_event_open", 298, 0, 0, -1, -1, 0), ("io_uring", 425, 8, 0),
            ("userfaultfd", 323, 0), ("kexec", 246, 0, 0, 0, 0), ("init_module", 175, 0, 0, 0),
            ("open_by_handle_at", 304, 0, 0, 0), ("name_to_handle_at", 303, -100, b"/", 0, 0, 0),
            ("fanotify_init", 300, 0, 0), ("swapon", 167, b"/tmp/x", 0),
            ("reboot", 169, 0, 0, 0, 0), ("quotactl", 179, 0, 0, 0, 0), ("syslog", 103, 3, 0, 0),
            ("modify_ldt", 154, 0, 0, 0), ("acct", 163, b"/tmp/x"), ("settimeofday", 164, 0, 0),
            ("sethostname", 170, b"x", 1),
            ("ioperm", 173, 0, 1, 1), ("iopl", 172, 3), ("clone3", 435, 0, 0),
        ):
            must_fail(name, libc.syscall, number, *arguments)
        child = libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0)
        if child == 0:
            os._exit(0)
        if child != -1:
            hole("clone with a user namespace")
    """,
    ),
    Hostile(
        "become_someone",
        "no other user, no group",
        "passed",
        """
        me = os.getuid()
        for other in (0, 1, 65534, me + 1):
            for call in (os.setuid, os.seteuid, os.setgid, os.setegid):
                must_fail("%s %d" % (call.__name__, other), call, other)
        must_fail("setgroups", os.setgroups, [0])
        must_fail("chown", os.chown, "/tmp", me + 1, -1)
    """,
    ),
    Hostile(
        "capabilities",
        "no capability, and no way to one",
        "passed",
        """
        status = dict(l.split(":", 1) for l in open("/proc/self/status").read().splitlines())
        for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
            if int(status[name], 16):
                hole(name + status[name])
        if int(status["CapBnd"], 16) and os.stat("/proc/1").st_uid:
            hole("bounding set")
        if status["NoNewPrivs"].strip() != "1" or status["Seccomp"].strip() != "2":
            hole("no_new_privs or seccomp")
        if status["Groups"].strip() not in ("", str(os.getgid())):
            hole("groups")
    """,
    ),
    Hostile(
        "setuid_files",
        "no file that gives rights",
        "passed",
        """
        for folder, folders, names in os.walk("/"):
            if folder.startswith(("/proc", "/sys")):
                folders[:] = []
            for name in names:
                if os.lstat(os.path.join(folder, name)).st_mode & 0o6000:
                    hole(os.path.join(folder, name))
    """,
    ),
    Hostile(
        "trace_pid_1",
        "PID 1 cannot be traced",
        "passed",
        """
        for request in (16, 0x4206):
            must_fail("ptrace", libc.ptrace, request, 1, 0, 0)
        class Vector(ctypes.Structure):
            _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]
        buffer = ctypes.create_string_buffer(16)
        here, there = Vector(ctypes.addressof(buffer), 16), Vector(0x400000, 16)
        for call in (libc.process_vm_readv, libc.process_vm_writev):
            must_fail("process_vm", call, 1, ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
        fd = libc.syscall(434, 1, 0)
        if fd >= 0:
            must_fail("pidfd_getfd", libc.syscall, 438, fd, 0, 0)
    """,
    ),
    Hostile(
        "look_into_pid_1",
        "memory, environment and files of PID 1",
        "passed",
        """
        for name in ("mem", "environ", "maps", "smaps", "auxv", "syscall", "stack", "task/1/mem",
                     "task/1/environ", "pagemap"):
            try:
                if os.read(os.open("/proc/1/" + name, os.O_RDONLY), 16):
                    hole("read " + name)
            except OSError:
                pass
        for name in ("fd", "fdinfo", "map_files"):
            must_fail("listed " + name, os.listdir, "/proc/1/" + name)
        for name in ("cwd", "root", "exe", "ns/pid"):
            must_fail("read link " + name, os.readlink, "/proc/1/" + name)
        for name in ("mem", "oom_score_adj", "timens_offsets", "clear_refs", "coredump_filter"):
            if os.path.exists("/proc/1/" + name):
                must_fail("opened " + name, os.open, "/proc/1/" + name, os.O_WRONLY)
    """,
    ),
    Hostile(
        "kernel_settings",
        "no setting of the kernel",
        "passed",
        """
        for path in ("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/self/uid_map",
                     "/proc/sys/vm/overcommit_memory", "/proc/sys/kernel/hostname"):
            if os.path.exists(path):
                try:
                    os.write(os.open(path, os.O_WRONLY), b"0")
                except OSError:
                    continue
                hole(path)
    """,
    ),
    Hostile(
        "what_can_be_seen",
        "nothing of the host or the client",
        "passed",
        """
        if set(os.environ) - {"PATH", "HOME", "TMPDIR", "LANG", "PYTHONHASHSEED", "HOSTNAME",
                              "PYTHONDONTWRITEBYTECODE", "OPENBLAS_NUM_THREADS",
                              "MALLOC_ARENA_MAX", "LC_CTYPE"}:
            hole("environment %s" % sorted(os.environ))
        if len(os.listdir("/proc/self/fd")) > 5:
            hole("descriptors %s" % os.listdir("/proc/self/fd"))
        if [p for p in os.listdir("/proc") if p.isdigit() and p not in ("1", str(os.getpid()))]:
            hole("processes")
        if os.path.exists("/var/run/docker.sock"):
            hole("the engine's socket")
        if [name for name in sys.modules if name.startswith("supervisor")]:
            hole("modules of the harness")
        if sys.argv != ["solution.py"] or sys.stdin.read():
            hole("arguments or input")
    """,
    ),
    Hostile(
        "devices",
        "only the harmless devices",
        "passed",
        """
        import stat
        for folder, folders, names in os.walk("/dev"):
            for name in names:
                path = os.path.join(folder, name)
                mode = os.lstat(path).st_mode
                if stat.S_ISBLK(mode) or (stat.S_ISCHR(mode) and os.access(path, os.W_OK)
                        and name not in ("null", "zero", "full", "random", "urandom", "tty",
                                         "ptmx", "console")):
                    hole(path)
        must_fail("mknod", os.mknod, "/tmp/disk", 0o60666, os.makedev(8, 0))
    """,
    ),
    Hostile(
        "typed_into_terminal",
        "no terminal to type into",
        "passed",
        """
        import fcntl, termios
        for fd in (0, 1, 2, 3):
            must_fail("TIOCSTI", fcntl.ioctl, fd, termios.TIOCSTI, b"x")
    """,
    ),
]
