"""Writing files that are either whole or not there."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

__all__ = ["to_json", "write_json", "write_text"]

_COUNTS = re.compile(r'\{\s+"n": (\d+),\s+"c": (\d+)\s+\}')


def to_json(content: dict[str, Any]) -> str:
    """`content` as people review it: indented, with the counts of a problem on one line.

    Raises:
        ValueError: a number is not finite.
    """
    text = json.dumps(content, indent=2, allow_nan=False)
    # No string can match: a quote within a JSON string has a backslash before it.
    return _COUNTS.sub(r'{"n": \1, "c": \2}', text) + "\n"


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write `content` to `path`, atomically.

    Raises:
        OSError: the file could not be written; what was there before is untouched.
    """
    write_text(path, to_json(content))


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8 to `path`, atomically; folders are made where needed.

    Raises:
        OSError: the file could not be written; what was there before is untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with draft.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
