"""What people write is read with its words: typed skills, CVs in memory, ads that exclude."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document

from marsad.base.arabic_lines import logical
from marsad.base.errors import InputError
from marsad.base.text import match_form
from marsad.enrich.fields.esco_skills.classify import vocabulary
from marsad.enrich.fields.esco_skills.rank import skills
from marsad.products.matching import document, read, wording
from marsad.products.matching.guess import Person, likely, occupations
from marsad.products.matching.pathways import paths

WELD, EXCEL = "530cb489-d900-46ab-9350-4d50ccd49eea", "1973c966-f236-40c9-b2d4-5d71a89019be"

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "cv"


def _docx(*lines: str) -> bytes:
    made, out = Document(), io.BytesIO()
    for line in lines:
        made.add_paragraph(line)
    table = made.add_table(1, 1)
    table.cell(0, 0).text = "Excel"
    made.save(out)
    return out.getvalue()


def test_phrases_are_read_as_skills_or_kept_as_words() -> None:
    readings = {
        one.words: one for one in read.understood("soudure, lecture de plans; Excel\nxqzzt")
    }
    assert readings["soudure"].codes == (WELD,)
    assert readings["Excel"].codes == (EXCEL,)
    assert not readings["xqzzt"].codes
    assert read.understood("soudeur")[0].job == "7212"


def test_a_slip_of_the_keyboard_still_finds_the_skill() -> None:
    form = "lecture de plans"
    right = read.understood(form)[0].codes
    assert right
    assert read.understood("lectur de plnas")[0].codes == right


def test_a_cv_gives_codes_labels_and_occupations_and_nothing_else() -> None:
    text = document.read(
        _docx("Fatima Zohra El Idrissi", "0612345678", "Soudeur", "Soudure à l’arc, Français")
    )
    curriculum = read.curriculum(text)
    assert {WELD, EXCEL} <= set(curriculum.codes)
    assert [job.code for job in curriculum.jobs] == ["7212"]
    content = repr(curriculum).lower()
    assert not any(word in content for word in ("fatima", "idrissi", "0612345678"))


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"\x00\x01\x02 neither this nor that, with twenty letters", "neither"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 900, "password or is of an old Word"),
        (b"%PDF-1.7\nnothing", "damaged"),
        (b"PK\x03\x04broken", "damaged"),
        (b"%PDF-1.4" + b"0" * document.MOST_BYTES, "larger"),
    ],
)
def test_files_that_cannot_be_read_are_refused_in_words(data: bytes, rule: str) -> None:
    with pytest.raises(InputError, match=rule):
        document.read(data)


def test_an_archive_that_unpacks_to_too_much_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 45_000_000)
    assert len(out.getvalue()) < 100_000
    with pytest.raises(InputError, match="unpacks"):
        document.read(out.getvalue())


def test_a_document_without_words_is_called_a_scan() -> None:
    made, out = Document(), io.BytesIO()
    made.save(out)
    with pytest.raises(InputError, match="scan"):
        document.read(out.getvalue())


LINES = (
    "إدارة الأعمال والمحاسبة العامة",
    "السلامة المهنية في المصانع",
    "خبرة 5 سنوات في Excel و Sage",
    "اللغة الإنجليزية والفرنسية",
    "محاسب بالدار البيضاء",
)


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.pdf")), ids=lambda path: path.stem)
def test_arabic_is_read_in_its_order_from_every_producer(path: Path) -> None:
    """Drawn as seen (typst, reportlab), as spoken from the right (MuPDF), without direction (fpdf2)."""
    lines = [
        " ".join(line.split())
        for line in document.read(path.read_bytes()).splitlines()
        if line.strip()
    ]
    assert lines == list(LINES)


@pytest.mark.parametrize(
    ("letters", "spoken"),
    [
        ([("ا", 30.0), ("ل", 28.0), ("س", 20.0), ("ر", 10.0), ("ي", 10.0), ("ة", 5.0)], "السيرة"),
        ([("ا", 30.0), ("ل", 28.0), ("ل", 20.0), ("ا", 20.0), ("ت", 5.0)], "اللات"),
        ([("س", 30.0), ("أ", 20.0), ("ل", 20.0), ("م", 5.0)], "سلأم"),
        ([("b", 20.0), ("c", 25.0), (" ", 15.0), ("a", 10.0)], "a bc"),
    ],
)
def test_letters_of_one_origin_are_put_in_order(
    letters: list[tuple[str, float]], spoken: str
) -> None:
    assert logical([[(letter, x, 1.0) for letter, x in letters]]) == spoken


def test_a_word_cut_at_the_end_of_a_line_is_joined(shared_data: Path) -> None:
    case = shared_data.parent / "cases" / "41d-cv-hyphenated.pdf"
    assert "comptabilité générale" in document.read(case.read_bytes())


def test_headers_footers_and_plain_text_are_read() -> None:
    made, out = Document(), io.BytesIO()
    section = made.sections[0]
    section.header.paragraphs[0].text = "Compétences : soudure TIG"
    section.footer.paragraphs[0].text = "Langues : arabe, français"
    made.add_paragraph("Parcours")
    made.save(out)
    text = document.read(out.getvalue())
    assert text.index("soudure TIG") < text.index("Parcours") < text.index("arabe, français")
    for charset in ("utf-8", "utf-16", "cp1252"):
        assert "comptabilité générale" in document.read(
            "Compétences : comptabilité générale".encode(charset)
        )
    with pytest.raises(InputError, match="neither"):
        document.read(rb"{\rtf1\ansi comptabilite generale et sage}")


def test_words_that_exclude_are_told_and_inclusive_ones_are_not() -> None:
    ad = "Recherche hôtesse, jeune femme de 20 à 30 ans, belle apparence, célibataire."
    flags = [flag for flag, _ in wording.flagged("", ad)]
    assert flags == ["gender_condition", "age_condition", "appearance_condition", "marital_condition"]  # fmt: skip
    assert (
        wording.flagged("Vendeur (H/F)", "Contrat de 24 mois, 3 ans d’expérience, 40 heures") == ()
    )
    assert (
        wording.flagged("", "كاتبات: فتيات للعمل، السن بين 20 و 30 سنة")[0][0] == "gender_condition"
    )


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("soudure, lecture de plans, TIG", "721"),
        ("cuisine marocaine, pâtisserie, hygiène alimentaire", "343"),
        ("soudrue, plomberei", "712"),
    ],
)
def test_skills_speak_for_occupations_with_reasons(text: str, family: str) -> None:
    ranked = likely(Person(phrases=tuple(read.phrases(text))))
    assert family in {one.code[:3] for one in ranked}
    assert all(one.because for one in ranked)
    assert ranked[0].share == 1
    assert likely(Person()) == []


def test_codes_of_ours_and_of_esco_are_both_evidence() -> None:
    ours = next(code for code in vocabulary() if code.startswith("marsad-"))
    pieces, belief = occupations().beliefs((ours, WELD), ())
    assert set(pieces) == {ours, WELD}
    assert all(abs(row - 1) < 1e-4 for row in belief.sum(axis=1).A1)


def test_learning_never_makes_an_occupation_farther() -> None:
    def distances(person: Person) -> dict[str, float]:
        return {path.code: path.distance for path in paths(person, 500)}

    before = distances(Person((WELD,), (), "7212"))
    after = distances(Person((WELD, EXCEL), ("lecture de plans",), "7212"))
    assert before
    assert all(after[code] <= distance + 1e-4 for code, distance in before.items())
    assert all(0 <= distance <= 1 for distance in before.values())


def test_neighbours_are_nearer_than_strangers_and_ones_own_is_left_out() -> None:
    paths_by_group = {path.code: path for path in paths(Person(occupation="7212"), 500)}
    assert "7212" not in paths_by_group
    assert "7213" in paths_by_group
    assert "2634" not in paths_by_group
    near = paths_by_group["7213"]
    assert near.had
    assert not set(near.had) & set(near.lacking)
    assert paths(Person()) == []


def test_labels_of_esco_in_a_cv_are_found_as_phrases() -> None:
    form = "perform welding inspection"
    if skills().labelled(match_form(form).split()):
        assert read.curriculum(f"{form}\n").phrases


@pytest.mark.parametrize(
    ("words", "flag"),
    [
        ("أن يكون المترشح ذكرا", "gender_condition"),
        ("يشترط أن تكون المترشحة أنثى", "gender_condition"),
        ("خاصو يكون راجل", "gender_condition"),
        ("Applicants must be male", "gender_condition"),
        ("jolie", "appearance_condition"),
        ("hôtesse mignonne et souriante", "appearance_condition"),
        ("مطلوب سكرتيرة جميلة", "appearance_condition"),
        ("bghina bent zwina", "appearance_condition"),
        ("an attractive waitress", "appearance_condition"),
        ("sans handicap", "disability_condition"),
        ("ne souffrir d'aucun handicap", "disability_condition"),
        ("خال من الإعاقة", "disability_condition"),
        ("bla i3a9a", "disability_condition"),
        ("able-bodied only", "disability_condition"),
        ("originaire du Nord", "origin_condition"),
        ("candidates originaires d'Oujda", "origin_condition"),
        ("من أبناء المنطقة", "origin_condition"),
        ("ولاد الشمال فقط", "origin_condition"),
        ("must be native of the region", "origin_condition"),
        ("Salaire : 2 500 DH par mois", "below_minimum_wage"),
        ("الراتب 2300 درهم شهريا", "below_minimum_wage"),
        ("khlas 2000 dh f chhar", "below_minimum_wage"),
        ("pay 12 MAD per hour", "below_minimum_wage"),
    ],
)
def test_the_employers_check_sees_what_shuts_people_out(words: str, flag: str) -> None:
    text = f"Poste à Fès. {words}. CDI."
    flags = dict(wording.flagged("Agent d'accueil", text))
    assert flag in flags
    assert match_form(flags[flag]) in match_form(text)


@pytest.mark.parametrize(
    "words",
    [
        "Poste ouvert H/F", "handicap bienvenu", "personnes en situation de handicap bienvenues", "avec ou sans handicap",
        "Nord de l'entreprise", "région du Nord", "belle équipe, belles perspectives", "produits originaires du Maroc",
        "sans distinction de sexe, d'origine ou de handicap", "attractive salary", "native speaker", "React Native",
        "ذكورا وإناثا", "فرصة جميلة", "شركة من أصل فرنسي", "Salaire : 4 500 DH par mois", "temps partiel, 2 000 DH par mois",
        "ناس الشمال مرحبا بهم", "hommes et femmes", "rémunération attractive selon profil", "أصول وقواعد المحاسبة", "مباراة وزارة الشباب", "مطلوب شباب للعمل",
    ],
)  # fmt: skip
def test_the_employers_check_raises_no_false_alarm(words: str) -> None:
    assert wording.flagged("Agent d'accueil", f"Poste à Fès. {words}. CDI.") == ()


def test_a_cv_without_a_title_of_its_own_is_read_by_its_tasks() -> None:
    lines = ("سعيد المنصوري", "محاسب بشركة الأفق 2018-2023", "مسك الدفاتر والتصريحات الضريبية")
    curriculum = read.curriculum("\n".join(lines))
    assert curriculum.meant[0].code == "3313"
    assert not any(meant.words for meant in curriculum.meant)  # its owner's words stay theirs


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("bghina derri yekhdem f snack", "gender_condition"),
        ("خاصنا بنت للاستقبال", "gender_condition"),
        ("serveur 18-25 3am", "age_condition"),
        ("Envoyer 250 dh pour les frais d'inscription", "fee_asked"),
    ],
)
def test_conditions_in_darija_and_money_to_be_sent_are_told(text: str, flag: str) -> None:
    assert flag in {name for name, _ in wording.flagged("", text)}


@pytest.mark.parametrize(
    "text",
    [
        "nounou pour drari sghar",
        "de 18 à 25 personnes",
        "nous payons 250 dh par jour",
        "derrière la gare",
    ],
)
def test_plain_words_are_no_condition(text: str) -> None:
    assert not wording.flagged("", text)
