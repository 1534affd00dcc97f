"""All indicators, each with the question it answers."""

from __future__ import annotations

from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/indicators"
TITLE = N_("Indicators")


def context(request: PageRequest) -> dict[str, object]:
    """Each indicator: id, title, question, surveys, whether it rests on ads."""
    return {
        "rows": [
            {
                "id": i.id,
                "title": request.text(i.title),
                "question": request.text(i.question),
                "surveys": [request.label("survey", code) for code in i.surveys],
            }
            for i in request.reader.indicators()
        ]
    }
