"""The container's command (`python3 -c` with this text): load the supervisor from stdin, and serve.

The client sends a length (32 bits, big-endian) and a JSON object
`{"modules": {name: source}, "settings": {...}}`. If nothing arrives within 30 s, the client died
between creating the container and using it, and the process ends.
"""

import json
import os
import signal
import sys
from importlib.abc import Loader
from importlib.machinery import ModuleSpec as Spec
from types import ModuleType


def receive(size: int) -> bytes:
    data = b""
    while len(data) < size:
        chunk = os.read(0, size - len(data))
        if not chunk:
            os._exit(0)
        data += chunk
    return data


class Sources(Loader):
    """Imports the modules that the client sent."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> Spec | None:
        if name not in SOURCES:
            return None
        package = any(other.startswith(name + ".") for other in SOURCES)
        return Spec(name, self, is_package=package)

    def create_module(self, spec: Spec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        name = module.__name__
        exec(compile(SOURCES[name], f"<{name}>", "exec"), module.__dict__)


# A handler, because the default action of a signal does not apply to PID 1.
signal.signal(signal.SIGALRM, lambda *_: os._exit(3))
signal.alarm(30)
bundle = json.loads(receive(int.from_bytes(receive(4), "big")))
signal.alarm(0)
SOURCES = bundle["modules"]
finder = Sources()
sys.meta_path.insert(0, finder)
from supervisor.main import serve  # noqa: E402

sys.meta_path.remove(finder)
serve(bundle["settings"])
os._exit(0)
