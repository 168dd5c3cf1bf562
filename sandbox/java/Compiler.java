import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TypeParameterTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticListener;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/**
 * Compiles one program after the other, in memory. Executes nothing of them.
 *
 * Says that it is ready with a byte. A request is three texts, each a 32-bit length and UTF-8: name of the main class, solution, tests.
 * The answer is a byte (1: compiled), the compiler's messages (a 32-bit length and UTF-8), and the
 * classes: 32-bit total length, then for each a 16-bit length and its name, a 32-bit length and its
 * content.
 */
public final class Compiler {
    private static final List<String> OPTIONS =
            List.of("-proc:none", "-implicit:none", "-nowarn", "-encoding", "UTF-8");
    /** Packages whose types tests name without having declared them. */
    private static final String[] LIBRARY = {
        "java.lang.", "java.util.", "java.util.function.", "java.util.stream.", "java.math.",
        "java.io.", "java.lang.reflect.", "java.security.", "java.text.", "java.time.",
        "org.javatuples."
    };
    /** Of whose instances tests ask whether they are equal. */
    private static final List<Class<?>> VALUES =
            List.of(Collection.class, Map.class, CharSequence.class, Number.class);
    private static final Pattern WORD = Pattern.compile("\\b[A-Za-z_$][\\w$]*");

    private final JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    private final StandardJavaFileManager files =
            javac.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);

    private Compiler(String classPath) throws IOException {
        files.setLocation(StandardLocation.CLASS_PATH, List.of(new File(classPath)));
    }

    public static void main(String[] arguments) throws IOException {
        DataInputStream in = new DataInputStream(System.in);
        DataOutputStream out = new DataOutputStream(new FileOutputStream(FileDescriptor.out));
        System.setIn(InputStream.nullInputStream());
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        Compiler compiler = new Compiler(arguments[0]);
        out.writeByte(1);
        try {
            for (; ; ) {
                String main = readText(in);
                compiler.serve(main, readText(in), readText(in), out);
            }
        } catch (EOFException end) {
            System.exit(0);
        }
    }

    private static String readText(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }

    private void serve(String main, String solution, String tests, DataOutputStream out)
            throws IOException {
        StringBuilder messages = new StringBuilder();
        Map<String, ByteArrayOutputStream> classes = new TreeMap<>();
        boolean compiled;
        try {
            compiled = compile(main, solution, tests, messages, classes);
        } catch (StackOverflowError | RuntimeException | AssertionError error) {
            compiled = false;
            messages.append("error: the compiler failed: ").append(error).append('\n');
        }
        byte[] text = messages.toString().getBytes(StandardCharsets.UTF_8);
        byte[] content = compiled ? packed(classes) : new byte[0];
        ByteArrayOutputStream answer = new ByteArrayOutputStream(content.length + text.length + 9);
        DataOutputStream data = new DataOutputStream(answer);
        data.writeByte(compiled ? 1 : 0);
        data.writeInt(text.length);
        data.write(text);
        data.writeInt(content.length);
        data.write(content);
        answer.writeTo(out);
        out.flush();
    }

    private boolean compile(String main, String solution, String tests, StringBuilder messages,
            Map<String, ByteArrayOutputStream> classes) throws IOException {
        Text source = new Text(main + ".java", solution + "\n" + tests);
        JavaFileManager memory = new Memory(files, classes);
        boolean[] failed = {false};
        DiagnosticListener<JavaFileObject> listener = message -> {
            failed[0] |= message.getKind() == Diagnostic.Kind.ERROR;
            messages.append(message.toString().replaceFirst("^/", "")).append('\n');
        };
        JavacTask task =
                (JavacTask) javac.getTask(null, memory, listener, OPTIONS, null, List.of(source));
        Names names = new Names(task, main, solution.length());
        for (CompilationUnitTree unit : task.parse()) names.scan(unit);
        if (failed[0]) return false;
        String refused = names.refused(tests);
        task.analyze();
        if (failed[0]) return false;
        task.generate();
        if (failed[0] || refused == null) return !failed[0];
        messages.append("error: ").append(refused).append('\n');
        return false;
    }

    private static byte[] packed(Map<String, ByteArrayOutputStream> classes) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(content);
        for (Map.Entry<String, ByteArrayOutputStream> entry : classes.entrySet()) {
            data.writeUTF(entry.getKey());
            data.writeInt(entry.getValue().size());
            entry.getValue().writeTo(data);
        }
        return content.toByteArray();
    }

    /**
     * What the solution declares, what it makes of `equals`, and whether the tests' main method is
     * one.
     */
    private static final class Names extends TreeScanner<Void, Void> {
        private final SourcePositions positions;
        private final String main;
        private final long end;
        private final Set<String> declared = new HashSet<>();
        private final List<String> enclosing = new ArrayList<>();
        private CompilationUnitTree unit;
        private boolean tested;
        private List<Tree> supertypes = List.of();
        private Tree anonymous;
        private String forged;

        Names(JavacTask task, String main, long end) {
            this.positions = Trees.instance(task).getSourcePositions();
            this.main = main;
            this.end = end;
        }

        void scan(CompilationUnitTree unit) {
            this.unit = unit;
            scan(unit, null);
        }

        private boolean inSolution(Tree tree) {
            return positions.getStartPosition(unit, tree) < end;
        }

        private void declare(Tree tree, CharSequence name) {
            if (inSolution(tree)) declared.add(name.toString());
        }

        @Override public Void visitClass(ClassTree tree, Void nothing) {
            declare(tree, tree.getSimpleName());
            List<Tree> outer = supertypes;
            supertypes = new ArrayList<>(tree.getImplementsClause());
            supertypes.add(tree.getSimpleName().isEmpty() ? anonymous : tree.getExtendsClause());
            enclosing.add(tree.getSimpleName().toString());
            super.visitClass(tree, nothing);
            enclosing.remove(enclosing.size() - 1);
            supertypes = outer;
            return null;
        }

        @Override public Void visitNewClass(NewClassTree tree, Void nothing) {
            scan(tree.getEnclosingExpression(), nothing);
            scan(tree.getArguments(), nothing);
            anonymous = tree.getIdentifier();
            return scan(tree.getClassBody(), nothing);
        }

        @Override public Void visitVariable(VariableTree tree, Void nothing) {
            declare(tree, tree.getName());
            return super.visitVariable(tree, nothing);
        }

        @Override public Void visitTypeParameter(TypeParameterTree tree, Void nothing) {
            declare(tree, tree.getName());
            return super.visitTypeParameter(tree, nothing);
        }

        @Override public Void visitMethod(MethodTree tree, Void nothing) {
            boolean entry = tree.getName().contentEquals("main") && enclosing.equals(List.of(main));
            if (entry && !inSolution(tree)) tested = true;
            boolean equality = tree.getName().contentEquals("equals")
                    && tree.getParameters().size() == 1 && inSolution(tree);
            if (equality) checkEquality(tree);
            return super.visitMethod(tree, nothing);
        }

        /** An `equals` that is not a class's own affair: of a library's values, or always true. */
        private void checkEquality(MethodTree tree) {
            if (String.valueOf(tree.getBody()).replaceAll("\\s", "").equals("{returntrue;}")) {
                forged = "an object that equals everything";
            }
            for (Tree type : supertypes) {
                Class<?> found = type == null ? null : library(simpleName(type));
                if (found != null && VALUES.stream().anyMatch(v -> v.isAssignableFrom(found))) {
                    forged = "an equality of its own for " + found.getName();
                }
            }
        }

        private static String simpleName(Tree type) {
            String name = type.toString().replaceFirst("(?s)<.*", "");
            return name.substring(name.lastIndexOf('.') + 1);
        }

        /** Why a program that compiles must not run, or null. */
        String refused(String tests) {
            if (!tested) return "the tests are not the main method of " + main;
            if (forged != null) return "the solution has " + forged;
            Matcher words = WORD.matcher(tests);
            while (words.find()) {
                Class<?> type = declared.contains(words.group()) ? library(words.group()) : null;
                if (type != null) {
                    return "the solution declares the name of " + type.getName()
                            + ", which the tests use";
                }
            }
            return null;
        }

        private static Class<?> library(String name) {
            for (String origin : LIBRARY) {
                try {
                    return Class.forName(origin + name, false, Compiler.class.getClassLoader());
                } catch (ClassNotFoundException | LinkageError absent) {
                    continue;
                }
            }
            return null;
        }
    }

    private static final class Text extends SimpleJavaFileObject {
        private final String text;

        Text(String name, String text) {
            super(URI.create("string:///" + name), Kind.SOURCE);
            this.text = text;
        }

        @Override public CharSequence getCharContent(boolean ignored) {
            return text;
        }
    }

    private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> classes;

        Memory(JavaFileManager files, Map<String, ByteArrayOutputStream> classes) {
            super(files);
            this.classes = classes;
        }

        @Override public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            classes.put(name, content);
            return new SimpleJavaFileObject(URI.create("mem:///" + name.replace('.', '/')), kind) {
                @Override public OutputStream openOutputStream() {
                    return content;
                }
            };
        }

        /** The files below stay open: reading the platform's index again costs more than compiling. */
        @Override public void close() {}
    }
}
