"""What data are made of: code lists, concepts, organisations, structures, dataflows, constraints.

Nothing is listed here that is declared elsewhere: code lists come from `base`, dataflows from the
indicators, actual constraints from the values of the release. What arranges them (themes,
hierarchies, maps, steps) is in `arranged`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Protocol

import msgspec
import pyarrow as pa

from marsad.base import areas, codes, periods
from marsad.base.declare import load_declaration
from marsad.base.labels import Text
from marsad.base.surveys import described, diplomas
from marsad.products.declare import Indicator
from marsad.publish.read.cube import CubeQuery, Filter
from marsad.publish.read.model import Release
from marsad.publish.sdmx.structure.artefacts import (
    AGENCY,
    OWNERS,
    PRODUCER,
    Artefact,
    Component,
    Item,
    Ref,
)


class ProcessStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A step of the process: its name and what is done."""

    name: Text
    description: Text


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Names of what only SDMX names."""

    concepts: dict[str, Text]
    codelists: dict[str, Text]
    category_total: Text
    themes: dict[str, Text]
    levels: dict[str, Text]
    theme_of_survey: dict[str, str]
    providers: dict[str, Text]
    provider_of_survey: dict[str, str]
    scheme: dict[str, Text]
    consumers: dict[str, Text]
    actual: Text
    process: dict[str, ProcessStep]


TEXTS = load_declaration(Path(__file__).with_name("texts.yml"), Texts)
FLOW, STRUCTURE, CONCEPTS = "DF_LABOUR", "DSD_LABOUR", "CS_LABOUR"
INPUTS = ("COLLECT", "ENRICH")
"""Steps of the process that name what they take in; the others, what they give out."""

DIMENSIONS: dict[str, str] = {
    "freq": "FREQ", "area": "REF_AREA", "indicator": "INDICATOR", "survey": "SURVEY", "sex": "SEX",
    "age": "AGE", "urbanisation": "URBANISATION", "education": "EDUCATION_LEV",
    "occupation": "OCCUPATION", "category": "CATEGORY", "adjustment": "ADJUSTMENT",
}  # fmt: skip
"""Our dimension -> its id, in the order of a key."""
ATTRIBUTES: dict[str, Component] = {
    "unit": Component("UNIT_MEASURE", "attribute", "CL_UNIT_MEASURE", mandatory=True),
    "obs_status": Component("OBS_STATUS", "attribute", "CL_OBS_STATUS", mandatory=True),
    "conf_status": Component("CONF_STATUS", "attribute", "CL_CONF_STATUS"),
    "lower": Component("LOWER_BOUND", "attribute", text="Double"),
    "upper": Component("UPPER_BOUND", "attribute", text="Double"),
    "reliability": Component("RELIABILITY", "attribute", "CL_RELIABILITY"),
    "verification": Component("VERIFICATION", "attribute", "CL_VERIFICATION"),
    "n": Component("N_UNITS", "attribute", text="Long"),
    "vintage": Component("VINTAGE", "attribute"),
    "source": Component("SOURCE", "attribute"),
    "source_date": Component("SOURCE_DATE", "attribute"),
    "note": Component("COMMENT_OBS", "attribute"),
    "synthetic": Component("SYNTHETIC", "attribute", text="Boolean"),
}
"""Our attribute -> its component of DSD_LABOUR."""
_LISTS = {
    "freq": "FREQ", "survey": "SURVEY", "sex": "SEX", "age": "AGE", "urbanisation": "URBANISATION",
    "education": "EDUCATION_LEV", "isco08": "OCCUPATION", "adjustment": "ADJUSTMENT",
    "unit": "UNIT_MEASURE", "obs_status": "OBS_STATUS", "conf_status": "CONF_STATUS",
    "caveat": "CAVEAT", "reliability": "RELIABILITY", "verification": "VERIFICATION",
}  # fmt: skip
_NOTES = ("QUESTION", "DEFINITION", "NUMERATOR", "DENOMINATOR", "METHOD", "DATA_SOURCE", "CAVEAT")


class Source(Protocol):
    """What this package asks of the read path."""

    def release(self) -> Release: ...
    def indicators(self) -> tuple[Indicator, ...]: ...
    def label(self, dimension: str, code: str, language: str, indicator: str = "") -> str: ...
    def cube(self, query: CubeQuery) -> pa.Table: ...
    def cube_count(self, query: CubeQuery) -> int: ...
    def cube_codes(self, query: CubeQuery) -> dict[str, tuple[str, ...]]: ...


def flow_id(indicator: str) -> str:
    """The dataflow of an indicator."""
    return f"DF_{indicator.upper()}"


def _named(prefix: str, table: Mapping[str, str]) -> str:
    """The value of the longest key that a code begins with."""
    return table[max((key for key in table if prefix.startswith(key)), key=len)]


def provider(survey: str) -> str:
    """Who provides the data of a survey."""
    return _named(survey, TEXTS.provider_of_survey)


def theme(indicator: Indicator) -> str:
    """The theme of an indicator: that of its first survey."""
    return _named(indicator.surveys[0], {"": "LABOUR_FORCE", **TEXTS.theme_of_survey})


def components() -> tuple[Component, ...]:
    """The components of DSD_LABOUR: dimensions, time, measure, attributes."""
    keys = (Component(name, "dimension", f"CL_{_list_of(name)}") for name in DIMENSIONS.values())
    time = Component("TIME_PERIOD", "time", text="ObservationalTimePeriod")
    measure = Component("OBS_VALUE", "measure", text="Double")
    return (*keys, time, measure, *ATTRIBUTES.values())


def _list_of(dimension: str) -> str:
    return {"REF_AREA": "AREA"}.get(dimension, dimension)


def _items(texts: Mapping[str, Text]) -> tuple[Item, ...]:
    return tuple(Item(code, text) for code, text in texts.items())


def occupations() -> tuple[Item, ...]:
    """The codes of ISCO-08, each under the one it is part of."""
    listed = codes.codelist("isco08")
    return tuple(
        Item(code, text, parent=code[:-1] if code[:-1] in listed else "")
        for code, text in listed.items()
    )


def _areas() -> tuple[Item, ...]:
    return tuple(Item(a.code, a.name, parent=a.parent or "") for a in areas.areas().values())


def _categories(source: Source, categories: Iterable[str]) -> tuple[Item, ...]:
    """The categories of the indicators' own lists, and those that occur in no list of ours."""
    texts: dict[str, Text] = {codes.TOTAL: TEXTS.category_total}
    lists = {i.category_list: i.id for i in source.indicators() if i.category_list}
    for name in lists:
        for code, text in codes.codelist(name).items() if name in codes.names() else ():
            texts.setdefault(code, text)
    for code in (code for code in categories if code not in texts):
        texts[code] = _label(source, code, [i for n, i in lists.items() if n not in codes.names()])
    return _items(texts)


def _label(source: Source, code: str, indicators: list[str]) -> Text:
    for indicator in indicators:
        labels = {la: source.label("category", code, la, indicator) for la in ("ar", "fr", "en")}
        if set(labels.values()) != {code}:
            return labels
    return dict.fromkeys(("ar", "fr", "en"), code)


def _described(name: str, texts: Mapping[str, Text]) -> tuple[Item, ...]:
    """The items of a code list, with what is said of their codes."""
    return tuple(
        Item(code, text, texts.get(code, {})) for code, text in codes.codelist(name).items()
    )


def codelists(source: Source, categories: Iterable[str]) -> list[Artefact]:
    """The code lists; `categories` are the categories that occur."""
    concepts, named = TEXTS.concepts, TEXTS.codelists
    iso = [a for a in areas.areas().values() if a.level in ("country", "region")]
    lists: dict[str, tuple[Item, ...]] = {
        "AREA": _areas(),
        "INDICATOR": tuple(Item(i.id, i.title, i.definition) for i in source.indicators()),
        "CATEGORY": _categories(source, categories),
        "ISO_MA": tuple(Item(a.code, a.name) for a in iso),
        **{sdmx: _items(codes.codelist(name)) for name, sdmx in _LISTS.items()},
        "SURVEY": _described("survey", {s: described(s) for s in codes.codelist("survey")}),
        "EDUCATION_LEV": _described("education", diplomas()),
        "OCCUPATION": occupations(),
    }
    return [
        Artefact("codelist", f"CL_{name}", named.get(f"CL_{name}") or
                 concepts["REF_AREA" if name == "AREA" else name], items=items,
                 agency=OWNERS.get(f"CL_{name}", AGENCY))
        for name, items in lists.items()
    ]  # fmt: skip


def _concepts() -> tuple[Item, ...]:
    """The concepts, each with the code list that represents it."""
    lists = {c.id: c.enumeration for c in (*components(), *notes()) if c.codelist}
    return tuple(
        Item(name, text, refs=(lists[name],) if name in lists else ())
        for name, text in TEXTS.concepts.items()
    )


def schemes(source: Source) -> list[Artefact]:
    """The organisations and the concepts."""
    name = TEXTS.scheme
    owners = sorted({i.owner for i in source.indicators()})
    units = tuple(Item(o.upper().replace(" ", "_"), dict.fromkeys(("ar", "fr", "en"), o))
                  for o in owners)  # fmt: skip
    return [
        Artefact("agencyscheme", "AGENCIES", name["AGENCIES"], agency="SDMX", partial=True,
                 items=_items({a: TEXTS.providers[a] for a in (AGENCY, PRODUCER)})),
        Artefact("dataproviderscheme", "DATA_PROVIDERS", name["DATA_PROVIDERS"],
                 items=_items(TEXTS.providers)),
        Artefact("dataconsumerscheme", "DATA_CONSUMERS", name["DATA_CONSUMERS"],
                 items=_items(TEXTS.consumers)),
        Artefact("organisationunitscheme", "OUS_MARSAD", name["OUS_MARSAD"], items=units),
        Artefact("conceptscheme", CONCEPTS, name[CONCEPTS], items=_concepts()),
    ]  # fmt: skip


def notes() -> tuple[Component, ...]:
    """The components of MSD_METHOD: the parts of a method note."""
    return tuple(Component(n, "note", "CL_CAVEAT" if n == "CAVEAT" else "") for n in _NOTES)


def flows_and_structures(source: Source) -> list[Artefact]:
    """The structures of data and of method notes, with the flows that use them."""
    name = TEXTS.scheme
    concepts = Ref("conceptscheme", CONCEPTS)
    structure = Ref("datastructure", STRUCTURE)
    return [
        Artefact("datastructure", STRUCTURE, name[STRUCTURE], components=components(),
                 refs=(concepts,)),
        Artefact("dataflow", FLOW, name[FLOW], refs=(structure,)),
        *(Artefact("dataflow", flow_id(i.id), i.title, i.definition, refs=(structure,))
          for i in source.indicators()),
        Artefact("metadatastructure", "MSD_METHOD", name["MSD_METHOD"], components=notes(),
                 refs=(concepts,)),
        Artefact("metadataflow", "MDF_METHOD", name["MDF_METHOD"],
                 refs=(Ref("metadatastructure", "MSD_METHOD"),)),
    ]  # fmt: skip


def constraint(
    kind: str, flow: Artefact, occurring: Mapping[str, tuple[str, ...]], identifier: str = ""
) -> Artefact:
    """The actual constraint of a dataflow: the codes that occur, and their first and last day (as dates,
    which every client reads)."""
    edges = occurring.get("period", ())
    days = (f"{periods.start(edges[0])}", f"{periods.end(edges[1])}") if edges else ()
    title = {la: f"{flow.name[la]} – {text}" for la, text in TEXTS.actual.items()}
    region = tuple((DIMENSIONS[n], occurring[n]) for n in DIMENSIONS if occurring.get(n))
    return Artefact(kind, identifier or f"CON_{flow.id}", title, refs=(flow.ref,), region=region,
                    period=days, role="Actual")  # fmt: skip


def where_of(flow: str) -> tuple[Filter, ...]:
    """The filter that a dataflow is: one indicator, or nothing for the whole cube."""
    named = () if flow == FLOW else (flow.removeprefix("DF_").lower(),)
    return (Filter("indicator", "eq", named),) if named else ()


@cache
def concept_name(identifier: str) -> Text:
    """The name of a component."""
    return TEXTS.concepts[identifier]
