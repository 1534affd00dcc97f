"""A day in the life of six sources, by the script of `benchmarks/day.py`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

DAY = Path(__file__).parents[1] / "benchmarks" / "day.py"


def test_what_is_known_is_what_the_sources_showed(small_home: Path) -> None:
    command = [sys.executable, str(DAY), str(small_home), "--small", "--seconds", "24"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2_000:]
