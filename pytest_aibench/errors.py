"""Every error this package raises on purpose.

AibenchError
├── UsageError              the user must change the command, an option or a file
│   └── DataError           a data set is absent, altered or malformed
└── InfrastructureError     this sample could not be measured; says nothing about the model
    ├── SandboxError        Docker, the image, a container
    └── ModelError          the model's server (see `pytest_aibench.models.errors`)

`Unsolved` stands apart: it is not an error but the outcome of a sample whose program failed.
"""

from __future__ import annotations

__all__ = [
    "AibenchError",
    "DataError",
    "InfrastructureError",
    "ModelError",
    "SandboxError",
    "Unsolved",
    "UsageError",
]


class AibenchError(Exception):
    """Base of all errors; the message names what was wrong, where, and the remedy."""


class UsageError(AibenchError):
    """The command, an option or an input file is wrong; nothing was measured."""


class DataError(UsageError):
    """A data set is absent, altered or malformed."""


class InfrastructureError(AibenchError):
    """The sample could not be measured. Never counted as a wrong answer."""


class SandboxError(InfrastructureError):
    """Docker, the image or a container failed."""


class ModelError(InfrastructureError):
    """The model's server failed."""


class Unsolved(AssertionError):  # noqa: N818 - an outcome, not an error
    """The sample's program did not pass: a measurement, not a failure of the run."""
