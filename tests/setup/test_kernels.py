"""Where the engine's compiled kernels are kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services import PROJECT

WHERE = """
import django
django.setup()
from matching.engine.retrieval import kernels
from numba.core.dispatcher import Dispatcher
found = [value for value in vars(kernels).values() if isinstance(value, Dispatcher)]
print(*{kernel.stats.cache_path for kernel in found})
"""


@pytest.mark.parametrize("chosen", ["", "chosen"])
def test_kernels_are_kept_with_the_data_unless_another_place_is_named(tmp_path: Path, chosen: str) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "chainmatch.settings",
        "CHAINMATCH_DATA_DIR": str(tmp_path / "data"),
    }
    del environment["NUMBA_CACHE_DIR"]
    if chosen:
        environment["NUMBA_CACHE_DIR"] = str(tmp_path / chosen)
    told = subprocess.run(
        [sys.executable, "-c", WHERE],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    expected = tmp_path / (chosen or "data/artefacts/kernels")
    (found,) = told.stdout.split()
    assert Path(found).is_relative_to(expected)
