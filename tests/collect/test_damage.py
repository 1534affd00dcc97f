"""Every dialect under damage: read or refused in a sentence, no row lost, none that hangs."""

from __future__ import annotations

import random

import pytest
from benchmarks.fuzz import dialects, outcome
from benchmarks.truth.damaged import damage

DIALECTS = dialects()
_TIMES = 100


def test_every_source_of_files_is_among_them() -> None:
    assert len(DIALECTS) > 70


@pytest.mark.parametrize("name", DIALECTS)
def test_a_damaged_file_is_read_or_refused_in_a_sentence(name: str) -> None:
    spec, path = DIALECTS[name]
    data, dice = path.read_bytes(), random.Random(f"test {name}")
    for case in range(_TIMES):
        result = outcome(spec, path.name, damage(data, dice), recognised=not case % 5)
        assert result in ("read", "refused"), f"case {case}: {result}"
