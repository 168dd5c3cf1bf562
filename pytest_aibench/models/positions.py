"""Which problem is the n-th: for recorded lists whose entries carry no ids (BigCode's)."""

from __future__ import annotations

from pathlib import Path

from pytest_aibench.errors import UsageError
from pytest_aibench.models.base import Request
from pytest_aibench.models.errors import BadRequestError

__all__ = ["Positions"]


class Positions:
    """The places of problems in a list of `count` entries, which has to be of a whole data set."""

    def __init__(self, path: Path, count: int) -> None:
        self._path = path
        self._count = count
        self._places: dict[str, dict[str, str]] = {}

    def of(self, request: Request) -> str:
        """The place (from 0) of the request's problem in its benchmark.

        Raises:
            BadRequestError: the benchmark's data set is not known here, or of another size.
        """
        name = request.benchmark
        if name not in self._places:
            ids = self._ids(name)
            if len(ids) != self._count:
                raise BadRequestError(
                    f"{self._path} has {self._count} lists without ids, and {name} {len(ids)} "
                    f"problems, so that it is not known which is which. {self._remedy(name)}"
                )
            self._places[name] = {id_: str(place) for place, id_ in enumerate(ids)}
        return self._places[name].get(request.problem.id, "")

    def _ids(self, name: str) -> list[str]:
        from pytest_aibench.interop.sources import load_dataset

        try:
            return [problem.id for problem in load_dataset(name, may_download=False).problems]
        except UsageError as error:
            raise BadRequestError(
                f"{self._path} holds lists without ids, and the order of {name} is not known "
                f"({error}). {self._remedy(name)}"
            ) from error

    def _remedy(self, name: str) -> str:
        return (
            f"Give the file ids: aibench import {self._path} --benchmark {name} --references "
            "REFERENCES -o samples.jsonl"
        )
