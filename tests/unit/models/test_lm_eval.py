from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from pytest_aibench.errors import UsageError
from pytest_aibench.models.base import Reply, ReplyForm, Request, Sampling
from pytest_aibench.models.errors import BadRequestError, ModelNotFoundError, RequestError
from pytest_aibench.models.lm_eval import LmEvalModel, open_model
from pytest_aibench.models.spec import parse_spec
from pytest_aibench.problems.problem import Problem

pytest.importorskip(
    "lm_eval", reason="lm-eval is not installed: pip install pytest-aibench[lm-eval]"
)

from lm_eval.api.model import LM
from lm_eval.api.registry import register_model

PROBLEM = Problem("p/0", "def f():\n", "f", "")
CALLS: list[list[Any]] = []


@register_model("aibench-test")
class Echo(LM):  # type: ignore[misc]
    """Answers with what it was asked; fails where it is told to."""

    def __init__(self, template: str = "yes", fail: str = "no", **_: Any) -> None:
        super().__init__()
        if fail == "at-load":
            raise OSError("no such weights")
        self.template = template
        self.fail = fail

    def generate_until(self, requests: Any, disable_tqdm: bool = False) -> list[str]:
        CALLS.append([disable_tqdm, *(r.arguments for r in requests)])
        if self.fail == "at-work":
            raise MemoryError("out of memory")
        if self.fail == "short":
            return []
        return [f"<{context}>" for context, _ in (r.arguments for r in requests)]

    def apply_chat_template(self, chat_history: Any, add_generation_prompt: bool = True) -> str:
        if self.template != "yes":
            raise ValueError("no template")
        return "|".join(f"{m['role']}: {m['content']}" for m in chat_history)

    def loglikelihood(self, requests: Any) -> Any:
        raise NotImplementedError

    def loglikelihood_rolling(self, requests: Any) -> Any:
        raise NotImplementedError


@register_model("aibench-test-tokens")
class Counting(Echo):
    """A token a character, and one for the beginning; as the option says, nothing that counts."""

    def __init__(self, tokens: str = "ids", **options: Any) -> None:
        super().__init__(**options)
        self.tokens = tokens

    def tok_encode(self, string: str, add_special_tokens: bool | None = None) -> list[Any]:
        if self.tokens == "broken":
            raise KeyError(string)
        ids: list[Any] = [0] * (add_special_tokens is not False) + [1] * len(string)
        return ids if self.tokens == "ids" else [string]


@pytest.fixture(autouse=True)
def _no_calls() -> None:
    CALLS.clear()


def opened(options: str = "") -> LmEvalModel:
    return open_model(parse_spec(f"lm-eval/aibench-test{options}"))


def request(prompt: str = "q", chat: bool = True, **more: Any) -> Request:
    sampling = Sampling(**more.pop("sampling", {}))
    return Request("b", PROBLEM, 0, prompt, chat, sampling, **more)


def ask(model: LmEvalModel, *requests: Request) -> Sequence[Reply]:
    async def all_at_once() -> Sequence[Reply]:
        try:
            await model.identify()
            return await asyncio.gather(*(model.generate(r) for r in requests))
        finally:
            await model.close()

    return asyncio.run(all_at_once())


def identify(model: LmEvalModel) -> Any:
    async def once() -> Any:
        try:
            return await model.identify()
        finally:
            await model.close()

    return asyncio.run(once())


def test_requests_in_flight_together_are_one_list() -> None:
    replies = ask(opened(), *(request(f"q{i}") for i in range(5)))
    assert [reply.text for reply in replies] == [f"<user: q{i}>" for i in range(5)]
    assert {reply.form for reply in replies} == {ReplyForm.CHAT}
    assert len(CALLS) == 1
    assert CALLS[0][0] is True


def test_the_arguments_are_lm_evals_and_only_what_the_user_set() -> None:
    sampling = {"temperature": 0.8, "top_p": 0.9, "top_k": 5, "max_tokens": 7, "stop": ("\n",)}
    ask(opened(), request(system="S", sampling=sampling), request())
    (_, (context, arguments), (_, bare)) = CALLS[0]
    assert context == "system: S|user: q"
    assert arguments == {
        "until": ["\n"], "temperature": 0.8, "do_sample": True, "top_p": 0.9, "top_k": 5,
        "max_gen_toks": 7,
    }  # fmt: skip
    assert bare == {"until": []}


def test_greedy_is_greedy() -> None:
    ask(opened(), request(sampling={"temperature": 0.0}))
    assert CALLS[0][1][1]["do_sample"] is False


def test_a_completion_is_cut_at_its_stop() -> None:
    (reply,) = ask(opened(), request("a\ndef", chat=False, sampling={"stop": ("\ndef",)}))
    assert (reply.text, reply.form) == ("<a", ReplyForm.COMPLETION)


def counting(options: str = "") -> LmEvalModel:
    return open_model(parse_spec(f"lm-eval/aibench-test-tokens{options}"))


def test_tokens_are_counted_by_the_models_own_tokenizer() -> None:
    chat, completion = ask(counting(), request("qq"), request("a\ndef", chat=False))
    assert (chat.tokens_in, chat.tokens_out) == (1 + len("user: qq"), len("<user: qq>"))
    assert (completion.tokens_in, completion.tokens_out) == (1 + len("a\ndef"), len("<a\ndef>"))


@pytest.mark.parametrize(
    "model", [opened, lambda: counting(",tokens=broken"), lambda: counting(",tokens=text")]
)
def test_what_nobody_tells_stays_unknown(model: Callable[[], LmEvalModel]) -> None:
    (reply,) = ask(model(), request())
    assert (reply.tokens_in, reply.tokens_out, reply.finish_reason) == (0, 0, "")


def test_the_identity_has_arguments_and_version() -> None:
    identity = identify(opened(",template=no,batch_size=4"))
    assert identity.name == "aibench-test"
    assert identity.settings == {"template": "no", "batch_size": "4"}
    assert identity.facts["chat_template"] is False
    assert identity.facts["lm_eval"]
    assert identify(opened()).facts["chat_template"] is True


def test_chat_without_a_template_is_refused_with_the_remedy() -> None:
    with pytest.raises(BadRequestError, match="--prompt-mode completion"):
        ask(opened(",template=no"), request())


def test_a_seed_is_refused() -> None:
    with pytest.raises(BadRequestError, match="leave out --seed"):
        ask(opened(), request(sampling={"seed": 1}))


@pytest.mark.parametrize(
    ("fail", "reason"), [("at-work", "MemoryError: out of memory"), ("short", "0 replies to 1")]
)
def test_a_failure_is_of_the_requests(fail: str, reason: str) -> None:
    with pytest.raises(RequestError, match=reason) as caught:
        ask(opened(f",fail={fail}"), request())
    assert not caught.value.fatal
    assert not caught.value.transient


def test_a_model_that_cannot_be_loaded_is_fatal() -> None:
    with pytest.raises(ModelNotFoundError, match="OSError: no such weights"):
        identify(opened(",fail=at-load"))


def test_a_class_that_lm_eval_does_not_know() -> None:
    with pytest.raises(UsageError, match="lm-eval has no such model"):
        identify(open_model(parse_spec("lm-eval/nonsense")))


def test_lm_evals_own_dummy() -> None:
    (reply,) = ask(open_model(parse_spec("lm-eval/dummy")), request(chat=False))
    assert reply.text == "lol"
