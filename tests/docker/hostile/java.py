"""Attacks written in Java, upon its compiler too."""

# Programs stay in one piece:
# ruff: noqa: E501

from __future__ import annotations

from tests.docker.hostile.attack import Attack, Battery

TESTS = """
public class Main {
    public static void main(String[] arguments) {
        Solution s = new Solution();
        List<Boolean> correct = Arrays.asList(s.add(1, 2) == 3, s.add(2, 2) == 4);
        if (correct.contains(false)) {
            throw new AssertionError();
        }
    }
}
"""
HEAD = "import java.util.*;\nimport java.lang.*;\n"


def solution(body: str, members: str = "", types: str = "") -> str:
    """A class whose method `add` has `body`."""
    return f"{HEAD}{types}\nclass Solution {{ {members} int add(int a, int b) {{ {body} }} }}\n"


WRONG = solution("return 0;")
CANARY = solution(
    """
        String self = String.valueOf(ProcessHandle.current().pid());
        for (String name : new java.io.File("/proc").list()) {
            boolean process = name.matches("[0-9]+") && !name.equals("1") && !name.equals(self);
            if (process) System.out.println("HOLE process " + name);
        }
        for (String name : new java.io.File("/tmp").list()) {
            boolean own = name.equals("Main.class") || name.equals("Solution.class");
            if (!own) System.out.println("HOLE /tmp/" + name);
        }
        for (String folder : new String[] {"/var/tmp", "/dev/mqueue"}) {
            String[] names = new java.io.File(folder).list();
            if (names != null && names.length > 0) System.out.println("HOLE " + folder);
        }
        return a + b;
"""
)
# Every stream that a program can open without reflection; the secret is a guess.
BLIND_FORGERY = """
    String text = "{\\"proof\\":\\"" + "0".repeat(32) + "\\"}";
    for (var fd : new java.io.FileDescriptor[] {java.io.FileDescriptor.in, java.io.FileDescriptor.out}) {
        try { new java.io.FileOutputStream(fd).write(text.getBytes()); } catch (Exception e) {}
    }
    System.exit(0);
    return 0;
"""
REFLECTION = """
    try {
        var field = Boolean.class.getDeclaredField("value");
        field.setAccessible(true);
        field.setBoolean(Boolean.FALSE, true);
    } catch (Exception e) { throw new RuntimeException(e); }
    return 0;
"""

ROWS = [
    Attack("System.exit", "exited_early", solution("System.exit(0); return 0;")),
    Attack("Runtime.halt", "exited_early", solution("Runtime.getRuntime().halt(0); return 0;")),
    Attack(
        "static initialiser", "exited_early", solution("return 0;", "static { System.exit(0); }")
    ),
    Attack(
        "instance initialiser",
        "exited_early",
        solution("return 0;", "{ Runtime.getRuntime().halt(0); }"),
    ),
    Attack(
        "printed success",
        "exited_early",
        solution('System.out.println("passed"); System.exit(0); return 0;'),
    ),
    Attack("output on all descriptors", "exited_early", solution(BLIND_FORGERY)),
    Attack(
        "thread that exits",
        "exited_early",
        solution("new Thread(() -> System.exit(0)).start(); while (true);"),
    ),
    Attack(
        "shutdown hook",
        "exited_early wrong_answer",
        solution(
            "Runtime.getRuntime().addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0))); System.exit(1); return 0;"
        ),
    ),
    Attack(
        "handler of exceptions",
        "wrong_answer",
        solution("Thread.setDefaultUncaughtExceptionHandler((t, e) -> System.exit(0)); return 0;"),
    ),
    Attack(
        "replaced streams",
        "wrong_answer",
        solution("System.setErr(null); System.setOut(null); return 0;"),
    ),
    Attack(
        "kills itself",
        "crashed exited_early runtime_error",
        solution(
            'try { new ProcessBuilder("sh", "-c", "kill -9 " + ProcessHandle.current().pid()).start().waitFor(); } catch (Exception e) { throw new RuntimeException(e); } return 0;'
        ),
    ),
    Attack("values by reflection", "runtime_error", solution(REFLECTION)),
    Attack(
        "own Arrays",
        "compile_error",
        solution(
            "return 0;",
            types="class Arrays { static List<Boolean> asList(Boolean... x) { return List.of(true); } }",
        ),
    ),
    Attack(
        "own List",
        "compile_error",
        solution("return 0;", types="interface List<T> { boolean contains(Object x); }"),
    ),
    Attack("own Boolean", "compile_error", solution("return 0;", types="class Boolean {}")),
    Attack(
        "own AssertionError",
        "compile_error",
        solution("return 0;", types="class AssertionError extends RuntimeException {}"),
    ),
    Attack(
        "own Main",
        "compile_error",
        solution("return 0;", types="class Main { public static void main(String[] a) {} }"),
    ),
    Attack(
        "own harness",
        "wrong_answer compile_error runtime_error",
        solution("return 0;", types="class Harness { public static void main(String[] a) {} }"),
    ),
    Attack(
        "tests in a comment",
        "compile_error",
        WRONG + "class Main { public static void main(String[] a) {} } /*",
    ),
    Attack(
        "tests in an escaped comment",
        "compile_error",
        WRONG + "class Main { public static void main(String[] a) {} } \\u002f*",
    ),
    Attack("tests in another class", "compile_error", WRONG + "class Other {"),
    Attack(
        "tests in a text block",
        "compile_error",
        WRONG + 'class Main { public static void main(String[] a) {} String s = """\n',
    ),
    Attack("package", "compile_error runtime_error", "package evil;\n" + WRONG),
    Attack("deep recursion", "runtime_error", solution("return add(a, b) + 1;")),
    Attack(
        "swallowed errors",
        "timeout",
        solution("while (true) try { add(a, b); } catch (Throwable t) {}"),
    ),
    Attack("endless loop", "timeout", solution("while (true);")),
    Attack(
        "sleep",
        "timeout",
        solution("try { Thread.sleep(1000000); } catch (Exception e) {} return 0;"),
    ),
    Attack(
        "thread that stays",
        "timeout",
        solution("new Thread(() -> { while (true); }).start(); return a + b;"),
    ),
    Attack(
        "daemon that stays",
        "passed",
        solution(
            "var t = new Thread(() -> { while (true); }); t.setDaemon(true); t.start(); return a + b;"
        ),
    ),
    Attack(
        "process that stays",
        "passed",
        solution(
            'try { new ProcessBuilder("sleep", "1000").start(); } catch (Exception e) {} return a + b;'
        ),
    ),
    Attack(
        "full heap",
        "out_of_memory",
        solution("var l = new ArrayList<long[]>(); while (true) l.add(new long[1 << 20]);"),
    ),
    Attack(
        "memory outside the heap",
        "out_of_memory timeout",
        solution(
            "var l = new ArrayList<java.nio.ByteBuffer>(); while (true) l.add(java.nio.ByteBuffer.allocateDirect(1 << 20));"
        ),
    ),
    Attack(
        "many threads",
        "out_of_memory timeout crashed exited_early runtime_error",
        solution(
            "while (true) new Thread(() -> { try { Thread.sleep(100000); } catch (Exception e) {} }).start();"
        ),
    ),
    Attack(
        "flood of output",
        "output_limit",
        solution('String x = "x".repeat(60000); while (true) System.out.println(x);'),
    ),
    Attack(
        "files for the next program",
        "passed",
        solution(
            'for (String f : new String[] {"/tmp/a", "/var/tmp/a", "/opt/aibench/java/run/a"}) try { java.nio.file.Files.writeString(java.nio.file.Path.of(f), "x"); } catch (Exception e) {} return a + b;'
        ),
    ),
    Attack(
        "network",
        "runtime_error",
        solution(
            "try { new java.net.ServerSocket(0); } catch (Exception e) { throw new RuntimeException(e); } return a + b;"
        ),
    ),
    Attack(
        "huge constant expression",
        "compile_error timeout passed runtime_error",
        solution("return " + "(a + " * 4000 + "b" + ")" * 4000 + ";"),
    ),
    Attack(
        "deep generics",
        "compile_error timeout wrong_answer",
        solution("Object o = " + "Optional.of(" * 60 + "1" + ")" * 60 + "; return 0;"),
    ),
    Attack(
        "huge method",
        "compile_error",
        solution("int x = 0; " + "x += a * b + 17; " * 9000 + "return x;"),
    ),
]
BATTERY = Battery("java", TESTS, CANARY, WRONG, tuple(ROWS))
