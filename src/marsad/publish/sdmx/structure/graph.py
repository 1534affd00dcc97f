"""Which artefacts a structure query gives: matching, references in both directions, detail.

The words are those of SDMX REST (structure queries): parents refer to an artefact, children are
referred to by it; a stub carries names only and says where the whole is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from marsad.publish.sdmx.errors import SdmxError
from marsad.publish.sdmx.structure.artefacts import (
    ITEM_SCHEMES,
    KINDS,
    V21,
    Artefact,
    Item,
    Ref,
    version,
)

DETAILS = {
    "full": ("full", "full"),
    "raw": ("full", "full"),
    "allstubs": ("stub", "stub"),
    "referencestubs": ("full", "stub"),
    "allcompletestubs": ("complete", "complete"),
    "referencecompletestubs": ("full", "complete"),
    "referencepartial": ("full", "partial"),
}
"""Value of `detail` -> what is shown of the artefacts asked for, and of those they bring along."""
REFERENCES = (
    "none",
    "parents",
    "parentsandsiblings",
    "children",
    "descendants",
    "all",
    "ancestors",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One artefact of an answer: whole, a stub (id and name) or a complete stub (description)."""

    artefact: Artefact
    detail: str = "full"

    @property
    def stub(self) -> bool:
        """Whether the whole is elsewhere."""
        return self.detail in ("stub", "complete")

    def address(self, base: str, sdmx: str) -> str:
        """Where the whole artefact is."""
        found = self.artefact
        path = f"{found.kind}/{found.agency}/{found.id}/{version(found.kind, sdmx)}"
        return f"{base}/{path}" if sdmx == V21 else f"{base}/structure/{path}"


@dataclass(frozen=True, slots=True)
class StructureQuery:
    """A structure query, parsed; an empty tuple is every kind, agency, id or item."""

    kinds: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    role: str = ""
    detail: str = "full"
    references: tuple[str, ...] = ("none",)
    found: bool = True  # False when the version asked for is none of ours


class Graph:
    """The artefacts of one version of the standard and how they refer to each other."""

    def __init__(self, artefacts: Sequence[Artefact], sdmx: str) -> None:
        self.sdmx = sdmx
        self.artefacts = tuple(artefacts)
        self._by_ref = {a.ref: a for a in artefacts}
        self._below = {a.ref: self._targets(a) for a in artefacts}
        self._above: dict[Ref, list[Artefact]] = {a.ref: [] for a in artefacts}
        for a in artefacts:
            for target in self._below[a.ref]:
                self._above[target.ref].append(a)

    def get(self, kind: str, identifier: str) -> Artefact | None:
        """The artefact of that kind and id, if there is one."""
        return next((a for a in self.artefacts if (a.kind, a.id) == (kind, identifier)), None)

    def _targets(self, found: Artefact) -> list[Artefact]:
        refs = [replace(ref, item="") for ref in found.every_ref()]
        if self.sdmx != V21 and found.kind != "agencyscheme":  # every artefact has its agency
            refs.append(Ref("agencyscheme", "AGENCIES", agency="SDMX"))
        return [self._by_ref[ref] for ref in dict.fromkeys(refs) if ref in self._by_ref]

    def children(self, found: Artefact) -> list[Artefact]:
        """What an artefact refers to; some of its items, where only those are asked for."""
        return self._targets(found) if found.wanted else self._below[found.ref]

    def parents(self, found: Artefact) -> list[Artefact]:
        """What refers to an artefact; to one of its items, where only some are asked for."""
        above = self._above[found.ref]
        if not found.wanted or found.kind == "hierarchicalcodelist":
            return above
        kept, whole = set(found.wanted), found.ref
        return [
            a for a in above
            if any(r == whole or (replace(r, item="") == whole and r.item in kept)
                   for r in a.every_ref())
        ]  # fmt: skip

    def _closure(
        self, step: Callable[[Artefact], list[Artefact]], found: Artefact
    ) -> list[Artefact]:
        seen: dict[Ref, Artefact] = {}
        todo = list(step(found))
        while todo:
            here = todo.pop()
            if here.ref not in seen:
                seen[here.ref] = here
                todo += step(self._by_ref[here.ref])
        return list(seen.values())

    def related(self, found: Artefact, how: str) -> list[Artefact]:
        """The artefacts that a value of `references` brings along."""
        if how == "none":
            return []
        if how == "children":
            return self.children(found)
        if how == "descendants":
            return self._closure(self.children, found)
        if how == "ancestors":
            return self._closure(self.parents, found)
        above = self.parents(found)
        if how == "parents":
            return above
        siblings = [*above, *(c for a in above for c in self.children(a))]
        if how == "parentsandsiblings":
            return siblings
        every = [*siblings, *self._closure(self.children, found)]
        if how == "all":
            return every
        near = [*every, *self._closure(self.parents, found)] if self.sdmx != V21 else every
        return [a for a in near if _named(a, how)]

    def answer(self, query: StructureQuery) -> list[Shown]:
        """What a query gives; SdmxError 404 when nothing matches."""
        asked = [found for a in self.artefacts if (found := _matching(a, query))]
        if not asked or not query.found:
            raise SdmxError(404, "no structure is the one asked for")
        mine, theirs = DETAILS[query.detail]
        shown = {a.ref: Shown(_reduced(a, mine), mine) for a in asked}
        for how in query.references:
            for a in asked:
                for other in self.related(a, how):
                    whole = self._partial(other, asked) if theirs == "partial" else other
                    shown.setdefault(other.ref, Shown(_reduced(whole, theirs), theirs))
        return list(shown.values())

    def _partial(self, found: Artefact, asked: Iterable[Artefact]) -> Artefact:
        """A scheme with only the items that the artefacts asked for use."""
        if found.kind not in ("codelist", "conceptscheme", "dataproviderscheme", "categoryscheme"):
            return found
        used: set[str] = set()
        for a in asked:
            part = self._used(found, a)
            if part is None:
                return found
            used |= part
        if found.kind == "categoryscheme" and used:
            return replace(found, items=_picked(found.items, tuple(used), ""), partial=True)
        return keep_items(found, used) if used else found

    def _used(self, scheme: Artefact, a: Artefact) -> set[str] | None:
        """Ids of the items of a scheme that an artefact uses; None for all of them."""
        near = [a, *self._closure(self.children, a)]
        if scheme.kind == "conceptscheme":
            return {c.id for x in near for c in x.components} or None
        if scheme.kind == "codelist":
            own = [c for c in self.parents(a) if c.role and a.kind == "dataflow"]
            actual = [c for c in own if c.role == "Actual"] or own or [c for c in near if c.role]
            names = {c.id for x in near for c in x.components if c.codelist == scheme.id}
            found = {v for c in actual for n, vs in c.region if n in names for v in vs}
            return found or None
        near += self.parents(a)  # agreements and categorisations name the items
        return {r.item for x in near for r in x.every_ref() if r.id == scheme.id and r.item} or None


def _named(found: Artefact, name: str) -> bool:
    """Whether a name of REST, as a value of `references`, covers an artefact."""
    if name == "organisationscheme":
        return KINDS[found.kind].package == "base"
    if name in ("actualconstraint", "allowedconstraint"):
        return found.role.lower() == name.removesuffix("constraint")
    return name in (found.kind, "structure")


def _matching(found: Artefact, query: StructureQuery) -> Artefact | None:
    """The artefact, reduced to the items asked for; None when it does not match."""
    wanted = (
        (query.kinds, found.kind), (query.agencies, found.agency), (query.ids, found.id),
        ((query.role,) if query.role else (), found.role),
    )  # fmt: skip
    if any(allowed and value not in allowed for allowed, value in wanted):
        return None
    if not query.items:
        return found
    if found.kind not in ITEM_SCHEMES:
        return None
    kept = _picked(found.items, query.items, "", whole=found.kind == "hierarchicalcodelist")
    paths = tuple(_paths(kept, ""))
    return replace(found, items=kept, partial=True, wanted=paths) if kept else None


def _paths(items: Iterable[Item], prefix: str) -> Iterator[str]:
    """The nested ids of items."""
    for item in items:
        yield f"{prefix}{item.id}"
        yield from _paths(item.items, f"{prefix}{item.id}.")


def _picked(
    items: Iterable[Item], wanted: Sequence[str], prefix: str, *, whole: bool = False
) -> tuple[Item, ...]:
    """Items asked for by nested id, with those they lie in and, unless `whole`, without those
    inside them."""
    kept = []
    for item in items:
        path = f"{prefix}{item.id}"
        inside = _picked(item.items, wanted, f"{path}.")
        if path in wanted or inside:
            kept.append(item if whole else replace(item, items=inside))
    return tuple(kept)


def keep_items(found: Artefact, used: set[str]) -> Artefact:
    """A flat scheme with the items used and all their parents; partial when some are left out."""
    parent = {i.id: i.parent for i in found.items}
    kept = set(used)
    for code in used:
        while code := parent.get(code, ""):
            kept.add(code)
    items = tuple(i for i in found.items if i.id in kept)
    return replace(found, items=items, partial=found.partial or len(items) < len(found.items))


def _reduced(found: Artefact, detail: str) -> Artefact:
    if detail not in ("stub", "complete"):
        return found
    top = found.items[:1] if found.kind == "hierarchy" else ()  # its schema wants one code
    items = tuple(replace(item, items=()) for item in top)
    bare = replace(found, items=items, components=(), region=(), period=(), pairs=(), counts=())
    kept = ("provisionagreement", "representationmap")  # their schemas want the references
    return bare if found.kind in kept else replace(bare, refs=())
