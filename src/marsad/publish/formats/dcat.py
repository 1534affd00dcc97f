"""The catalogue of what is published, as DCAT-AP 3 with the statistical properties of StatDCAT-AP:
Turtle, JSON-LD and RDF/XML, which CKAN and the European portals harvest.

One indicator is one dcat:Dataset, one format of it one dcat:Distribution, each interface one
dcat:DataService. https://semiceu.github.io/DCAT-AP/releases/3.0.0/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import msgspec
from fastapi import APIRouter, Request, Response
from fastapi import Path as PathParameter

from marsad.base.codes import codelist
from marsad.base.declare import load_declaration
from marsad.base.errors import NotFoundError
from marsad.base.labels import LANGUAGES, Text
from marsad.base.refusals import refused
from marsad.publish.formats.registry import Format, formats
from marsad.publish.http.answer_cache import of_figures
from marsad.publish.http.described import PROBLEMS, UNCHANGED, filed
from marsad.publish.http.replies import answer, refusal, site_of, unchanged
from marsad.publish.read.cube import CubeQuery, Filter
from marsad.publish.read.reader import Indicator, Reader

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

K = TypeVar("K")
V = TypeVar("V")
EU = "http://publications.europa.eu/resource/authority/"
STAT = "http://data.europa.eu/(xyz)/statdcat-ap/"


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: Text
    description: Text
    rights: Text
    keyword: Text
    languages: dict[str, str]


_WORDS = load_declaration(Path(__file__).with_name("dcat.yml"), _Words)
_PERIODICITY = {"A": "ANNUAL", "Q": "QUARTERLY", "M": "MONTHLY", "W": "WEEKLY", "D": "DAILY"}
_MOST_HELD = 12
SERIALISATIONS = {
    "ttl": ("turtle", "text/turtle"),
    "jsonld": ("json-ld", "application/ld+json"),
    "rdf": ("xml", "application/rdf+xml"),
}


class _Writer:
    """Fills one graph for one release and address."""

    def __init__(self, reader: Reader, base: str) -> None:
        from rdflib import Graph, Namespace
        from rdflib.namespace import DCAT, DCTERMS, FOAF

        self.reader, self.base, self.graph = reader, base, Graph()
        self.stat, self.vcard = Namespace(STAT), Namespace("http://www.w3.org/2006/vcard/ns#")
        for prefix, space in (
            ("dcat", DCAT), ("dct", DCTERMS), ("foaf", FOAF), ("stat", self.stat),
            ("vcard", self.vcard),
        ):  # fmt: skip
            self.graph.bind(prefix, space)

    def iri(self, path: str) -> Node:
        from rdflib import URIRef

        return URIRef(path if "://" in path else self.base + path)

    def text(self, subject: Node, predicate: Node, words: Mapping[str, str]) -> None:
        from rdflib import Literal

        for language in LANGUAGES:
            self.graph.add((subject, predicate, Literal(words[language], lang=language)))

    def typed(self, kind: Node, subject: Node) -> Node:
        from rdflib.namespace import RDF

        self.graph.add((subject, RDF.type, kind))
        return subject

    def catalogue(self) -> Graph:
        from rdflib import Literal
        from rdflib.namespace import DCAT, DCTERMS, FOAF, SKOS, XSD

        release, add = self.reader.release(), self.graph.add
        root = self.typed(DCAT.Catalog, self.iri("/catalogue"))
        self.text(root, DCTERMS.title, _WORDS.title)
        self.text(root, DCTERMS.description, _WORDS.description)
        publisher = self.typed(FOAF.Agent, self.iri("/#publisher"))
        add((publisher, FOAF.name, Literal("Marsad", lang="en")))
        add((publisher, FOAF.name, Literal("مرصد", lang="ar")))
        add((root, DCTERMS.publisher, publisher))
        add((root, FOAF.homepage, self.typed(FOAF.Document, self.iri("/"))))
        moment = Literal(release.published_at.isoformat(), datatype=XSD.dateTime)
        add((root, DCTERMS.modified, moment))
        add((root, DCAT.themeTaxonomy, self.typed(SKOS.ConceptScheme, self.iri(f"{EU}data-theme"))))
        self.text(self.iri(f"{EU}data-theme"), DCTERMS.title, {k: "Data theme" for k in LANGUAGES})
        for code in _WORDS.languages.values():
            add((root, DCTERMS.language, self.known("language", code)))
        add((root, DCTERMS.spatial, self.known("country", "MAR")))
        datasets = [
            self.dataset(indicator, publisher, moment) for indicator in self.reader.indicators()
        ]
        for dataset in datasets:
            add((root, DCAT.dataset, dataset))
        for service in self.services(datasets, publisher):
            add((root, DCAT.service, service))
        return self.graph

    def known(self, table: str, code: str) -> Node:
        """A code of an authority table of the EU, with its type."""
        from rdflib.namespace import DCTERMS, SKOS

        kind = {
            "language": DCTERMS.LinguisticSystem,
            "country": DCTERMS.Location,
            "frequency": DCTERMS.Frequency,
            "file-type": DCTERMS.MediaTypeOrExtent,
            "access-right": DCTERMS.RightsStatement,
        }.get(table, SKOS.Concept)
        return self.typed(kind, self.iri(f"{EU}{table}/{code}"))

    def dataset(self, indicator: Indicator, publisher: Node, moment: Node) -> Node:
        from rdflib import Literal
        from rdflib.namespace import DCAT, DCTERMS, FOAF

        add = self.graph.add
        node = self.typed(DCAT.Dataset, self.iri(f"/catalogue/{indicator.id}"))
        self.text(node, DCTERMS.title, indicator.title)
        self.text(node, DCTERMS.description, indicator.definition)
        add((node, DCTERMS.identifier, Literal(indicator.id)))
        add((node, DCTERMS.publisher, publisher))
        add((node, DCTERMS.modified, moment))
        add(
            (node, self.iri("http://www.w3.org/ns/dcat#version"), Literal(self.reader.release().id))
        )
        add((node, DCAT.theme, self.known("data-theme", "SOCI")))
        add((node, DCTERMS.accessRights, self.known("access-right", "PUBLIC")))
        add((node, DCTERMS.spatial, self.known("country", "MAR")))
        contact = self.typed(self.vcard.Kind, self.iri("/#contact"))
        add((contact, self.vcard.fn, Literal("Marsad")))
        add((contact, self.vcard.hasURL, self.iri("/fr/about")))
        add((node, DCAT.contactPoint, contact))
        self.text(node, DCAT.keyword, _WORDS.keyword)
        for language in LANGUAGES:
            page = self.typed(FOAF.Document, self.iri(f"/{language}/indicators/{indicator.id}"))
            add((node, DCAT.landingPage, page))
            add((node, DCTERMS.language, self.known("language", _WORDS.languages[language])))
            method = self.typed(FOAF.Document, self.iri(f"/{language}/method/{indicator.id}"))
            add((node, FOAF.page, method))
        self.coverage(node, indicator)
        for form in formats().values():
            add((node, DCAT.distribution, self.distribution(indicator, form)))
        return node

    def coverage(self, node: Node, indicator: Indicator) -> None:
        """Times, frequencies, dimensions and measures of a dataset."""
        from rdflib import BNode, Literal
        from rdflib.namespace import DCAT, DCTERMS, XSD

        from marsad.base.periods import end, start

        query = CubeQuery((Filter("indicator", "eq", (indicator.id,)),))
        codes = self.reader.cube_codes(query)
        for freq in codes["freq"]:
            self.graph.add(
                (node, DCTERMS.accrualPeriodicity, self.known("frequency", _PERIODICITY[freq]))
            )
            break
        if codes["period"]:
            first, last = codes["period"]
            period = self.typed(DCTERMS.PeriodOfTime, BNode(f"{indicator.id}-period"))
            for name, day in ((DCAT.startDate, start(first)), (DCAT.endDate, end(last))):
                self.graph.add((period, name, Literal(day.isoformat(), datatype=XSD.date)))
            self.graph.add((node, DCTERMS.temporal, period))
        for dimension in indicator.dimensions:
            concept = self.iri(f"/sdmx/2.1/conceptscheme/MARSAD/CS_LABOUR/1.0#{dimension}")
            self.graph.add((node, self.stat.dimension, concept))
        self.graph.add(
            (node, self.stat.statUnitMeasure, Literal(codelist("unit")[indicator.unit]["en"]))
        )

    def distribution(self, indicator: Indicator, form: Format) -> Node:
        from rdflib import Literal
        from rdflib.namespace import DCAT, DCTERMS, RDFS

        add, name = self.graph.add, form.id
        node = self.typed(DCAT.Distribution, self.iri(f"/catalogue/{indicator.id}/{name}"))
        address = self.iri(f"/api/v1/indicators/{indicator.id}/data?format={name}")
        add((node, DCAT.accessURL, self.typed(RDFS.Resource, address)))
        add((node, DCAT.downloadURL, address))
        for language in LANGUAGES:
            title = f"{indicator.title[language]} ({name})"
            add((node, DCTERMS.title, Literal(title, lang=language)))
        add((node, DCTERMS.format, self.known("file-type", form.file_type)))
        media = f"https://www.iana.org/assignments/media-types/{form.media_type.split(';')[0]}"
        add((node, DCAT.mediaType, self.typed(DCTERMS.MediaType, self.iri(media))))
        rights = self.typed(DCTERMS.RightsStatement, self.iri("/#rights"))
        self.text(rights, RDFS.label, _WORDS.rights)
        add((node, DCTERMS.rights, rights))
        return node

    def services(self, datasets: list[Node], publisher: Node) -> list[Node]:
        from rdflib import Literal
        from rdflib.namespace import DCAT, DCTERMS, RDFS

        services = []
        for path, title, about in (
            ("/api/v1", "Marsad API", "/api/openapi.json"),
            ("/sdmx/2.1", "SDMX REST 1.5 (SDMX 2.1)", "/sdmx/2.1/dataflow"),
            ("/sdmx/3.0", "SDMX REST 2 (SDMX 3.0)", "/sdmx/3.0/structure/dataflow"),
        ):
            node = self.typed(DCAT.DataService, self.iri(f"/catalogue/service{path}"))
            self.graph.add((node, DCTERMS.title, Literal(title, lang="en")))
            self.graph.add((node, DCTERMS.publisher, publisher))
            endpoint = self.typed(RDFS.Resource, self.iri(path))
            self.graph.add((node, DCAT.endpointURL, endpoint))
            described = self.typed(RDFS.Resource, self.iri(about))
            self.graph.add((node, DCAT.endpointDescription, described))
            for dataset in datasets:
                self.graph.add((node, DCAT.servesDataset, dataset))
            services.append(node)
        return services


def graph(reader: Reader, base: str) -> Graph:
    """The catalogue of a release, with `base` (https://host) before every address of ours."""
    return _Writer(reader, base.rstrip("/")).catalogue()


class _Catalogues:
    """The graphs of the last few releases and addresses, and what was serialised of them."""

    def __init__(self) -> None:
        self._graphs: dict[tuple[str, str], Graph] = {}
        self._serialised: dict[tuple[str, str, str], bytes] = {}

    def graph(self, reader: Reader, base: str) -> Graph:
        """The catalogue, made once."""
        key = (reader.release().id, base)
        if key not in self._graphs:
            self._forget(self._graphs)
            self._graphs[key] = graph(reader, base)
        return self._graphs[key]

    def serialised(self, reader: Reader, base: str, kind: str) -> bytes:
        """The catalogue in a serialisation, made once."""
        key = (reader.release().id, base, kind)
        if key not in self._serialised:
            self._forget(self._serialised)
            made = self.graph(reader, base).serialize(format=kind, encoding="utf-8")
            self._serialised[key] = made
        return self._serialised[key]

    def described(self, reader: Reader, base: str, path: str, kind: str) -> bytes:
        """What the catalogue says of the resource at a path of ours (its concise bounded description);
        NotFoundError for one that it does not hold."""
        from rdflib import URIRef

        whole, resource = self.graph(reader, base), URIRef(base.rstrip("/") + path)
        if (resource, None, None) not in whole:
            raise NotFoundError(refused("catalogue", path=path))
        part = whole.cbd(resource)
        for prefix, namespace in whole.namespaces():
            part.bind(prefix, namespace)
        return part.serialize(format=kind, encoding="utf-8")

    @staticmethod
    def _forget(held: dict[K, V]) -> None:
        if len(held) >= _MOST_HELD:
            held.clear()


def _preferred(accept: str) -> str:
    """The serialisation that an Accept header prefers: Turtle unless another is named."""
    named = [ending for ending, (_, media) in SERIALISATIONS.items() if media in accept]
    return named[0] if named and "turtle" not in accept else "ttl"


def catalogue_router(reader: Callable[[], Reader]) -> APIRouter:
    """/catalogue by Accept, /catalogue.ttl, .jsonld and .rdf, and each resource at its own address."""
    router = APIRouter(tags=["Catalogue"], responses={**PROBLEMS, **UNCHANGED})
    catalogues = _Catalogues()

    def respond(request: Request, ending: str = "", path: str = "") -> Response:
        now = reader()
        of_figures(request)
        if same := unchanged(request, now.release().id):
            return same
        kind, media = SERIALISATIONS[ending or _preferred(request.headers.get("accept", ""))]
        base = site_of(request)
        try:
            body = (
                catalogues.described(now, base, path, kind) if path
                else catalogues.serialised(now, base, kind)
            )  # fmt: skip
        except NotFoundError as error:
            return refusal(error, request)
        return answer(request, now.release().id, body, media)

    def negotiated(request: Request) -> Response:
        return respond(request)

    def resource(
        request: Request, resource: Annotated[str, PathParameter(max_length=200)]
    ) -> Response:
        return respond(request, path=f"/catalogue/{resource}")

    def file(ending: str) -> Callable[[Request], Response]:
        def serialisation(request: Request) -> Response:
            return respond(request, ending)

        return serialisation

    routes: list[tuple[str, Callable[..., Response], str]] = [
        ("/catalogue", negotiated, "The catalogue (DCAT-AP), by Accept"),
        ("/catalogue/{resource:path}", resource, "A dataset or one of its files, by Accept"),
        *((f"/catalogue.{e}", file(e), f"The catalogue as .{e}") for e in SERIALISATIONS),
    ]
    every = filed([media for _, media in SERIALISATIONS.values()], "What the catalogue says.")
    for path, made, summary in routes:
        router.add_api_route(path, made, summary=summary, response_class=Response, responses=every)
    return router
