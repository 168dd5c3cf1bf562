"""Replies that a test knows from the request, in whatever order they were asked for."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from pathlib import Path
from typing import Any

from pytest_aibench.generation.store import STORE_FILE

__all__ = ["goodness", "stored_texts"]


def goodness(body: Any, index: int = 0) -> str:
    """A text that names the request, and is good in one of three."""
    name = f"{body['messages'][-1]['content']}|{body['seed']}|{index}"
    return f"{name} {'good' if hashlib.sha256(name.encode()).digest()[0] % 3 == 0 else 'bad'}"


def stored_texts(folder: Path) -> list[str]:
    """The texts of all replies in the store of `folder`."""
    with sqlite3.connect(folder / STORE_FILE) as store:
        rows = store.execute("SELECT reply FROM replies").fetchall()
    store.close()
    return [json.loads(zlib.decompress(row[0]))["text"] for row in rows]
