"""A stand-in for servers with OpenAI's API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.servers.stand_in import Asked, StandIn


class OpenAIStandIn(StandIn):
    """Serves the model `m`; with `key`, asks for it.

    A request gets `n` choices, but no more than `most_choices`. Each has the same `text`, or what
    `words` makes of the request's body and the choice's index.
    """

    def __init__(self, *, key: str | None = None, latency: float = 0.0) -> None:
        super().__init__(latency)
        self.key = key
        self.text = "```python\ndef f():\n    return 1\n```"
        self.words: Callable[[Any, int], str] = lambda body, index: self.text
        self.most_choices = 128
        self.message: dict[str, Any] = {}
        self.choice: dict[str, Any] = {}
        self.only_completion_tokens = False

    def answer(self, asked: Asked) -> tuple[int, Any]:
        if self.key and asked.headers.get("authorization") != f"Bearer {self.key}":
            return 401, _error("Incorrect API key provided", "invalid_api_key")
        if (asked.method, asked.path) == ("GET", "/v1/models"):
            return 200, {"object": "list", "data": [{"id": "m", "object": "model"}]}
        if asked.method == "POST" and asked.path in ("/v1/chat/completions", "/v1/completions"):
            return self._complete(asked)
        return 404, {"detail": "Not Found"}

    def _complete(self, asked: Asked) -> tuple[int, Any]:
        body = asked.body
        if body["model"] != "m":
            return 404, _error(f"The model `{body['model']}` does not exist", "model_not_found")
        if self.only_completion_tokens and "max_tokens" in body:
            return 400, _error(
                "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
                "unsupported_parameter",
            )
        chat = asked.path == "/v1/chat/completions"
        n = min(body.get("n", 1), self.most_choices)
        return 200, {
            "id": "x",
            "object": "chat.completion",
            "model": "m",
            "system_fingerprint": "fp_1",
            "choices": [self._choice(self.words(body, i), i, chat) for i in range(n)],
            "usage": {"prompt_tokens": 7, "completion_tokens": 11 * n, "total_tokens": 7 + 11 * n},
        }

    def _choice(self, text: str, index: int, chat: bool) -> dict[str, Any]:
        said: dict[str, Any] = {"text": text}
        if chat:
            said = {"message": {"role": "assistant", "content": text, **self.message}}
        return {"index": index, "finish_reason": "stop", **said, **self.choice}


def _error(message: str, code: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "code": code}}
