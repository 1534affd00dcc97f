"""Parameters of the API whose values are declared elsewhere: levels of area, formats, fields of ads."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from marsad.base import areas
from marsad.base.fields import Property
from marsad.publish.formats.registry import formats
from marsad.publish.read.ad_filters import filters

Level = Annotated[
    str,
    Query(
        max_length=40,
        description="a level of area",
        json_schema_extra={"enum": ["", *areas.LEVELS]},
    ),
]
FormatName = Annotated[str, Query(max_length=40, json_schema_extra={"enum": list(formats())})]


def ad_parameters() -> dict[str, object]:
    """The parameters that choose ads by what their fields declare."""

    def parameter(declared: Property) -> object:
        about = (
            f"{declared.description}; its beginning"
            if declared.match == "prefix"
            else declared.description
        )
        return Annotated[
            str, Query(max_length=200, pattern=declared.pattern or None, description=about)
        ]

    return {name: parameter(declared) for name, (_, declared) in filters().items()}
