"""The signed address to which the sender of a register puts tables: no page, no account, nothing to read."""

from __future__ import annotations

import datetime as dt

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from marsad.backoffice.ports import Deliveries
from marsad.base.errors import InputError, NotFoundError, PlaceError

PATH = "/exchange/{source}/{until}/{mark}/{name}"
_ANSWERS: dict[type[Exception], int] = {NotFoundError: 404, InputError: 400, PlaceError: 503}


def route(deliveries: Deliveries) -> Route:
    """The route that takes files."""

    async def put(request: Request) -> Response:
        source, until, mark, name = (
            request.path_params[n] for n in ("source", "until", "mark", "name")
        )
        try:
            most = deliveries.check(source, until, mark, dt.date.today())
            parts, size = [], 0
            async for part in request.stream():
                size += len(part)
                if size > most:
                    return PlainTextResponse(f"larger than {most:,} bytes\n", 413)
                parts.append(part)
            kept = await run_in_threadpool(deliveries.put, source, name, parts)
        except (NotFoundError, InputError, PlaceError) as error:
            return PlainTextResponse(f"{error}\n", _ANSWERS[type(error)])
        return PlainTextResponse(f"{kept:,} bytes received\n", 201)

    return Route(PATH, put, methods=["PUT"])
