"""The loops of a Python program whose every step is decided by the values of a few names.

`examine` admits a `while` loop if all that it can do stays within a small language: plain
statements and operators, builtin functions and methods that neither remember nor ask anything
(no clock, no input, no address in memory), and the program's own functions where they consist of
nothing else. Nothing in it makes a set, whose order depends on its history, keeps an iterator or a
generator, catches an exception, or defines anything. `return` and `raise` are admitted with
whatever they say, for who gets there has left the loop. What a name means is looked up while
the loop runs and compared by identity: a program that has a `len` of its own does not call ours.

What follows for values that are plain to begin with (`python_endless` checks them): whatever the
loop computes is plain, too, and is a function of the values of `Loop.names`. Lazy results (`zip`,
`map`, generator expressions) could betray their address if they were printed; so they are admitted
only where something uses them up at once.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from inspect import CO_OPTIMIZED
from types import CodeType, FrameType, FunctionType

from supervisor.languages.python_counters import Counter, counters, sums

__all__ = ["SOLUTION", "Loop", "Scope", "Unfit", "enclosing", "examine"]

SOLUTION = "<solution>"
"""The file name of the code that is compiled from a solution."""

# Those that may stand as values: what they return is plain. Each is known by its identity.
_CONSUMERS = (all, any, dict, list, max, min, sorted, sum, tuple)
_OF_MATH = (value for name, value in vars(math).items() if not name.startswith("_"))
_EAGER = (
    *_CONSUMERS, abs, ascii, bin, bool, chr, divmod, float, format, hex, int, len, oct, ord, pow,
    range, repr, round, str, *filter(callable, _OF_MATH),
)  # fmt: skip
_LAZY = (enumerate, filter, map, reversed, zip)
_EAGER_IDS, _LAZY_IDS = frozenset(map(id, _EAGER)), frozenset(map(id, _LAZY))
_CONSUMER_IDS = frozenset(map(id, _CONSUMERS))

# Of text, bytes, numbers, lists, tuples and dicts. No `format`, which reaches into objects.
_CONSUMING_METHODS = frozenset({"extend", "join"})
_LAZY_METHODS = frozenset({"items", "keys", "values"})
_METHODS = _CONSUMING_METHODS | {
    "append", "bit_length", "capitalize", "casefold", "center", "clear", "copy", "count",
    "endswith", "expandtabs", "find", "get", "index", "insert", "is_integer", "isalnum", "isalpha",
    "isascii", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric", "isprintable",
    "isspace", "istitle", "isupper", "ljust", "lower", "lstrip", "partition", "pop", "popitem",
    "remove", "removeprefix", "removesuffix", "replace", "reverse", "rfind", "rindex", "rjust",
    "rpartition", "rsplit", "rstrip", "setdefault", "sort", "split", "splitlines", "startswith",
    "strip", "swapcase", "title", "update", "upper", "zfill",
}  # fmt: skip

# Admitted if all of their parts are.
_TRANSPARENT = (
    ast.Assign, ast.AugAssign, ast.BinOp, ast.BoolOp, ast.Break, ast.Constant, ast.Continue,
    ast.Delete, ast.Dict, ast.Expr, ast.FormattedValue, ast.If, ast.IfExp, ast.JoinedStr, ast.List,
    ast.Pass, ast.Slice, ast.Subscript, ast.Tuple, ast.UnaryOp, ast.While,
    ast.boolop, ast.expr_context, ast.operator, ast.unaryop,
)  # fmt: skip


class Scope:
    """What names mean in `frame`, at present: that of a function or of a module."""

    UNBOUND = object()

    def __init__(self, frame: FrameType) -> None:
        code = frame.f_code
        names = (*code.co_varnames, *code.co_cellvars, *code.co_freevars)
        self._frame = frame
        self.local = frozenset(names) if code.co_flags & CO_OPTIMIZED else frozenset()

    def meanings(self, names: Iterable[str]) -> list[object]:
        """What each of `names` stands for; `UNBOUND` where it stands for nothing."""
        frame, unbound = self._frame, self.UNBOUND
        own, shared, builtin = frame.f_locals, frame.f_globals, frame.f_builtins
        return [
            own.get(name, unbound) if name in self.local
            else shared[name] if name in shared
            else builtin.get(name, unbound)
            for name in names
        ]  # fmt: skip


class Unfit(Exception):  # noqa: N818 - not an error
    """Nothing can be said about this loop."""


@dataclass(frozen=True)
class Loop:
    """An admitted loop.

    `first`, `last`: its lines. `head`: a line that is reached only when a statement of the loop
    begins which is within no `for` of it, so that nothing else is under way. `names`: all that it
    reads or writes, but for functions and modules, which mean the same all the time. `sums` and
    `counters`: those of them that are, as `python_counters` defines them. `functions`: those of the
    program that it can call.
    """

    first: int
    last: int
    head: int
    names: tuple[str, ...]
    sums: frozenset[str]
    counters: dict[str, Counter]
    functions: tuple[CodeType, ...]


def enclosing(tree: ast.Module, code: CodeType, line: int) -> list[ast.While]:
    """The `while` loops of `code`, a function of `tree` or the whole, around `line`.

    The innermost is the first.
    """
    scope = _definition(tree, code)
    around: list[ast.While] = []
    inside: list[ast.stmt] = list(scope.body) if scope else []
    while inside:
        statement = inside.pop()
        if not statement.lineno <= line <= (statement.end_lineno or 0):
            continue
        if isinstance(statement, ast.While):
            around.insert(0, statement)
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inside.extend(_statements_in(statement))
    return around


def _statements_in(statement: ast.stmt) -> Iterator[ast.stmt]:
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.stmt):
            yield child
        elif isinstance(child, ast.ExceptHandler | ast.match_case):
            yield from child.body


def _definition(tree: ast.Module, code: CodeType) -> ast.Module | ast.FunctionDef | None:
    if code.co_name == "<module>":
        return tree
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == code.co_name:
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            if first == code.co_firstlineno:
                return node
    return None


def examine(tree: ast.Module, loop: ast.While, scope: Scope) -> Loop:
    """What has to be known of `loop` to watch it, in a program that is `tree`.

    Raises:
        Unfit: it can do more than the small language.
    """
    language = _Language(tree, scope)
    language.admit(loop)
    if language.fixed & language.names:
        raise Unfit
    return Loop(
        first=loop.lineno,
        last=loop.end_lineno or 0,
        head=_head(loop),
        names=tuple(sorted(language.names)),
        sums=sums(loop) - language.shared,
        counters={} if language.functions else counters(loop),
        functions=tuple(language.functions),
    )


class _Language:
    """Looks through a loop and the functions that it calls, and raises `Unfit` where it must.

    `names`: as in `Loop`. `fixed`: those of functions and modules. `shared`: those of `names` that
    functions read. `_own`: the names that belong to a comprehension or a function at this place.
    `_calling`: whether it is in a function.
    """

    def __init__(self, tree: ast.Module, scope: Scope) -> None:
        self._tree = tree
        self._scope = scope
        self._calling = False
        self._own: frozenset[str] = frozenset()
        self.names: set[str] = set()
        self.fixed: set[str] = set()
        self.shared: set[str] = set()
        self.functions: list[CodeType] = []

    def admit(self, node: ast.AST, lazy: bool = False) -> None:
        """`lazy`: whether the value is used up at once where `node` stands."""
        match node:
            case ast.Name():
                self._admit_name(node)
            case ast.Call(ast.Attribute(ast.Name("math") as module, name)):
                self._admit_call(node, getattr(self._fix(module, math), name, None), lazy)
            case ast.Call(ast.Name() as name):
                self._admit_call(node, self._fix(name), lazy)
            case ast.Call(ast.Attribute(value, name)):
                self.admit(value)
                self._admit_method(node, name, lazy)
            case ast.GeneratorExp(element, generators) if lazy:
                self._admit_comprehension([element], generators)
            case ast.ListComp(element, generators):
                self._admit_comprehension([element], generators)
            case ast.DictComp(key, value, generators):
                self._admit_comprehension([key, value], generators)
            case ast.Compare(left, operators, others):
                self.admit(left)
                for operator, other in zip(operators, others, strict=True):
                    self._admit_operand(operator, other)
            case ast.For():
                self._admit_for(node)
            case ast.Assert(test):
                self.admit(test)
            case ast.Return(value) if self._calling and value:
                self.admit(value)
            case ast.Return() | ast.Raise():
                pass
            case ast.Starred(value):
                self.admit(value, lazy=True)
            case _ if isinstance(node, _TRANSPARENT):
                self._admit_all(ast.iter_child_nodes(node))
            case _:
                raise Unfit

    def _admit_all(self, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            self.admit(node)

    def _admit_name(self, node: ast.Name) -> None:
        if node.id in self._own:
            return
        if id(self._meaning(node.id)) in _EAGER_IDS and isinstance(node.ctx, ast.Load):
            self.fixed.add(node.id)
        else:
            self.names.add(node.id)
            if self._calling:
                self.shared.add(node.id)

    def _meaning(self, name: str) -> object:
        """What `name` stands for at this place."""
        if self._calling and name in self._scope.local:  # but to the function it is a global name
            raise Unfit
        return self._scope.meanings([name])[0]

    def _fix(self, node: ast.Name, only: object = None) -> object:
        """What `node` means, and has to mean as long as the loop is watched."""
        meant = self._meaning(node.id)
        if node.id in self._own or (only is not None and meant is not only):
            raise Unfit
        self.fixed.add(node.id)
        return meant

    def _admit_call(self, node: ast.Call, function: object, lazy: bool) -> None:
        if isinstance(function, FunctionType):
            self._admit_function(function)
            self._admit_arguments(node, lazy=False)
        elif id(function) in _LAZY_IDS and lazy:
            self._admit_arguments(node, lazy=True)
        elif id(function) in _EAGER_IDS:
            # Of several arguments `max` returns one as it is.
            single = id(function) in _CONSUMER_IDS and len(node.args) == 1
            self._admit_arguments(node, lazy=single)
        else:
            raise Unfit

    def _admit_method(self, node: ast.Call, name: str, lazy: bool) -> None:
        if name not in _METHODS and not (name in _LAZY_METHODS and lazy):
            raise Unfit
        self._admit_arguments(node, lazy=name in _CONSUMING_METHODS)

    def _admit_arguments(self, node: ast.Call, lazy: bool) -> None:
        for argument in node.args:
            self.admit(argument, lazy)
        self._admit_all(keyword.value for keyword in node.keywords)

    def _admit_operand(self, operator: ast.cmpop, node: ast.expr) -> None:
        match operator, node:
            case ((ast.Is() | ast.IsNot()), ast.Constant(None | True | False)):
                pass
            case ((ast.Is() | ast.IsNot()), _):
                raise Unfit
            case ((ast.In() | ast.NotIn()), ast.Set(elements)):
                self._admit_all(elements)
            case _:
                self.admit(node, lazy=isinstance(operator, ast.In | ast.NotIn))

    def _admit_for(self, node: ast.For) -> None:
        self.admit(node.iter, lazy=True)
        self._admit_all([node.target, *node.body, *node.orelse])

    def _admit_comprehension(
        self, elements: list[ast.expr], generators: list[ast.comprehension]
    ) -> None:
        own = self._own
        for generator in generators:
            self.admit(generator.iter, lazy=True)
            self._own |= _targets(generator.target)
            self._admit_all(generator.ifs)
        self._admit_all(elements)
        self._own = own

    def _admit_function(self, function: FunctionType) -> None:
        """A function of the program that keeps nothing from call to call."""
        code = function.__code__
        if code in self.functions:
            return
        definition = _definition(self._tree, code) if code.co_filename == SOLUTION else None
        kept = function.__defaults__ or function.__kwdefaults__ or code.co_freevars
        if kept or not isinstance(definition, ast.FunctionDef):
            raise Unfit
        self.functions.append(code)
        before = self._own, self._calling
        self._own, self._calling = frozenset(code.co_varnames + code.co_cellvars), True
        self._admit_all(definition.body)
        self._own, self._calling = before


def _targets(target: ast.expr) -> frozenset[str]:
    """The names that a comprehension binds."""
    found = set()
    for node in ast.walk(target):
        match node:
            case ast.Name(name):
                found.add(name)
            case ast.Tuple() | ast.List() | ast.expr_context():
                pass
            case _:
                raise Unfit
    return frozenset(found)


# Statements whose first line cannot be passed over.
_BEGINNING = (ast.Assign, ast.AugAssign, ast.Expr, ast.If, ast.Pass, ast.While)


def _head(loop: ast.While) -> int:
    blurred = _blurred(loop)
    always = isinstance(loop.test, ast.Constant)
    for statement in loop.body if always else [loop, *loop.body]:
        if isinstance(statement, _BEGINNING) and statement.lineno not in blurred:
            return statement.lineno
    raise Unfit


def _blurred(loop: ast.While) -> set[int]:
    """The lines that can be reached within a statement: those of `for`, and of several lines."""
    lines: set[int] = set()
    for node in ast.walk(loop):
        match node:
            case ast.If(test=head) | ast.While(test=head) | ast.For(iter=head):
                last = head.end_lineno or 0
            case ast.stmt():
                last = node.end_lineno or 0
            case _:
                continue
        if last > node.lineno or isinstance(node, ast.For):
            lines.update(range(node.lineno, last + 1))
    return lines
