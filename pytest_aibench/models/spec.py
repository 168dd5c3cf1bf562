"""`--model PROVIDER/NAME[,OPTION=VALUE...]`: which model the user means, and how to open it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from pytest_aibench.errors import UsageError
from pytest_aibench.models.base import LocalModel, Model

__all__ = ["ENTRY_POINT_GROUP", "ModelSpec", "is_local", "open_model", "parse_spec"]

ENTRY_POINT_GROUP = "pytest_aibench.models"
"""Third parties add a provider with an entry point `NAME = "module:open_model"` in this group.

It is called as the built-in ones are: `open_model(spec: ModelSpec) -> Model`.
"""


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A parsed `--model`. `text` is what the user gave; `options` what they set beside the name."""

    text: str
    provider: str
    name: str
    base_url: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)


_MODULES = {
    "lm-eval": "pytest_aibench.models.lm_eval",
    "ollama": "pytest_aibench.models.ollama",
    "openai": "pytest_aibench.models.openai",
    "reference": "pytest_aibench.models.reference",
    "replay": "pytest_aibench.models.replay",
}
_WITH_OPTIONS = frozenset({"lm-eval", "ollama", "openai"})
_LOCAL = frozenset({"reference", "replay"})
_EXAMPLES = "ollama/NAME (or just NAME), openai/NAME, lm-eval/CLASS, replay/FILE, reference"


def parse_spec(text: str, *, base_url: str | None = None) -> ModelSpec:
    """Split `text` into provider, name and options; touches no file and no server.

    A bare name is Ollama's, whose names may hold ':' (`llama3:8b`). Options follow a comma, as in
    `ollama/llama3:8b,num_ctx=8192`; those of `reference` a colon: `reference:solve=0.6,seed=1`.

    Raises:
        UsageError: no such provider, no name, or malformed options.
    """
    head, colon, tail = text.partition(":")
    if head == "reference":
        options = parse_options(tail, text) if colon else {}
        return ModelSpec(text, "reference", "reference", base_url, options)
    provider, slash, name = text.partition("/")
    if not slash:
        provider, name = "ollama", text
    _check_provider(provider, text)
    options = {}
    if provider in _WITH_OPTIONS:
        name, comma, tail = name.partition(",")
        options = parse_options(tail, text) if comma else {}
    if not name.strip():
        raise UsageError(f"--model {text!r}: the model's name is missing; give {_EXAMPLES}")
    return ModelSpec(text, provider, name, base_url, options)


def parse_options(text: str, where: str) -> dict[str, str]:
    """`"solve=0.6,seed=1"` -> `{"solve": "0.6", "seed": "1"}`."""
    options: dict[str, str] = {}
    for part in text.split(","):
        name, equals, value = part.partition("=")
        if not (name.strip() and equals and value.strip()):
            raise UsageError(f"--model {where}: expected NAME=VALUE[,NAME=VALUE...], got {part!r}")
        options[name.strip()] = value.strip()
    return options


def is_local(spec: ModelSpec) -> bool:
    """Whether the model answers at once, so that every process opens its own."""
    return spec.provider in _LOCAL


def open_model(spec: ModelSpec | str, *, base_url: str | None = None) -> Model | LocalModel:
    """Open the model; servers are first contacted by `Model.identify`.

    Raises:
        UsageError: as `parse_spec`, or an option that the provider does not know.
        DataError: a replay file is absent or malformed.
    """
    if isinstance(spec, str):
        spec = parse_spec(spec, base_url=base_url)
    model: Model | LocalModel = _opener(spec)(spec)
    return model


def _check_provider(provider: str, text: str) -> None:
    if provider == "reference":
        raise UsageError(f"--model {text}: reference takes options, not a name: reference:solve=1")
    known = _known_providers()
    if provider not in known:
        raise UsageError(
            f"--model {text}: there is no provider {provider!r}; there are {', '.join(known)}. "
            f"If this is the name of an Ollama model, write --model ollama/{text}"
        )


def _opener(spec: ModelSpec) -> Callable[[ModelSpec], Any]:
    if spec.provider in _MODULES:
        opener: Callable[[ModelSpec], Any] = import_module(_MODULES[spec.provider]).open_model
        return opener
    found = next(e for e in entry_points(group=ENTRY_POINT_GROUP) if e.name == spec.provider)
    loaded: Callable[[ModelSpec], Any] = found.load()
    return loaded


def _known_providers() -> tuple[str, ...]:
    others = {e.name for e in entry_points(group=ENTRY_POINT_GROUP)}
    return tuple(sorted(others | set(_MODULES)))
