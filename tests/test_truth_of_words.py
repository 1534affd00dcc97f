"""The bars of the words of ads, held on what `benchmarks/truth` makes or reads: personal data, countries,
pay, skills, public notices."""

from __future__ import annotations

import re
from types import ModuleType

import pytest
from benchmarks.truth import countries, currencies, notices, personal, skills


@pytest.mark.parametrize("module", [countries, currencies, notices, personal, skills])
def test_every_bar_is_met(module: ModuleType) -> None:
    below = []
    for line in module.measure():
        bar = re.fullmatch(r"(>=|<|) ?([\d.]+) %", line.bar)
        value = float(line.value.removesuffix(" %"))
        if bar and not (value < float(bar[2]) if bar[1] == "<" else value >= float(bar[2])):
            below.append(line)
    assert below == []


@pytest.mark.parametrize("half", list(personal.HALVES))
def test_planted_data_have_forty_forms_and_four_languages(half: str) -> None:
    forms, carriers = personal.HALVES[half]
    assert len(forms) >= 40
    assert set(carriers) == {"fr", "ar", "ary", "mixed"}
