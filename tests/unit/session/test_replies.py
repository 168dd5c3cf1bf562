from __future__ import annotations

from typing import Any

import pytest

from pytest_aibench.records import SampleRecord, VerdictKind
from pytest_aibench.session.replies import Replies


def alarms(*counts: tuple[int, dict[str, Any]], served: bool = True) -> list[str]:
    """The alarms after so many samples of each kind, of one problem each."""
    replies = Replies()
    number = 0
    for count, more in counts:
        for _ in range(count):
            number += 1
            facts = {"reply": str(number)} if served else {}
            record = SampleRecord("b", f"p{number}", 0, **{"kind": VerdictKind.PASSED, **more})
            record.facts.update(facts)
            replies.add(record)
    return replies.alarms(0.8)


NO_CODE = {"kind": VerdictKind.NO_CODE}
CUT = {"kind": VerdictKind.COMPILE_ERROR, "truncated": True}


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [(NO_CODE, "b: 5 of 50 replies hold no code"), (CUT, "b: 5 of 50 replies were cut at the")],
)
def test_a_fault_of_many_replies_is_told_with_the_remedy(
    fault: dict[str, Any], sentence: str
) -> None:
    (alarm,) = alarms((5, fault), (45, {}))
    assert alarm.startswith(sentence)
    assert "--" in alarm


@pytest.mark.parametrize("counts", [((4, CUT), (0, {})), ((5, CUT), (46, {})), ((50, {}),)])
def test_few_are_not(counts: tuple[tuple[int, dict[str, Any]], ...]) -> None:
    assert alarms(*counts) == []


@pytest.mark.parametrize("served", [True, False])
def test_every_reply_in_another_language_is_told(served: bool) -> None:
    foreign = {"facts": {"language": "java"}}
    found = alarms((2, {**NO_CODE, **foreign}), (9, {}), served=served)
    assert found == ["b: replies in java instead of the problem's language, so no_code: 2"]


def test_replies_that_no_server_gave_can_not_be_asked_otherwise() -> None:
    assert alarms((50, CUT), (50, NO_CODE), served=False) == []
