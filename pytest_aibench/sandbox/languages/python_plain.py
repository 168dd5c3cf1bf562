"""Python solutions whose text shows that they can only compute, never interfere with their tests.

The argument, for a solution that `is_plain` accepts and tests that could run apart from it
(`python_split`), in one process and one namespace:

- Whatever it makes is of a builtin class, or of `collections`, with equality, order, hash and truth
  as the interpreter defines them: it defines no class, and names nothing that makes one.
- It reaches nothing but its arguments and what it made itself. Each of its names is bound in its
  own text or is a builtin that only computes; none is bound by the tests. Its attributes are those
  of plain values and of modules that only compute. So frames, code, namespaces, files and
  descriptors stay out of reach, the secret among them.
- It changes nothing but its arguments and what it made itself: it sets no attribute and declares
  nothing `global`. At its top level it binds functions, constants and modules, and of the names
  that the tests use only those of the functions that they test.
- It keeps nothing from call to call, but in objects that the tests hold: what it binds at its top
  level, defaults of arguments included, cannot change, and it has no decorators.

So its pass beside the tests is one. What is not listed here is not plain, and is tested apart.
"""

from __future__ import annotations

import ast
import importlib
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter

from pytest_aibench.generation.python_code import parse_python
from pytest_aibench.sandbox.languages.python_names import BUILTINS, bound_globals, unbound_globals
from pytest_aibench.sandbox.languages.python_split import apart
from pytest_aibench.sandbox.program import Program

__all__ = ["is_plain"]

_LONGEST = 1 << 16  # characters
# Without `next` and StopIteration: an end of iteration that a solution raises would end a loop of
# the tests. Without what makes classes, runs text, reaches for names, or reads.
_COMPUTING = frozenset({
    "ArithmeticError", "AssertionError", "AttributeError", "Exception", "IndexError",
    "KeyError", "LookupError", "NameError", "NotImplementedError", "OverflowError",
    "RecursionError", "RuntimeError", "TypeError", "ValueError", "ZeroDivisionError",
    "abs", "all", "any", "ascii", "bin", "bool", "bytes", "callable", "chr", "complex",
    "dict", "divmod", "enumerate", "filter", "float", "format", "frozenset", "hash", "hex", "int",
    "isinstance", "issubclass", "iter", "len", "list", "map", "max", "min", "oct", "ord", "pow",
    "print", "range", "repr", "reversed", "round", "set", "slice", "sorted", "str", "sum", "tuple",
    "zip",
})  # fmt: skip
# Without `functools.cmp_to_key`, whose objects let a function of the solution's compare.
_MODULES: dict[str, frozenset[str]] = {
    "bisect": frozenset({"bisect", "bisect_left", "bisect_right", "insort", "insort_left",
                         "insort_right"}),
    "collections": frozenset({"Counter", "defaultdict", "deque"}),
    "copy": frozenset({"copy", "deepcopy"}),
    "functools": frozenset({"reduce"}),
    "heapq": frozenset({"heapify", "heappop", "heappush", "heappushpop", "heapreplace", "merge",
                        "nlargest", "nsmallest"}),
    "itertools": frozenset({"accumulate", "chain", "combinations", "combinations_with_replacement",
                            "compress", "count", "cycle", "dropwhile", "filterfalse",
                            "from_iterable", "groupby", "islice", "pairwise", "permutations",
                            "product", "repeat", "starmap", "takewhile", "zip_longest"}),
    "math": frozenset({"acos", "asin", "atan", "atan2", "ceil", "comb", "copysign", "cos", "dist",
                       "e", "exp", "fabs", "factorial", "floor", "fmod", "frexp", "fsum", "gcd",
                       "hypot", "inf", "isclose", "isfinite", "isinf", "isnan", "isqrt", "lcm",
                       "log", "log10", "log1p", "log2", "modf", "nan", "perm", "pi", "pow", "prod",
                       "radians", "sin", "sqrt", "tan", "tau", "trunc"}),
    "re": frozenset({"I", "IGNORECASE", "M", "MULTILINE", "compile", "escape", "findall",
                     "finditer", "fullmatch", "match", "search", "split", "sub", "subn"}),
    "statistics": frozenset({"fmean", "mean", "median", "median_high", "median_low", "mode",
                             "pstdev", "pvariance", "stdev", "variance"}),
    "string": frozenset({"ascii_letters", "ascii_lowercase", "ascii_uppercase", "digits",
                         "hexdigits", "octdigits", "printable", "punctuation", "whitespace"}),
    "typing": frozenset({"Any", "Callable", "Deque", "Dict", "FrozenSet", "Generator", "Iterable",
                         "Iterator", "List", "Mapping", "Optional", "Sequence", "Set", "Tuple",
                         "Union"}),
}  # fmt: skip
_METHODS = frozenset({
    "add", "append", "appendleft", "bit_count", "bit_length", "capitalize", "casefold", "center",
    "clear", "conjugate", "copy", "count", "difference", "difference_update", "discard",
    "elements", "end", "endswith", "extend", "extendleft", "find", "fromkeys", "get",
    "group", "groups", "imag", "index", "insert", "intersection", "intersection_update",
    "is_integer", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "isdisjoint",
    "isidentifier", "islower", "isnumeric", "isprintable", "isspace", "issubset", "issuperset",
    "istitle", "isupper", "items", "join", "keys", "ljust", "lower", "lstrip", "maketrans",
    "most_common", "partition", "pop", "popitem", "popleft", "real", "remove",
    "removeprefix", "removesuffix", "replace", "reverse", "rfind", "rindex", "rjust", "rotate",
    "rpartition", "rsplit", "rstrip", "setdefault", "sort", "span", "split", "splitlines", "start",
    "startswith", "strip", "subtract", "swapcase", "symmetric_difference", "title", "translate",
    "union", "update", "upper", "values", "zfill",
})  # fmt: skip
_ATTRIBUTES = _METHODS.union(*_MODULES.values())
_NODES = (
    ast.AnnAssign, ast.Assert, ast.Assign, ast.AugAssign, ast.Break, ast.Continue, ast.Delete,
    ast.ExceptHandler, ast.Expr, ast.For, ast.FunctionDef, ast.If, ast.Import, ast.ImportFrom,
    ast.Module, ast.Nonlocal, ast.Pass, ast.Raise, ast.Return, ast.Try, ast.While,
    ast.Attribute, ast.BinOp, ast.BoolOp, ast.Call, ast.Compare, ast.Constant, ast.Dict,
    ast.DictComp, ast.FormattedValue, ast.GeneratorExp, ast.IfExp, ast.JoinedStr, ast.Lambda,
    ast.List, ast.ListComp, ast.Name, ast.Set, ast.SetComp, ast.Slice, ast.Starred, ast.Subscript,
    ast.Tuple, ast.UnaryOp, ast.alias, ast.arg, ast.arguments, ast.boolop, ast.cmpop,
    ast.comprehension, ast.expr_context, ast.keyword, ast.operator, ast.unaryop,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """The names among which a solution stands.

    `usable` it may read beside its own. `foreign` it must not bind anywhere, nor `protected` at its
    top level, where of all these it may define only the functions that are `tested`.
    """

    usable: frozenset[str]
    foreign: frozenset[str]
    protected: frozenset[str]
    tested: frozenset[str]


def is_plain(program: Program) -> bool:
    """Whether the text of the solution is proof enough that it earned the pass of `program`.

    The tests have to be such as could run apart.
    """
    code = parse_python(program.solution) if len(program.solution) <= _LONGEST else None
    around = _surroundings(program)
    if code is None or around is None:
        return False
    nodes = list(ast.walk(code.tree))
    own = {name for node in nodes for name in _bound(node)}
    read = {node.id for node in nodes if isinstance(node, ast.Name)}
    return (
        all(map(_computes, nodes))
        and not any(name.startswith("__") for name in own)
        and own.isdisjoint(around.foreign)
        and read <= own | around.usable
        and all(_leaves_in_peace(statement, around) for statement in code.tree.body)
    )


def _surroundings(program: Program) -> _Surroundings | None:
    """None where preamble or tests do not say which names they bind."""
    preamble = _preamble(program.rules.preamble)
    globals_ = _test_globals(program.tests, program.entry_point)
    if preamble is None or globals_ is None:
        return None
    (offered, hidden), (used, bound) = preamble, globals_
    return _Surroundings(
        usable=(offered | _COMPUTING) - bound,
        foreign=hidden | bound | BUILTINS - _COMPUTING,
        protected=used | BUILTINS,
        tested=frozenset(apart(program).names),
    )


@lru_cache
def _preamble(source: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """Names that a benchmark's preamble offers to compute with, and the other ones that it binds.

    None where it does more than import, imports all of a module that is not listed, or hides a
    builtin.
    """
    offered: set[str] = set()
    bound: set[str] = set()
    for statement in ast.parse(source).body:
        match statement:
            case ast.Import(names):
                bound.update(name for alias in names for name in _bound(alias))
                offered.update(a.name for a in names if a.name in _MODULES and not a.asname)
            case ast.ImportFrom(str(module), [ast.alias("*")], 0) if module in _MODULES:
                bound.update(dir(importlib.import_module(module)))
                offered.update(_MODULES[module])
            case _:
                return None
    return None if bound & _COMPUTING else (frozenset(offered), frozenset(bound - offered))


@lru_cache(maxsize=64)  # as for `python_split.take_apart`
def _test_globals(tests: str, entry_point: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """Global names that tests use without binding them, and those they bind; None if hidden."""
    if any(isinstance(node, ast.alias) and node.name == "*" for node in ast.walk(ast.parse(tests))):
        return None
    return frozenset(unbound_globals(tests, entry_point)), frozenset(bound_globals(tests))


def _bound(node: ast.AST) -> list[str]:
    """The names that `node` itself binds."""
    match node:
        case ast.Name(name, ast.Store()) | ast.FunctionDef(name) | ast.arg(name):
            return [name]
        case ast.alias(name, other):
            return [other or name.partition(".")[0]]
        case ast.ExceptHandler(name=str(name)):
            return [name]
    return []


def _computes(node: ast.AST) -> bool:
    """Whether `node`, apart from its parts and names, can do no more than compute."""
    match node:
        case ast.Import(names):
            return all(alias.name in _MODULES for alias in names)
        case ast.ImportFrom(module, names, 0):
            return {alias.name for alias in names} <= _MODULES.get(module or "", frozenset())
        case ast.Attribute(ast.Constant(str(text)), "format"):
            return _only_fills_in(text)
        case ast.Attribute(_, name, ast.Load()):
            return name in _ATTRIBUTES
        case ast.ImportFrom() | ast.Attribute() | ast.FunctionDef(decorator_list=[_, *_]):
            return False
    return isinstance(node, _NODES)


def _only_fills_in(text: str) -> bool:
    """Whether `text.format` shows its arguments, and nothing that it looks up in them."""
    try:
        fields = [(name or "", spec or "") for _, name, spec, _ in Formatter().parse(text)]
    except ValueError:
        return False
    return not any("." in name or "[" in name or "{" in spec for name, spec in fields)


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
        case ast.Import(names):
            return all(alias.asname not in around.protected for alias in names)
        case ast.ImportFrom(names=names):
            return around.protected.isdisjoint(alias.asname or alias.name for alias in names)
        case ast.Expr(ast.Constant()):
            return True
    return False


def _is_constant(value: ast.expr) -> bool:
    match value:
        case ast.Constant() | ast.UnaryOp(operand=ast.Constant()):
            return True
        case ast.Tuple(elements):
            return all(map(_is_constant, elements))
    return False
