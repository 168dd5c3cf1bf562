"""A stand-in for Ollama's native API: fields, statuses and error texts as its source has them."""

from __future__ import annotations

import hashlib
from typing import Any

from tests.servers.stand_in import Asked, StandIn

_OPTION_TYPES: dict[str, tuple[type, ...]] = {
    "num_ctx": (int,),
    "num_predict": (int,),
    "top_k": (int,),
    "seed": (int,),
    "temperature": (int, float),
    "top_p": (int, float),
    "stop": (list,),
}


class OllamaStandIn(StandIn):
    """Serves the models `names`; replies depend on the prompt and the seed alone."""

    def __init__(
        self,
        names: tuple[str, ...] = ("llama3:latest",),
        *,
        thinks: bool = False,
        context: int = 4096,
        latency: float = 0.0,
    ) -> None:
        super().__init__(latency)
        self.names = names
        self.thinks = thinks
        self.context = context
        self.text = "```python\ndef f():\n    return 1\n```"
        self.done = True
        self.template = "<|user|>{{ .Prompt }}<|assistant|>"
        self.modelfile = "FROM llama3\n"

    def digest(self, name: str) -> str:
        return hashlib.sha256(name.encode()).hexdigest()

    def answer(self, asked: Asked) -> tuple[int, Any]:
        routes = {
            ("GET", "/api/version"): lambda _: (200, {"version": "0.12.3"}),
            ("GET", "/api/tags"): lambda _: (200, {"models": [self._tag(n) for n in self.names]}),
            ("POST", "/api/show"): self._show,
            ("POST", "/api/chat"): self._chat,
            ("POST", "/api/generate"): self._generate,
        }
        route = routes.get((asked.method, asked.path))
        return route(asked.body) if route else (404, {"error": "404 page not found"})

    def _tag(self, name: str) -> dict[str, Any]:
        return {"name": name, "model": name, "digest": self.digest(name), "size": 1, "details": {}}

    def _has(self, name: Any) -> bool:
        return name in self.names or f"{name}:latest" in self.names

    def _show(self, body: dict[str, Any]) -> tuple[int, Any]:
        if not self._has(body.get("model")):
            return 404, {"error": f"model '{body.get('model')}' not found"}
        return 200, {
            "details": {"family": "llama", "parameter_size": "8B", "quantization_level": "Q4_0"},
            "model_info": {"general.architecture": "llama", "llama.context_length": 8192},
            "capabilities": ["completion", "thinking"] if self.thinks else ["completion"],
            "template": self.template,
            "modelfile": self.modelfile,
            "parameters": 'stop "<|eot|>"',
        }

    def _generate(self, body: dict[str, Any]) -> tuple[int, Any]:
        refused = self._refused(body)
        if refused:
            return refused
        if body.get("raw") and (body.get("template") or body.get("system") or body.get("context")):
            error = "raw mode does not support template, system, or context"
            return 400, {"error": error}
        prompt = body.get("prompt", "")
        if not prompt:
            return 200, {
                "model": body["model"],
                "response": "",
                "done": True,
                "done_reason": "load",
            }
        return self._finished(body, prompt, {"response": self.text})

    def _chat(self, body: dict[str, Any]) -> tuple[int, Any]:
        refused = self._refused(body)
        if refused:
            return refused
        prompt = "".join(message["content"] for message in body["messages"])
        message = {"role": "assistant", "content": self.text}
        if self.thinks and body.get("think", True):
            message["thinking"] = "let me think"
        return self._finished(body, prompt, {"message": message})

    def _refused(self, body: dict[str, Any]) -> tuple[int, Any] | None:
        name = body.get("model")
        if not name:
            return 400, {"error": "model is required"}
        if not self._has(name):
            return 404, {"error": f"model '{name}' not found"}
        for option, value in body.get("options", {}).items():
            if option in _OPTION_TYPES and not isinstance(value, _OPTION_TYPES[option]):
                wanted = _OPTION_TYPES[option][-1].__name__
                return 500, {"error": f'option "{option}" must be of type {wanted}'}
        if body.get("think") not in (None, False) and not self.thinks:
            return 400, {"error": f'"{name}" does not support thinking'}
        return None

    def _finished(self, body: dict[str, Any], prompt: str, said: dict[str, Any]) -> tuple[int, Any]:
        assert body.get("stream", True) is False, "streams are not played here"
        tokens = len(prompt) // 4
        context = body.get("options", {}).get("num_ctx", self.context)
        if tokens > context and not body.get("truncate", True) and not body.get("shift", True):
            return 400, {"error": f"the prompt is longer than the context length {context}"}
        base = {"model": body["model"], "created_at": "2025-01-01T00:00:00Z", **said}
        if not self.done:
            return 200, base | {"done": False}
        limit = body.get("options", {}).get("num_predict", 1000)
        return 200, base | {
            "done": True,
            "done_reason": "length" if limit < 20 else "stop",
            "total_duration": 1000,
            "load_duration": 10,
            "prompt_eval_count": tokens,
            "prompt_eval_duration": 90,
            "eval_count": min(limit, 20),
            "eval_duration": 900,
        }
