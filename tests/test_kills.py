"""A hundred kills over every kind of step: the next one goes on without a hand, nothing lost or doubled."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_after_a_hundred_kills_nothing_is_lost_doubled_or_left_running() -> None:
    """In a process of its own, which opens nothing and so may fork."""
    command = [sys.executable, "benchmarks/faults.py", "100", "--only", "kills"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(" 0 doubled") == 3, done.stdout
