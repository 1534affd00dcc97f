"""No text of a line chart is cut at the edge of its drawing, nor runs into the axis."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.web.charts.line import Line, LineChart, Mark, Point
from marsad.web.layout.format import Format
from marsad.web.locale import translations

LETTER = 8.0  # a figure of 14 px, half bold
SIZES = {"wide": 900, "narrow": 340}


def texts(form: str) -> list[tuple[float, float, str, str]]:
    """Left and right end, class and words of every text of a drawing."""
    every = []
    for written, words in re.findall(r"<text ([^>]*)>([^<]*)</text>", form):
        fields = dict(re.findall(r'([\w-]+)="([^"]*)"', written))
        x, room = float(fields["x"]), LETTER * len(words.replace("\u200e", ""))
        left = {"end": x - room, "middle": x - room / 2}.get(fields.get("text-anchor", ""), x)
        every.append((left, left + room, fields.get("class", ""), words))
    return every


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("unit", ["PS", "PT"])
@given(value=st.integers(1, 999_999_999))
def test_no_text_is_cut(language: str, unit: str, value: int) -> None:
    write = Format(language, translations(language).gettext).value
    points = tuple(
        Point(2020.0 + i, value * (0.9 + 0.05 * i), str(2020 + i), write(value, unit, 0))
        for i in range(3)
    )
    words = "انقطاع 2021" if language == "ar" else "Rupture premier trimestre 2021"
    drawn = LineChart("k", "t", "d", [Line("a", points), Line("b", points)], [Mark(2021.8, words)],
                      lambda v, d: write(v, unit, d), rtl=language == "ar").draw()  # fmt: skip
    for kind, width in SIZES.items():
        form = re.search(rf'<svg class="{kind}".*?</svg>', drawn)
        assert form
        every = texts(form[0])
        assert all(left >= -1 and right <= width + 1 for left, right, *_ in every), every
        ends = [right for _, right, name, _ in every if name.startswith("end")]
        if language == "ar":
            axis = [left for left, right, name, _ in every if right == width - 4]
            assert max(ends) <= min(axis)
