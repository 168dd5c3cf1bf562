"""What Python offers that only computes: the words of which plain solutions consist.

Everything here is meant to be given anything, and still to do no more than its documentation says.
What is written in C checks the types of what it is given. What is written in Python asks its
arguments for attributes instead, so that with strange ones it can be made to do strange things
(`Counter.copy(int)` is `type`): of that, only functions are listed that ask for nothing, and they
may only be called.
"""

from __future__ import annotations

__all__ = ["ANNOTATING", "BUILTIN_TYPES", "CALLED", "COMPUTING", "METHODS", "MODULES"]

BUILTIN_TYPES = frozenset({
    "bool", "bytes", "complex", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple",
})  # fmt: skip
# Without `next` and StopIteration: an end of iteration that a solution raises would end a loop of
# the tests. Without what makes classes, runs text, reaches for names, or reads.
COMPUTING = BUILTIN_TYPES | {
    "ArithmeticError", "AssertionError", "AttributeError", "Exception", "IndexError", "KeyError",
    "LookupError", "NameError", "NotImplementedError", "OverflowError", "RecursionError",
    "RuntimeError", "TypeError", "ValueError", "ZeroDivisionError", "abs", "all", "any", "bin",
    "chr", "divmod", "enumerate", "filter", "format", "hex", "isinstance", "iter", "len", "map",
    "max", "min", "oct", "ord", "pow", "print", "range", "repr", "reversed", "round", "sorted",
    "sum", "zip",
}  # fmt: skip

MODULES: dict[str, frozenset[str]] = {
    "bisect": frozenset({"bisect", "bisect_left", "bisect_right", "insort", "insort_left",
                         "insort_right"}),
    "collections": frozenset({"defaultdict", "deque"}),
    "functools": frozenset({"reduce"}),
    "heapq": frozenset({"heapify", "heappop", "heappush", "heappushpop", "heapreplace"}),
    "itertools": frozenset({"accumulate", "chain", "combinations", "combinations_with_replacement",
                            "compress", "count", "cycle", "dropwhile", "filterfalse", "groupby",
                            "islice", "pairwise", "permutations", "product", "repeat", "starmap",
                            "takewhile", "zip_longest"}),
    "math": frozenset({"acos", "asin", "atan", "atan2", "ceil", "comb", "copysign", "cos", "dist",
                       "e", "exp", "fabs", "factorial", "floor", "fmod", "frexp", "fsum", "gcd",
                       "hypot", "inf", "isclose", "isfinite", "isinf", "isnan", "isqrt", "lcm",
                       "log", "log10", "log1p", "log2", "modf", "nan", "perm", "pi", "pow", "prod",
                       "radians", "sin", "sqrt", "tan", "tau", "trunc"}),
    "re": frozenset(),
    "string": frozenset({"ascii_letters", "ascii_lowercase", "ascii_uppercase", "digits",
                         "hexdigits", "octdigits", "printable", "punctuation", "whitespace"}),
}  # fmt: skip
"""Functions written in C, and constants."""

CALLED: dict[str, frozenset[str]] = {
    "collections": frozenset({"Counter"}),
    "heapq": frozenset({"nlargest", "nsmallest"}),
    "re": frozenset({"compile", "escape", "findall", "finditer", "fullmatch", "match", "search",
                     "split", "sub", "subn"}),
}  # fmt: skip
"""Functions written in Python. They may be called, but not stand as values."""

ANNOTATING = frozenset({
    "Any", "Callable", "Deque", "Dict", "FrozenSet", "Generator", "Iterable", "Iterator", "List",
    "Mapping", "Optional", "Sequence", "Set", "Tuple", "Union",
})  # fmt: skip
"""Of `typing`, for annotations and nothing else: as values they lead to classes in Python."""

METHODS = frozenset({
    "add", "append", "appendleft", "bit_count", "bit_length", "capitalize", "casefold", "center",
    "clear", "conjugate", "copy", "count", "difference", "difference_update", "discard", "end",
    "endswith", "extend", "extendleft", "find", "from_iterable", "fromkeys", "get", "group",
    "groups", "imag", "index", "insert", "intersection", "intersection_update", "is_integer",
    "isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "isdisjoint", "isidentifier",
    "islower", "isnumeric", "isprintable", "isspace", "issubset", "issuperset", "istitle",
    "isupper", "items", "join", "keys", "ljust", "lower", "lstrip", "maketrans", "most_common",
    "partition", "pop", "popitem", "popleft", "real", "remove", "removeprefix", "removesuffix",
    "replace", "reverse", "rfind", "rindex", "rjust", "rotate", "rpartition", "rsplit", "rstrip",
    "setdefault", "sort", "span", "split", "splitlines", "start", "startswith", "strip",
    "swapcase", "symmetric_difference", "title", "translate", "union", "update", "upper",
    "values", "zfill",
    "findall", "finditer", "fullmatch", "match", "search", "sub", "subn",  # of compiled patterns
})  # fmt: skip
"""Of plain values, and of what the functions above return."""
