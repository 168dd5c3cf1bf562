"""The pytest plugin: hooks only, each a few lines; everything else is called from here.

Loading it is cheap and silent, and it does nothing in a session without a benchmark.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

from pytest_aibench.bigcode.options import add_bigcode_options
from pytest_aibench.declare import declaration_of, is_for_bigcode, is_for_lm_eval
from pytest_aibench.lm_eval.options import add_lm_eval_options
from pytest_aibench.options import add_options

if TYPE_CHECKING:
    from pytest_aibench.items.sample import Sample, SandboxFixture
    from pytest_aibench.lm_eval.items import DocumentSample

_SESSION = "aibench-session"


def pytest_addoption(parser: pytest.Parser) -> None:
    add_options(parser)
    add_lm_eval_options(parser)
    add_bigcode_options(parser)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, Any, Any]:
    # Samples differ wildly in length: with xdist's own default one slow sample blocks others.
    numprocesses = getattr(config.option, "numprocesses", None)
    if numprocesses and config.option.dist == "no" and config.getoption("model"):
        config.option.dist = "worksteal"
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "aibench(name): one item per problem and sample")
    from pytest_aibench.session.hooks import attach

    attach(config)


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(
    collector: pytest.Collector, name: str, obj: object
) -> list[pytest.Item] | None:
    if is_for_lm_eval(obj) and callable(obj):
        from pytest_aibench.lm_eval.items import collect_documents
        from pytest_aibench.session.hooks import documents_of

        return collect_documents(collector, name, obj, documents_of(collector.config))
    if is_for_bigcode(obj) and callable(obj):
        from pytest_aibench.bigcode.collect import collect_tasks
        from pytest_aibench.session.hooks import engine_of

        return collect_tasks(collector, name, obj, engine_of(collector.config))
    declaration = declaration_of(obj)
    if declaration is None or not callable(obj):
        return None
    from pytest_aibench.items.collect import collect_function
    from pytest_aibench.session.hooks import engine_of

    return collect_function(collector, name, obj, declaration, engine_of(collector.config))


@pytest.fixture
def sample(request: pytest.FixtureRequest) -> Sample:
    """The attempt of the model that this item judges (`pytest_aibench.Sample`)."""
    found: Sample | None = getattr(request.node, "sample", None)
    if found is None:
        pytest.fail("the fixture 'sample' needs @pytest_aibench.benchmark(...) on the test")
    return found


@pytest.fixture
def sandbox(request: pytest.FixtureRequest) -> SandboxFixture:
    """Executes programs in hardened containers (`pytest_aibench.items.sample.SandboxFixture`)."""
    from pytest_aibench.items.sample import SandboxFixture
    from pytest_aibench.session.hooks import engine_of

    return SandboxFixture(engine_of(request.config))


@pytest.fixture
def document(request: pytest.FixtureRequest) -> DocumentSample:
    """The document of an lm-eval task that this item asks the model about."""
    found: DocumentSample | None = getattr(request.node, "document", None)
    if found is None:
        pytest.fail("the fixture 'document' needs @pytest_aibench.lm_eval_tasks() on the test")
    return found
