"""Attacks with files, kernel objects that keep data, and the space for them."""

from __future__ import annotations

from tests.docker.hostile import Hostile

ROWS = [
    Hostile(
        "files_everywhere",
        "only the scratch folder can be written",
        "passed",
        """
        for folder, _, _ in os.walk("/"):
            if folder.startswith(("/proc/", "/tmp", "/sys/")):
                continue
            must_fail("wrote to " + folder, open, folder + "/trace", "w")
        for folder in ("/proc", "/sys", "/sys/fs/cgroup", "/proc/self", "/proc/1"):
            must_fail("wrote to " + folder, open, folder + "/trace", "w")
        os.makedirs("/tmp/.hidden/a/b")
        open("/tmp/.hidden/a/b/secret", "w").write("42")
    """,
    ),
    Hostile(
        "existing_files",
        "no file of the image can be changed",
        "passed",
        """
        for folder, folders, names in os.walk("/"):
            if folder.startswith(("/proc", "/sys", "/dev")):
                folders[:] = []
                continue
            for name in names:
                path = os.path.join(folder, name)
                if not os.path.islink(path):
                    must_fail("opened for writing " + path, os.open, path, os.O_WRONLY)
    """,
    ),
    Hostile(
        "fill_scratch",
        "size of the scratch folder",
        "passed",
        """
        try:
            with open("/tmp/a", "wb", 0) as file:
                while True:
                    file.write(bytes(1 << 20))
        except OSError:
            pass
        if os.stat("/tmp/a").st_size > 32 << 20:
            hole("no limit")
    """,
    ),
    Hostile(
        "fill_inodes",
        "number of files",
        "passed",
        """
        try:
            for number in range(20000):
                os.mknod("/tmp/%d" % number)
        except OSError:
            pass
        else:
            hole("no limit")
    """,
    ),
    Hostile(
        "deep_folders",
        "wiping knows no longest path",
        "passed",
        """
        os.chdir("/tmp")
        try:
            for _ in range(3000):
                os.mkdir("d" * 50)
                os.chdir("d" * 50)
        except OSError:
            pass
    """,
    ),
    Hostile(
        "locked_folders",
        "wiping does not stop at permissions",
        "passed",
        """
        os.makedirs("/tmp/x/y/z")
        open("/tmp/x/y/file", "w").close()
        for path in ("/tmp/x/y/z", "/tmp/x/y", "/tmp/x", "/tmp"):
            os.chmod(path, 0)
    """,
    ),
    Hostile(
        "odd_names",
        "wiping does not stop at names",
        "passed",
        r"""
        for name in ("-rf", "a\\nb", ".moved-1", "...", " ", "*", "x" * 255):
            os.mkdir("/tmp/" + name)
            os.mkdir("/tmp/" + name + "/.moved-1")
        os.mkdir(b"/tmp/\\xff\\xfe")
        os.mkdir(b"/tmp/\\xff\\xfe/inner")
    """,
    ),
    Hostile(
        "links_and_fifos",
        "wiping follows no link",
        "passed",
        """
        os.symlink("/etc", "/tmp/etc")
        os.symlink("/tmp", "/tmp/self")
        os.symlink("/proc/1/root", "/tmp/root")
        os.mkfifo("/tmp/fifo")
        os.mkdir("/tmp/d")
        os.symlink("..", "/tmp/d/up")
        os.link("/tmp/etc", "/tmp/hard", follow_symlinks=False)
    """,
    ),
    Hostile(
        "replace_scratch",
        "the scratch folder cannot be moved or removed",
        "passed",
        """
        must_fail("renamed", os.rename, "/tmp", "/tmp2")
        must_fail("removed", os.rmdir, "/tmp")
        os.chdir("/")
        import shutil
        shutil.rmtree("/tmp", ignore_errors=True)
    """,
    ),
    Hostile(
        "attributes",
        "extended attributes and times carry nothing on",
        "passed",
        """
        must_fail("user attribute", os.setxattr, "/tmp", "user.message", b"hello")
        os.utime("/tmp", (12345, 67890))
    """,
    ),
    Hostile(
        "deleted_but_open",
        "space that no name shows",
        "passed",
        """
        fd = os.open("/tmp/x", os.O_RDWR | os.O_CREAT)
        os.unlink("/tmp/x")
        if os.fork() == 0:
            os.setsid()
            os.write(fd, bytes(1 << 20))
            time.sleep(1000)
        time.sleep(0.02)
    """,
    ),
    Hostile(
        "file_locks_and_mappings",
        "mapped files hold no space on",
        "passed",
        """
        import mmap
        fd = os.open("/tmp/x", os.O_RDWR | os.O_CREAT)
        os.truncate(fd, 1 << 20)
        area = mmap.mmap(fd, 1 << 20)
        area[:4] = b"data"
        os.unlink("/tmp/x")
        os.fork() or time.sleep(1000)
    """,
    ),
    Hostile(
        "system_v_ipc",
        "no kernel object that outlives a process",
        "passed",
        """
        must_fail("shmget", libc.shmget, 0x1234, 4096, 0o1666)
        must_fail("semget", libc.semget, 0x1234, 1, 0o1666)
        must_fail("msgget", libc.msgget, 0x1234, 0o1666)
    """,
    ),
    Hostile(
        "posix_ipc",
        "no message queue, no shared memory",
        "passed",
        """
        must_fail("mq_open", libc.mq_open, b"/q", 0o102, 0o666, None)
        if os.path.isdir("/dev/mqueue"):
            must_fail("a file in /dev/mqueue", open, "/dev/mqueue/q", "w")
        from multiprocessing import shared_memory
        must_fail("shm_open", shared_memory.SharedMemory, "s", create=True, size=16)
    """,
    ),
    Hostile(
        "keyring",
        "no key in the kernel's keyrings",
        "passed",
        """
        must_fail("add_key", libc.syscall, 248, b"user", b"name", b"value", 5, -4)
        must_fail("keyctl", libc.syscall, 250, 0, -4, 1)
    """,
    ),
    Hostile(
        "network",
        "no address family but unix",
        "passed",
        """
        import socket
        for family in [f for f in range(1, 46) if f != socket.AF_UNIX]:
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
                must_fail("family %d" % family, socket.socket, family, kind)
    """,
    ),
    Hostile(
        "unix_server",
        "an abstract socket ends with its process",
        "passed",
        """
        import socket
        server = socket.socket(socket.AF_UNIX)
        server.bind("\\0message")
        server.listen(1)
        if os.fork() == 0:
            os.setsid()
            server.accept()
    """,
    ),
    Hostile(
        "open_many",
        "number of open files",
        "passed",
        """
        fds = []
        try:
            while len(fds) < 5000:
                fds.append(os.dup(1))
        except OSError:
            os.closerange(fds[0], fds[-1] + 1)
        else:
            hole("no limit")
    """,
    ),
    Hostile(
        "exhaust_inotify",
        "quotas of a user end with the sample",
        "passed",
        """
        for _ in range(30):
            if os.fork() == 0:
                while libc.inotify_init() >= 0:
                    pass
                try:
                    while True:
                        os.pipe()
                except OSError:
                    time.sleep(1000)
        time.sleep(0.1)
    """,
    ),
    Hostile(
        "cgroup_files",
        "the container's limits cannot be changed",
        "passed",
        """
        for folder, _, names in os.walk("/sys/fs/cgroup"):
            for name in names:
                must_fail("opened " + name, os.open, os.path.join(folder, name), os.O_WRONLY)
    """,
    ),
]
