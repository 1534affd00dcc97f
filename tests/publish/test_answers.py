"""Every answer of the machine interfaces is as OpenAPI describes it: asked as people ask, and as nobody
does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from api_sample import SDMX, samples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from marsad.cli.serve import Current
from marsad.flow.steps import Flow
from marsad.web.app import create_app
from served import serve

KEYS = {"X-API-Key": "a tester's"}
JSON = ("application/json", "application/vnd.jsonstat+json")
STREAM = "/api/v1/stream"
Operation = dict[str, Any]


@pytest.fixture(scope="module")
def api(embedded: Flow) -> Iterator[httpx2.Client]:
    """The interfaces for a caller whose key has no limit, where administrators' lists are shown."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MARSAD_ADMIN", "1")
        for address in serve(create_app(Current(embedded.releases), keys=lambda _key: 10_000_000)):
            with httpx2.Client(base_url=address, timeout=60, headers=KEYS) as client:
                yield client


@pytest.fixture(scope="module")
def description(api: httpx2.Client) -> dict[str, Any]:
    document: dict[str, Any] = api.get("/api/openapi.json").json()
    return document


@pytest.fixture(scope="module")
def own(api: httpx2.Client) -> dict[str, dict[str, tuple[str, ...]]]:
    """Keys of this release, by path and parameter."""
    ads = api.get("/api/v1/ads?size=12").json()["ads"]
    trainings = api.get("/api/v1/trainings?limit=4").json()["trainings"]
    skills = api.get("/api/v1/skills?limit=6").json()["skills"]
    return {
        "/api/v1/ads/{key}": {"key": tuple(ad["key"] for ad in ads)},
        "/api/v1/trainings/{identifier}": {
            "identifier": tuple(training["training"] for training in trainings)
        },
        "/api/v1/skills/{code}": {"code": tuple(skill["code"] for skill in skills)},
        "/api/v1/bulk/{name}": {"name": (api.get("/api/v1/bulk").json()["files"][0]["name"],)},
    }


class Checker:
    """Holds answers against what a document says of them."""

    def __init__(self, description: dict[str, Any]) -> None:
        self.document = description
        self.validators: dict[str, Draft202012Validator] = {}

    def faults(self, path: str, answer: httpx2.Response) -> list[str]:
        """What is not as described: the status, the media type, or the body."""
        if answer.status_code >= 500:
            return [f"{answer.status_code}: {answer.text[:300]}"]
        declared = self.document["paths"][path]["get"]["responses"].get(str(answer.status_code))
        if declared is None:
            return [f"the status {answer.status_code} is not described"]
        contents = declared.get("content", {})
        media_type = answer.headers.get("content-type", "").split(";")[0]
        if not contents:
            return ["there is a body"] if answer.content else []
        if media_type not in contents:
            return [f"the media type {media_type} is not described"]
        schema = contents[media_type]["schema"]
        if schema.get("type") == "string":
            return []
        name = str(schema)
        if name not in self.validators:
            whole = {**schema, "components": self.document["components"]}
            self.validators[name] = Draft202012Validator(whole)
        return [e.message[:300] for e in self.validators[name].iter_errors(answer.json())][:3]


@pytest.fixture(scope="module")
def checker(description: dict[str, Any]) -> Checker:
    return Checker(description)


def test_every_operation_has_a_described_answer(description: dict[str, Any]) -> None:
    for path, operations in description["paths"].items():
        for operation in operations.values():
            answer = operation["responses"]["200"]
            assert answer["description"] not in ("", "Successful Response"), path
            assert answer["content"], path
            for media_type, content in answer["content"].items():
                if media_type not in JSON:
                    assert content["schema"] == {"type": "string", "format": "binary"}, path
                    continue
                name = content["schema"]["$ref"].removeprefix("#/components/schemas/")
                component = description["components"]["schemas"][name]
                assert component["additionalProperties"] is False, name
                assert component["properties"], name


def test_schemas_are_valid_and_described(description: dict[str, Any]) -> None:
    for name, schema in description["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        assert schema.get("description"), name


def test_a_sample_of_answers_is_as_described(
    api: httpx2.Client,
    description: dict[str, Any],
    own: dict[str, dict[str, tuple[str, ...]]],
    checker: Checker,
) -> None:
    faults, paths, answers = {}, set(), 0
    for path, address in samples(description, own):
        if path == STREAM:
            continue
        answer = api.get(address)
        answers += answer.status_code == 200
        paths |= {path} if answer.status_code == 200 else set()
        if wrong := checker.faults(path, answer):
            faults[address] = wrong
    assert faults == {}
    assert {STREAM, *paths} >= {p for p in description["paths"] if not p.startswith("/sdmx/")}
    assert answers >= 150


def test_the_stream_is_as_described(api: httpx2.Client, checker: Checker) -> None:
    with api.stream("GET", STREAM) as answer:
        declared = checker.document["paths"][STREAM]["get"]["responses"]["200"]["content"]
        assert answer.status_code == 200
        assert answer.headers["content-type"].split(";")[0] in declared
    refused = api.get(STREAM, params={"kinds": "x"})
    assert checker.faults(STREAM, refused) == []


def test_a_field_of_an_ad_is_described_where_it_is_answered(description: dict[str, Any]) -> None:
    """A new field stands in the schema without an edit: its name and its description are declared."""
    from marsad.base.fields import CODE, properties

    schemas = description["components"]["schemas"]
    for name, declared in properties().items():
        if declared.type == CODE and declared.published:
            for body in ("PublishedAd", "PublishedAdDetail"):
                described = schemas[body]["properties"][declared.public or name]
                assert described["description"] == declared.description


def _words(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    """Values of a parameter as its schema allows them, and others."""
    plain = st.text(max_size=30)
    kinds: list[st.SearchStrategy[str]] = [plain]
    if schema.get("type") in ("integer", "number"):
        low, high = int(schema.get("minimum", -5)), int(schema.get("maximum", 2**40))
        kinds = [st.integers(low, high).map(str)] * 4 + [st.integers().map(str), plain]
    elif schema.get("type") == "boolean":
        kinds = [st.sampled_from(["true", "false"])] * 4 + [plain]
    elif pattern := schema.get("pattern"):
        kinds = [st.from_regex(pattern, fullmatch=True)] * 3 + [plain]
    if examples := schema.get("examples"):
        kinds += [st.sampled_from([str(example) for example in examples])] * 3
    known = ["MA", "MA-06", "2411", "25", "M", "_T", "2024", "2025-Q1", "fr", "ar", "csv", "json-stat",
             "region", "month", "real", "synthetic", "comptable", "محاسب", "'\"%_;--", "\x00", "٣"]  # fmt: skip
    return st.one_of(*kinds, st.sampled_from(known))


@st.composite
def _requests(draw: st.DrawFn, path: str, operation: Operation, own: dict[str, tuple[str, ...]]) -> tuple[str, dict[str, str]]:  # fmt: skip
    """An address of an operation and a query, by its declared parameters."""
    address, query = path, {}
    for parameter in operation.get("parameters", []):
        name, schema = parameter["name"], parameter["schema"]
        if parameter["in"] == "header":
            continue
        if parameter["in"] == "path":
            known = own.get(name) or (SDMX.get(name) if path.startswith("/sdmx") else None)
            values = st.sampled_from(known) | _words(schema) if known else _words(schema)
            value = draw(values.filter(lambda text: text not in ("", ".", "..")))
            address = address.replace(f"{{{name}}}", quote(value, safe=""))
        elif parameter.get("required") or draw(st.integers(0, 3)) == 0:
            query[name] = draw(_words(schema))
    return address, query


ACCEPT = st.sampled_from(["*/*", "application/json", "text/csv", "application/xml", "x", "*/*;q=0,a/b",
                          "application/vnd.sdmx.data+csv;labels=both"])  # fmt: skip


def test_no_question_gets_an_answer_that_is_not_described(
    api: httpx2.Client,
    description: dict[str, Any],
    own: dict[str, dict[str, tuple[str, ...]]],
    checker: Checker,
) -> None:
    operations = [
        (path, ops["get"]) for path, ops in description["paths"].items() if path != STREAM
    ]
    strategies = [
        st.tuples(st.just(path), _requests(path, operation, _inside(path, own)), ACCEPT)
        for path, operation in operations
    ]
    asked_paths: set[str] = set()

    @settings(max_examples=700, suppress_health_check=list(HealthCheck), database=None)
    @given(st.one_of(*strategies))
    def check(question: tuple[str, tuple[str, dict[str, str]], str]) -> None:
        path, (address, query), accept = question
        answer = api.get(
            address, params=query, headers={"Accept": accept, "Accept-Language": accept}
        )
        asked_paths.add(path)
        if not _of(path, answer.request.url.raw_path.decode().partition("?")[0]):
            return
        assert checker.faults(path, answer) == [], answer.request.url

    check()
    assert len(asked_paths) > 40


def _inside(path: str, own: dict[str, dict[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    from api_sample import PATHS

    return {**PATHS.get(path, {}), **own.get(path, {})}


def _of(path: str, address: str) -> bool:
    """Whether an address is of this path alone: one whose part holds a stroke may be of another."""
    return "%2F" not in address.upper() or ":path" in path or path.count("/") == address.count("/")
