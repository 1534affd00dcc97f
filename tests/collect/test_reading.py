"""What an ad cannot do without, what is left out with a warning, and feeds that are broken or odd."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from marsad.base.errors import InputError
from marsad.base.records import JobAd
from marsad.collect import context as bounds
from marsad.collect.context import Context, Payload, read_payload
from marsad.collect.detect import detect
from marsad.collect.mapping import MOST_TEXT, pay_words
from marsad.collect.register import Source, collector, source, sources

TODAY = dt.date(2026, 6, 15)


def _ads(name: str, text: str | bytes, identifier: str = "") -> tuple[list[JobAd], Context]:
    data = text if isinstance(text, bytes) else text.encode()
    spec = source(identifier) if identifier else detect("ads", Path(name), data)
    context = Context(spec, (Payload(name, data),), today=TODAY)
    return [r for r in collector(spec)(context) if isinstance(r, JobAd)], context


def _rules(context: Context, level: str = "warning") -> str:
    return "\n".join(issue.rule for issue in context.issues if issue.level == level)


def _rss(*items: str, head: str = '<?xml version="1.0"?>') -> str:
    body = "".join(f"<item>{item}</item>" for item in items)
    return f"{head}<rss version='2.0'><channel><title>x</title>{body}</channel></rss>"


# Dates, countries, counts.


def test_a_date_that_cannot_be_leaves_the_ad_undated_with_file_row_and_rule() -> None:
    dates = ("Mon, 15 Jun 2026 10:00:00 GMT", "Sun, 14 Jun 2099", "1 Jan 1970", "demain peut-être")
    items = [
        f"<title>Potier</title><guid>{n}</guid><pubDate>{d}</pubDate>" for n, d in enumerate(dates)
    ]
    ads, context = _ads("f.rss", _rss(*items))
    assert [ad.posted_on for ad in ads] == [TODAY, None, None, None]
    assert [(i.file, i.row) for i in context.issues if i.rule.startswith("posted_on")] == [
        ("f.rss", 2), ("f.rss", 3), ("f.rss", 4),
    ]  # fmt: skip


def test_words_that_count_back_do_so_from_the_day_the_file_was_seen() -> None:
    spec = source("rss_ads")
    data = _rss("<title>Potier</title><pubDate>il y a 2 jours</pubDate>").encode()
    context = Context(spec, (Payload("f.rss", data),), TODAY, {"seen_on": dt.date(2026, 5, 3)})
    (ad,) = collector(spec)(context)
    assert isinstance(ad, JobAd)
    assert ad.posted_on == dt.date(2026, 5, 1)


@pytest.mark.parametrize(
    ("country", "place", "code"),
    [
        ("Royaume du Maroc", "", "MA"), ("MAR", "", "MA"), ("المغرب", "", "MA"), ("Tunisie", "Rabat", "TN"),
        ("", "Settat, Maroc", "MA"), ("", "Valparaíso, Chile", "CL"), ("", "Settat", ""), ("Atlantide", "Settat", ""),
    ],
)  # fmt: skip
def test_the_country_is_what_the_ad_says(country: str, place: str, code: str) -> None:
    xml = f"<jobs><job><title>Potier</title><city>{place}</city><country>{country}</country></job></jobs>"
    (ad,), context = _ads("f.xml", xml)
    assert ad.country == code
    assert ("unknown country 'Atlantide'" in _rules(context)) == (country == "Atlantide")


def test_a_count_that_is_none_and_a_text_without_end_are_left_out_or_cut() -> None:
    page = {
        "@type": "JobPosting",
        "title": "Potier",
        "totalJobOpenings": 10**30,
        "description": "x" * 300_000,
    }
    html = f'<script type="application/ld+json">{json.dumps(page)}</script>'
    (ad,), context = _ads("p.html", html)
    assert (ad.positions, len(ad.raw_text)) == (None, MOST_TEXT)
    assert "positions is left out" in _rules(context)
    assert "longer than 100,000 letters" in _rules(context)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"low": 6000, "high": 4000, "currency": "MAD", "unit": "MONTH"}, "4000-6000 MAD MONTH"),
        ({"low": 0, "high": "7 500", "currency": "MAD"}, "up to 7 500 MAD"),
        ({"low": "5000.0"}, "from 5000.0"),
        ({"low": 5000, "high": 5000, "unit": "WEEK"}, "5000 WEEK"),
        ({"amount": 40, "currency": "TND", "unit": "HOUR"}, "40 TND HOUR"),
        ({"low": 0, "high": 0, "currency": "MAD"}, ""),
        ({"low": [], "high": {"a": []}, "currency": "EUR"}, ""),
    ],
)
def test_pay_in_words(parts: dict[str, object], words: str) -> None:
    assert pay_words(**parts) == words  # type: ignore[arg-type]


# Feeds.


def test_a_feed_with_entities_bare_ampersands_and_an_old_doctype_is_mended() -> None:
    head = '<?xml version="1.0" encoding="ISO-8859-1"?><!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://x.example/a.dtd">'
    item = "<title>Cr&ecirc;pier R&D &#8211; A&amp;B</title><dc:creator>Essai & fils</dc:creator><link>https://exemple.ma/?a=1&b=2</link>"
    (ad,), context = _ads("f.rss", _rss(item, head=head))
    assert (ad.raw_title, ad.raw_company) == ("Crêpier R&D – A&B", "")
    assert ad.url == "https://exemple.ma/?a=1&b=2"
    assert "mended" in _rules(context)


@pytest.mark.parametrize("creator", ["Nora Essai", "admin_offres"])
def test_who_posted_an_item_is_not_the_employer(creator: str) -> None:
    """Two siblings: a person and a log-in."""
    posted = f"<title>Potier</title><dc:creator>{creator}</dc:creator>"
    ads, _ = _ads("f.rss", _rss(posted, f"{posted}<company>Poterie SARL</company>"))
    assert [ad.raw_company for ad in ads] == ["", "Poterie SARL"]


@pytest.mark.parametrize(
    "title", ["&lt;b&gt;&lt;/b&gt;", "&amp;nbsp;", "\u200b\u2060", "<![CDATA[<p>&nbsp;</p>]]>"]
)
def test_a_title_of_markup_only_is_none(title: str) -> None:
    ads, context = _ads("f.rss", _rss(f"<title>{title}</title>", "<title>C++</title>"))
    assert [ad.raw_title for ad in ads] == ["C++"]
    assert "needs a title" in _rules(context, "rejected")


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("mailto:x", ""),
        ("HTTPS://exemple.ma/1", "HTTPS://exemple.ma/1"),
        ("exemple.ma:8080/1", "exemple.ma:8080/1"),
    ],
)
def test_an_address_of_another_scheme_is_left_out_with_a_warning(link: str, url: str) -> None:
    (ad,), context = _ads("f.rss", _rss(f"<title>Potier</title><link>{link}</link>"))
    assert ad.url == url
    assert ("no web address" in _rules(context)) is not bool(url)


@pytest.mark.parametrize(
    "declared", ['<!DOCTYPE r [<!ENTITY a "b">]>', "<!DOCTYPE r SYSTEM 'x' [ ]>"]
)
def test_a_feed_that_declares_entities_is_refused_however_broken(declared: str) -> None:
    with pytest.raises(InputError, match="document type or entities"):
        _ads("f.rss", _rss("<title>&a;</title>", "<title>x</b>", head=declared))


def test_a_broken_item_is_set_aside_alone() -> None:
    feed = _rss("<title>Potier</title>", "<title>Vannier", "<title>Cirier</title>")
    ads, context = _ads("f.rss", feed)
    assert [ad.raw_title for ad in ads] == ["Potier", "Cirier"]
    assert [(i.level, i.row) for i in context.issues] == [("rejected", 2)]


def test_a_cut_feed_gives_what_stands_before_the_cut() -> None:
    ads, context = _ads(
        "f.xml", "<jobs><job><title>Potier</title></job><job><title>Van", "xml_job_feed"
    )
    assert [ad.raw_title for ad in ads] == ["Potier"]
    assert context.rejected == 1


def test_one_identifier_for_several_ads_becomes_one_each_whatever_their_order() -> None:
    items = [
        "<title>Potier</title><guid>7</guid>",
        "<title>Cirier</title><guid>7</guid>",
        "<title>Nattier</title><guid>8</guid>",
    ]
    ads, context = _ads("f.rss", _rss(*items))
    again, _ = _ads("f.rss", _rss(*reversed(items)))
    assert {ad.ad_id for ad in ads} == {ad.ad_id for ad in again}
    assert len({ad.ad_id for ad in ads}) == 3
    assert "8" in {ad.ad_id for ad in ads}
    assert "identifier '7' stands for 2 ads" in _rules(context)


def test_markup_inside_a_field_is_part_of_its_text() -> None:
    (ad,), _ = _ads(
        "f.xml",
        "<jobs><job><title>Potier</title><description>Tour <b>et</b> <i>four</i><p>soir</p>et matin</description></job></jobs>",
    )
    assert ad.raw_text == "Tour et four\nsoir\net matin"


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"jobs": [{"title": "Potier", "absolute_url": "https://exemple.ma/1", "content": "&lt;b&gt;x&lt;/b&gt;"}]}),
        json.dumps([{"text": "Potier", "hostedUrl": "https://exemple.ma/1", "createdAt": 1781000000000}]),
        json.dumps({"items": [{"title": "Potier", "content_text": "x", "url": "https://exemple.ma/1"}]}),
        json.dumps({"hits": [{"headline": "Potier", "employer": {"name": "x"}, "webpage_url": "https://exemple.ma/1"}]}),
    ],
)  # fmt: skip
def test_json_job_feeds_are_known_by_their_fields(text: str) -> None:
    (ad,), context = _ads("feed.json", text)
    assert context.spec.id == "job_feed"
    assert (ad.raw_title, ad.url) == ("Potier", "https://exemple.ma/1")


def test_json_of_no_known_feed_is_refused_by_its_fields() -> None:
    with pytest.raises(InputError, match="no source reads the fields humeur, title"):
        _ads("feed.json", json.dumps([{"title": "Potier", "humeur": "bonne"}]))


# Bounds.


def test_issues_are_bounded_and_the_rest_counted() -> None:
    columns = "".join(f"<c{n}>x</c{n}>" for n in range(900))
    ads, context = _ads("f.xml", f"<jobs><job><title>Potier</title>{columns}</job></jobs>")
    assert len(ads) == 1
    assert len(context.issues) == bounds.MOST_ISSUES + 1
    assert context.issues[-1].level == "note"
    assert context.issues[-1].rule == "400 more warning"
    ads, context = _ads("f.xml", "<jobs>" + "<job><city>x</city></job>" * 700 + "</jobs>")
    assert (len(ads), context.rejected) == (0, 700)
    assert "200 more rejected" in _rules(context, "note")


def test_an_item_of_too_many_fields_is_set_aside() -> None:
    attributes = " ".join(f'a{n}="x"' for n in range(3000))
    ads, context = _ads(
        "f.xml", f"<jobs><job {attributes}><title>A</title></job><job><title>B</title></job></jobs>"
    )
    assert [ad.raw_title for ad in ads] == ["B"]
    assert "more than 2,000 fields" in _rules(context, "rejected")


def test_a_file_that_is_too_large_or_gone_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "f.csv").write_bytes(b"x" * 11)
    monkeypatch.setattr(bounds, "MOST_BYTES", 10)
    with pytest.raises(InputError, match="larger than 10 bytes: give it in parts"):
        read_payload(tmp_path / "f.csv")
    with pytest.raises(InputError, match="cannot be read"):
        read_payload(tmp_path / "g.csv")


TABLES = [
    s
    for s in sources()
    if s.kind == "ads" and s.adapter in ("", "table") and not s.synthetic
    if s.needed
]


@pytest.mark.parametrize("spec", TABLES, ids=lambda s: s.id)
def test_a_table_is_known_by_its_heading_in_capitals(spec: Source) -> None:
    names = [c for c in spec.columns if c not in spec.optional and c != "place"] + [*spec.ignore]
    lines = (";".join(f" {name.upper()} " for name in names), ";".join("x" for _ in names), "")
    assert detect("ads", Path("t.csv"), "\n".join(lines).encode("utf-16")).id == spec.id


def test_names_of_a_feed_are_compared_without_case_hyphens_and_underscores() -> None:
    xml = "<Jobs><JOB><Job-Title>Potier</Job-Title><City>Safi</City><Job_Type>CDI</Job_Type><Posted-At>2026-06-01</Posted-At></JOB></Jobs>"
    (ad,), context = _ads("f.xml", xml)
    assert (ad.raw_title, ad.raw_place, ad.raw_contract) == ("Potier", "Safi", "CDI")
    assert ad.posted_on == dt.date(2026, 6, 1)
    assert context.issues == []


def test_an_employers_name_alone_is_no_identifier() -> None:
    items = [
        {"@type": "JobPosting", "title": t, "identifier": {"name": "Essai"}}
        for t in ("Potier", "Cirier")
    ]
    ads, _ = _ads("p.html", f'<script type="application/ld+json">{json.dumps(items)}</script>')
    assert len({ad.ad_id for ad in ads}) == 2


def test_things_that_are_only_pointed_to_are_read() -> None:
    graph = {"@graph": [
        {"@id": "#o", "@type": "Organization", "name": "Atelier d’essai"},
        {"@type": "JobPosting", "title": "Potier", "hiringOrganization": {"@id": "#o"}},
    ]}  # fmt: skip
    (ad,), _ = _ads("p.html", f'<script type="application/ld+json">{json.dumps(graph)}</script>')
    assert ad.raw_company == "Atelier d’essai"


@pytest.mark.parametrize(("written", "number"), [("3 postes", 3), ("Postes : 12", 12), ("1 200", 1200), ("10+", None), ("2-5", None), ("plusieurs", None)])  # fmt: skip
def test_posts_to_fill(written: str, number: int | None) -> None:
    xml = f"<jobs><job><title>Potier</title><openings>{written}</openings></job></jobs>"
    (ad,), _ = _ads("f.xml", xml)
    assert ad.positions == number


def test_a_heading_again_and_notes_below_a_table_are_no_ads() -> None:
    head = "job_url;site;title;company;location"
    text = f"{head}\nhttps://exemple.ma/1;x;Potier;Essai;Safi\n{head}\nhttps://exemple.ma/2;x;Cirier;Essai;Salé\nSource : essai;;;;\n"
    ads, context = _ads("t.csv", text)
    assert [ad.raw_title for ad in ads] == ["Potier", "Cirier"]
    assert "a note" in _rules(context, "rejected")


def test_names_of_json_in_capitals_are_those_of_the_source() -> None:
    fields = [c for c in source("morocco_boards").columns]
    row = {name.upper(): "Rekrute" if name == "source" else "x" for name in fields}
    (ad,), context = _ads("a.jsonl", json.dumps(row))
    assert (context.spec.id, ad.board, ad.raw_title) == ("morocco_boards", "rekrute", "x")


@pytest.mark.parametrize(
    ("heading", "line"),
    [
        ("title,company,location,date_posted", "Potier,Essai,Safi,2026-05-03"),
        ("Intitulé du poste,Entreprise,Lieu de travail,Date de publication", "Potier,Essai,Safi,03/05/2026"),
        ("POSTE,Société,Ville,Publié le,Observations", "Potier,Essai,Safi,03/05/2026,urgent"),
        ("المسمى الوظيفي,الشركة,المدينة,تاريخ النشر", "Potier,Essai,Safi,2026-05-03"),
        ("الوظيفة,المشغل,مكان العمل,التاريخ", "Potier,Essai,Safi,2026-05-03"),
        ("Job Title,Employer,City,Posted on", "Potier,Essai,Safi,3 May 2026"),
    ],
)  # fmt: skip
def test_a_table_under_ordinary_names_is_read_without_naming_its_source(
    heading: str, line: str
) -> None:
    (ad,), context = _ads("t.csv", f"{heading}\n{line}\n")
    assert context.spec.id == "ads_table"
    assert (ad.raw_title, ad.raw_company, ad.raw_place) == ("Potier", "Essai", "Safi")
    assert ad.posted_on == dt.date(2026, 5, 3)


@pytest.mark.parametrize("heading", ["humeur,couleur", "title,couleur", "company,location"])
def test_a_table_without_a_title_and_one_more_name_is_refused_by_its_own_fields(
    heading: str,
) -> None:
    with pytest.raises(
        InputError, match=f"reads the fields {', '.join(sorted(heading.split(',')))};"
    ):
        _ads("t.csv", f"{heading}\na,b\n")


def test_a_table_that_another_source_knows_stays_its_own() -> None:
    _, context = _ads("t.csv", "job_url,site,title,company\nhttps://exemple.ma/1,x,Potier,Essai\n")
    assert context.spec.id == "job_feed"
