"""What a release offers by SDMX, made once for each release: artefacts, names, shapes of data."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace

from marsad.base.labels import LANGUAGES, Text, pick
from marsad.publish.read.cube import Filter
from marsad.publish.sdmx.data.columns import Column, Shape
from marsad.publish.sdmx.errors import SdmxError
from marsad.publish.sdmx.structure.arrangement import artefacts
from marsad.publish.sdmx.structure.artefacts import V21, V30, Artefact, Component, Ref
from marsad.publish.sdmx.structure.definitions import (
    ATTRIBUTES,
    DIMENSIONS,
    FLOW,
    STRUCTURE,
    Source,
    components,
    concept_name,
    provider,
    where_of,
)
from marsad.publish.sdmx.structure.graph import Graph


class Catalogue:
    """The artefacts of one release and the names of their codes; shared by threads."""

    def __init__(self, source: Source) -> None:
        self.release = source.release().id
        self.graphs = {v: Graph(listed, v) for v, listed in artefacts(source).items()}
        self.components: Mapping[str, Component] = {c.id: c for c in components()}
        self.codelists = {a.id: a for a in self.graphs[V21].artefacts if a.kind == "codelist"}
        self._codes: dict[str, dict[str, Text]] = {
            name: {i.id: i.name for i in a.items} for name, a in self.codelists.items()
        }
        self.indicators = {i.id: i for i in source.indicators()}
        self.surveys = tuple(dict.fromkeys(s for i in source.indicators() for s in i.surveys))

    def flow(self, identifier: str, language: str) -> str:
        """The name of a dataflow, data structure or provision agreement."""
        return pick(self.text("", identifier), language)

    def component(self, identifier: str, language: str) -> str:
        """The name of a component."""
        return pick(concept_name(identifier), language)

    def code(self, component: str, code: str, language: str) -> str:
        """The name of a code; the code itself where there is none."""
        return pick(self.text(component, code), language)

    def text(self, component: str, code: str) -> Text:
        """A name in all languages: of a code, of a component (`code` empty), or of a structure
        (`component` empty)."""
        if not component:
            structure = next((a for a in self.graphs[V21].artefacts if a.id == code), None)
            return structure.name if structure else dict.fromkeys(LANGUAGES, code)
        if not code:
            return concept_name(component)
        listed = self._codes.get(self.components[component].codelist, {})
        return listed.get(code) or dict.fromkeys(LANGUAGES, code)

    def artefact(self, ref: Ref) -> Artefact:
        """The dataflow, data structure or provision agreement; SdmxError 404 when there is none."""
        artefact = self.graphs[V30].get(ref.kind, ref.id)
        if artefact is None:
            raise SdmxError(404, "sdmx_none", what=f"{ref.kind} {ref.agency}:{ref.id}")
        return artefact

    def existing(self, refs: Sequence[Ref]) -> list[Ref]:
        """Those of several structures that there are, `*` being every one of its kind; SdmxError 404 where
        there is none of them."""
        every = self.graphs[V30].artefacts
        named = [
            r
            for ref in refs
            for r in ((a.ref for a in every if a.kind == ref.kind) if ref.id == "*" else (ref,))
            if self.graphs[V30].get(r.kind, r.id)
        ]
        if not named:
            self.artefact(refs[0])
        return named

    def where(self, ref: Ref) -> tuple[Filter, ...]:
        """The filter that a structure is: one indicator, maybe of one provider, or nothing."""
        artefact = self.artefact(ref)
        if ref.kind == "datastructure":
            return ()
        if ref.kind == "dataflow":
            return where_of(ref.id)
        flow, who = artefact.refs
        surveys = tuple(s for s in self.surveys if provider(s) == who.item)
        return (*where_of(flow.id), Filter("survey", "eq", surveys))

    def allowed(self, ref: Ref) -> dict[str, tuple[str, ...]]:
        """The codes that a structure allows, where they are fewer than those of the list: what is attached
        to the data structure, then to its dataflow, then to an agreement about it."""
        flow = self.flow_of(ref)
        attached = {STRUCTURE, *((flow.id, ref.id) if ref.kind != "datastructure" else ())}
        rules = [a for a in self.graphs[V30].artefacts if a.role == "Allowed"]
        regions = [a.region for a in rules if a.refs[0].id in attached]
        return {name: codes for region in regions for name, codes in region}

    def shape(self, ref: Ref, attributes: tuple[str, ...] | None, detail: str) -> Shape:
        """What the tables of a structure hold."""
        chosen = {n: c for n, c in ATTRIBUTES.items() if attributes is None or c.id in attributes}
        return Shape(
            ref, Ref("datastructure", STRUCTURE),
            tuple(Column(name, self.components[i]) for name, i in DIMENSIONS.items()),
            Column("period", self.components["TIME_PERIOD"]),
            Column("value", self.components["OBS_VALUE"]),
            tuple(Column(n, c) for n, c in chosen.items()) if detail == "full" else (),
        )  # fmt: skip

    def flow_of(self, ref: Ref) -> Artefact:
        """The dataflow that a structure is about."""
        if ref.kind == "provisionagreement":
            ref = replace(self.artefact(ref).refs[0])
        return self.artefact(Ref("dataflow", FLOW) if ref.kind == "datastructure" else ref)


_lock = threading.Lock()
_last: list[Catalogue] = []


def catalogue(source: Source) -> Catalogue:
    """The catalogue of a release, kept until another release is asked about."""
    with _lock:
        if not _last or _last[0].release != source.release().id:
            _last[:] = [Catalogue(source)]
        return _last[0]
