"""lm-eval's model classes asked for log-probabilities, and our models as one of them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

pytest.importorskip("lm_eval", reason="lm-eval is not installed: pip install pytest-aibench[dev]")

from lm_eval.api.instance import Instance
from lm_eval.api.model import LM
from lm_eval.api.registry import get_model, register_model

from pytest_aibench.errors import ModelError, UsageError
from pytest_aibench.models.base import Reply, Request, Sampling
from pytest_aibench.models.lm_eval import LmEvalModel
from pytest_aibench.models.scoring import ask, score_of, scoring_fault
from pytest_aibench.models.spec import open_model, parse_spec
from pytest_aibench.problems.problem import Problem
from tests.servers.scoring import ScoringStandIn

PROBLEM = Problem("d/0", "", "", "")


@register_model("aibench-test-scores")
class Lengths(LM):  # type: ignore[misc]
    """The log-probability of a text is minus its length."""

    def __init__(self, scores: str = "yes", **_: Any) -> None:
        super().__init__()
        self.scores = scores

    def generate_until(self, requests: Any) -> list[str]:
        return [f"{request.args[0]}!" for request in requests]

    def loglikelihood(self, requests: Any, disable_tqdm: bool = False) -> Any:
        if self.scores != "yes":
            raise NotImplementedError("no log-probabilities")
        return [(-float(len(c)), c.startswith(" ")) for _, c in (r.args for r in requests)]

    def loglikelihood_rolling(self, requests: Any) -> Any:
        return [-10.0 * len(request.args[0]) for request in requests]


def request(continuation: str | None, rolling: bool = False) -> Request:
    sampling = Sampling(temperature=0.0)
    return Request(
        "t", PROBLEM, 0, "ctx", False, sampling, continuation=continuation, rolling=rolling
    )


def use(options: str, work: Any) -> Any:
    async def once() -> Any:
        model = open_model(parse_spec(f"lm-eval/aibench-test-scores{options}"))
        assert isinstance(model, LmEvalModel)
        try:
            await model.identify()
            return await work(model)
        finally:
            await model.close()

    return asyncio.run(once())


def test_requests_of_every_kind_may_be_in_flight_together() -> None:
    asked = [request(" yes"), request(None), request("no"), request("a text", rolling=True)]

    async def all_of_them(model: LmEvalModel) -> list[Reply]:
        return await asyncio.gather(*(ask(model, r) for r in asked))

    first, text, second, whole = use("", all_of_them)
    assert text.text == "ctx!"
    assert [score_of(r) for r in (first, second)] == [(-4.0, True), (-2.0, False)]
    assert score_of(whole)[0] == -60.0


@pytest.mark.parametrize(("options", "said"), [("", ""), (",scores=no", "NotImplementedError")])
def test_a_class_without_scores_says_so_beforehand(options: str, said: str) -> None:
    fault = use(options, lambda model: scoring_fault(model, from_start=False))
    assert said in fault
    assert bool(fault) == bool(said)


def instances(kind: str, *arguments: tuple[Any, ...]) -> list[Any]:
    return [Instance(kind, {}, args, i, metadata=("t", i, 1)) for i, args in enumerate(arguments)]


def test_our_models_are_a_model_of_lm_eval() -> None:
    from pytest_aibench.lm_eval import language_model  # noqa: F401

    with ScoringStandIn() as server:
        arguments = f"spec=openai/m,base_url={server.url}/v1,bos=<s>,timeout=9,seed=3"
        lm = get_model("aibench").create_from_arg_string(arguments, {"batch_size": 1})
        texts = lm.generate_until(instances("generate_until", ("a", {"max_gen_toks": 2})) * 2)
        scores = lm.loglikelihood(instances("loglikelihood", ("a", " b"), ("", "c")))
        rolling = lm.loglikelihood_rolling(instances("loglikelihood_rolling", ("a b",)))
        lm.close()
        with pytest.raises(ModelError, match="nothing can be asked any more"):
            lm.generate_until(instances("generate_until", ("a", {})))
    assert lm.config._name_or_path == "openai/m,bos=<s>,timeout=9"
    assert len(texts) == 2
    assert all(logprob < 0 for logprob, _ in scores)
    assert rolling[0] < 0
    assert {body.get("seed") for body in server.posts("/v1/completions")} >= {3}


def test_wrong_log_probabilities_are_refused_in_lm_eval_too() -> None:
    from pytest_aibench.lm_eval.language_model import AibenchLM

    with ScoringStandIn(fault="shifted") as server:
        lm = AibenchLM("openai/m", base_url=f"{server.url}/v1")
        with pytest.raises(UsageError, match="cannot be used for log-probabilities"):
            lm.loglikelihood(instances("loglikelihood", ("a", " b")))
        lm.close()
