"""The languages the sandbox executes: one module each."""

from __future__ import annotations

from pytest_aibench.errors import SandboxError
from pytest_aibench.sandbox.languages.base import CompiledApart, Language
from pytest_aibench.sandbox.languages.cpp import Cpp
from pytest_aibench.sandbox.languages.java import Java
from pytest_aibench.sandbox.languages.javascript import JavaScript
from pytest_aibench.sandbox.languages.javascript_split import SplitJavaScript
from pytest_aibench.sandbox.languages.python import DataPython, Python
from pytest_aibench.sandbox.languages.python_split import SplitPython

__all__ = ["COMPILED_APART", "LANGUAGES", "Language", "get_language"]

_ALL: tuple[Language, ...] = (
    Cpp(), Java(), Python(), DataPython(), SplitPython(), JavaScript(), SplitJavaScript()
)  # fmt: skip
LANGUAGES: dict[str, Language] = {language.name: language for language in _ALL}
# Found once: asking a protocol that can be checked at run time takes as long as a short message.
COMPILED_APART: dict[str, CompiledApart] = {
    language.name: language for language in _ALL if isinstance(language, CompiledApart)
}


def get_language(name: str) -> Language:
    """The language `name`.

    Raises:
        SandboxError: the sandbox does not execute it.
    """
    try:
        return LANGUAGES[name]
    except KeyError:
        known = ", ".join(sorted(LANGUAGES))
        raise SandboxError(f"the sandbox does not execute {name!r} (it does: {known})") from None
