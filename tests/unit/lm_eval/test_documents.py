from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_aibench.lm_eval.answers import AnswerWriter, read_answers
from pytest_aibench.lm_eval.documents import Document, DocumentPlan, PlannedRequest

ANY = st.text(st.characters() | st.sampled_from("\n\u2028\ud800\x00"))


def document(doc_id: int, *requests: PlannedRequest, repeats: int = 1) -> Document:
    return Document("t", doc_id, repeats, requests)


@given(ANY, ANY)
def test_any_text_reaches_the_workers(
    tmp_path_factory: pytest.TempPathFactory, one: str, other: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "plan.jsonl"
    asked = (
        PlannedRequest("generate_until", 0, (one, {"until": [other], "temperature": 0.5})),
        PlannedRequest("loglikelihood", 1, (one, other)),
    )
    plan = DocumentPlan((document(0, *asked), document(1)), chat=True)
    plan.write(path)
    assert DocumentPlan.read(path) == plan


def test_labels_name_repeats_where_there_are_some() -> None:
    plan = DocumentPlan((document(0), document(12, repeats=2)))
    assert list(plan.labels) == ["t-doc0", "t-doc12-s000", "t-doc12-s001"]
    assert plan.labels["t-doc12-s001"] == (plan.documents[1], 1)
    assert list(plan.tasks) == ["t"]


def test_what_is_no_json_is_refused(tmp_path: Path) -> None:
    plan = DocumentPlan((document(0, PlannedRequest("generate_until", 0, (object(),))),))
    with pytest.raises(TypeError):
        plan.write(tmp_path / "plan.jsonl")
    assert list(tmp_path.iterdir()) == []


@given(
    st.lists(ANY | st.floats(allow_nan=False) | st.tuples(st.floats(max_value=0), st.booleans()))
)
def test_answers_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, answers: list[str | float | tuple[float, bool]]
) -> None:
    folder = tmp_path_factory.mktemp("answers")
    writer = AnswerWriter(folder / "lm-eval-answers-gw0.jsonl")
    writer.write("t-doc0", answers)
    writer.close()
    assert read_answers(folder) == {"t-doc0": answers}


def test_a_torn_line_and_other_files_are_left_out(tmp_path: Path) -> None:
    for worker in ("gw0", "gw1"):
        writer = AnswerWriter(tmp_path / f"lm-eval-answers-{worker}.jsonl")
        writer.write(f"t-{worker}", ["x"])
        writer.close()
    with (tmp_path / "lm-eval-answers-gw0.jsonl").open("ab") as file:
        file.write(b'["t-doc9", ["half')
    (tmp_path / "samples-gw0.jsonl").write_text("{}\n")
    assert read_answers(tmp_path) == {"t-gw0": ["x"], "t-gw1": ["x"]}
