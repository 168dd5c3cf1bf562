"""Python solutions whose text shows that they can only compute, never interfere with their tests.

The argument, for a solution that `is_plain` accepts and tests that could run apart from it
(`python_split`) and share nothing with it (`python_asking`), in one process and one namespace:

- Whatever it makes is of a class written in C, or a `Counter`, with equality, order, hash and truth
  as Python defines them: it defines no class, and names nothing that makes one.
- It reaches nothing but its arguments and what it made itself. Each of its names is bound in its
  own text or is a builtin that only computes; none is bound by the tests. Its attributes are those
  of plain values and of modules that only compute. So frames, code, namespaces, files and
  descriptors stay out of reach, the secret among them.
- It changes nothing but its arguments and what it made itself: it sets no attribute and declares
  nothing `global`. At its top level it binds functions, constants and modules, and of the names
  that the tests use only those of the functions that they test. And its arguments are its own: the
  tests make them anew for each call, and let go of its results.
- What it binds at its top level, defaults of arguments included, cannot change, and it has no
  decorators. So it keeps nothing from call to call but what the interpreter remembers (compiled
  patterns, addresses). In a process apart it could keep more.

So its pass beside the tests is one. What is not listed (`python_computing`) is not plain, and is
tested apart.
"""

from __future__ import annotations

import ast
import importlib
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter

from pytest_aibench.sandbox.languages.python_asking import shares_nothing
from pytest_aibench.sandbox.languages.python_computing import (
    ANNOTATING,
    BUILTIN_TYPES,
    CALLED,
    COMPUTING,
    METHODS,
    MODULES,
)
from pytest_aibench.sandbox.languages.python_names import (
    BUILTINS,
    bound_by,
    bound_globals,
    unbound_globals,
)
from pytest_aibench.sandbox.languages.python_split import apart
from pytest_aibench.sandbox.program import Program

__all__ = ["is_plain"]

_LONGEST = 1 << 16  # characters
_NODES = (
    ast.AnnAssign, ast.Assert, ast.Assign, ast.AugAssign, ast.Break, ast.Continue, ast.Delete,
    ast.ExceptHandler, ast.Expr, ast.For, ast.FunctionDef, ast.If, ast.Module, ast.Nonlocal,
    ast.Pass, ast.Raise, ast.Return, ast.Try, ast.While,
    ast.BinOp, ast.BoolOp, ast.Call, ast.Compare, ast.Constant, ast.Dict, ast.DictComp,
    ast.FormattedValue, ast.GeneratorExp, ast.IfExp, ast.JoinedStr, ast.Lambda, ast.List,
    ast.ListComp, ast.Name, ast.Set, ast.SetComp, ast.Slice, ast.Starred, ast.Subscript, ast.Tuple,
    ast.UnaryOp, ast.alias, ast.arg, ast.arguments, ast.boolop, ast.cmpop, ast.comprehension,
    ast.expr_context, ast.keyword, ast.operator, ast.unaryop,
)  # fmt: skip
_ANNOTATION_NODES = (
    ast.BinOp, ast.BitOr, ast.Constant, ast.List, ast.Load, ast.Name, ast.Subscript, ast.Tuple,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Imported:
    """Names of listed modules, of functions and constants from them, and of types of `typing`.

    Those `called` may only be called, and `types` only be in annotations.
    """

    modules: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()
    called: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()

    @classmethod
    def by(cls, node: ast.AST) -> _Imported:
        """What an import binds, as far as it is listed and keeps its name."""
        match node:
            case ast.Import(names):
                found = frozenset(alias.name for alias in names)
                return cls(modules=found & MODULES.keys(), types=found & {"typing"})
            case ast.ImportFrom(str(module), names):
                found = frozenset(alias.name for alias in names)
                values, called, types = (
                    known if "*" in found else known & found for known in _offered(module)
                )
                return cls(values=values, called=called, types=types)
        return cls()

    @classmethod
    def all_of(cls, parts: Iterable[_Imported]) -> _Imported:
        every = [cls(), *parts]
        columns = zip(*((p.modules, p.values, p.called, p.types) for p in every), strict=True)
        return cls(*(frozenset().union(*column) for column in columns))

    @property
    def names(self) -> frozenset[str]:
        return self.modules | self.values | self.called | self.types


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What a solution finds in its namespace, and what it must leave alone there.

    Listed names are `imported` by the preamble; `bound` are the tests' own. `foreign` it must not
    bind anywhere, nor `protected` at its top level, where of all these it may define only the
    functions that are `tested`.
    """

    imported: _Imported
    bound: frozenset[str]
    foreign: frozenset[str]
    protected: frozenset[str]
    tested: frozenset[str]


def is_plain(program: Program) -> bool:
    """Whether the text of the solution is proof enough that it earned the pass of `program`.

    The tests have to be such as could run apart.
    """
    around = _surroundings(program)
    if around is None or not _asks_simply(program.tests, around.tested):
        return False
    tree = _parse(program.solution) if len(program.solution) <= _LONGEST else None
    return tree is not None and _Text(tree, around).is_plain()


def _parse(solution: str) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an odd escape is the model's, not the run's
        try:
            return ast.parse(solution)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


class _Text:
    """A solution's text among its surroundings."""

    def __init__(self, tree: ast.Module, around: _Surroundings) -> None:
        nodes = list(ast.walk(tree))
        self._annotations = [part for node in nodes for part in _annotations(node)]
        apart = {id(node) for part in self._annotations for node in ast.walk(part)}
        self._nodes = [node for node in nodes if id(node) not in apart]
        self._statements = tree.body
        self._around = around
        self._imported = _Imported.all_of([around.imported, *map(_Imported.by, self._nodes)])
        self._called = {id(node.func) for node in self._nodes if isinstance(node, ast.Call)}
        self._looked_into = {id(n.value) for n in self._nodes if isinstance(n, ast.Attribute)}

    def is_plain(self) -> bool:
        own = {name for node in self._nodes for name in bound_by(node)}
        read = {node.id for node in self._nodes if isinstance(node, ast.Name)}
        usable = (self._around.imported.names | COMPUTING) - self._around.bound
        return (
            not any(name.startswith("__") for name in own)
            and own.isdisjoint(self._around.foreign)
            and read <= own | usable
            and all(map(self._only_computes, self._nodes))
            and all(map(self._only_annotates, self._annotations))
            and all(_leaves_in_peace(statement, self._around) for statement in self._statements)
        )

    def _only_computes(self, node: ast.AST) -> bool:
        """Whether `node`, apart from its parts, can do no more than compute."""
        match node:
            case ast.Name(name, ast.Load()):
                return self._is_at_its_place(node, name)
            case ast.Attribute(ast.Constant(str(text)), "format", ast.Load()):
                return _only_fills_in(text)
            case ast.Attribute(ast.Name(module), name, ast.Load()) if (
                module in self._imported.modules
            ):
                called = id(node) in self._called and name in CALLED.get(module, ())
                return called or name in MODULES[module]
            case ast.Attribute(_, name, ast.Load()):
                return name in METHODS
            case ast.Import(names):
                return all(a.name in (*MODULES, "typing") and not a.asname for a in names)
            case ast.ImportFrom(str(module), names, 0):
                known = frozenset().union(*_offered(module))
                return all(alias.name in known and not alias.asname for alias in names)
            case ast.FormattedValue(format_spec=ast.JoinedStr(parts)):
                return all(map(_is_simple_format, parts))
            case ast.FunctionDef(decorator_list=[_, *_]) | ast.comprehension(is_async=1):
                return False
        return isinstance(node, _NODES)

    def _is_at_its_place(self, node: ast.Name, name: str) -> bool:
        if name in self._imported.modules:
            return id(node) in self._looked_into
        if name in self._imported.called:
            return id(node) in self._called
        return name not in self._imported.types

    def _only_annotates(self, annotation: ast.expr) -> bool:
        """Whether an annotation, which is evaluated, consists of types."""
        types = self._imported.types | BUILTIN_TYPES
        for node in ast.walk(annotation):
            match node:
                case ast.Attribute(ast.Name("typing"), name, ast.Load()):
                    good = name in ANNOTATING
                case ast.Name(name):
                    good = name in types
                case _:
                    good = isinstance(node, _ANNOTATION_NODES)
            if not good:
                return False
        return True


def _offered(module: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """What may be imported from `module`: values, what may be called, and types."""
    types = ANNOTATING if module == "typing" else frozenset()
    return MODULES.get(module, frozenset()), CALLED.get(module, frozenset()), types


def _annotations(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.arg(annotation=ast.expr() as annotation) | ast.AnnAssign(annotation=annotation):
            return [annotation]
        case ast.FunctionDef(returns=ast.expr() as returned):
            return [returned]
    return []


def _surroundings(program: Program) -> _Surroundings | None:
    """None where preamble or tests do not say which names they bind."""
    preamble = _preamble(program.rules.preamble)
    globals_ = _test_globals(program.tests, program.entry_point)
    if preamble is None or globals_ is None:
        return None
    (imported, hidden), (used, bound) = preamble, globals_
    return _Surroundings(
        imported=imported,
        bound=bound,
        foreign=hidden | bound | BUILTINS - COMPUTING,
        protected=used | BUILTINS,
        # A module that the tests take from a solution is nothing that it may define.
        tested=frozenset(apart(program).names).difference(MODULES),
    )


@lru_cache
def _preamble(source: str) -> tuple[_Imported, frozenset[str]] | None:
    """What a benchmark's preamble imports of what is listed, and the other names that it binds.

    None where it does more than import, imports all of a module that is not listed, or hides a
    builtin.
    """
    bound: set[str] = set()
    statements = ast.parse(source).body
    for statement in statements:
        match statement:
            case ast.Import(names):
                bound.update(name for alias in names for name in bound_by(alias))
            case ast.ImportFrom(str(module), [ast.alias("*")], 0) if any(_offered(module)):
                found = importlib.import_module(module)
                bound.update(dir(found), getattr(found, "__all__", ()))
            case _:
                return None
    imported = _Imported.all_of(map(_Imported.by, statements))
    return None if bound & COMPUTING else (imported, frozenset(bound - imported.names))


_asks_simply = lru_cache(maxsize=64)(shares_nothing)  # as for `python_split.take_apart`


@lru_cache(maxsize=64)
def _test_globals(tests: str, entry_point: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """Global names that tests use without binding them, and those they bind; None if hidden."""
    bound = bound_globals(tests)
    for node in ast.walk(ast.parse(tests)):
        match node:
            case ast.alias("*"):
                return None
            case ast.NamedExpr(ast.Name(name)):  # of comprehensions, 3.12 says it in no table
                bound.add(name)
    return frozenset(unbound_globals(tests, entry_point)), frozenset(bound)


def _only_fills_in(text: str) -> bool:
    """Whether `text.format` shows its arguments, and nothing that it looks up in them."""
    try:
        fields = [(name or "", spec or "") for _, name, spec, _ in Formatter().parse(text)]
    except ValueError:
        return False
    return not any("." in name or "[" in name or "{" in spec for name, spec in fields)


def _is_simple_format(part: ast.expr) -> bool:
    """Whether no version of Python finds an expression in this part of a format."""
    match part:
        case ast.Constant(str(text)):
            return "{" not in text and "}" not in text
    return False


def _leaves_in_peace(statement: ast.stmt, around: _Surroundings) -> bool:
    """Whether a statement at the top level binds only what cannot change or mislead the tests."""
    match statement:
        case ast.FunctionDef(name, arguments):
            defaults = [*arguments.defaults, *filter(None, arguments.kw_defaults)]
            hidden = name in around.protected - around.tested
            return not hidden and all(map(_is_constant, defaults))
        case ast.Assign(targets, value):
            names = {target.id for target in targets if isinstance(target, ast.Name)}
            complete = len(names) == len(targets)
            return complete and names.isdisjoint(around.protected) and _is_constant(value)
        case ast.ImportFrom(names=names):
            return around.protected.isdisjoint(alias.name for alias in names)
        case ast.Import() | ast.Expr(ast.Constant()):
            return True
    return False


def _is_constant(value: ast.expr) -> bool:
    match value:
        case ast.Constant() | ast.UnaryOp(operand=ast.Constant()):
            return True
        case ast.Tuple(elements):
            return all(map(_is_constant, elements))
    return False
