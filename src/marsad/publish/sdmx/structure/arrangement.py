"""What arranges the structures of the agency MARSAD: themes, levels of area, agreements,
hierarchies, maps, the process and the constraints; and `artefacts`, which is all of them together.

Nothing is listed here that is declared elsewhere, as in `structures`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from marsad.base import areas, codes
from marsad.base.labels import Text
from marsad.products.declare import Indicator
from marsad.publish.read.cube import CubeQuery
from marsad.publish.sdmx.structure.artefacts import KINDS, V21, V30, Artefact, Item, Ref, known
from marsad.publish.sdmx.structure.definitions import (
    STRUCTURE,
    TEXTS,
    Source,
    codelists,
    constraint,
    flow_id,
    flows_and_structures,
    occupations,
    provider,
    schemes,
    theme,
    where_of,
)
from marsad.publish.sdmx.structure.descriptions import described

LEVELS = ("country", "region", "province", "commune")
"""Levels of area that lie one in the other."""


def _flow(indicator: Indicator) -> Ref:
    return Ref("dataflow", flow_id(indicator.id))


def _titled(prefix: Text, indicator: Indicator) -> Text:
    return {la: f"{text} – {indicator.title[la]}" for la, text in prefix.items()}


def _levels(depth: int = 0) -> tuple[Item, ...]:
    """A category for each level of area, inside the one above it."""
    if depth == len(LEVELS):
        return ()
    name = LEVELS[depth]
    return (Item(name.upper(), TEXTS.levels[name], items=_levels(depth + 1)),)


def _level(indicator: Indicator) -> str:
    """The category of the smallest areas that an indicator has figures of."""
    finest = max(LEVELS.index(name) for name in indicator.levels if name in LEVELS)
    return ".".join(name.upper() for name in LEVELS[: finest + 1])


def _themes(source: Source) -> list[Artefact]:
    """Both category schemes, and the sections of the method notes: one note for each indicator."""
    name, listed = TEXTS.scheme, source.indicators()
    used = [t for t in TEXTS.themes if t in {theme(i) for i in listed}]
    notes = (Ref("metadataflow", "MDF_METHOD"),)
    sections = tuple(
        Item(t, TEXTS.themes[t], refs=notes, items=tuple(
            Item(i.id.upper(), i.title, refs=notes) for i in listed if theme(i) == t
        ))
        for t in used
    )  # fmt: skip
    return [
        Artefact("categoryscheme", "CAS_THEMES", name["CAS_THEMES"],
                 items=tuple(Item(t, TEXTS.themes[t]) for t in used)),
        Artefact("categoryscheme", "CAS_LEVELS", name["CAS_LEVELS"], items=_levels()),
        Artefact("reportingtaxonomy", "RT_METHOD", name["RT_METHOD"], items=sections),
    ]  # fmt: skip


def agreement(who: str, indicator: Indicator) -> str:
    """The provision agreement of a provider about an indicator."""
    return f"PA_{who}_{indicator.id.upper()}"


def _provided(indicator: Indicator) -> dict[str, tuple[str, ...]]:
    """Provider -> its surveys, of those of an indicator."""
    surveys = indicator.surveys
    providers = sorted({provider(s) for s in surveys})
    return {who: tuple(s for s in surveys if provider(s) == who) for who in providers}


def _flow_by_flow(source: Source) -> list[Artefact]:
    """The categorisations and provision agreements of each indicator."""
    made = []
    for i in source.indicators():
        for prefix, scheme, item in (
            ("CAT", "CAS_THEMES", theme(i)),
            ("CAT_LEVEL", "CAS_LEVELS", _level(i)),
        ):
            category = Ref("categoryscheme", scheme, item)
            made.append(Artefact("categorisation", f"{prefix}_{i.id.upper()}", i.title,
                                 refs=(_flow(i), category)))  # fmt: skip
        for who in _provided(i):
            title = _titled(TEXTS.providers[who], i)
            made.append(Artefact("provisionagreement", agreement(who, i), title,
                                 refs=(_flow(i), Ref("dataproviderscheme", "DATA_PROVIDERS", who))))  # fmt: skip
    return made


def _tree(
    ids: Mapping[str, str], codelist: str, names: Mapping[str, Text], name: str
) -> tuple[Item, ...]:
    """The hierarchy H_`name` from code -> parent ('' at the top)."""
    below: dict[str, list[str]] = {}
    for code, parent in ids.items():
        below.setdefault(parent, []).append(code)

    def branch(code: str) -> Item:
        inside = tuple(branch(child) for child in below.get(code, ()))
        return Item(code, names[code], items=inside, refs=(Ref("codelist", codelist, code),))

    tops = tuple(branch(code) for code in below.get("", ()))
    return (Item(f"H_{name}", TEXTS.scheme[f"HCL_{name}"], items=tops),)


def _grouped(area_by_code: Mapping[str, areas.Area]) -> dict[str, str]:
    """Country and regions -> what each lies in, groups of regions between them."""
    inside = {
        areas.from_hcp(part): a.code
        for a in area_by_code.values() if a.level == "region_group" for part in a.hcp_code.split("+")
    }  # fmt: skip
    listed = [a for a in area_by_code.values() if a.level in ("country", "region_group", "region")]
    return {a.code: inside.get(a.code, a.parent or "") for a in listed}


def _hierarchies() -> list[Artefact]:
    area_by_code = {a.code: a for a in areas.areas().values() if a.level != "commune"}
    named = {c: a.name for c, a in area_by_code.items()}
    jobs = {i.id: i for i in occupations()}
    places = _tree({c: a.parent or "" for c, a in area_by_code.items()}, "CL_AREA", named, "AREA")
    groups = _tree(_grouped(area_by_code), "CL_AREA", named, "AREA_GROUPS")
    work = _tree({c: i.parent for c, i in jobs.items()}, "CL_OCCUPATION",
                 {c: i.name for c, i in jobs.items()}, "OCCUPATION")  # fmt: skip
    made = []
    for name, codelist, trees in (
        ("AREA", "CL_AREA", places + groups),
        ("OCCUPATION", "CL_OCCUPATION", work),
    ):
        title, refs = TEXTS.scheme[f"HCL_{name}"], (Ref("codelist", codelist),)
        made.append(Artefact("hierarchicalcodelist", f"HCL_{name}", title, items=trees, refs=refs))
        made += [
            Artefact("hierarchy", tree.id, tree.name, items=tree.items, refs=refs) for tree in trees
        ]
    return made


def _maps() -> list[Artefact]:
    """Maps between code lists."""
    name, listed = TEXTS.scheme, areas.areas().values()
    iso = tuple((a.code, a.code) for a in listed if a.level in ("country", "region"))
    both = (Ref("codelist", "CL_AREA"), Ref("codelist", "CL_ISO_MA"))
    return [
        Artefact("structureset", "SS_AREA_ISO", name["SS_AREA_ISO"], refs=both, pairs=iso),
        Artefact("representationmap", "RM_AREA_ISO", name["SS_AREA_ISO"], refs=both, pairs=iso),
        Artefact("representationmap", "RM_AREA_HCP", name["RM_AREA_HCP"], refs=both[:1],
                 pairs=tuple((a.code, a.hcp_code) for a in listed if a.hcp_code)),
    ]  # fmt: skip


def _process(sdmx: str) -> Artefact:
    """The process from source to release, with what its steps take in or give out.

    It names no dataflow, code list or category scheme, and the reporting taxonomy no dataflow:
    sdmx1, which asks for those with all references, reads neither of the two.
    """
    kind, prefix = ("hierarchicalcodelist", "HCL") if sdmx == V21 else ("hierarchy", "H")
    refs_by_step = {
        "COLLECT": (Ref("dataproviderscheme", "DATA_PROVIDERS"),),
        "ENRICH": (Ref(kind, f"{prefix}_OCCUPATION"), Ref(kind, f"{prefix}_AREA")),
        "RELEASE": (Ref("metadataflow", "MDF_METHOD"),),
    }
    steps = tuple(
        Item(step, texts.name, texts.description, refs=refs_by_step.get(step, ()))
        for step, texts in TEXTS.process.items()
    )
    return Artefact("process", "PROC_MARSAD", TEXTS.scheme["PROC_MARSAD"], items=steps)


def _allowed(source: Source) -> list[Artefact]:
    """What the data structure allows, and what each indicator's dataflow does."""
    listed, name = source.indicators(), TEXTS.scheme["CON_ALLOWED"]
    whole = (("INDICATOR", tuple(i.id for i in listed)), ("FREQ", tuple(codes.codelist("freq"))))
    return [
        Artefact("contentconstraint", "CON_ALLOWED", name, role="Allowed", region=whole,
                 refs=(Ref("datastructure", STRUCTURE),)),
        *(Artefact("contentconstraint", f"CON_ALLOWED_{i.id.upper()}", _titled(name, i),
                   role="Allowed", refs=(_flow(i),),
                   region=(("INDICATOR", (i.id,)), ("SURVEY", i.surveys)))
          for i in listed),
        *(Artefact("contentconstraint", f"CON_ALLOWED_{agreement(who, i)}", _titled(name, i),
                   role="Allowed", refs=(Ref("provisionagreement", agreement(who, i)),),
                   region=(("INDICATOR", (i.id,)), ("SURVEY", surveys)))
          for i in listed for who, surveys in _provided(i).items()),
    ]  # fmt: skip


def _constraints(source: Source, flows: Iterable[Artefact]) -> list[Artefact]:
    """Constraints in the names of both versions of the standard; a dataflow without data has no
    actual one, since a constraint that names no code would allow them all."""
    made = _allowed(source)
    for flow in flows:
        occurring = source.cube_codes(CubeQuery(where_of(flow.id)))
        if any(occurring.values()):
            made.append(constraint("contentconstraint", flow, occurring))
    return [*made, *(replace(a, kind="dataconstraint") for a in made)]


def artefacts(source: Source) -> dict[str, tuple[Artefact, ...]]:
    """All artefacts of a release, by version of the standard (2.1, 3.0)."""
    occurring = source.cube_codes(CubeQuery())
    data = flows_and_structures(source)
    flows = [a for a in data if a.kind == "dataflow"]
    every = [
        *schemes(source), *codelists(source, occurring.get("category", ())), *data, *_themes(source),
        *_flow_by_flow(source), *_hierarchies(), *_maps(), *_constraints(source, flows),
    ]  # fmt: skip
    order = list(KINDS)
    return {
        sdmx: tuple(
            sorted(
                (a for a in described((*every, _process(sdmx))) if known(a.kind, sdmx)),
                key=lambda a: order.index(a.kind),
            )
        )
        for sdmx in (V21, V30)
    }
