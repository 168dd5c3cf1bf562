"""From a reply to the source text that is executed, with a record of how it was found."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pytest_aibench.generation.detect import CERTAIN, detect, fits, language_of_tag
from pytest_aibench.generation.fences import Block, code_blocks, loose_blocks, outer_span
from pytest_aibench.generation.languages import Reader, reader_for
from pytest_aibench.generation.reasoning import without_reasoning
from pytest_aibench.models.base import Reply, ReplyForm
from pytest_aibench.problems.problem import Problem

__all__ = ["EXTRACTION_VERSION", "Extraction", "extract"]

EXTRACTION_VERSION = "3"
"""Changes whenever some reply may yield another program."""

MAX_REPLY = 1 << 20
"""Characters of a chat reply that are looked at."""

MAX_BLOCKS = 500
"""Blocks that are looked at, the last ones: a reply with more goes round in circles."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """`code` is a whole program text, None where the reply holds none.

    `method` names the rule that found it, `block` the fenced block (from 0) it came from, and
    `warnings` what is odd about the reply, as short words. `language` is that of the reply where it
    is certainly in another language than the problem; `code` is None then.
    """

    code: str | None
    form: ReplyForm
    method: str
    block: int | None = None
    warnings: tuple[str, ...] = ()
    language: str = ""


def extract(reply: Reply, problem: Problem) -> Extraction:
    """The program of `reply`, an answer to `problem`. Linear in the reply's length.

    A completion continues the problem's prompt, a solution is used as it is. In a chat reply
    reasoning is removed and the fenced blocks are read by CommonMark; the first of these wins:

    1. `entry_point`: the last block that parses and defines the entry point;
    2. `outer_fence`: all between the first fence and the last, where that does;
    3. `joined`: all blocks one after another, where that does;
    4. `loose_fence`: the last text between backticks anywhere in a line that does;
    5. `named`: the last block that names the entry point's definition, though it does not parse;
    6. `continuation`: the last block that parses when it continues the prompt;
    7. `last_block`: the last closed block in the problem's language or without a language;
    8. `unclosed`: a fence that the reply never closes;
    9. `whole`: the whole reply, where it defines the entry point or continues the prompt.

    Where none does, or what does is not well formed, and the reply is certainly in another language
    (by the info string of its fence, or by `detect`), the method is `other_language`.

    Where the problem is to be answered, the whole reply is what the benchmark composes with its
    tests: `answer`, a chat reply without its reasoning.

    Where code is to be written, the prompt is no code that a reply could continue or repeat, and
    without an entry point any code that does something is as good as one that defines it.

    What the prompt defines beside the entry point (imports, helpers) is put back where the code
    lacks it, and top-level usage (prints, asserts, main guards) is dropped.
    """
    if reply.form is ReplyForm.COMPLETION:
        begun = problem.prompt if problem.task == "complete" else ""
        return Extraction(begun + reply.text, reply.form, "completion")
    if reply.form is ReplyForm.SOLUTION:
        return Extraction(reply.text, reply.form, "solution")
    if reply.finish_reason == "refusal":
        return Extraction(None, reply.form, "refused")
    return _answer(reply) if problem.task == "answer" else _from_chat(reply, problem)


def _answer(reply: Reply) -> Extraction:
    spoken = without_reasoning(reply.text[:MAX_REPLY])
    odd = {"too_long": len(reply.text) > MAX_REPLY, "reasoning_unclosed": spoken.unclosed}
    warnings = tuple(name for name, is_so in odd.items() if is_so)
    if not spoken.text.strip():
        return Extraction(None, reply.form, "none", warnings=warnings)
    return Extraction(spoken.text, reply.form, "answer", warnings=warnings)


@dataclass(frozen=True, slots=True)
class _Found:
    code: str
    method: str
    block: int | None = None


def _from_chat(reply: Reply, problem: Problem) -> Extraction:
    text = reply.text
    spoken = without_reasoning(text[:MAX_REPLY].removeprefix("\ufeff"))
    all_blocks = code_blocks(spoken.text)
    blocks = all_blocks[-MAX_BLOCKS:]
    skipped = len(all_blocks) - len(blocks)
    odd = {
        "too_long": len(text) > MAX_REPLY,
        "reasoning_unclosed": spoken.unclosed,
        "reasoning_only": bool(reply.reasoning) and not text.strip(),
        "fence_unclosed": any(not block.closed for block in blocks),
        "too_many_blocks": skipped > 0,
    }
    warnings = tuple(name for name, is_so in odd.items() if is_so)
    reader = reader_for(problem if problem.task == "complete" else replace(problem, prompt=""))
    found = _choose(blocks, spoken.text, reader) if spoken.text.strip() else None
    other = _other_language(found, blocks, spoken.text, problem.language)
    if other:
        return Extraction(None, ReplyForm.CHAT, "other_language", None, warnings, other)
    if found is None:
        return Extraction(None, ReplyForm.CHAT, "none", warnings=warnings)
    code = reader.complete(found.code, [block.code for block in blocks])
    number = None if found.block is None else found.block + skipped
    return Extraction(code, ReplyForm.CHAT, found.method, number, warnings)


def _choose(blocks: list[Block], text: str, reader: Reader) -> _Found | None:
    return (
        _defining(blocks, reader)
        or _combined(blocks, text, reader)
        or _loose(text, reader)
        or _named(blocks, reader)
        or _continuing(blocks, reader)
        or _last(blocks, reader)
        or _whole(text, reader)
    )


_PARSED = ("entry_point", "outer_fence", "joined", "loose_fence")


def _other_language(found: _Found | None, blocks: list[Block], text: str, wanted: str) -> str:
    """The language that the reply is in instead of `wanted`; empty where that is not certain."""
    if found is not None and (found.method in _PARSED or fits(wanted, found.code)):
        return ""
    written = [block for block in blocks if block.code.strip()]
    tagged = [language for block in written if (language := language_of_tag(block.tag))]
    if found is None and tagged:  # no block whose tag may stand for the problem's language
        return tagged[-1]
    if found is not None and found.block is not None:
        code = blocks[found.block].code
    else:
        code = written[-1].code if written else text
    guess = detect(code)
    return guess.language if guess.confidence == CERTAIN and guess.language != wanted else ""


def _defining(blocks: list[Block], reader: Reader) -> _Found | None:
    for index, block in reversed(list(enumerate(blocks))):
        if reader.defines(block.code):
            return _Found(block.code, "entry_point", index)
    return None


def _combined(blocks: list[Block], text: str, reader: Reader) -> _Found | None:
    outer = outer_span(text)
    if outer is not None and reader.defines(outer):
        return _Found(outer, "outer_fence")
    joined = "\n".join(b.code for b in blocks if reader.speaks(b.tag))
    return _Found(joined, "joined") if len(blocks) > 1 and reader.defines(joined) else None


def _loose(text: str, reader: Reader) -> _Found | None:
    for block in reversed(loose_blocks(text)[-MAX_BLOCKS:]):
        if reader.defines(block.code):
            return _Found(block.code, "loose_fence")
    return None


def _named(blocks: list[Block], reader: Reader) -> _Found | None:
    named = [
        (block.closed, index)
        for index, block in enumerate(blocks)
        if reader.speaks(block.tag) and reader.names_entry(block.code)
    ]
    return _Found(blocks[max(named)[1]].code, "named", max(named)[1]) if named else None


def _continuing(blocks: list[Block], reader: Reader) -> _Found | None:
    for index, block in reversed(list(enumerate(blocks))):
        continued = reader.continued(block.code) if reader.speaks(block.tag) else None
        if continued is not None:
            return _Found(continued, "continuation", index)
    return None


def _last(blocks: list[Block], reader: Reader) -> _Found | None:
    spoken = [(i, b) for i, b in enumerate(blocks) if reader.speaks(b.tag) and b.code.strip()]
    closed = [(i, b) for i, b in spoken if b.closed]
    if closed:
        index, block = closed[-1]
        return _Found(block.code, "last_block", index)
    if spoken:
        index, block = spoken[-1]
        return _Found(block.code, "unclosed", index)
    return None


def _whole(text: str, reader: Reader) -> _Found | None:
    if reader.defines(text):
        return _Found(text, "whole")
    continued = reader.continued(text)
    return _Found(continued, "whole") if continued is not None else None
