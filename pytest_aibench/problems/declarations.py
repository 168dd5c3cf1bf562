"""The name of the function that a prompt declares, for data sets that do not say it."""

from __future__ import annotations

import re

__all__ = ["declared_name"]

_DECLARATIONS = {
    "python": re.compile(r"^def\s+(\w+)\s*\(", re.MULTILINE),
    "javascript": re.compile(
        r"^(?:const|let|var)\s+(\w+)\s*=|^(?:async\s+)?function\s*\*?\s*(\w+)", re.MULTILINE
    ),
    # A signature that opens its body: at the margin in C++, in a class in Java.
    "cpp": re.compile(r"^[^\s#/*{}][^{};=]*?(\w+)\s*\([^{};]*\)\s*\{", re.MULTILINE),
    "java": re.compile(
        r"^ +(?:public|static)\s[^{};=()]*?(\w+)\s*\([^{};]*\)[^{};()]*\{", re.MULTILINE
    ),
}


def declared_name(prompt: str, language: str) -> str:
    """The last function that `prompt` declares: the one that a completion continues.

    Raises:
        ValueError: it declares none.
    """
    found = list(_DECLARATIONS[language].finditer(prompt))
    if not found:
        raise ValueError(f"the prompt declares no {language} function")
    return next(name for name in found[-1].groups() if name)
