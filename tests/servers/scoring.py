"""A stand-in for servers that echo a prompt with its log-probabilities, rightly or wrongly."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from tests.servers.stand_in import Asked, StandIn

TOKEN = re.compile(r"<s>| ?[A-Za-z]+| ?[0-9]|\s|[^\s]")
_WORDS = (" the", " a", " 4", " 7", " yes", " no", "\n", ".", " blue", " sky")


class ScoringStandIn(StandIn):
    """A language model of one line: what follows a text depends on a hash of the text.

    `fault`: `"shifted"` echoes each token with its neighbour's number, `"generated only"` ignores
    echo, `"silent"` gives no log-probabilities, `"refusing"` answers echo with 400, `"other ids"`
    scores token ids as those of another text.
    `context` is the most tokens of a prompt with what is written. With `tokenizes` there is vLLM's
    /tokenize, and prompts may be token ids; `begins` are texts that start with `<s>` by themselves.
    """

    def __init__(
        self, *, fault: str = "", latency: float = 0.0, context: int | None = None,
        tokenizes: bool = False, begins: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(latency)
        self.fault = fault
        self.context = context
        self.tokenizes = tokenizes
        self.begins = begins
        self.vocabulary: list[str] = []

    def answer(self, asked: Asked) -> tuple[int, Any]:
        if (asked.method, asked.path) == ("GET", "/v1/models"):
            return 200, {"object": "list", "data": [{"id": "m", "object": "model"}]}
        if (asked.method, asked.path) == ("POST", "/v1/completions"):
            return self._complete(asked.body)
        if (asked.method, asked.path) == ("POST", "/v1/chat/completions"):
            text = "".join(f"{m['role']}: {m['content']}" for m in asked.body["messages"])
            said = {"role": "assistant", "content": written(text, 6, asked.body.get("seed"))}
            return 200, {"choices": [{"index": 0, "finish_reason": "stop", "message": said}]}
        if self.tokenizes and (asked.method, asked.path) == ("POST", "/tokenize"):
            text = asked.body["prompt"]
            ids = self.ids("<s>" * (self.begins and asked.body["add_special_tokens"]) + text)
            return 200, {"count": len(ids), "max_model_len": self.context, "tokens": ids}
        return 404, {"detail": "Not Found"}

    def ids(self, text: str) -> list[int]:
        """The tokens of `text`, numbered in the order in which they were first seen."""
        names = TOKEN.findall(text)
        self.vocabulary += [n for n in dict.fromkeys(names) if n not in self.vocabulary]
        return [self.vocabulary.index(name) for name in names]

    def _complete(self, body: dict[str, Any]) -> tuple[int, Any]:
        prompt, echo = body["prompt"], body.get("echo", False)
        if isinstance(prompt, str):
            prompt = "<s>" * self.begins + prompt
        elif not self.tokenizes:
            return 400, {"error": {"message": "prompt must be a text", "code": 400}}
        else:
            text = "".join(self.vocabulary[i] for i in prompt)
            prompt = text[::-1] if self.fault == "other ids" else text
        if self.context and len(TOKEN.findall(prompt)) >= self.context:
            said = f"This model's maximum context length is {self.context} tokens"
            return 400, {"error": {"message": said, "code": 400}}
        if echo and self.fault == "refusing":
            return 400, {"error": {"message": "echo is not supported", "code": 400}}
        text = written(prompt, body.get("max_tokens", 16), body.get("seed"))
        for stop in body.get("stop", ()):
            text = text.partition(stop)[0]
        if echo and self.fault != "generated only":
            text = prompt + text
        choice: dict[str, Any] = {"index": 0, "finish_reason": "stop", "text": text}
        if "logprobs" in body and self.fault != "silent":
            choice["logprobs"] = self._logprobs(text, "" if text.startswith(prompt) else prompt)
        usage = {"prompt_tokens": len(prompt) // 4, "completion_tokens": 1}
        return 200, {"choices": [choice], "usage": usage}

    def _logprobs(self, text: str, before: str) -> dict[str, Any]:
        names, values, tops, offsets = [], [], [], []
        for match in TOKEN.finditer(text):
            prefix, name = before + text[: match.start()], match[0]
            best = top_token(prefix)
            names.append(name)
            offsets.append(match.start())
            values.append(logprob(prefix, name) if prefix else None)
            tops.append({best: logprob(prefix, best), name: logprob(prefix, name)})
        if self.fault == "shifted":
            values = [*values[1:], values[-1]]
        return {
            "tokens": names,
            "token_logprobs": values,
            "top_logprobs": [None if v is None else t for v, t in zip(values, tops, strict=True)],
            "text_offset": offsets,
        }


def top_token(prefix: str) -> str:
    """The likeliest token after `prefix`."""
    return _WORDS[int(_share(prefix) * len(_WORDS))]


def logprob(prefix: str, token: str) -> float:
    """Of `token` after `prefix`; that of the likeliest is above all others."""
    if token == top_token(prefix):
        return -0.1 - _share(prefix + "\0")
    return -2.0 - 5.0 * _share(prefix + "\0" + token)


def written(prefix: str, tokens: int, seed: int | None = None) -> str:
    """What the model writes; with a seed, another text for each."""
    start = prefix if seed is None else f"{seed}{prefix}"
    text = ""
    for _ in range(tokens):
        text += top_token(start + text)
    return text


def _share(text: str) -> float:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:6], "big") / 2**48
