"""The command `aibench`: one module of `pytest_aibench.commands` a subcommand."""

from __future__ import annotations

import argparse
import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

from pytest_aibench import commands
from pytest_aibench.errors import AibenchError

__all__ = ["main"]

EXIT_USAGE = 4


def main(argv: Sequence[str] | None = None) -> int:
    """Run a subcommand; its exit code, or 4 with one sentence where it cannot run."""
    arguments = _parser().parse_args(argv)
    try:
        status: int = arguments.run(arguments)
    except AibenchError as error:
        print(f"aibench: {error}", file=sys.stderr)
        return EXIT_USAGE
    except BrokenPipeError:
        return 0
    except OSError as error:
        print(f"aibench: {error}", file=sys.stderr)
        return EXIT_USAGE
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="aibench", description="Compare, merge and report runs of pytest-aibench."
    )
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, module in _commands():
        summary = (module.__doc__ or "").partition("\n")[0]
        subparser = subparsers.add_parser(name, help=summary, description=summary)
        module.add_arguments(subparser)
        subparser.set_defaults(run=module.run)
    return parser


def _commands() -> list[tuple[str, ModuleType]]:
    names = sorted(found.name for found in pkgutil.iter_modules(commands.__path__))
    modules = ((name, import_module(f"{commands.__name__}.{name}")) for name in names)
    # `import` is a word of Python: its module is `import_`.
    return [
        (name.rstrip("_"), module) for name, module in modules if hasattr(module, "add_arguments")
    ]


if __name__ == "__main__":
    sys.exit(main())
