"""Tests that share nothing with the functions they test: what goes in is new, what comes out is
looked at and not kept.

Where tests hold on to an argument or a result, a solution in the same process can change it behind
their backs: `f([a, b]) == [b, a]` holds once `a` and `b` are cleared. Apart, it gets copies.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from pytest_aibench.sandbox.languages.python_computing import COMPUTING, MODULES
from pytest_aibench.sandbox.languages.python_names import bound_by

__all__ = ["shares_nothing"]

Parents = dict[ast.AST, ast.AST]

_FRESH = (
    ast.Constant, ast.Dict, ast.List, ast.Set, ast.Tuple, ast.BinOp, ast.UnaryOp, ast.keyword,
    ast.operator, ast.unaryop, ast.expr_context,
)  # fmt: skip
_LOOKING = (
    ast.BinOp, ast.BoolOp, ast.Compare, ast.List, ast.Subscript, ast.Tuple, ast.UnaryOp,
    ast.keyword,
)  # fmt: skip


def shares_nothing(tests: str, functions: frozenset[str]) -> bool:
    """Whether all that `tests` do with `functions` is to call them in assertions and statements.

    With arguments that are made on the spot, of constants. Or they hand one of them to a function
    of their own that has one argument, as in `check(candidate)`, and the same holds of that.
    """
    tree = ast.parse(tests)
    nodes = list(ast.walk(tree))
    bound = Counter(name for node in nodes if not _is_module(node) for name in bound_by(node))
    handed = dict(_handed(tree, functions, {name for name in bound if bound[name] == 1}))
    names = functions | set(handed.values())
    parents = {child: node for node in nodes for child in ast.iter_child_nodes(node)}
    mentioned = [node for node in nodes if isinstance(node, ast.Name) and node.id in names]
    return bound.keys().isdisjoint(COMPUTING | MODULES.keys()) and all(
        name in handed or _is_asked(name, names, parents) for name in mentioned
    )


def _is_module(node: ast.AST) -> bool:
    return isinstance(node, ast.alias) and node.name in MODULES and not node.asname


def _handed(
    tree: ast.Module, functions: frozenset[str], once: set[str]
) -> Iterator[tuple[ast.AST, str]]:
    """Each function where it is handed over, with its name on the other side.

    `once` are the names that are bound in one place only.
    """
    definitions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    own = {node.name: node.args for node in definitions if node.name in once}
    for statement in tree.body:
        match statement:
            case ast.Expr(ast.Call(ast.Name(taker), [ast.Name(name) as function], [])) if (
                name in functions and taker in own
            ):
                match own[taker]:
                    case ast.arguments([], [ast.arg(inside)], None, [], [], None, []):
                        yield function, inside


def _is_asked(name: ast.Name, names: frozenset[str], parents: Parents) -> bool:
    """Whether `name` stands where it is called with new values, and its result is not kept."""
    call = parents[name]
    if not (isinstance(call, ast.Call) and call.func is name and _is_fresh(call, names)):
        return False
    part: ast.AST = call
    while not isinstance(around := parents[part], ast.stmt):
        if not (isinstance(around, _LOOKING) or _looks_on(around, part, names)):
            return False
        part = around
    return isinstance(around, ast.Assert | ast.Expr)


def _looks_on(node: ast.AST, part: ast.AST, names: frozenset[str]) -> bool:
    """Whether `node` calls something that computes, or one of `names`, and with `part`."""
    match node:
        case ast.Call(ast.Name(name) as function):
            return function is not part and (name in COMPUTING or name in names)
        case ast.Call(ast.Attribute(ast.Name(module), name)):
            return name in MODULES.get(module, ())
    return False


def _is_fresh(call: ast.Call, names: frozenset[str]) -> bool:
    """Whether the arguments of `call` are new values, of constants and what is computed of them."""
    pending: list[ast.AST] = [*call.args, *call.keywords]
    while pending:
        node = pending.pop()
        match node:
            case ast.Call(ast.Name(name)) if name in COMPUTING or name in names:
                pending += [*node.args, *node.keywords]
            case ast.Attribute(ast.Name(module), name) if name in MODULES.get(module, ()):
                pass
            case _ if isinstance(node, _FRESH):
                pending += ast.iter_child_nodes(node)
            case _:
                return False
    return True
