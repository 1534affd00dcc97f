"""SDMX REST 2 (SDMX 3.0), data queries on one dataflow, in SDMX-CSV.

    /sdmx/3.0/data/dataflow/MARSAD/DF_LABOUR/1.0/{key}?c[DIM]=a,b&c[TIME_PERIOD]=ge:2020+le:2024

The key lists the codes of each dimension in the order of the data structure, separated by dots;
`*` or nothing takes every code. https://github.com/sdmx-twg/sdmx-rest, version 2.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response

from marsad.base.errors import InputError, MarsadError, NotFoundError
from marsad.publish.formats import (
    AGENCY,
    FLOW,
    SDMX_DIMENSIONS,
    VERSION,
    Answer,
    write_sdmx_csv_1,
    write_sdmx_csv_2,
)
from marsad.publish.http import answer, status_of, unchanged
from marsad.publish.query import DataQuery, DataResult, Reader

PATH = "/sdmx/3.0/data/dataflow/{agency}/{flow}/{version}/{key}"
_NAMES = {sdmx: ours for ours, sdmx in SDMX_DIMENSIONS.items()}
_COMPONENT = re.compile(r"c\[(\w+)\]")
_BOUND = re.compile(r"(ge|le|eq):([\w-]+)")
_ANY = {"*", "all", ""}


def _wanted(text: str) -> tuple[str, ...]:
    return tuple(code.removeprefix("eq:") for code in text.split(",") if code not in _ANY)


def _from_key(key: str) -> dict[str, tuple[str, ...]]:
    if key in _ANY:
        return {}
    parts = key.split(".")
    if len(parts) != len(SDMX_DIMENSIONS):
        raise InputError(
            f"a key has {len(SDMX_DIMENSIONS)} parts separated by dots, not {len(parts)}"
        )
    return {
        name: tuple(c for c in part.split("+") if c not in _ANY)
        for name, part in zip(SDMX_DIMENSIONS, parts)
        if part not in _ANY
    }


def _from_components(request: Request) -> tuple[dict[str, tuple[str, ...]], str, str]:
    """Filters, start and end from c[...] parameters."""
    filters: dict[str, tuple[str, ...]] = {}
    start = end = ""
    for name, text in request.query_params.multi_items():
        match = _COMPONENT.fullmatch(name)
        if match is None:
            if name not in {"format", "attributes", "measures"}:
                raise InputError(f"parameter {name!r} is not supported")
            continue
        component = match.group(1)
        if component == "TIME_PERIOD":
            bounds = {sign: period for sign, period in _BOUND.findall(text.replace(" ", "+"))}
            if not bounds:
                bounds = {"eq": text}
            start = bounds.get("ge", bounds.get("eq", start))
            end = bounds.get("le", bounds.get("eq", end))
        elif component in _NAMES:
            filters[_NAMES[component]] = _wanted(text)
        else:
            raise InputError(f"{component!r} is not a component of {FLOW}")
    return filters, start, end


def _check_flow(agency: str, flow: str, version: str) -> None:
    versions = {VERSION, "*", "~", "+", "latest", f"{VERSION}.0", f"{VERSION}+"}
    if agency not in {AGENCY, "*"} or flow not in {FLOW, "*"} or version not in versions:
        raise NotFoundError(f"There is no dataflow {agency}:{flow}({version}).")


def _writer(request: Request) -> tuple[str, Callable[[Answer], bytes]] | None:
    """The format accepted: SDMX-CSV 2.0 by default, 1.0 when asked for; None is 406."""
    accept = request.headers.get("accept", "*/*").replace(" ", "")
    if "sdmx.data+csv;version=1.0.0" in accept:
        return "application/vnd.sdmx.data+csv; version=1.0.0", write_sdmx_csv_1
    if any(
        kind in accept for kind in ("sdmx.data+csv", "text/csv", "*/*", "text/*", "application/*")
    ):
        return "application/vnd.sdmx.data+csv; version=2.0.0", write_sdmx_csv_2
    asked = request.query_params.get("format") in {"csv", "sdmx-csv"}
    return ("application/vnd.sdmx.data+csv; version=2.0.0", write_sdmx_csv_2) if asked else None


def _values(
    reader: Reader, filters: dict[str, tuple[str, ...]], start: str, end: str
) -> DataResult:
    named = filters.pop("indicator", ()) or tuple(i.id for i in reader.indicators())
    vintage = filters.pop("vintage", ("*",))
    rows: list[Any] = []
    for identifier in named:
        reader.indicator(identifier)
        query = DataQuery(identifier, filters, start=start, end=end, vintage="*", limit=100_000)
        rows += [v for v in reader.data(query).rows if vintage == ("*",) or v.vintage in vintage]
    return DataResult(DataQuery(named[0], filters), tuple(rows), len(rows))


def sdmx_router(reader: Callable[[], Reader]) -> APIRouter:
    """The data route of SDMX REST 2 over the dataflow MARSAD:DF_LABOUR(1.0)."""
    router = APIRouter(tags=["SDMX"])

    @router.get(PATH, summary="Values of the labour dataflow as SDMX-CSV")
    def data(request: Request, agency: str, flow: str, version: str, key: str) -> Response:
        now = reader()
        release = now.release().id
        if same := unchanged(request, release):
            return same
        try:
            _check_flow(agency, flow, version)
            chosen = _writer(request)
            filters, start, end = _from_components(request)
            result = _values(now, {**_from_key(key), **filters}, start, end)
        except MarsadError as error:
            return Response(str(error), status_of(error), media_type="text/plain; charset=utf-8")
        if chosen is None:
            return Response("Formats: application/vnd.sdmx.data+csv", 406, media_type="text/plain")
        if not result.rows:
            return Response(status_code=204)
        body = chosen[1](Answer(result, now, "en"))
        return answer(request, release, body, chosen[0])

    return router
