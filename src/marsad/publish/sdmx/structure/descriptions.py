"""What each artefact and its categories and organisations are for, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from marsad.base.declare import load_declaration
from marsad.base.labels import Text
from marsad.publish.sdmx.structure.artefacts import Artefact, Item, Ref


class Descriptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Descriptions by id of an artefact, by kind (or role of a constraint), and by id of an item."""

    artefacts: dict[str, Text]
    kinds: dict[str, Text]
    items: dict[str, Text]


_TEXTS = load_declaration(Path(__file__).with_name("descriptions.yml"), Descriptions)
_ITEMS = ("agencyscheme", "dataproviderscheme", "dataconsumerscheme", "categoryscheme")


def described(artefacts: Sequence[Artefact]) -> list[Artefact]:
    """The artefacts, each with a description; one that it has already stays."""
    names = {a.ref: a.name for a in artefacts}
    return [_described(a, names) for a in artefacts]


def _described(artefact: Artefact, names: Mapping[Ref, Text]) -> Artefact:
    text = artefact.description or _TEXTS.artefacts.get(artefact.id)
    if text is None:
        form = _TEXTS.kinds[artefact.role or artefact.kind]
        flow = names[artefact.refs[0]] if artefact.refs else artefact.name
        text = {la: form[la].format(title=artefact.name[la], flow=flow[la]) for la in form}
    items = _with_texts(artefact.items) if artefact.kind in _ITEMS else artefact.items
    return replace(artefact, description=text, items=items)


def _with_texts(items: Sequence[Item]) -> tuple[Item, ...]:
    return tuple(
        replace(i, description=_TEXTS.items[i.id], items=_with_texts(i.items)) for i in items
    )
