"""Makes the container side's modules importable, as the container's boot program does."""

from __future__ import annotations

import sys

from pytest_aibench.sandbox.files import container_folder

if str(container_folder()) not in sys.path:
    sys.path.append(str(container_folder()))
