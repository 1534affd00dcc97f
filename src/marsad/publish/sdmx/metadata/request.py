"""Metadata queries of SDMX REST 2.x: paths into questions.

/metadata/metadataset/{provider}/{id}/{version}   /metadata/metadataflow/{agency}/{id}/{version}/{provider}
/metadata/structure/{type}/{agency}/{id}/{version}
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marsad.publish.sdmx.errors import SdmxError
from marsad.publish.sdmx.request.query import AGENCY_ID, ID, checked, one_of, parameters
from marsad.publish.sdmx.structure.artefacts import AGENCY

_BY = ("metadataset", "metadataflow", "structure")
FLOW = "MDF_METHOD"


@dataclass(frozen=True, slots=True)
class MetadataAsk:
    """Which notes are asked for: by their own ids, or of the dataflows of these ids; none is every one."""

    sets: tuple[str, ...] = ()
    dataflows: tuple[str, ...] = ()
    detail: str = "full"


def metadata(path: Sequence[str], query: bytes, known_version: bool) -> MetadataAsk:
    """A metadata query, its path without trailing blanks; SdmxError 400 when it breaks the grammar and 404
    for what there is not."""
    arguments = parameters(query, ("detail",))
    detail = one_of("detail", arguments.get("detail", "full"), ("full", "allstubs"))
    by, *rest = [*path, *[""] * 6][:7]
    one_of("resource", by, _BY)
    kind = rest.pop(0) if by == "structure" else ""
    agencies, ids = (_named(rest[0], AGENCY_ID, "agencyID"), _named(rest[1], ID, "resourceID"))
    provided = _named(rest[3].replace("+", ","), AGENCY_ID, "providerRef") if by == _BY[1] else ()
    theirs = [a for a in (agencies, provided) if a and AGENCY not in a]
    of_flow = by == "metadataflow" and ids and FLOW not in ids
    if theirs or of_flow or not known_version or kind not in ("", "*", "dataflow"):
        raise SdmxError(404)
    if by == "metadataset":
        return MetadataAsk(sets=ids, detail=detail)
    return MetadataAsk(dataflows=ids if by == "structure" else (), detail=detail)


def _named(text: str, form: object, what: str) -> tuple[str, ...]:
    values = [v for v in text.split(",") if v]
    return () if not values or "*" in values else checked(values, form, what)  # type: ignore[arg-type]
