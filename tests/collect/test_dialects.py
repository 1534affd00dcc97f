"""Ordinary names, dialects, and forms that nobody named: what is read, and what must not be."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from marsad.base.errors import InputError
from marsad.base.records import JobAd
from marsad.collect.context import Context, Payload
from marsad.collect.detect import detect
from marsad.collect.names import key, meaning, plan
from marsad.collect.register import collector, source

TODAY = dt.date(2026, 6, 15)


def ads(name: str, data: str | bytes, identifier: str = "") -> tuple[list[JobAd], Context]:
    data = data if isinstance(data, bytes) else data.encode()
    spec = source(identifier) if identifier else detect("ads", Path(name), data)
    context = Context(spec, (Payload(name, data),), today=TODAY)
    return [r for r in collector(spec)(context) if isinstance(r, JobAd)], context


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("jobTitle", "raw_title"), ("intituleDuPoste", "raw_title"), ("offre/intitule", "raw_title"),
        ("JobDescription", "raw_text"), ("job_ad/sections/qualifications/text", "raw_text"),
        ("nomEntreprise", "raw_company"), ("company/displayName", "raw_company"),
        ("lieu_de_travail/libelle", "raw_place"), ("company/address/city", "raw_place"),
        ("location/countryCode", "country"), ("dateDePublication", "posted_on"), ("publicationdate", "posted_on"),
        ("expirationDate", "deadline_on"), ("date limite de dépôt des candidatures", "deadline_on"),
        ("typeContrat/libelle", "raw_contract"), ("salary/min", "pay_low"), ("salaryMax", "pay_high"),
        ("niveauEtudes", "raw_diploma"), ("nb_postes", "positions"), ("jobUrl", "url"),
        ("اسم الشركة", "raw_company"), ("المدينة", "raw_place"), ("آخر أجل للترشيح", "deadline_on"),
    ],
)  # fmt: skip
def test_a_name_says_its_field_whatever_its_spelling(path: str, field: str) -> None:
    means = meaning("ads", path)
    assert means is not None
    assert means.field == field


@pytest.mark.parametrize(
    "path",
    [
        "recruiter/name", "contact/email", "hiring_manager/title", "company/description", "company/id",
        "author/name", "recruiterPhone", "location/id", "job_start_date", "entity/logo/url",
    ],
)  # fmt: skip
def test_what_is_of_a_person_or_of_the_employer_is_no_field_of_the_ad(path: str) -> None:
    means = meaning("ads", path)
    assert means is None or means.field == "(ignored)"


def test_names_are_compared_by_their_words() -> None:
    assert key("date_de_publication") == key("Publication Dates") == key("datePublication")
    assert key("pays") != key("pay")


def test_codes_beside_a_name_are_not_read() -> None:
    fields = [
        "title",
        "contract/code",
        "contract/type",
        "contract/label",
        "region/code",
        "region/label",
    ]
    made = plan(source("job_feed"), fields)
    assert set(made.columns) == {"title", "contract/label", "region/label"}


def test_relative_days_of_an_applicant_tracking_system() -> None:
    listing = {"total": 1, "jobPostings": [
        {"title": "Potier", "externalPath": "/job/x", "locationsText": "Safi, Morocco", "postedOn": "Posted 3 Days Ago", "bulletFields": ["R1"]}
    ]}  # fmt: skip
    (ad,), context = ads("w.json", json.dumps(listing))
    assert ad.posted_on == dt.date(2026, 6, 12)
    assert (ad.ad_id, ad.raw_place, ad.country, ad.url) == ("R1", "Safi, Morocco", "MA", "")
    assert "of which site" in context.issues[0].rule


def test_a_list_under_an_unknown_name_and_elements_of_one_are_items() -> None:
    rows = [{"jobTitle": t, "townName": "Safi", "employer": "Essai"} for t in ("Potier", "Cirier")]
    as_json, _ = ads("a.json", json.dumps({"generated": "2026-06-01", "stellen": rows}))
    elements = "".join(
        f"<stelle><jobTitle>{r['jobTitle']}</jobTitle><city>Safi</city></stelle>" for r in rows
    )
    as_xml, _ = ads("a.xml", f"<liste><kopf><stand>1</stand></kopf>{elements}</liste>")
    assert (
        [ad.raw_title for ad in as_json] == [ad.raw_title for ad in as_xml] == ["Potier", "Cirier"]
    )


def test_an_address_of_a_country_says_it_only_of_places_that_are_not_known_here() -> None:
    def item(place: str, host: str) -> str:
        return f"<job><title>Potier</title><city>{place}</city><url>https://{host}/1</url></job>"

    places = [
        ("Quimperlé", "essai.fr"),
        ("Témara", "essai.fr"),
        ("Tombouctou", "essai.ma"),
        ("", "essai.fr"),
    ]
    read, _ = ads("f.xml", f"<jobs>{''.join(item(*p) for p in places)}</jobs>")
    assert [ad.country for ad in read] == ["FR", "", "", ""]


def test_working_time_is_read_from_a_yes_a_number_and_words() -> None:
    rows = [
        {"titre": "Potier", "contrat": "CDI", "temps_partiel": True},
        {"titre": "Cirier", "contrat": "CDI", "temps_partiel": False},
        {"titre": "Luthier", "contrat": "CDD", "temps_de_travail_hebdomadaire": 35},
        {"titre": "Relieur", "contrat": "CDD", "temps_de_travail_hebdomadaire": 0},
    ]
    read, _ = ads("a.json", json.dumps(rows))
    assert [ad.raw_contract for ad in read] == [
        "CDI, temps partiel", "CDI, temps plein", "CDD, 35 heures par semaine", "CDD",
    ]  # fmt: skip


def test_a_bare_figure_of_pay_takes_its_currency_and_period() -> None:
    rows = [
        {"title": "Potier", "salary": "6000", "currency": "MAD", "salary_period": "month"},
        {"title": "Cirier", "salary": "à négocier", "currency": "MAD", "salary_period": "month"},
        {
            "title": "Luthier",
            "salary": {"min": 0, "max": 7000, "currency": "MAD", "period": "month"},
        },
    ]
    read, _ = ads("a.json", json.dumps(rows), "job_feed")
    assert [ad.raw_salary for ad in read] == [
        "6000 MAD month",
        "à négocier",
        "up to 7000 MAD month",
    ]


def test_every_dialect_of_a_service_has_a_sample_that_shows_it() -> None:
    shown = set()
    for identifier in ("job_feed", "xml_job_feed"):
        spec = source(identifier)
        for path in sorted((spec.folder / "sample").iterdir()):
            context = Context(spec, (Payload(path.name, path.read_bytes()),), today=TODAY)
            list(collector(spec)(context))
            shown |= context.dialects
    assert shown == {d for i in ("job_feed", "xml_job_feed") for d in source(i).dialects}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "contacts.csv",
            "nom;prénom;ville;téléphone;date\nEssai;Nora;Safi;0600000000;2026-05-01\n",
        ),
        ("sites.json", '[{"id": "s1", "nom": "Centre d’essai", "ville": "Settat"}]'),
        ("stocks.csv", "code;libellé;date;quantité\n1;vis;2026-05-01;12\n"),
        ("people.csv", "Name,Company,City,Email\nNora,Essai,Safi,nora@exemple.ma\n"),
    ],
)
def test_lists_of_persons_places_and_things_are_no_ads(name: str, text: str) -> None:
    with pytest.raises(InputError, match="no source reads the fields"):
        detect("ads", Path(name), text.encode())


def test_pages_of_results_in_a_list_of_one_and_a_list_that_was_cut_off() -> None:
    rows = [
        {"Id": n, "Title": t, "PrimaryLocation": "Safi", "Department": "x"}
        for n, t in enumerate(("Potier", "Cirier"))
    ]
    page = json.dumps({"items": [{"TotalCount": 2, "requisitionList": rows}], "count": 1})
    read, _ = ads("o.json", page)
    assert [ad.raw_title for ad in read] == ["Potier", "Cirier"]
    cut = json.dumps({"total": 2, "jobs": rows})[:-20]
    read, context = ads("c.json", cut)
    assert [ad.raw_title for ad in read] == ["Potier"]
    assert "the rest is not JSON" in context.issues[0].rule


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("JobExpireDate", "deadline_on"), ("unpostingDate", "deadline_on"), ("team_id", None), ("departmentId", None),
        ("country_id", "country"), ("Entreprise recruteuse", "raw_company"), ("Type de contrat proposé", "raw_contract"),
        ("Niveau d’études exigé", "raw_diploma"), ("الإدارة المنظمة", "raw_company"), ("المؤهل العلمي المطلوب", "raw_diploma"),
    ],
)  # fmt: skip
def test_names_of_forms_that_were_not_written_for(name: str, field: str | None) -> None:
    means = meaning("ads", name)
    assert (means.field if means and means.field != "(ignored)" else None) == field


@pytest.mark.parametrize(
    "text",
    [
        '{"jobs": {"a": 1}}',
        '{"results": {"jobs": {"x": {}}}}',
        '[{"a": [{"b": 1}]}]',
        '{"data": [[]]}',
    ],
)
def test_wrappers_of_nothing_are_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(InputError):
        detect("ads", Path("x.json"), text.encode())


def test_what_an_ordinary_name_holds_must_be_of_its_kind() -> None:
    rows = [
        {"enseigne": "Atlas", "a_pourvoir_avant": "15/12/2026", "intitule": "Maçon",
         "adresse_web": "https://forsa.example.org/a/1", "ville": "Safi"},
    ]  # fmt: skip
    read, context = ads("f.json", json.dumps(rows))
    assert [(ad.raw_title, ad.raw_place) for ad in read] == [("Maçon", "Safi")]
    assert any("holds an address: not read as raw_place" in i.rule for i in context.issues)


def test_trainings_in_nested_json_are_read_by_path() -> None:
    rows = [
        {"code": "F1", "intitule": "Vannerie", "organisme": {"nom": "Institut d’essai"},
         "lieu": {"ville": "Safi"}, "places": 20, "prix": {"montant": 1200}},
    ]  # fmt: skip
    payload = Payload("f.json", json.dumps(rows).encode())
    spec = detect("courses", Path("f.json"), payload.data)
    context = Context(spec, (payload,))
    (course,) = collector(spec)(context)
    assert (course.raw_provider, course.raw_place) == ("Institut d’essai", "Safi")
    assert course.raw_fees or any("prix/montant" in i.rule for i in context.issues), (
        "nothing is lost"
    )
