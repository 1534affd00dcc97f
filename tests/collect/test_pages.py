"""Pages by rule, by table and by labels; public notices as pages and as PDF."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import msgspec
import pypdfium2
import pytest
import typst

from marsad.base import ocr
from marsad.base.errors import InputError
from marsad.base.records import Course, JobAd, Record
from marsad.collect.adapters import page
from marsad.collect.adapters.notice import SCAN
from marsad.collect.context import Context, Payload
from marsad.collect.detect import detect
from marsad.collect.register import Source, collector, source

TODAY = dt.date(2026, 5, 15)
FONTS = Path(__file__).resolve().parents[2] / "src" / "marsad" / "web" / "assets" / "dist" / "fonts"


def _read(name: str, data: bytes, kind: str = "ads") -> tuple[list[Record], Context]:
    spec = detect(kind, Path(name), data)
    context = Context(spec, (Payload(name, data),), today=TODAY)
    return list(collector(spec)(context)), context


def _ad(name: str, data: bytes) -> JobAd:
    (ad,), _ = _read(name, data)
    assert isinstance(ad, JobAd)
    return ad


def _page(body: str) -> bytes:
    return f"<html><head><meta charset=utf-8></head><body>{body}</body></html>".encode()


# By rule.


def _rule(columns: dict[str, str], **options: str) -> Source:
    return msgspec.structs.replace(
        source("intermediation_list"), columns=columns, options=options, optional=()
    )


def _by_rule(spec: Source, body: str) -> tuple[list[Record], Context]:
    context = Context(spec, (Payload("p.html", _page(body)),), today=TODAY)
    return list(page.collect(context)), context


def test_a_page_of_one_ad_is_read_by_its_selectors() -> None:
    spec = _rule(
        {"h1": "raw_title", ".lieu": "raw_place", "a.lien@href": "url", "#texte": "raw_text"}
    )
    body = "<base href='https://exemple.ma/o/'><h1>Potier</h1><i class=lieu>Safi</i><a class=lien href=../p/1>x</a><div id=texte><p>Tourne.</p><p>Cuit.</p></div>"
    (ad,), _ = _by_rule(spec, body)
    assert isinstance(ad, JobAd)
    assert (ad.raw_title, ad.raw_place, ad.url) == ("Potier", "Safi", "https://exemple.ma/p/1")
    assert ad.raw_text == "Tourne.\nCuit."


def test_a_site_that_was_rebuilt_is_refused_by_the_selector_that_finds_nothing() -> None:
    spec = _rule({"h2": "raw_title", ".lieu": "raw_place"}, item="article")
    with pytest.raises(InputError, match=r"missing fields \.lieu"):
        _by_rule(spec, "<article><h2>Potier</h2><b class=ville>Safi</b></article>")


def test_a_selector_that_is_none_is_named() -> None:
    with pytest.raises(InputError, match="a selector of source"):
        _by_rule(_rule({"h2": "raw_title"}, item="div[["), "<div><h2>Potier</h2></div>")


def test_a_page_without_items_gives_none_and_a_warning() -> None:
    ads, context = _by_rule(
        _rule({"h2": "raw_title"}, item="article"), "<nav><h2>Offres</h2></nav>"
    )
    assert ads == []
    assert [issue.rule for issue in context.issues] == ["no item in this page"]


# By ordinary names.


@pytest.mark.parametrize(
    "body",
    [
        "<dl><dt>Ville</dt><dd>Safi</dd><dt>Contrat</dt><dd>CDI</dd><dt>Entreprise</dt><dd>Essai</dd></dl>",
        "<table><tr><th>Ville</th><td>Safi</td></tr><tr><th>Contrat</th><td>CDI</td></tr><tr><th>Entreprise</th><td>Essai</td></tr></table>",
        "<p><b>Ville :</b> Safi<br><b>Contrat :</b> CDI<br><b>Entreprise :</b> Essai</p>",
        "<ul><li><span>Ville</span> Safi</li><li><span>Contrat</span> CDI</li><li><span>Entreprise</span> Essai</li></ul>",
        "<div>Ville:</div><div>Safi</div><div>Contrat:</div><div>CDI</div><div>Entreprise:</div><div>Essai</div>",
    ],
)
def test_labels_are_read_however_they_are_written(body: str) -> None:
    ad = _ad("p.html", _page(f"<nav>Ville : toutes</nav><h1>Potier</h1>{body}"))
    assert (ad.raw_title, ad.raw_place, ad.raw_contract, ad.raw_company) == (
        "Potier",
        "Safi",
        "CDI",
        "Essai",
    )


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Bienvenue</h1><p>Ville : Rabat</p>",
        "<h1>Nos offres</h1><ul><li><a href=/1>Potier</a></li><li><a href=/2>Cirier</a></li></ul>",
        "<h1>Conditions</h1><p>Article 1 : objet du contrat. Article 2 : durée.</p>",
        "<table><tr><th>Nom</th><th>Téléphone</th></tr><tr><td>Nora</td><td>0600000000</td></tr></table>",
    ],
)
def test_what_says_too_little_is_no_ad(body: str) -> None:
    ads, context = _read("p.html", _page(body))
    assert ads == []
    assert "no JobPosting" in context.issues[-1].rule


def test_a_page_of_trainings_in_a_table() -> None:
    body = "<table><tr><th>Intitulé de la formation</th><th>Ville</th><th>Frais</th><th>Nombre de places</th></tr><tr><td><a href='https://exemple.ma/f/1'>Vannerie</a></td><td>Safi</td><td>500 DH</td><td>12</td></tr></table>"
    (course,), _ = _read("f.html", _page(body), "courses")
    assert isinstance(course, Course)
    assert (course.raw_title, course.raw_place, course.raw_fees, course.places) == (
        "Vannerie",
        "Safi",
        "500 DH",
        12,
    )
    assert course.url == "https://exemple.ma/f/1"


def test_cards_of_a_list_are_one_ad_each_with_their_links_and_days() -> None:
    card = "<article><h3><a href='/o/{0}'>{1}</a></h3><span>Entreprise : Essai</span><br><span>Lieu : Safi</span><br>Publié le {0}/05/2026</article>"
    cards = "".join(card.format(n, title) for n, title in ((2, "Soudeur"), (3, "Peintre")))
    head = "<link rel=canonical href=https://exemple.ma/offres>"
    ads, _ = _read(
        "l.html", _page(f"{head}<h1>2 offres</h1>{cards}<h3>Aide</h3><p>Écrivez-nous</p>")
    )
    assert [(ad.raw_title, ad.url, ad.posted_on) for ad in ads if isinstance(ad, JobAd)] == [
        ("Soudeur", "https://exemple.ma/o/2", dt.date(2026, 5, 2)),
        ("Peintre", "https://exemple.ma/o/3", dt.date(2026, 5, 3)),
    ]


def test_a_list_whose_letters_were_encoded_twice_is_read() -> None:
    body = "<form><label>Région :</label><select><option>Fès</option></select></form><table><tr><th>Réf. offre</th><th>Date offre</th><th>Emploi métier</th><th>Nbre de postes</th><th>Raison sociale</th><th>Lieu de travail</th></tr><tr><td>CA1</td><td>12/04/2026</td><td>Opérateur</td><td>20</td><td>Essai</td><td>Kénitra</td></tr></table>"
    twice = _page(body).decode().encode().decode("cp1252").encode()
    ad = _ad("l.html", twice)
    assert (ad.ad_id, ad.raw_title, ad.raw_place, ad.positions) == (
        "CA1",
        "Opérateur",
        "Kénitra",
        20,
    )


# Notices.

ARABIC = """#set text(lang: "ar", dir: rtl, font: "IBM Plex Sans Arabic")
المملكة المغربية

جماعة التجارب

إعلان عن مباراة لتوظيف (07) تقنيين من الدرجة الثالثة

مقر التعيين: الرشيدية

آخر أجل لإيداع الترشيحات: 22 يونيو 2026
"""


FRENCH = """#set text(lang: "fr")
Royaume du Maroc

Commune d’essai

Avis de concours de recrutement de (07) techniciens de 3ème grade

Lieu d’affectation : Errachidia

Date limite de dépôt des candidatures : 15 juin 2026
"""


def _pdf(text: str, tmp_path: Path) -> bytes:
    path = tmp_path / "n.typ"
    path.write_text(text, encoding="utf-8")
    made: bytes = typst.compile(str(path), font_paths=[str(FONTS)])
    return made


def test_a_notice_in_arabic_is_read_from_its_pdf_in_the_order_of_speech(tmp_path: Path) -> None:
    ad = _ad("n.pdf", _pdf(ARABIC, tmp_path))
    assert ad.raw_title == "إعلان عن مباراة لتوظيف (07) تقنيين من الدرجة الثالثة"
    assert (ad.raw_company, ad.raw_place, ad.positions) == ("جماعة التجارب", "الرشيدية", 7)
    assert (ad.deadline_on, ad.country) == (dt.date(2026, 6, 22), "MA")


def _scanned(written: bytes) -> bytes:
    """A PDF that holds a picture of each page of another one."""
    document, scan = pypdfium2.PdfDocument(written), pypdfium2.PdfDocument.new()
    for sheet in document:
        width, height = sheet.get_size()
        image = pypdfium2.PdfImage.new(scan)
        image.set_bitmap(sheet.render(scale=200 / 72))
        image.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
        copy = scan.new_page(width, height)
        copy.insert_obj(image)
        copy.gen_content()
    out = io.BytesIO()
    scan.save(out)
    return out.getvalue()


needs_ocr = pytest.mark.skipif(
    not {"ara", "fra"} <= set(ocr.languages()),
    reason="there is no Tesseract with ara and fra here: apt-get install tesseract-ocr-ara tesseract-ocr-fra",
)


@needs_ocr
@pytest.mark.parametrize(
    ("text", "title", "day"),
    [(FRENCH, "Avis de concours", dt.date(2026, 6, 15)), (ARABIC, "إعلان عن مباراة", dt.date(2026, 6, 22))],
)  # fmt: skip
def test_a_scan_is_read_where_there_is_a_program_for_it(
    text: str, title: str, day: dt.date, tmp_path: Path
) -> None:
    ads, context = _read("s.pdf", _scanned(_pdf(text, tmp_path)))
    assert [ad.raw_title[: len(title)] for ad in ads] == [title]
    assert ads[0].deadline_on == day
    assert "a person should compare it" in context.issues[0].rule


@needs_ocr
def test_a_scan_that_says_nothing_sure_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="with a confidence of"):
        _read("s.pdf", _pdf("#rect(width: 4cm)", tmp_path))


def test_a_scan_and_a_broken_pdf_are_refused_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "languages", lambda: ())
    with pytest.raises(InputError, match="it is a scan") as refused:
        _read("s.pdf", _pdf("#rect(width: 4cm)", tmp_path))
    assert refused.value.rule == SCAN
    with pytest.raises(InputError, match="damaged"):
        _read("b.pdf", b"%PDF-1.7\n%nothing")


def test_a_document_that_calls_for_no_applications_is_no_notice(tmp_path: Path) -> None:
    ads, context = _read(
        "c.pdf", _pdf("Rapport annuel de la commune d'essai, sans emploi ni poste.", tmp_path)
    )
    assert ads == []
    assert "no notice" in context.issues[0].rule


@pytest.mark.parametrize(
    ("sentence", "deadline"),
    [
        ("Le dossier est déposé au plus tard le 12 juin 2026 à 16h30.", dt.date(2026, 6, 12)),
        ("La date limite de dépôt est fixée au 05/06/2026.", dt.date(2026, 6, 5)),
        ("Dernier délai : vendredi 19 juin 2026", dt.date(2026, 6, 19)),
    ],
)
def test_the_last_day_of_a_notice_is_read_from_its_sentences(
    sentence: str, deadline: dt.date
) -> None:
    ad = _ad(
        "n.html",
        _page(
            f"<p>Province d'essai</p><h1>Avis de concours pour le recrutement de (04) adjoints</h1><p>{sentence}</p>"
        ),
    )
    assert (ad.deadline_on, ad.positions, ad.raw_company) == (deadline, 4, "Province d'essai")
