"""Every operation of the OpenAPI description, asked at random: no answer of 5xx, none with a status or a media
type that is not described, none outside its schema.

    .venv/bin/python benchmarks/doors.py RELEASE_FOLDER [REQUESTS]

Half of the parameters are what the description or the release offers (codes, examples, enumerations), the
others anything. The seed is fixed, so that a fault can be asked again.
"""

from __future__ import annotations

import json
import random
import re
import sys
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema

Described = Mapping[str, Any]
CODES = ("MA", "MA-06", "MA-SUD", "MA-01-511", "2411", "25", "M", "F", "_T", "Y_GE15", "ENE", "ADS", "A", "Q",
         "unemployment_rate", "new_ads", "DF_LABOUR", "DF_NEW_ADS", "DF_UNEMPLOYMENT_RATE", "MARSAD", "HCP",
         "DSD_LABOUR", "CL_SEX", "CAS_THEMES", "MDF_METHOD", "1.0", "1.0.0", "~", "*", "all", "latest",
         "sex", "caveat", "2024", "2024-Q1", "2020-01-01", "2026-01-01T00:00:00Z", "A.MA.........", "A.MA",
         "A.MA.unemployment_rate.ENE._T.Y_GE15._T._T._T._T.N/2024", "unemployment_rate/csv", "comptable",
         "محاسب", "chômage des jeunes", "ge:2020", "ge:2020+le:2022", "gt:10,lt:5", "full", "none", "TIME_PERIOD",
         "OBS_VALUE:desc", "REF_AREA", "children", "parentsandsiblings", "codelist", "json-stat", "csv")  # fmt: skip
ODD = ("", "0", "-1", "999999999999", "x" * 300, "'", '"; drop table ads; --', "%00", "\u202e", "{}", "a,b,,c", "+",
       "1e400", "nan", "../../etc/passwd", "🙂", "2024-13", "<b>", "*(", "a" * 40 + "!")  # fmt: skip
LANGUAGES = ("", "fr", "ar", "en;q=0.1, fr", "de", "zz-top;q=x")
ENDLESS = "/api/v1/stream"
_DEEP = ("/api/v1/values", "/api/v1/skills", "/catalogue/")


@dataclass
class Report:
    """What was counted: statuses, and faults by what is wrong with an example of each."""

    statuses: Counter[int] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def fault(self, kind: str, example: str) -> None:
        self.faults[kind] += 1
        self.examples.setdefault(kind, example)


def operations(document: Described) -> list[tuple[str, str, Described]]:
    """(method, path, operation) of a description, but for streams without end."""
    return [
        (method.upper(), path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if path != ENDLESS
    ]


class Questions:
    """Random questions to the operations of a description."""

    def __init__(self, document: Described, seed: int) -> None:
        self.document, self.dice = document, random.Random(seed)
        self.operations = operations(document)

    def value(self, schema: Described) -> str:
        """A value for a parameter: of its schema, of a release, or anything."""
        dice = self.dice
        if dice.random() < 0.15:
            return dice.choice(ODD)
        offered = [*schema.get("enum", ()), *schema.get("examples", ())]
        if offered and dice.random() < 0.8:
            return str(dice.choice(offered))
        if schema.get("type") == "integer":
            return str(dice.choice((0, 1, 2, 5, 20, 100, 501)))
        if schema.get("type") == "boolean":
            return dice.choice(("true", "false"))
        return dice.choice(CODES)

    def _part(self, path: str, schema: Described) -> str:
        """A part of a path: never empty, and with slashes where it may have them."""
        value = self.value(schema)
        if not path.startswith(_DEEP):
            value = value.replace("/", "")
        return quote(value, safe="/,.*~+").replace("..", "%2E%2E") or "0"

    def _query(self, operation: Described) -> Iterator[str]:
        asked = [p for p in operation.get("parameters", ()) if p["in"] == "query"]
        few = self.dice.choice((0, 0.1, 0.3))
        for parameter in asked:
            if not parameter.get("required") and self.dice.random() > few:
                continue
            name, schema = parameter["name"], parameter["schema"]
            if schema.get("type") == "object":
                name = f"{name}[{self.dice.choice(('SEX', 'TIME_PERIOD', 'OBS_VALUE', 'FREQ', 'COLOUR'))}]"
            yield f"{quote(name)}={quote(self.value(schema), safe='')}"
        if self.dice.random() < 0.02:
            yield "colour=red"

    def question(self) -> tuple[str, str, dict[str, str], bytes | None, Described]:
        """Method, address, headers and body of a question, with the operation it is put to."""
        method, path, operation = self.dice.choice(self.operations)
        inside = {
            p["name"]: p["schema"] for p in operation.get("parameters", ()) if p["in"] == "path"
        }
        address = re.sub(r"{(\w+)}", lambda m: self._part(path, inside[m[1]]), path)
        query = "&".join(self._query(operation))
        headers = {"Accept-Language": self.dice.choice(LANGUAGES)}
        offered = list(operation["responses"].get("200", {}).get("content", {}))
        if offered and path.startswith(("/sdmx", "/catalogue")) and self.dice.random() < 0.8:
            headers["Accept"] = self.dice.choice((*offered, "application/nothing"))
        body = None
        if method == "POST":
            words = {"text": self.value({}), "area": self.value({}), "lang": self.value({})}
            body = self.dice.choice(
                (json.dumps(words), "[]", "{", json.dumps({"limit": "many"}))
            ).encode()
            headers["Content-Type"] = "application/json"
        return method, f"{address}?{query}" if query else address, headers, body, operation


class Checker:
    """Whether an answer is as a description says."""

    def __init__(self, document: Described) -> None:
        self._components = document["components"]
        self.validator = cache(self._validator)

    def _validator(self, schema: str) -> jsonschema.Draft202012Validator:
        rooted = {**json.loads(schema), "components": self._components}
        return jsonschema.Draft202012Validator(rooted)

    def faults(self, operation: Described, status: int, media: str, body: bytes) -> Iterator[str]:
        """What is wrong with an answer."""
        if status >= 500 and status not in (501, 503):
            yield f"{status}"
        described = operation["responses"].get(str(status))
        if described is None:
            yield f"status {status} is not described"
            return
        contents = described.get("content", {})
        if not contents or not body:
            return
        plain = media.split(";")[0].strip()
        content = next((c for name, c in contents.items() if name.split(";")[0] == plain), None)
        if content is None:
            yield f"media type {plain} of {status} is not described"
        elif plain.endswith("json") and content["schema"].get("format") != "binary":
            wrong = next(
                self.validator(json.dumps(content["schema"])).iter_errors(json.loads(body)), None
            )
            if wrong is not None:
                yield f"outside its schema: {wrong.message[:80]}"


def run(document: Described, ask: Any, requests: int, seed: int = 1) -> Report:
    """Put so many questions by `ask(method, address, headers, body)` -> (status, media type, body)."""
    report, questions, checker = Report(), Questions(document, seed), Checker(document)
    for _ in range(requests):
        method, address, headers, body, operation = questions.question()
        status, media, content = ask(method, address, headers, body)
        report.statuses[status] += 1
        for fault in checker.faults(operation, status, media, content):
            report.fault(fault, f"{method} {address} {headers}")
    return report


def main(folder: str, requests: int = 10_000) -> int:
    """Print the counts; 1 where anything is wrong."""
    from starlette.testclient import TestClient

    from marsad.publish.http import limits
    from marsad.publish.read.reader import Reader
    from marsad.web.app import create_app

    warnings.simplefilter("ignore")
    limits.ANONYMOUS = limits.BURST = 10**9
    reader = Reader(Path(folder))
    client = TestClient(create_app(lambda: reader), raise_server_exceptions=False)

    def ask(
        method: str, address: str, headers: dict[str, str], body: bytes | None
    ) -> tuple[int, str, bytes]:
        answer = client.request(
            method, address, headers=headers, content=body, follow_redirects=False
        )
        return answer.status_code, answer.headers.get("content-type", ""), answer.content

    document = client.get("/api/openapi.json").json()
    report = run(document, ask, requests)
    listed = ", ".join(f"{status}: {n:,}" for status, n in sorted(report.statuses.items()))
    print(f"{requests:,} requests to {len(operations(document))} operations: {listed}")
    print(f"{sum(n for s, n in report.statuses.items() if s >= 500 and s not in (501, 503)):,} of 5xx,"
          f" {sum(report.faults.values()):,} answers not as described")  # fmt: skip
    for kind, n in report.faults.most_common():
        print(f"  {n:,} x {kind}: {report.examples[kind][:300]}")
    return int(bool(report.faults))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
