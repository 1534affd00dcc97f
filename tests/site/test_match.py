"""Find my way on the real release: by form and by address, without JavaScript, nothing kept."""

from __future__ import annotations

import re

import httpx2
import pytest
from harness import audit
from playwright.sync_api import Browser, Page
from starlette.formparsers import MultiPartParser

from marsad.web.dispatch import MOST_BYTES

LIST = "A1; soudure, lecture de plans; Casablanca-Settat\nnothing\nA2; comptable + excel;\nA3; soudure; Atlantide"


def _sent(address: str, **fields: object) -> httpx2.Response:
    files = {
        name: (None, value) if isinstance(value, str) else value for name, value in fields.items()
    }  # type: ignore[var-annotated]
    return httpx2.post(address, files=files)  # type: ignore[arg-type]


def test_typed_skills_are_understood_and_answered(real_site: str, wordless: Page) -> None:
    wordless.goto(f"{real_site}/fr/match")
    wordless.fill("#f-text", "soudure, lecture de plans, TIG, xqzzt")
    wordless.click("form.seeker button")
    assert wordless.locator("#understood input[type=checkbox]").count() == 3
    assert wordless.input_value("#f-text") == "xqzzt"
    assert wordless.locator(".openings > li").count() > 0
    for one in wordless.locator(".openings > li").all():
        assert one.locator(".reasons dd").count() > 0
        assert one.locator("data.v").count() == 1
    assert wordless.locator(".ways > li .reasons dd").count() > 0
    wordless.locator("#understood input[type=checkbox]").first.uncheck()
    wordless.click("form.seeker button")
    assert wordless.locator("#understood input[type=checkbox]").count() == 2


def test_a_bad_file_is_refused_and_what_was_said_is_still_there(real_site: str) -> None:
    answer = _sent(
        f"{real_site}/fr/match",
        text="soudure",
        cv=("cv.pdf", b"%PDF-1.7 broken", "application/pdf"),
    )
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-cache"
    assert "abîmé" in answer.text
    assert 'name="skill"' in answer.text
    large = _sent(
        f"{real_site}/fr/match", cv=("cv.pdf", b"0" * (MOST_BYTES + 1), "application/pdf")
    )
    assert large.status_code == 413


def test_a_cv_never_reaches_the_disk() -> None:
    assert MultiPartParser.spool_max_size > MOST_BYTES


def test_a_cv_is_forgotten_but_for_its_skills(real_site: str) -> None:
    import io

    from docx import Document

    made, out = Document(), io.BytesIO()
    for line in ("Zineb Bouhlal", "0655443322", "Soudeuse", "Soudure TIG, Excel"):
        made.add_paragraph(line)
    made.save(out)
    answer = _sent(f"{real_site}/ar/match", cv=("Zineb.docx", out.getvalue(), "application/zip"))
    assert answer.text.count('name="skill"') >= 2
    assert not re.search("Zineb|Bouhlal|0655443322", answer.text)


def test_an_employer_is_told_words_that_exclude(real_site: str) -> None:
    ad = "Recherche hôtesse d’accueil, jeune femme de 20 à 30 ans. Excel. 4000 DH par mois"
    text = _sent(f"{real_site}/fr/match/employer", ad=ad, area="MA-06").text
    assert "jeune femme" in text
    assert "65-99" in text
    assert text.count("<mark") == 2
    empty = _sent(f"{real_site}/fr/match/employer", ad=" ", area="MA-06")
    assert empty.status_code == 200
    hostile = _sent(f"{real_site}/fr/match/employer", ad="<script>alert(1)</script> soudeur").text
    assert "<script>alert" not in hostile


def test_a_list_is_answered_and_bad_lines_are_named(real_site: str) -> None:
    address = f"{real_site}/en/match/counsellor"
    text = _sent(address, people=LIST).text
    assert "Line 2" in text
    assert "Atlantide" in text
    assert "2 people answered" in text
    table = _sent(address, people=LIST, format="csv")
    assert table.headers["content-type"].startswith("text/csv")
    rows = table.text.lstrip("\ufeff").splitlines()
    assert [row.split(",")[0] for row in rows] == ["reference", "A1", "A2"]
    assert rows[1].split(",")[1] == "7212"


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("width", [320, 1280])
def test_pages_of_matching_axe(browser: Browser, real_site: str, language: str, width: int) -> None:
    answered = f"{real_site}/{language}/match?occupation=7212&area=MA-06"
    audit(browser, answered, width, f"match-{language}")
    if (language, width) == ("ar", 320):
        audit(browser, f"{real_site}/{language}/match/employer", width, f"employer-{language}")
        audit(browser, f"{real_site}/{language}/match/counsellor", width, f"counsellor-{language}")


SENTENCES = {
    "fr": "je suis serveur dans un café à Rabat depuis 5 ans, je parle anglais",
    "ar": "كنت خياطة فطنجة 6 سنين، القفطان والجلباب",
}


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("width", [320, 360, 390])
def test_a_sentence_answered_fits_a_telephone_and_survives_the_switch_and_back(
    browser: Browser, real_site: str, language: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 740})
    page.goto(f"{real_site}/{language}/match")
    page.fill("#f-text", SENTENCES[language])
    with page.expect_navigation():  # a click returns before the answer has its style
        page.click("form.seeker button:not([name])")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    openings = page.locator(".openings > li").count()
    assert openings > 0
    assert page.input_value("#f-years") == {"fr": "5", "ar": "6"}[language]
    assert page.input_value("#f-area") == {"fr": "MA-04-421", "ar": "MA-01-511"}[language]
    page.locator(".openings h3 a").first.click()
    page.wait_for_url("**/ads/**")
    page.go_back()
    assert page.locator(".openings > li").count() == openings
    other = {"ar": "fr", "fr": "ar"}[language]
    page.click(f".tongues button[lang={other}]")
    page.wait_for_url(f"**/{other}/match")  # what was said is not in the address
    assert page.locator(".openings > li").count() == openings
    assert page.input_value("#f-years") == {"fr": "5", "ar": "6"}[language]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


def test_what_was_read_is_shown_and_can_be_corrected(real_site: str) -> None:
    address = f"{real_site}/fr/match"
    text = _sent(address, text="maçon à Fès, 3 ans, bac").text
    assert re.search(r'name="occupation" value="7112" checked', text)
    assert 'value="3"' in text
    assert "Bac" in text
    wider = _sent(address, words="maçon à Fès", occupation="7112", area="", years="").text
    assert not re.search(r'value="MA-03-231" selected', wider)  # what was taken away stays away
    corrected = _sent(address, words="maçon", occupation="7126", area="MA-06", years="0").text
    assert re.search(r'name="occupation" value="7126" checked', corrected)
    assert re.search(r'value="MA-06" selected', corrected)


@pytest.mark.parametrize("field", ["km=7", "skill=x", "skills=nope", "within_km=far", "colour=red"])
def test_a_field_nobody_knows_is_refused(real_site: str, field: str) -> None:
    assert httpx2.get(f"{real_site}/fr/match?{field}").status_code == 400
    if field == "skill=x":
        assert _sent(f"{real_site}/fr/match", text="maçon", skill="x").status_code == 400


def test_what_is_denied_is_left_out_and_told_in_every_language(real_site: str) -> None:
    text = "je suis carreleur, je ne sais pas souder, sans permis B, à Fès"
    for language, words in {"fr": "laissé de côté", "en": "left out", "ar": "نفيته"}.items():
        page = _sent(f"{real_site}/{language}/match", text=text).text
        assert page.count(words) == 2
        assert 'name="occupation" value="7122" checked' in page
        assert page.count('name="denied"') == 2
    again = _sent(f"{real_site}/en/match", words="carreleur", denied="pas souder").text
    assert "pas souder" in again
    asked = {"text": "carreleur, pas de soudure, à Rabat ou Fès", "lang": "fr"}
    understood = httpx2.post(f"{real_site}/api/v1/matching", json=asked).json()["understood"]
    assert [note["code"] for note in understood["notes"]] == ["denied", "places"]


def test_what_was_given_up_is_told(real_site: str) -> None:
    answer = _sent(f"{real_site}/fr/match", text="serveur", area="MA-12", within_km="20")
    assert "Plus large que demandé" in answer.text
    assert "hors de la zone voulue" in answer.text


@pytest.mark.parametrize(
    "fields", [{"area": "Tokyo"}, {"occupation": "9999"}, {"contract": "zz"}, {"years": "900"}]
)
def test_a_value_nobody_knows_is_an_error(real_site: str, fields: dict[str, str]) -> None:
    assert _sent(f"{real_site}/fr/match", text="maçon", **fields).status_code == 400
    if "years" not in fields:
        assert httpx2.get(f"{real_site}/ar/match", params=fields).status_code == 400


def test_a_counsellor_gets_several_offers_near_first(real_site: str) -> None:
    lines = "A1; serveur en salle, 4 ans à Rabat\nA2; كنخيط القفاطن; طنجة"
    text = _sent(f"{real_site}/fr/match/counsellor", people=lines).text
    assert "Rabat" in text
    table = _sent(f"{real_site}/fr/match/counsellor", people=lines, format="csv").text
    rows = [row.split(",") for row in table.lstrip("\ufeff").splitlines()[1:]]
    assert [row[1] for row in rows] == ["5131", "7531"]
    assert "MA-04-421" in table
    assert " | " in rows[0][4] or " | " in rows[0][3]


def test_an_employer_is_told_the_legal_minimum_and_no_address_is_copied(real_site: str) -> None:
    ad = "Bghina derri 18-25 3am l snack. 2400 DH net par mois. Envoyer 300 dh a truc@exemple.ma pour inscription"
    text = _sent(f"{real_site}/fr/match/employer", ad=ad).text
    quoted = " ".join(re.findall(r"<mark[^>]*>(.*?)</mark>", text))
    assert "derri" in quoted
    assert "2400" in quoted
    assert "300" in quoted
    assert "@" not in quoted
    assert "minimum légal hors agriculture" in text
    assert ".NET" not in text
