#!/bin/sh
# Compile the harness and the compiler's server, and archive the classes that the server loads.
set -eu
cd "$(dirname "$0")"

library=/usr/share/java/javatuples.jar
javac -Xlint:all -Werror -d run Harness.java
javac -Xlint:all -Werror -d server Compiler.java
jar cf compiler.jar -C server .

# One request to the server, twice: as `supervisor.compiler` makes it.
request() {
  python3 -c '
import struct, sys
text = open("Warm.java", "rb").read()
solution, tests = text.split(b"\npublic class Main", 1)
for part in (b"Main", solution, b"public class Main" + tests):
    sys.stdout.buffer.write(struct.pack(">I", len(part)) + part)
'
}
{ request; request; } | java -XX:ArchiveClassesAtExit=compiler.jsa -XX:+UseSerialGC -Xlog:cds=off \
  -Xlog:cds+dynamic=off -cp "$PWD/compiler.jar" Compiler "$library" >answer
test "$(head -c 2 answer | od -An -tx1 | tr -d ' ')" = 0101  # ready, and compiled
rm -r server answer
