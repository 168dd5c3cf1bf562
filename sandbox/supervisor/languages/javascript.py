"""JavaScript programs: node, started from the image's snapshot of the harness's heap.

The harness (`node/harness.js`) receives solution, tests and secret itself. The size of V8's heap
follows from the container's memory; an option of V8's would not fit the snapshot.
"""

from __future__ import annotations

import os

__all__ = ["run"]

_NODE = "/usr/bin/node"
_SNAPSHOT = "/opt/aibench/harness.blob"


def run() -> None:
    """Become node; never returns."""
    os.execv(_NODE, [_NODE, "--snapshot-blob", _SNAPSHOT, "solution.js"])
