"""LHEO, the language of training offers: one training for each action (a place) of a formation.

Persons to write to, and what only says how to enrol, are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from marsad.base.errors import InputError
from marsad.base.records import Record, Row
from marsad.base.text import name_of
from marsad.base.xml import parse_xml, repair_xml
from marsad.collect.context import Context, Payload
from marsad.collect.mapping import records

_LEFT_OUT = ("contact", "inscription", "coordonnees-organisme", "extras", "potentiel", "SIRET")
_IN_WORDS = {
    "code-niveau-entree": "niveau {}",
    "code-niveau-sortie": "niveau {}",
    "action/prix-total-TTC": "{} EUR",
    "action/frais-restants": "{} EUR",
}
"""What codes and amounts of LHEO mean: levels of the French framework, euros."""
_MOST_ACTIONS = 200_000


def _name(element: Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1]


def _flatten(element: Element, row: Row, path: str = "") -> None:
    """The words below an element by path, the first of each; its actions are trainings of their own."""
    for child in element:
        name = _name(child)
        if any(part in name for part in _LEFT_OUT):
            continue
        below = f"{path}/{name}" if path else name
        if text := (child.text or "").strip():
            row.setdefault(below, text)
        if name != "action" or path:
            _flatten(child, row, below)


def _rows(root: Element) -> Iterator[Row]:
    for formation in (e for e in root.iter() if _name(e) == "formation"):
        base: Row = {}
        _flatten(formation, base)
        number = formation.get("numero", "")
        actions = [child for child in formation if _name(child) == "action"]
        for action in actions or [Element("action")]:
            row = dict(base)
            _flatten(action, row, "action")
            for name, words in _IN_WORDS.items():
                if str(row.get(name, "")).strip().isdecimal():
                    row[name] = words.format(row[name])
            starts = str(row.get("action/session/periode/debut", ""))
            row["year"] = starts[:4] if starts[:4].isdecimal() else None
            given = f"{number}@{action.get('numero', '')}" if number else ""
            row["id"] = given or name_of("\x1f".join(map(str, row.values())))
            yield row


def _root(ctx: Context, payload: Payload) -> Element:
    text = ctx.text(payload)
    try:
        return parse_xml(text)
    except InputError as error:
        rule = error.rule
    try:
        root = parse_xml(repair_xml(text))
    except InputError:
        raise InputError(rule, file=payload.name) from None
    ctx.warn(f"{rule}: mended, and read", file=payload.name)
    return root


def collect(ctx: Context) -> Iterator[Record]:
    """The trainings of every file; one without any is a warning."""
    for payload in ctx.payloads:
        rows = list(enumerate(_rows(_root(ctx, payload)), 1))[:_MOST_ACTIONS]
        if not rows:
            ctx.warn("no formation in this file", file=payload.name)
            continue
        ctx.account({name for _, row in rows for name in row}, file=payload.name)
        yield from records(ctx, rows, file=payload.name)
