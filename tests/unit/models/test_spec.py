from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest

from pytest_aibench.errors import UsageError
from pytest_aibench.models import spec as spec_module
from pytest_aibench.models.reference import ReferenceModel
from pytest_aibench.models.spec import is_local, open_model, parse_spec


@pytest.mark.parametrize(
    ("text", "provider", "name", "options"),
    [
        ("llama3", "ollama", "llama3", {}),
        ("llama3:8b", "ollama", "llama3:8b", {}),
        ("ollama/llama3:8b", "ollama", "llama3:8b", {}),
        ("ollama/hf.co/a/b:Q4", "ollama", "hf.co/a/b:Q4", {}),
        ("llama3:8b,num_ctx=8192,think=false", "ollama", "llama3:8b",
         {"num_ctx": "8192", "think": "false"}),
        ("openai/gpt-4o", "openai", "gpt-4o", {}),
        ("openai/meta/llama:free", "openai", "meta/llama:free", {}),
        ("lm-eval/hf,pretrained=a/b", "lm-eval", "hf", {"pretrained": "a/b"}),
        ("replay/dir/a,b=c.jsonl", "replay", "dir/a,b=c.jsonl", {}),
        ("replay//abs/s.jsonl", "replay", "/abs/s.jsonl", {}),
        ("reference", "reference", "reference", {}),
        ("reference:solve=0.6,seed=1", "reference", "reference", {"solve": "0.6", "seed": "1"}),
    ],
)  # fmt: skip
def test_specs(text: str, provider: str, name: str, options: dict[str, str]) -> None:
    spec = parse_spec(text)
    assert (spec.provider, spec.name, spec.options) == (provider, name, options)
    assert spec.text == text


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("foo/bar", "--model ollama/foo/bar"),
        ("foo/bar", "lm-eval, ollama, openai, reference, replay"),
        ("", "name is missing"),
        ("openai/", "name is missing"),
        ("reference:solve", "NAME=VALUE"),
        ("reference:", "NAME=VALUE"),
        ("reference/x", "takes options, not a name"),
        ("llama3,num_ctx", "NAME=VALUE"),
    ],
)
def test_what_is_refused_and_what_to_do(text: str, remedy: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_spec(text)
    assert remedy in str(caught.value)


def test_local_models_are_opened_in_every_process() -> None:
    assert is_local(parse_spec("reference"))
    assert is_local(parse_spec("replay/x"))
    assert not is_local(parse_spec("llama3"))


def test_a_provider_of_a_third_party(monkeypatch: pytest.MonkeyPatch) -> None:
    group = spec_module.ENTRY_POINT_GROUP
    entry = EntryPoint("mine", "pytest_aibench.models.reference:open_model", group)
    monkeypatch.setattr(spec_module, "entry_points", lambda group: [entry])
    assert isinstance(open_model("mine/x"), ReferenceModel)


def test_parsing_a_spec_loads_no_http_client() -> None:
    code = (
        "import sys\n"
        "from pytest_aibench.models.spec import open_model, parse_spec\n"
        "from pytest_aibench.generation.service import open_generator\n"
        "parse_spec('llama3'); open_generator('reference').close()\n"
        "print([m for m in ('httpx', 'docker', 'numpy', 'markdown_it') if m in sys.modules])\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
