"""Search among job ads: words in any language, region, occupation group, language, contract."""

from __future__ import annotations

from marsad.base.areas import at_level
from marsad.base.errors import InputError
from marsad.publish.read.reader import AdPage, AdQuery
from marsad.web.locale import N_
from marsad.web.request import PageRequest

PATH = "/ads"
TITLE = N_("Job ads")

FACETS = {
    "region": N_("Region"),
    "occupation": N_("Occupation group"),
    "language": N_("Language of the ad"),
    "contract": N_("Contract"),
    "realm": N_("Kind of ad"),
}
_REALMS = {"real": N_("Collected ads"), "synthetic": N_("Synthetic ads")}
_DIMENSION = {"region": "area", "province": "area", "commune": "area", "sector": "isic"}
HIDDEN = ("province", "commune", "sector", "skill")
"""Choices made on other pages, kept while the visitor searches on."""
SIZE = 20


def context(request: PageRequest) -> dict[str, object]:
    """The results, the choices with their counts, and the addresses of other pages of results."""
    parameters = {name: request.get(name) for name in ("q", *HIDDEN, *FACETS)}
    number = request.get("page") or "1"
    if not number.isdecimal() or not 0 < int(number) < 10_000:
        raise InputError("The number of a page of results is a whole number from 1")
    query = AdQuery(
        text=parameters["q"],
        region=parameters["region"],
        province=parameters["province"],
        commune=parameters["commune"],
        sector=parameters["sector"],
        skill=parameters["skill"],
        occupation=parameters["occupation"],
        language=parameters["language"],
        contract=parameters["contract"],
        realm=parameters["realm"],
        page=int(number),
        size=SIZE,
    )
    result = request.reader.search_ads(query)
    pages = max(1, -(-result.total // SIZE))
    return {
        "parameters": parameters,
        "result": result,
        "fields": [_field(request, name, result, parameters[name]) for name in FACETS],
        "hidden": [
            (name, parameters[name], request.label(_DIMENSION.get(name, name), parameters[name]))
            for name in HIDDEN
            if parameters[name]
        ],
        "filtered": any(parameters.values()),
        "pages": pages,
        "number": query.page,
        "before": request.here(page=str(query.page - 1)) if query.page > 1 else "",
        "after": request.here(page=str(query.page + 1)) if query.page < pages else "",
        "api": request.api("/api/v1/ads", parameters),
        "any_synthetic": any(ad.synthetic for ad in result.ads),
    }


def _name(request: PageRequest, facet: str, code: str) -> str:
    if facet == "realm":
        return request._(_REALMS.get(code, code))
    return request.label(_DIMENSION.get(facet, facet), code)


def _field(request: PageRequest, facet: str, result: AdPage, chosen: str) -> dict[str, object]:
    """One choice: its codes with the count of ads, the chosen one always among them."""
    counts = dict(result.facets.get("major" if facet == "occupation" else facet, {}))
    if chosen:
        counts.setdefault(chosen, 0)
    if facet == "region":
        order = {area.code: place for place, area in enumerate(at_level("region"))}
        codes = sorted(counts, key=lambda code: order.get(code, 99))
    else:
        codes = sorted(counts) if facet == "occupation" else list(counts)
    options = [
        (code, f"{_name(request, facet, code)} ({request.format.number(counts[code])})")
        for code in codes
        if code
    ]
    label = request._(FACETS[facet])
    return {"name": facet, "label": label, "options": [("", options)], "chosen": chosen}
