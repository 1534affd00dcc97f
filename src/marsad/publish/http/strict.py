"""Routes that refuse what they do not know, and answer every error of ours with its status."""

from __future__ import annotations

from collections.abc import Callable, Coroutine

from fastapi import Request, Response
from fastapi.routing import APIRoute

from marsad.base.errors import InputError, MarsadError
from marsad.base.refusals import refused
from marsad.publish.http.replies import refusal


class StrictRoute(APIRoute):
    """Refuses parameters it does not know, and maps every error of ours to its status."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[object, object, Response]]:
        inner = super().get_route_handler()
        known = {p.alias for p in self.dependant.query_params}

        async def handle(request: Request) -> Response:
            if unknown := sorted(set(request.query_params) - known):
                given, takes = ", ".join(unknown), ", ".join(sorted(known))
                return refusal(
                    InputError(refused("no_parameter", name=given, known=takes)), request
                )
            try:
                response: Response = await inner(request)
            except MarsadError as error:
                return refusal(error, request)
            return response

        return handle
