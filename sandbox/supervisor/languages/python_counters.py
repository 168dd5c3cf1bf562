"""Names of a loop that only count, so that their values need not recur for the loop to.

A *sum* occurs only as `name += e`, `name -= e`, `name = name + e` or `name = name - e`: nothing
but itself depends on it.

A *counter* is written as `name += k` only, `k` a positive integer of the text, and is read only
where it is compared with a goal, or as a bound of a slice, `x[a:name]` or `x[name + k:b]`. Once it
has passed its goals and the ends of what it cuts, and as long as these stay, no read of it can turn
out otherwise. A goal is an integer of the text, or a name that the loop leaves alone or writes as
`goal += k` only. What is cut has a name that the loop leaves alone, and the loop changes no object
in place.
"""

from __future__ import annotations

import ast
from collections import Counter as Multiset
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeGuard

__all__ = ["Counter", "counters", "sums"]

_ORDER = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_NUMBERS = (bool, float, int)
_SEQUENCES = (bytes, list, range, str, tuple)


@dataclass(frozen=True)
class Counter:
    """What a counter is compared with, and what it cuts: names, and numbers that are added."""

    goals: list[str | int] = field(default_factory=list)
    cuts: list[tuple[str, int]] = field(default_factory=list)

    def has_passed(self, value: Any, meanings: dict[str, Any]) -> bool:
        """Whether a counter that stands at `value` is beyond all that it is read for.

        Then none of its goals is a counter that has passed, as it would be beyond this one.
        """
        if type(value) is not int:
            return False
        goals: list[Any] = [meanings.get(g) if isinstance(g, str) else g for g in self.goals]
        cuts: list[Any] = [(meanings.get(name), value + more) for name, more in self.cuts]
        # Of other types, the program may say what an operator does.
        return all(type(goal) in _NUMBERS and goal < value for goal in goals) and all(
            type(what) in _SEQUENCES and len(what) <= end for what, end in cuts
        )


def sums(loop: ast.While) -> frozenset[str]:
    """The names that occur in `loop` only where something is added to them."""
    others: Multiset[str] = Multiset()
    for node in _repeated(loop):
        match node:
            case ast.AugAssign(ast.Name(name), ast.Add() | ast.Sub()):
                others[name] -= 1
            case ast.Assign(
                [ast.Name(name)], ast.BinOp(ast.Name(summand), ast.Add() | ast.Sub())
            ) if name == summand:
                others[name] -= 2
            case ast.Name(name):
                others[name] += 1
    return frozenset(name for name, count in others.items() if count == 0)


def counters(loop: ast.While) -> dict[str, Counter]:
    """The counters of `loop`, which calls no functions of the program's own."""
    nodes = list(_repeated(loop))
    steps = Multiset(name for node in nodes for name in _steps(node))
    writes = Multiset(node.id for node in nodes if _is_name(node, ast.Store | ast.Del))
    unread = Multiset(node.id for node in nodes if _is_name(node, ast.Load))
    found = {name: Counter() for name in steps if steps[name] == writes[name]}
    for name, goal in (pair for node in nodes for pair in _comparisons(node)):
        if name in found and (isinstance(goal, int) or goal in found or not writes[goal]):
            found[name].goals.append(goal)
            unread[name] -= 1
    for name, cut in (pair for node in nodes for pair in _cuts(node)):
        if name in found and not writes[cut[0]] and not any(map(_changes_in_place, nodes)):
            found[name].cuts.append(cut)
            unread[name] -= 1
    return {name: found[name] for name in found if not unread[name]}


def _is_name(node: ast.AST, context: Any) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, context)


def _steps(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.AugAssign(ast.Name(name), ast.Add(), step) if (_integer(step) or 0) > 0:
            yield name


def _comparisons(node: ast.AST) -> Iterator[tuple[str, str | int]]:
    """Names that `node` compares, each with what it is compared with."""
    match node:
        case ast.Compare(left, [operator], [right]) if isinstance(operator, _ORDER):
            for one, other in ((left, right), (right, left)):
                goal = other.id if isinstance(other, ast.Name) else _integer(other)
                if isinstance(one, ast.Name) and goal is not None:
                    yield one.id, goal


def _cuts(node: ast.AST) -> Iterator[tuple[str, tuple[str, int]]]:
    """Names that bound a slice, each with the name of what is cut, and what is added."""
    match node:
        case ast.Subscript(ast.Name(what), ast.Slice(lower, upper), ast.Load()):
            for bound in filter(None, (lower, upper)):
                match bound:
                    case ast.Name(end):
                        yield end, (what, 0)
                    case ast.BinOp(ast.Name(end), ast.Add(), ast.Constant(int(more))):
                        yield end, (what, more)


def _integer(node: ast.expr) -> int | None:
    match node:
        case ast.Constant(value) if type(value) is int:
            return value
        case ast.UnaryOp(ast.USub(), ast.Constant(value)) if type(value) is int:
            return -value
    return None


def _changes_in_place(node: ast.AST) -> bool:
    """Whether `node` may change a list or dict that another name stands for, too."""
    match node:
        case ast.Call(ast.Attribute(ast.Name("math"))):
            return False
        case ast.Call(ast.Attribute()) | ast.Subscript(ctx=ast.Store() | ast.Del()):
            return True
        case ast.AugAssign():
            return not any(_steps(node))
    return False


def _repeated(node: ast.AST) -> Iterator[ast.AST]:
    """All that a loop can do without being left."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.Return | ast.Raise):
            yield from _repeated(child)
