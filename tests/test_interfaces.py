"""Interfaces of applicant-tracking systems and employment services, replayed on loopback page by page.

Shapes are those of each service's documentation, rewritten by hand; firms and ads are invented.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from loopback import Site, fetched, last, poll, serving
from marsad.base.settings import Settings
from marsad.collect.fetch.plan import Fetch, Paging
from marsad.flow.steps import Flow

TITLES = ("Vannier", "Chaudronnier", "Relieuse")
ISO = "2026-11-20T10:00:00Z"
WORDS = "<p>Atelier d’essai à Safi, contrat à durée indéterminée, débutant accepté.</p>"


def _greenhouse(n: int) -> dict[str, Any]:
    return {"id": n, "internal_job_id": n + 70, "title": TITLES[n], "updated_at": ISO, "requisition_id": f"R{n}",
            "location": {"name": "Safi, Morocco"}, "absolute_url": f"https://boards.example/essai/jobs/{n}",
            "metadata": None, "content": WORDS, "departments": [{"id": 1, "name": "Atelier", "child_ids": [], "parent_id": None}],
            "offices": [{"id": 2, "name": "Safi", "location": "Safi, Morocco"}], "company_name": "Essai"}  # fmt: skip


def _lever(n: int) -> dict[str, Any]:
    return {"id": f"l-{n}", "text": TITLES[n], "country": "MA", "workplaceType": "onsite", "createdAt": 1795168800000,
            "categories": {"commitment": "CDI", "department": "Atelier", "location": "Safi", "team": "Essai", "allLocations": ["Safi"]},
            "description": WORDS, "descriptionPlain": "Atelier d’essai", "lists": [], "additional": "", "additionalPlain": "",
            "hostedUrl": f"https://jobs.example/essai/l-{n}", "applyUrl": f"https://jobs.example/essai/l-{n}/apply"}  # fmt: skip


def _ashby(n: int) -> dict[str, Any]:
    return {"id": f"a-{n}", "title": TITLES[n], "department": "Atelier", "team": "Essai", "employmentType": "FullTime",
            "location": "Safi", "secondaryLocations": [], "publishedAt": ISO, "isListed": True, "isRemote": False,
            "address": {"postalAddress": {"addressLocality": "Safi", "addressRegion": "Marrakech-Safi", "addressCountry": "Morocco"}},
            "jobUrl": f"https://jobs.example/essai/a-{n}", "applyUrl": f"https://jobs.example/essai/a-{n}/application",
            "descriptionHtml": WORDS, "descriptionPlain": "Atelier d’essai"}  # fmt: skip


def _workable(n: int) -> dict[str, Any]:
    return {"title": TITLES[n], "shortcode": f"W{n}", "code": "", "employment_type": "Full-time", "telecommuting": False,
            "department": "Atelier", "url": f"https://apply.example/j/W{n}", "shortlink": f"https://apply.example/j/W{n}",
            "application_url": f"https://apply.example/j/W{n}/apply", "published_on": "2026-11-20", "created_at": "2026-11-20",
            "country": "Morocco", "city": "Safi", "state": "Marrakech-Safi", "education": "", "experience": "", "function": "",
            "industry": "", "locations": [{"country": "Morocco", "countryCode": "MA", "city": "Safi", "region": "", "hidden": False}],
            "description": WORDS}  # fmt: skip


def _smartrecruiters(n: int) -> dict[str, Any]:
    return {"id": f"74{n}", "name": TITLES[n], "uuid": f"u-{n}", "refNumber": f"REF{n}", "releasedDate": ISO,
            "company": {"identifier": "Essai", "name": "Essai"}, "industry": {"id": "i", "label": "Artisanat"},
            "location": {"city": "Safi", "region": "MS", "country": "ma", "remote": False}, "department": {"id": "1", "label": "Atelier"},
            "function": {"id": "f", "label": "Production"}, "typeOfEmployment": {"id": "p", "label": "Full-time"},
            "experienceLevel": {"id": "e", "label": "Entry Level"}, "ref": f"https://api.example/postings/74{n}",
            "creator": {"name": "Nora Essai"}, "language": {"code": "fr", "label": "French"}}  # fmt: skip


def _recruitee(n: int) -> dict[str, Any]:
    return {"id": n, "slug": f"offre-{n}", "title": TITLES[n], "description": WORDS, "requirements": "", "city": "Safi",
            "country": "Morocco", "country_code": "MA", "location": "Safi, Morocco", "department": "Atelier", "min_hours": 44,
            "max_hours": 44, "employment_type_code": "fulltime_permanent", "careers_url": f"https://essai.example/o/offre-{n}",
            "careers_apply_url": f"https://essai.example/o/offre-{n}/c/new", "created_at": "2026-11-20 10:00:00 UTC",
            "published_at": "2026-11-20 10:00:00 UTC", "company_name": "Essai", "remote": False, "status": "published"}  # fmt: skip


def _teamtailor(n: int) -> dict[str, Any]:
    return {"id": f"{n}", "type": "jobs", "links": {"careersite-job-url": f"https://career.example/jobs/{n}", "self": f"https://api.example/v1/jobs/{n}"},
            "attributes": {"title": TITLES[n], "body": WORDS, "pitch": "", "created-at": ISO, "updated-at": ISO, "status": "open",
                           "human-status": "published", "employment-type": "fulltime", "remote-status": "none", "tags": []},
            "relationships": {}}  # fmt: skip


def _jobtech(n: int) -> dict[str, Any]:
    return {"id": f"288{n}", "headline": TITLES[n], "webpage_url": f"https://platsbanken.example/annonser/288{n}", "number_of_vacancies": 2,
            "application_deadline": "2026-12-20T23:59:59", "publication_date": "2026-11-20T10:00:00", "removed": False,
            "description": {"text": "Atelier d’essai", "text_formatted": WORDS}, "occupation": {"concept_id": "x", "label": TITLES[n]},
            "employment_type": {"concept_id": "y", "label": "CDI"}, "employer": {"name": "Essai", "email": "nora@exemple.ma", "phone_number": "0600000000"},
            "workplace_address": {"municipality": "Safi", "city": "Safi", "country": "Marocko", "country_code": "155", "coordinates": [-9.2, 32.3]}}  # fmt: skip


def _france_travail(n: int) -> dict[str, Any]:
    return {"id": f"188{n}", "intitule": TITLES[n], "description": "Atelier d’essai", "dateCreation": ISO, "dateActualisation": ISO,
            "lieuTravail": {"libelle": "Safi", "latitude": 32.3, "longitude": -9.2}, "romeCode": "B1802", "romeLibelle": "Vannerie",
            "appellationlibelle": TITLES[n], "entreprise": {"nom": "Essai"}, "typeContrat": "CDI", "typeContratLibelle": "CDI",
            "experienceExige": "D", "experienceLibelle": "Débutant accepté", "nombrePostes": 2, "alternance": False,
            "contact": {"nom": "Nora Essai", "courriel": "nora@exemple.ma"},
            "origineOffre": {"origine": "1", "urlOrigine": f"https://candidat.example/offres/188{n}"}}  # fmt: skip


def _whole(path: str, wrap: Any, item: Any) -> Any:
    """An interface that gives all ads in one answer."""

    def build(site: Site) -> Fetch:
        site.put(path, json.dumps(wrap([item(n) for n in range(len(TITLES))])))
        return Fetch(starts=(site.address + path,), every="60s", delay=0.0, loopback=True)

    return build


def _numbered(path: str, items: str, wrap: Any, item: Any, start: int, step: int) -> Any:
    """An interface whose parameter counts ads or pages, one ad a page here."""

    def build(site: Site) -> Fetch:
        for n in range(len(TITLES) + 1):
            page = wrap([item(n)] if n < len(TITLES) else [])
            site.put(f"{path}{start + n * step}", json.dumps(page))
        parameter = path.rpartition("?")[2].rpartition("&")[2].rstrip("=")
        paging = Paging(parameter=parameter, first=start, step=step, items=items)
        address = site.address + path.rpartition(parameter)[0].rstrip("?&")
        return Fetch(starts=(address,), discover="api", paging=paging, every="60s", delay=0.0, loopback=True)  # fmt: skip

    return build


def _linked(site: Site) -> Fetch:
    """JSON:API: each page names the next in its links."""
    for n, _ in enumerate(TITLES, 1):
        links = (
            {"next": f"{site.address}/v1/jobs?page%5Bnumber%5D={n + 1}"} if n < len(TITLES) else {}
        )
        page = {"data": [_teamtailor(n - 1)], "links": links, "meta": {"record-count": len(TITLES)}}
        site.put(f"/v1/jobs?page%5Bnumber%5D={n}", json.dumps(page))
    paging = Paging(items="data", cursor="links.next")
    start = f"{site.address}/v1/jobs?page%5Bnumber%5D=1"
    return Fetch(starts=(start,), discover="api", paging=paging, every="60s", delay=0.0, loopback=True)  # fmt: skip


def _personio(site: Site) -> Fetch:
    """One XML document of positions."""
    positions = "".join(
        f"<position><id>{n}</id><subcompany>Essai</subcompany><office>Safi</office><department>Atelier</department>"
        f"<name>{title}</name><jobDescriptions><jobDescription><name>Poste</name><value><![CDATA[{WORDS}]]></value>"
        "</jobDescription></jobDescriptions><employmentType>permanent</employmentType><schedule>full-time</schedule>"
        f"<createdAt>{ISO}</createdAt></position>"
        for n, title in enumerate(TITLES)
    )
    site.put("/xml", f'<?xml version="1.0"?><workzag-jobs>{positions}</workzag-jobs>')
    return Fetch(starts=(f"{site.address}/xml",), every="60s", delay=0.0, loopback=True)


SERVICES = {
    "greenhouse": _whole("/v1/boards/essai/jobs?content=true", lambda ads: {"jobs": ads, "meta": {"total": 3}}, _greenhouse),
    "lever": _whole("/v0/postings/essai?mode=json", lambda ads: ads, _lever),
    "ashby": _whole("/posting-api/job-board/essai", lambda ads: {"jobs": ads, "apiVersion": "1"}, _ashby),
    "workable": _whole("/api/v1/widget/accounts/essai?details=true", lambda ads: {"name": "Essai", "description": None, "jobs": ads}, _workable),
    "recruitee": _whole("/api/offers/", lambda ads: {"offers": ads}, _recruitee),
    "smartrecruiters": _numbered("/v1/companies/essai/postings?limit=1&offset=", "content",
                                 lambda ads: {"offset": 0, "limit": 1, "totalFound": 3, "content": ads}, _smartrecruiters, 0, 1),
    "jobtech": _numbered("/search?limit=1&offset=", "hits", lambda ads: {"total": {"value": 3}, "hits": ads}, _jobtech, 0, 1),
    "france_travail": _numbered("/partenaire/offresdemploi/v2/offres/search?page=", "resultats",
                                lambda ads: {"resultats": ads, "filtresPossibles": []}, _france_travail, 1, 1),
    "teamtailor": _linked,
    "personio": _personio,
}  # fmt: skip


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as running:
        yield running


@pytest.mark.parametrize("service", SERVICES)
def test_every_ad_of_a_service_is_gathered(service: str, site: Site, tmp_path: Path) -> None:
    flow = Flow(Settings(home=tmp_path / "home", sample=False))
    form = "xml_job_feed" if service == "personio" else "job_feed"
    spec = fetched(form, SERVICES[service](site))
    poll(flow, spec)
    ended = last(flow, spec)
    assert (ended["how"], ended["records"], ended["set_aside"]) == ("complete", 3, 0), ended["note"]
    ads = flow.lake.read("raw_contents").to_pylist()
    assert sorted(ad["raw_title"] for ad in ads) == sorted(TITLES)
    sightings = flow.lake.read("raw_sightings").to_pylist()
    assert {str(row["posted_on"]) for row in sightings} == {"2026-11-20"}
    if service != "teamtailor":  # its places stand in an answer of their own
        assert all("safi" in ad["raw_place"].lower() for ad in ads)
    kept = repr(ads)
    assert "Nora" not in kept
    assert "0600000000" not in kept
