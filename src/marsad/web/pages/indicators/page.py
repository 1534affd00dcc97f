"""All indicators, each with the question it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/indicators"
TITLE = N_("Indicators")
FIGURES = True


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    rows: list[dict[str, Sequence[str]]]


def context(request: PageRequest) -> View:
    """Each indicator: id, title, question, surveys, whether it rests on ads."""
    return View(
        rows=[
            {
                "id": i.id,
                "title": request.text(i.title),
                "question": request.text(i.question),
                "surveys": [request.label("survey", code) for code in i.surveys],
            }
            for i in request.reader.indicators()
        ]
    )
