"""The catalogue: valid DCAT-AP in every serialisation, its addresses answering."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest
from pyshacl import validate
from rdflib import Graph
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, RDF

from marsad.products.declare import indicators
from marsad.publish.formats.registry import formats

SHAPES = Path(__file__).with_name("dcat_ap.ttl")


@pytest.fixture(scope="module")
def catalogue(live_site: str) -> Graph:
    return Graph().parse(data=httpx2.get(f"{live_site}/catalogue.ttl").text, format="turtle")


def test_it_meets_dcat_ap(catalogue: Graph) -> None:
    valid, _, said = validate(catalogue, shacl_graph=Graph().parse(SHAPES), inference="none")
    assert valid, said


def test_the_shapes_find_what_is_missing(catalogue: Graph) -> None:
    broken = Graph()
    for triple in catalogue:
        if triple[1] not in (DCAT.accessURL, DCAT.contactPoint):
            broken.add(triple)
    valid, _, said = validate(broken, shacl_graph=Graph().parse(SHAPES), inference="none")
    assert not valid
    assert "accessURL" in said


def test_every_indicator_is_a_dataset_with_every_format(catalogue: Graph) -> None:
    found = {str(o) for o in catalogue.objects(None, DCTERMS.identifier)}
    assert found == {indicator.id for indicator in indicators()}
    distributions = list(catalogue.subjects(RDF.type, DCAT.Distribution))
    assert len(distributions) == len(found) * len(formats())


@pytest.mark.parametrize(
    ("path", "accept", "media", "kind"),
    [
        ("/catalogue", "application/ld+json", "application/ld+json", "json-ld"),
        ("/catalogue", "application/rdf+xml", "application/rdf+xml", "xml"),
        ("/catalogue", "*/*", "text/turtle", "turtle"),
        ("/catalogue.jsonld", "*/*", "application/ld+json", "json-ld"),
        ("/catalogue.rdf", "*/*", "application/rdf+xml", "xml"),
    ],
)
def test_every_serialisation_says_the_same(
    live_site: str, catalogue: Graph, path: str, accept: str, media: str, kind: str
) -> None:
    answer = httpx2.get(live_site + path, headers={"Accept": accept})
    assert answer.headers["content-type"].startswith(media)
    assert isomorphic(Graph().parse(data=answer.text, format=kind), catalogue)


def test_its_addresses_answer(live_site: str, catalogue: Graph) -> None:
    addresses = {
        str(o)
        for name in (DCAT.downloadURL, DCAT.landingPage, DCAT.endpointDescription)
        for o in catalogue.objects(None, name)
        if "unemployment_rate_adjusted" in str(o) or "/api/openapi" in str(o)
    }
    assert len(addresses) >= 10
    for address in sorted(addresses):
        assert httpx2.get(address).status_code == 200, address


def test_every_dataset_and_file_of_the_catalogue_answers_at_its_own_address(
    live_site: str, catalogue: Graph
) -> None:
    resources = [
        node
        for kind in (DCAT.Dataset, DCAT.Distribution)
        for node in catalogue.subjects(RDF.type, kind)
    ]
    assert len(resources) > 100
    for node in (*resources[:3], *resources[-3:]):
        for media, form in (("text/turtle", "turtle"), ("application/ld+json", "json-ld")):
            answer = httpx2.get(str(node), headers={"Accept": media})
            assert answer.status_code == 200
            described = Graph().parse(data=answer.text, format=form)
            assert isomorphic(described, catalogue.cbd(node))
    assert httpx2.get(f"{live_site}/catalogue/nothing").status_code == 404
