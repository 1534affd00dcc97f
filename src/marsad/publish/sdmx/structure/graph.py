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
        artefact = self.artefact
        path = f"{artefact.kind}/{artefact.agency}/{artefact.id}/{version(artefact.kind, sdmx)}"
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
    known_version: bool = True  # False when the version asked for is none of ours


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

    def _targets(self, artefact: Artefact) -> list[Artefact]:
        refs = [replace(ref, item="") for ref in artefact.every_ref()]
        if self.sdmx != V21 and artefact.kind != "agencyscheme":  # every artefact has its agency
            refs.append(Ref("agencyscheme", "AGENCIES", agency="SDMX"))
        return [self._by_ref[ref] for ref in dict.fromkeys(refs) if ref in self._by_ref]

    def children(self, artefact: Artefact) -> list[Artefact]:
        """What an artefact refers to; some of its items, where only those are asked for."""
        return self._targets(artefact) if artefact.selection else self._below[artefact.ref]

    def parents(self, artefact: Artefact) -> list[Artefact]:
        """What refers to an artefact; to one of its items, where only some are asked for."""
        above = self._above[artefact.ref]
        if not artefact.selection or artefact.kind == "hierarchicalcodelist":
            return above
        selected, whole = set(artefact.selection), artefact.ref
        return [
            a for a in above
            if any(r == whole or (replace(r, item="") == whole and r.item in selected)
                   for r in a.every_ref())
        ]  # fmt: skip

    def _closure(
        self, step: Callable[[Artefact], list[Artefact]], artefact: Artefact
    ) -> list[Artefact]:
        seen: dict[Ref, Artefact] = {}
        todo = list(step(artefact))
        while todo:
            here = todo.pop()
            if here.ref not in seen:
                seen[here.ref] = here
                todo += step(self._by_ref[here.ref])
        return list(seen.values())

    def related(self, artefact: Artefact, how: str) -> list[Artefact]:
        """The artefacts that a value of `references` brings along."""
        if how == "none":
            return []
        if how == "children":
            return self.children(artefact)
        if how == "descendants":
            return self._closure(self.children, artefact)
        if how == "ancestors":
            return self._closure(self.parents, artefact)
        above = self.parents(artefact)
        if how == "parents":
            return above
        siblings = [*above, *(c for a in above for c in self.children(a))]
        if how == "parentsandsiblings":
            return siblings
        every = [*siblings, *self._closure(self.children, artefact)]
        if how == "all":
            return every
        near = [*every, *self._closure(self.parents, artefact)] if self.sdmx != V21 else every
        return [a for a in near if _named(a, how)]

    def answer(self, query: StructureQuery) -> list[Shown]:
        """What a query gives; SdmxError 404 when nothing matches."""
        matching = [match for a in self.artefacts if (match := _matching(a, query))]
        if not matching or not query.known_version:
            raise SdmxError(404, "sdmx_no_structure")
        mine, theirs = DETAILS[query.detail]
        shown = {a.ref: Shown(_reduced(a, mine), mine) for a in matching}
        beside = {o.ref: o for how in query.references for a in matching
                  for o in self.related(a, how) if o.ref not in shown}  # fmt: skip
        owners = {ref.agency for ref in (*shown, *beside)}
        for ref, other in beside.items():
            whole = self._partial(other, matching, owners) if theirs == "partial" else other
            shown[ref] = Shown(_reduced(whole, theirs), theirs)
        return list(shown.values())

    def _partial(
        self, scheme: Artefact, matching: Iterable[Artefact], owners: set[str]
    ) -> Artefact:
        """A scheme with only the items that the artefacts asked for use; of agencies, those that
        maintain what is answered."""
        if scheme.kind == "agencyscheme":
            return keep_items(scheme, owners)
        if scheme.kind not in ("codelist", "conceptscheme", "dataproviderscheme", "categoryscheme"):
            return scheme
        used: set[str] = set()
        for a in matching:
            part = self._used(scheme, a)
            if part is None:
                return scheme
            used |= part
        if scheme.kind == "categoryscheme" and used:
            return replace(scheme, items=_picked(scheme.items, tuple(used), ""), partial=True)
        return keep_items(scheme, used) if used else scheme

    def _used(self, scheme: Artefact, a: Artefact) -> set[str] | None:
        """Ids of the items of a scheme that an artefact uses; None for all of them."""
        near = [a, *self._closure(self.children, a)]
        if scheme.kind == "conceptscheme":
            return {c.id for x in near for c in x.components} or None
        if scheme.kind == "codelist":
            names = {c.id for x in near for c in x.components if c.codelist == scheme.id}
            used = [self._constrained(near, name) for name in names]
            return None if None in used or not used else set().union(*filter(None, used))
        near += self.parents(a)  # agreements and categorisations name the items
        return {r.item for x in near for r in x.every_ref() if r.id == scheme.id and r.item} or None

    def _constrained(self, near: Sequence[Artefact], component: str) -> set[str] | None:
        """The codes of a component that every constraint of these artefacts allows, or that are
        present where none says what it allows; None where none names it."""
        rules = [c for x in near for c in (x, *self._above[x.ref]) if c.role]
        for role in ("Allowed", "Actual"):
            named = [
                set(vs) for c in rules if c.role == role for n, vs in c.region if n == component
            ]
            if named:
                return set.intersection(*named)
        return None


def _named(artefact: Artefact, name: str) -> bool:
    """Whether a name of REST, as a value of `references`, covers an artefact."""
    if name == "organisationscheme":
        return KINDS[artefact.kind].package == "base"
    if name in ("actualconstraint", "allowedconstraint"):
        return artefact.role.lower() == name.removesuffix("constraint")
    return name in (artefact.kind, "structure")


def _matching(artefact: Artefact, query: StructureQuery) -> Artefact | None:
    """The artefact, reduced to the items asked for; None when it does not match."""
    criteria = (
        (query.kinds, artefact.kind), (query.agencies, artefact.agency), (query.ids, artefact.id),
        ((query.role,) if query.role else (), artefact.role),
    )  # fmt: skip
    if any(allowed and value not in allowed for allowed, value in criteria):
        return None
    if not query.items:
        return artefact
    if artefact.kind not in ITEM_SCHEMES:
        return None
    items = _picked(artefact.items, query.items, "", whole=artefact.kind == "hierarchicalcodelist")
    paths = tuple(_paths(items, ""))
    return replace(artefact, items=items, partial=True, selection=paths) if items else None


def _paths(items: Iterable[Item], prefix: str) -> Iterator[str]:
    """The nested ids of items."""
    for item in items:
        yield f"{prefix}{item.id}"
        yield from _paths(item.items, f"{prefix}{item.id}.")


def _picked(
    items: Iterable[Item], paths: Sequence[str], prefix: str, *, whole: bool = False
) -> tuple[Item, ...]:
    """Items asked for by nested id, with those they lie in and, unless `whole`, without those
    inside them."""
    picked = []
    for item in items:
        path = f"{prefix}{item.id}"
        inside = _picked(item.items, paths, f"{path}.")
        if path in paths or inside:
            picked.append(item if whole else replace(item, items=inside))
    return tuple(picked)


def keep_items(scheme: Artefact, used: set[str]) -> Artefact:
    """A flat scheme with the items used and all their parents; partial when some are left out."""
    parent = {i.id: i.parent for i in scheme.items}
    codes = set(used)
    for code in used:
        while code := parent.get(code, ""):
            codes.add(code)
    items = tuple(i for i in scheme.items if i.id in codes)
    return replace(scheme, items=items, partial=scheme.partial or len(items) < len(scheme.items))


def _reduced(artefact: Artefact, detail: str) -> Artefact:
    if detail not in ("stub", "complete"):
        return artefact
    top = artefact.items[:1] if artefact.kind == "hierarchy" else ()  # its schema wants one code
    items = tuple(replace(item, items=()) for item in top)
    bare = replace(artefact, items=items, components=(), region=(), period=(), pairs=(), counts=())
    with_refs = ("provisionagreement", "representationmap")  # their schemas want the references
    return bare if artefact.kind in with_refs else replace(bare, refs=())
