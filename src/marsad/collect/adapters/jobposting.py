"""schema.org JobPosting from saved pages, one ad an item."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Record, Row
from marsad.base.text import fold
from marsad.collect.adapters.markup import items, place_of, text_of
from marsad.collect.context import Context
from marsad.collect.mapping import records

_MOROCCO = {"", "ma", "mar", "maroc", "morocco", "kingdom of morocco", "royaume du maroc", "المغرب"}
_TEXTS = ("description", "responsibilities", "qualifications", "skills", "jobBenefits")


def _salary(value: object, currency: str) -> str:
    if not isinstance(value, dict):
        return f"{text_of(value)} {currency}".strip()
    amount = value.get("value", value)
    if not isinstance(amount, dict):
        return f"{text_of(amount)} {value.get('currency', currency)}".strip()
    low, high = text_of(amount.get("minValue")), text_of(amount.get("maxValue"))
    figure = f"{low}-{high}" if low and high else low or high or text_of(amount.get("value"))
    return f"{figure} {value.get('currency', currency)} {amount.get('unitText', '')}".strip()


def _identifier(value: object) -> str:
    """An identifier's words: a PropertyValue is named after its employer, its value tells ads apart."""
    if not isinstance(value, dict):
        return text_of(value)
    return " ".join(t for t in (text_of(value.get("name")), text_of(value.get("value"))) if t)


def _experience(value: object) -> str:
    """The words of experienceRequirements; months of experience are said as such."""
    months = text_of(value.get("monthsOfExperience")) if isinstance(value, dict) else ""
    return text_of(value) or (f"{months} months" if months else "")


def _country(location: object) -> str:
    """The country of a jobLocation: Morocco when it says so or says nothing, else as it says."""
    first = location[0] if isinstance(location, list) and location else location
    address = first.get("address") if isinstance(first, dict) else None
    country = text_of(address.get("addressCountry")) if isinstance(address, dict) else ""
    return "MA" if fold(country) in _MOROCCO else country[:2].upper()


def _row(item: Row) -> Row:
    """The flat row of one item; keys are the schema.org properties that columns name."""
    row = {key: text_of(value) for key, value in item.items() if not key.startswith("@")}
    row["description"] = "\n".join(t for t in (text_of(item.get(k)) for k in _TEXTS) if t)
    row["jobLocation"] = place_of(item.get("jobLocation"))
    row["baseSalary"] = _salary(item.get("baseSalary"), text_of(item.get("salaryCurrency")))
    row["identifier"] = _identifier(item.get("identifier"))
    row["experienceRequirements"] = _experience(item.get("experienceRequirements"))
    row["country"] = _country(item.get("jobLocation"))
    row["url"] = text_of(item.get("url")) or text_of(item.get("@id"))
    row["title"] = text_of(item.get("title")) or text_of(item.get("name"))
    return row


def collect(ctx: Context) -> Iterator[Record]:
    """The ads of every saved page; a page without any is a warning."""
    for payload in ctx.payloads:
        rows = [(n, _row(item)) for n, item in items(ctx, payload, {"JobPosting"})]
        if not rows:
            ctx.warn("no JobPosting in this page", file=payload.name)
        yield from records(ctx, rows, file=payload.name)
