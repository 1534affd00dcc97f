"""A client of the API of Marsad, in one file that may be copied out: it needs httpx2 and pyarrow, and
gives tables of pandas or polars, whichever is asked for or there.

    from marsad.client import Client

    marsad = Client("http://127.0.0.1:8000", language="fr", frames="polars")
    marsad.data("unemployment_rate", survey="ENE", level="region", as_of="2024-12-31", labels=True)
    for ad in marsad.ads(q="comptable", region="MA-06"):
        print(ad["title"])

Every answer comes from one release; figures keep their unit, source, interval and status. Synthetic
values say so in their column `synthetic`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from importlib import import_module
from importlib.util import find_spec
from types import TracebackType
from typing import Any

import httpx2
import pyarrow as pa
import pyarrow.parquet as pq

Row = dict[str, Any]
Codes = str | Iterable[str]
_TRIES, _LONGEST_WAIT = 4, 120.0
_AGAIN = (429, 502, 503, 504)
_ROWS, _HELD = 100_000, 64
_LISTS = {"occupation": "isco08"}
_LABELLED = ("freq", "area", "survey", "sex", "age", "urbanisation", "education", "occupation", "category",
             "adjustment", "unit", "obs_status", "conf_status", "reliability", "verification")  # fmt: skip


class MarsadApiError(Exception):
    """An answer that is no success: `status`, `title` (in the client's language) and `detail`."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        self.status, self.title, self.detail = status, title, detail
        super().__init__(f"{status} {title}: {detail}")


def _error(answer: httpx2.Response) -> MarsadApiError:
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    problem = problem if isinstance(problem, dict) else {}
    title = problem.get("title") or answer.reason_phrase
    return MarsadApiError(answer.status_code, str(title), str(problem.get("detail", "")))


def _wait(answer: httpx2.Response, tried: int) -> float:
    """Seconds to wait as Retry-After says (a number or a date), else 1, 2, 4."""
    header = answer.headers.get("retry-after", "")
    if header.isdecimal():
        return min(float(header), _LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return float(2**tried)
    left = (until - dt.datetime.now(until.tzinfo)).total_seconds()
    return min(max(left, 0.0), _LONGEST_WAIT)


def _parameters(filters: Mapping[str, Any]) -> dict[str, str]:
    """Parameters as the API reads them: lists with commas, true and false in lower case."""
    parameters = {}
    for name, value in filters.items():
        if value is None or value == "":
            continue
        if isinstance(value, bool):
            parameters[name] = str(value).lower()
        elif isinstance(value, str | int | float | dt.date):
            parameters[name] = value.isoformat() if isinstance(value, dt.date) else str(value)
        else:
            parameters[name] = ",".join(map(str, value))
    return parameters


def _frame(table: pa.Table, frames: str) -> Any:
    """A frame of pandas or polars, an Arrow table, or a list of dicts; without a wish, what is installed."""
    there = [name for name in ("pandas", "polars") if find_spec(name)]
    chosen = frames or (there[0] if there else "list")
    if chosen == "polars":
        return import_module("polars").from_arrow(table)
    if chosen == "arrow":
        return table
    return table.to_pandas() if chosen == "pandas" else table.to_pylist()


class Client:
    """The API at `base`; `key` is an API key, `language` one of ar, fr, en, `frames` what tables are given
    as: pandas, polars, arrow or list. One for each thread.

    Answers are held by their entity tag: what has not changed is not sent again.
    """

    def __init__(
        self,
        base: str = "http://127.0.0.1:8000",
        key: str | None = None,
        language: str = "fr",
        *,
        frames: str = "",
        timeout: float = 60.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        headers = {"Accept-Language": language, "User-Agent": "marsad-client/1"}
        if key:
            headers["X-API-Key"] = key
        if frames not in ("", "pandas", "polars", "arrow", "list"):
            raise ValueError(f"frames is pandas, polars, arrow or list, not {frames!r}")
        self.language, self.frames, self._sleep = language, frames, sleep
        self._held: dict[str, httpx2.Response] = {}
        self._http = httpx2.Client(base_url=base, headers=headers, timeout=timeout)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(self, path: str, **parameters: Any) -> Any:
        """The JSON of any address of the API, for instance `get("/api/v1/areas/MA-06")`."""
        return self._answer(path, parameters).json()

    def _answer(self, path: str, parameters: Mapping[str, Any]) -> httpx2.Response:
        """An answer, the one held where it is unchanged; waits and asks again on 429, on a server that is
        not there for the moment and on a broken connection. MarsadApiError for every other refusal."""
        request = self._http.build_request("GET", path, params=_parameters(parameters) or None)
        held = self._held.get(str(request.url))
        if held is not None:
            request.headers["If-None-Match"] = held.headers["etag"]
        answer = self._asked_until_answered(lambda: self._http.send(request))
        if held is not None and answer.status_code == 304:
            return held
        if "etag" in answer.headers:
            self._held[str(request.url)] = answer
            while len(self._held) > _HELD:
                del self._held[next(iter(self._held))]
        return answer

    def _asked_until_answered(self, ask: Callable[[], httpx2.Response]) -> httpx2.Response:
        for tried in range(_TRIES):
            last = tried == _TRIES - 1
            try:
                answer = ask()
            except httpx2.TransportError:
                if last:
                    raise
                self._sleep(float(2**tried))
                continue
            if answer.status_code not in _AGAIN or last:
                break
            self._sleep(_wait(answer, tried))
        if not answer.is_success and answer.status_code != 304:
            raise _error(answer)
        return answer

    def _pages(self, path: str, name: str, parameters: Mapping[str, Any]) -> Iterator[Row]:
        body = self.get(path, **parameters)
        while True:
            yield from body[name]
            if not body["next"]:
                return
            body = self.get(body["next"])

    def indicators(self) -> list[Row]:
        """Every indicator with its definition, unit, source and caveats."""
        indicators: list[Row] = self.get("/api/v1/indicators")["indicators"]
        return indicators

    def data(
        self,
        identifier: str,
        as_of: str | dt.date | None = None,
        history: bool = False,
        *,
        labels: bool = False,
        **filters: Codes | bool,
    ) -> Any:
        """The values of an indicator as a typed frame (see `frames`).

        `as_of` gives them as known on that day, `history` every version, `labels` a column of labels in
        the client's language after each coded one. Filters take codes, one or several: area, survey, sex,
        age, level, parent, start, end, latest...
        """
        path = f"/api/v1/indicators/{identifier}/data"
        parameters = {**filters, "as_of": as_of, "history": history, "format": "arrow",
                 "lang": self.language, "limit": _ROWS}  # fmt: skip
        tables, read = [], 0
        while True:
            answer = self._answer(path, {**parameters, "offset": read})
            with pa.ipc.open_stream(answer.content) as stream:
                tables.append(stream.read_all())
            read += tables[-1].num_rows
            if not tables[-1].num_rows or read >= int(answer.headers["x-total-count"]):
                break
        table = pa.concat_tables(tables).unify_dictionaries()
        return _frame(self._labelled(table, identifier) if labels else table, self.frames)

    def _labelled(self, table: pa.Table, identifier: str) -> pa.Table:
        """A table with a column of labels after each coded one."""
        for name in _LABELLED:
            texts = self.labels(name, identifier)
            codes = table[name].to_pylist()
            column = pa.array([texts.get(code, code) for code in codes], pa.string())
            table = table.add_column(table.column_names.index(name) + 1, f"{name}_label", column)
        return table

    def labels(self, dimension: str, identifier: str = "") -> dict[str, str]:
        """Code -> label in the client's language; of `category`, those of an indicator."""
        if dimension == "area":
            listed = self.get("/api/v1/areas")["areas"]
            texts = {area["code"]: area["name"] for area in listed}
        else:
            name = _LISTS.get(dimension, dimension)
            if dimension == "category":
                name = self.get(f"/api/v1/indicators/{identifier}")["category_list"]
            if not name or name not in self.get("/api/v1/codes")["lists"]:
                return {}
            texts = self.get(f"/api/v1/codes/{name}")["codes"]
        return {
            code: text.get(self.language) or text.get("fr", code) for code, text in texts.items()
        }

    def everything(self) -> Any:
        """Every value in force of every indicator, from the file of the release, its hash checked."""
        (file,) = self.get("/api/v1/bulk")["files"]
        content = self._answer(file["address"], {}).content
        if hashlib.sha256(content).hexdigest() != file["sha256"]:
            raise MarsadApiError(200, file["name"], "the file did not come whole")
        return _frame(pq.read_table(io.BytesIO(content)), self.frames)

    def value(self, key: str) -> Row:
        """One number by its key, with its versions and how to compute it again."""
        figure: Row = self.get(f"/api/v1/values/{key}", lang=self.language)
        return figure

    def ads(self, **filters: Codes) -> Iterator[Row]:
        """Every ad that a search finds (q, region, province, occupation, realm...), page after page."""
        return self._pages("/api/v1/ads", "ads", {"size": 100, **filters})

    def counts(self, by: Codes, **filters: Codes | int) -> Any:
        """Counts of ads by codes, each changed a little to protect employers (5 at most)."""
        parameters = {"limit": 10_000, **filters, "by": by}
        return _frame(
            pa.Table.from_pylist([*self._pages("/api/v1/ads/counts", "counts", parameters)]),
            self.frames,
        )

    def match(self, occupation: str = "", skills: Codes = (), area: str = "",
              limit: int = 20, **more: str) -> list[Row]:  # fmt: skip
        """Open ads that fit best, best first, each with a score from 0 to 1 and its reasons."""
        parameters = {
            "occupation": occupation,
            "skills": skills,
            "area": area,
            "limit": limit,
            **more,
        }
        matches: list[Row] = self.get("/api/v1/matching", lang=self.language, **parameters)[
            "matches"
        ]
        return matches

    def person(self, text: str = "", job: str = "", area: str = "", **more: Any) -> Row:
        """What a person's sentence means, and openings of that trade: `understood`, `openings` with
        reasons, `widened` (what was given up). `more`: occupation, skills, contract, experience,
        within_km, limit. Nothing that is sent is kept."""
        question = {"text": text, "job": job, "area": area, "lang": self.language, **more}
        answer: Row = self._asked_until_answered(
            lambda: self._http.post("/api/v1/matching", json=question)
        ).json()
        return answer

    def search(self, q: str, limit: int = 5) -> Row:
        """A few occupations, skills, areas, trainings, indicators and ads for words."""
        hits: Row = self.get("/api/v1/search", q=q, limit=limit, lang=self.language)
        return hits

    def changes(self, after: int = 0, kinds: Codes = ()) -> Iterator[Row]:
        """Every change after a cursor (`seq` of the last that you had), then ends."""
        while True:
            body = self.get("/api/v1/changes", after=after, kinds=kinds, limit=500)
            yield from body["changes"]
            if not body["changes"]:
                return
            after = body["cursor"]

    def follow(
        self, after: int | None = None, kinds: Codes = (), *, pause: float = 5.0
    ) -> Iterator[Row]:
        """Every change after a cursor (new ones only without it), and each one to come, for ever.

        After a break it goes on where it was: nothing is missed and nothing is read twice.
        MarsadApiError when the server refuses.
        """
        if after is None:
            after = int(self.get("/api/v1/changes", limit=1)["last"])
        while True:
            try:
                for change in self._stream(after, kinds):
                    after = int(change["seq"])
                    yield change
            except httpx2.TransportError:
                pass
            self._sleep(pause)

    def _stream(self, after: int, kinds: Codes) -> Iterator[Row]:
        """The events of one connection."""
        parameters = _parameters({"kinds": kinds})
        headers = {"Accept": "text/event-stream", "Last-Event-ID": str(after)}
        with self._http.stream(
            "GET", "/api/v1/stream", params=parameters, headers=headers
        ) as answer:
            if answer.status_code == 429:
                answer.read()
                self._sleep(_wait(answer, 0))
                return
            if not answer.is_success:
                answer.read()
                raise _error(answer)
            for line in answer.iter_lines():
                if line.startswith("data: "):
                    yield json.loads(line.removeprefix("data: "))
