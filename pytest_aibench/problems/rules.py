"""What the texts of a problem must satisfy to become a pytest item and a program.

Every function returns what it was given and raises ValueError with the reason.
"""

from __future__ import annotations

import keyword

__all__ = ["check_entry_point", "check_task_id", "check_text"]

_LONGEST_ID = 200


def check_text(text: str, key: str) -> str:
    """Text must be encodable: a lone surrogate reaches neither a model nor a container."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError(f"key {key!r} holds a lone surrogate at {error.start}") from error
    return text


def check_task_id(task_id: str) -> str:
    """A task id is part of a pytest node id, `file::function[task_id-s000]`."""
    if not task_id or task_id != task_id.strip():
        raise ValueError(f"task_id {task_id!r} is empty or begins or ends in white space")
    if len(task_id) > _LONGEST_ID:
        raise ValueError(f"task_id is longer than {_LONGEST_ID} characters: {task_id[:40]!r}...")
    if not task_id.isprintable():
        raise ValueError(f"task_id {task_id!r} holds control characters")
    for part in ("[", "]", "::"):
        if part in task_id:
            raise ValueError(f"task_id {task_id!r} holds {part!r}, which breaks a pytest node id")
    return task_id


def check_entry_point(name: str, language: str) -> str:
    """The entry point is the name of the function that the tests call."""
    name = name.strip()  # published data (CodeT's MBPP) have blanks there
    reserved = language == "python" and keyword.iskeyword(name)
    if not name.isidentifier() or reserved:
        raise ValueError(f"entry_point {name!r} is not an identifier")
    return name
