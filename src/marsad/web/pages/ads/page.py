"""Search among job ads: words in any language, region, occupation group, language, contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from marsad.base.areas import at_level
from marsad.base.errors import InputError
from marsad.base.fields import Property
from marsad.base.refusals import refused
from marsad.publish.read.ad_filters import filters
from marsad.publish.read.reader import AdPage, AdQuery
from marsad.web.answers import Understood, understood
from marsad.web.locale import N_
from marsad.web.localisation import Locale
from marsad.web.request import PageRequest

PATH = "/ads"
TITLE = N_("Job ads")

REALM = N_("Kind of ad")
_REALMS = {"real": N_("Collected ads"), "synthetic": N_("Synthetic ads")}
SIZE = 20


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    parameters: dict[str, str]
    result: AdPage
    fields: list[dict[str, object]]
    hidden: list[tuple[str, str, str]]
    filtered: bool
    pages: int
    number: int
    before: str
    after: str
    api: str
    any_synthetic: bool
    read: Understood | None


def context(request: PageRequest) -> View:
    """The results, the choices with their counts, and the addresses of other pages of results."""
    known = filters()
    parameters = {name: request.get(name) for name in ("q", *known, "realm")}
    number = request.get("page") or "1"
    if not number.isdecimal() or not 0 < int(number) < 10_000:
        raise InputError(refused("page_number"))
    query = AdQuery(
        text=parameters["q"],
        filters={name: parameters[name] for name in known},
        realm=parameters["realm"],
        page=int(number),
        size=SIZE,
    )
    result = request.reader.search_ads(query)
    pages = max(1, -(-result.total // SIZE))
    return View(
        parameters=parameters,
        result=result,
        fields=[
            *(_choice(request, result, p, name) for name, (_, p) in known.items() if p.facet),
            _realm(request, result, query.realm),
        ],
        hidden=[
            (name, parameters[name], request.label(p.codelist, parameters[name]))
            for name, (_, p) in known.items()
            if parameters[name] and not p.facet
        ],
        filtered=any(parameters.values()),
        pages=pages,
        number=query.page,
        before=request.here(page=str(query.page - 1)) if query.page > 1 else "",
        after=request.here(page=str(query.page + 1)) if query.page < pages else "",
        api=request.api("/api/v1/ads", parameters),
        any_synthetic=any(ad.synthetic for ad in result.ads),
        read=understood(request, result.question, result.widened),
    )


def _choice(locale: Locale, result: AdPage, declared: Property, name: str) -> dict[str, object]:
    """One choice: its codes with the count of ads, the chosen one always among them."""
    chosen = result.query.filters[name]
    counts = {**({chosen: 0} if chosen else {}), **result.facets.get(declared.facet, {})}
    codes = sorted(counts)
    if declared.codelist == "area":
        order = {area.code: place for place, area in enumerate(at_level("region"))}
        codes = sorted(counts, key=lambda code: order.get(code, 99))
    elif declared.match == "equal":
        codes = sorted(counts, key=lambda code: (-counts[code], code))
    options = [(code, locale.label(declared.codelist, code)) for code in codes]
    title = locale.text(declared.facet_title or declared.title)
    return _field(locale, name, title, options, counts, chosen)


def _realm(locale: Locale, result: AdPage, chosen: str) -> dict[str, object]:
    counts = {**({chosen: 0} if chosen else {}), **result.facets["realm"]}
    options = [(realm, locale._(_REALMS.get(realm, realm))) for realm in counts]
    return _field(locale, "realm", locale._(REALM), options, counts, chosen)


def _field(
    locale: Locale,
    name: str,
    label: str,
    codes: Iterable[tuple[str, str]],
    counts: Mapping[str, int],
    chosen: str,
) -> dict[str, object]:
    options = [(c, f"{text} ({locale.format.number(counts[c])})") for c, text in codes if c]
    return {"name": name, "label": label, "options": [("", options)], "chosen": chosen}
