"""The door of one actor: their questions, each one click from its answer."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.base.errors import NotFoundError
from marsad.base.refusals import refused
from marsad.web.audiences import DOORS, Door
from marsad.web.layout.navigation import MenuEntry, installed
from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/for/{actor}"
TITLE = N_("Where to start")
FIGURES = True


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    heading: str
    door: Door
    ways: list[MenuEntry]
    doors: tuple[Door, ...]


def context(request: PageRequest) -> View:
    """The actor's ways; NotFoundError for an actor without a door."""
    actor = request.path["actor"]
    door = next((door for door in DOORS if door.id == actor), None)
    if door is None:
        raise NotFoundError(refused("no_door", code=actor))
    ways = installed(tuple(MenuEntry(page, path, name) for name, path, page in door.ways))
    return View(heading=request._(door.name), door=door, ways=ways, doors=DOORS)
