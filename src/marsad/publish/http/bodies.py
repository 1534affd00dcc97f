"""Answers that more than one interface gives: ads as published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, TypeAlias, TypeVar, get_type_hints

import msgspec

from marsad.base.fields import CODE, properties
from marsad.publish.read.model import Ad, AdDetail, Coded

B = TypeVar("B")


def body_of(kind: type[B], values: Mapping[str, object]) -> B:
    """A body whose fields are declared elsewhere, from its values by their names."""
    make: Callable[..., B] = kind
    return make(**values)


def _ad_fields(kind: type) -> list[tuple[str, object]]:
    """The fields of an ad in its order, with the coded properties in the place of `codes`."""
    coded = [
        (declared.public or name, Annotated[Coded | None, msgspec.Meta(description=declared.description)])
        for name, declared in properties().items()
        if declared.type == CODE and declared.published
    ]  # fmt: skip
    fields: list[tuple[str, object]] = []
    for name, annotation in get_type_hints(kind).items():
        fields += coded if name == "codes" else [(name, annotation)]
    return fields


def _ad_body(name: str, kind: type, about: str) -> type:
    return msgspec.defstruct(
        name, _ad_fields(kind), frozen=True, kw_only=True, namespace={"__doc__": about}
    )


if TYPE_CHECKING:
    PublishedAd: TypeAlias = msgspec.Struct
    PublishedAdDetail: TypeAlias = msgspec.Struct
else:
    PublishedAd = _ad_body("PublishedAd", Ad, "An ad with its coded properties, each by its name.")
    PublishedAdDetail = _ad_body(
        "PublishedAdDetail",
        AdDetail,
        "An ad with what ESCO holds essential for its occupation and it does not say.",
    )


def ad_body(ad: Ad) -> PublishedAd:
    """An ad with its coded properties beside the others; a PublishedAdDetail for an AdDetail."""
    kind = PublishedAdDetail if isinstance(ad, AdDetail) else PublishedAd
    values = {name: getattr(ad, name) for name in type(ad).__dataclass_fields__ if name != "codes"}
    return body_of(kind, {**values, **ad.codes})
