"""The description of the API: valid OpenAPI 3.1, and every path that it names answers."""

from __future__ import annotations

import re
from typing import Any

import httpx2
import pytest

VALUE = "A.MA.unemployment_rate.ENE._T.Y_GE15._T._T._T._T.N/2024"


@pytest.fixture(scope="module")
def api(live_site: str) -> httpx2.Client:
    return httpx2.Client(base_url=live_site)


@pytest.fixture(scope="module")
def described(api: httpx2.Client) -> dict[str, Any]:
    description: dict[str, Any] = api.get("/api/openapi.json").json()
    return description


def _ours(described: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(path, ops["get"]) for path, ops in described["paths"].items()
            if "Marsad API v1" in ops["get"].get("tags", ())]  # fmt: skip


def test_the_description_is_openapi_3_1(described: dict[str, Any]) -> None:
    assert re.fullmatch(r"3\.1\.\d+", described["openapi"])
    assert {"title", "version"} <= set(described["info"])
    names = [op["operationId"] for ops in described["paths"].values() for op in ops.values()]
    assert len(names) == len(set(names))
    for path, ops in described["paths"].items():
        assert path.startswith("/")
        for operation in ops.values():
            given = operation.get("parameters", [])
            inside = {p["name"] for p in given if p["in"] == "path"}
            assert inside == set(re.findall(r"{(\w+)}", path))
            assert all(p["required"] for p in given if p["in"] == "path")
            assert all(p.get("schema") or p.get("content") for p in given)
            assert len({(p["in"], p["name"]) for p in given}) == len(given)
            assert all(response["description"] for response in operation["responses"].values())
    for target in re.findall(r'"\$ref":\s*"#/([^"]+)"', str(described).replace("'", '"')):
        node: Any = described
        for part in target.split("/"):
            node = node[part]


def test_problems_and_the_key_are_described(described: dict[str, Any]) -> None:
    schemes = described["components"]["securitySchemes"]
    scheme = next(s for s in schemes.values() if s["type"] == "apiKey")
    assert (scheme["in"], scheme["name"]) == ("header", "X-API-Key")
    for path, operation in _ours(described):
        assert operation["summary"], path
        assert {} in operation["security"], path
        assert any(need for need in operation["security"]), path
        for status in ("400", "401", "404", "422", "429"):
            assert set(operation["responses"][status]["content"]) == {"application/problem+json"}


def test_every_described_path_answers(api: httpx2.Client, described: dict[str, Any]) -> None:
    own = {
        ("/api/v1/ads/{key}", "key"): api.get("/api/v1/ads?size=1").json()["ads"][0]["key"],
        ("/api/v1/trainings/{identifier}", "identifier"): api.get(
            "/api/v1/trainings?limit=1"
        ).json()["trainings"][0]["training"],
        ("/api/v1/search", "q"): "comptable",
        ("/api/v1/bulk/{name}", "name"): api.get("/api/v1/bulk").json()["files"][0]["name"],
    }
    hidden = {"/api/v1/review"}  # for administrators only
    requests = 0
    for path, operation in _ours(described):
        if path in hidden:
            continue
        query = {}
        for given in operation.get("parameters", []):
            examples = given["schema"].get("examples", [None])
            example = own.get((path, given["name"]), examples[0])
            if given["in"] == "path":
                path = path.replace(f"{{{given['name']}}}", example)
            elif example is not None:
                query[given["name"]] = example
        answer = api.get(path, params=query)
        assert answer.status_code == 200, (path, query, answer.text[:300])
        requests += 1
    assert requests >= 25


def test_the_live_paths_and_the_catalogue_answer_as_described(
    api: httpx2.Client, described: dict[str, Any]
) -> None:
    ours = {path for path, _ in _ours(described)}
    others = {p for p in described["paths"] if p not in ours and not p.startswith("/sdmx/")}
    assert {"/api/v1/changes", "/api/v1/stream", "/catalogue"} <= others
    for path in sorted(others):
        address = path.replace("{language}", "fr").replace("{resource}", "unemployment_rate")
        with api.stream("GET", address) as answer:
            assert answer.status_code == 200, path
