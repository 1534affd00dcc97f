"""schema.org JobPosting from saved pages, one ad an item."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.countries import country_code
from marsad.base.records import Record, Row
from marsad.collect.adapters.markup import address_of, items, place_of
from marsad.collect.adapters.page import ordinary_records, tree_of
from marsad.collect.context import Context
from marsad.collect.identifiers import told_apart
from marsad.collect.mapping import pay_words, records, text_of

_TEXTS = ("description", "responsibilities", "qualifications", "skills", "jobBenefits",
          "sensoryRequirement", "physicalRequirement", "incentiveCompensation")  # fmt: skip


def _salary(value: object, currency: str) -> str:
    """A baseSalary in words, whatever holds its ends, unit and currency."""
    first = value[0] if isinstance(value, list) and value else value
    if not isinstance(first, dict):
        return f"{text_of(first)} {currency}".strip() if text_of(first) else ""
    inner = first.get("value")
    inner = inner[0] if isinstance(inner, list) and inner else inner
    parts = {**first, **inner} if isinstance(inner, dict) else first
    amount = None if isinstance(parts.get("value"), dict) else parts.get("value")
    named = text_of(first.get("currency")) or text_of(parts.get("currency")) or currency
    unit = text_of(parts.get("unitText")) or text_of(parts.get("unitCode"))
    return pay_words(parts.get("minValue"), parts.get("maxValue"), amount, named, unit)


def _identifier(value: object) -> str:
    """An identifier's words: a PropertyValue is named after its employer, its value tells ads apart;
    '' without a value."""
    if not isinstance(value, dict):
        return text_of(value)
    number = text_of(value.get("value")) or text_of(value.get("@id"))
    return f"{text_of(value.get('name'))} {number}".strip() if number else ""


def _experience(value: object) -> str:
    """The words of experienceRequirements; months of experience are said as such."""
    months = text_of(value.get("monthsOfExperience")) if isinstance(value, dict) else ""
    return text_of(value) or (f"{months} months" if months else "")


def _country(item: Row) -> str:
    """The country that the place of work says, else the one that applicants must live in; '' else."""
    address = address_of(item.get("jobLocation"))
    if country := text_of(address.get("addressCountry")):
        return country  # an unknown one is a warning of its column
    location = item.get("jobLocation")
    places = [place_of(part) for part in (location if isinstance(location, list) else [location])]
    if any(places):
        codes = {code for place in places if (code := country_code(place))}
        return codes.pop() if len(codes) == 1 else ""
    return country_code(place_of(item.get("applicantLocationRequirements")))


def _row(item: Row) -> Row:
    """The flat row of one item; keys are the schema.org properties that columns name."""
    row: Row = {key: value for key, value in item.items() if not key.startswith("@")}
    row["description"] = "\n".join(t for t in (text_of(item.get(k)) for k in _TEXTS) if t)
    row["jobLocation"] = place_of(item.get("jobLocation"))
    row["baseSalary"] = _salary(
        item.get("baseSalary") or item.get("estimatedSalary"), text_of(item.get("salaryCurrency"))
    )
    row["identifier"] = _identifier(item.get("identifier"))
    row["experienceRequirements"] = _experience(item.get("experienceRequirements"))
    row["country"] = _country(item)
    row["hiringOrganization"] = item.get("hiringOrganization") or item.get("employmentUnit")
    row["occupationalCategory"] = item.get("occupationalCategory") or item.get("relevantOccupation")
    row["url"] = text_of(item.get("url")) or text_of(item.get("@id"))
    row["title"] = text_of(item.get("title")) or text_of(item.get("name"))
    return row


def collect(ctx: Context) -> Iterator[Record]:
    """The ads of every saved page: of its markup, else of its table or labels under ordinary names; a
    page without any is a warning."""
    for payload in ctx.payloads:
        tree = tree_of(ctx, payload)
        rows = [(n, _row(item)) for n, item in items(ctx, payload, tree, {"JobPosting"})]
        if rows:
            ads = records(ctx, rows, file=payload.name)
            yield from told_apart(ctx, ads, file=payload.name)
            continue
        read = list(ordinary_records(ctx, tree, payload.name))
        if not read and not ctx.rejected:
            ctx.warn(
                "no JobPosting in this page, nor a table or labels of an ad", file=payload.name
            )
        yield from read
