"""Answers of the API that are not the types of the read path as they stand."""

from __future__ import annotations

from dataclasses import fields

from marsad.publish.read.model import Ad, AdPage, AdQuery


def ad_body(ad: Ad) -> dict[str, object]:
    """An ad with its coded properties beside the others, each by its name in the API."""
    body: dict[str, object] = {}
    for field in fields(ad):
        value = getattr(ad, field.name)
        body |= dict(value) if field.name == "codes" else {field.name: value}
    return body


def query_body(query: AdQuery) -> dict[str, object]:
    """A question for ads, as it was understood."""
    plain = {f.name: getattr(query, f.name) for f in fields(query) if f.name != "filters"}
    return {"text": plain.pop("text"), **query.filters, **plain}


def page_body(page: AdPage, following: str | None) -> dict[str, object]:
    """A page of ads and the address of the next one."""
    return {
        "query": query_body(page.query),
        "ads": [ad_body(ad) for ad in page.ads],
        "total": page.total,
        "facets": page.facets,
        "next": following,
    }
