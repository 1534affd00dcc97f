"""Occupation, skills and field of education: what the words name, else silence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.base.codes import codelist
from marsad.enrich.fields.esco_skills.classify import skills_of as skills
from marsad.enrich.fields.esco_skills.classify import vocabulary
from marsad.enrich.fields.isco08.classify import (
    exact,
    occupation_of,
    read_title,
    rows,
)
from marsad.enrich.fields.isco08.concepts import concepts
from marsad.enrich.fields.isco08.titles import plain_title
from marsad.enrich.lexicon import Lexicon
from marsad.enrich.training_field import training_field as field_of_education

TITLES = [
    ("Comptable", "2411"),
    ("Infirmier polyvalent", "2221"),
    ("Aide-soignante", "5321"),
    ("Soudeur TIG", "7212"),
    ("Chauffeur poids lourd H/F", "8332"),
    ("Ingénieur génie civil", "2142"),
    ("Téléconseiller(e) francophone", "4222"),
    ("Serveur / Serveuse", "5131"),
    ("CUISINIER", "5120"),
    ("Chef de cuisine", "3434"),
    ("Agent de sécurité", "5414"),
    ("Femme de ménage", "9111"),
    ("Magasinier", "4321"),
    ("Cariste", "8344"),
    ("Électricien bâtiment", "7411"),
    ("Maçon", "7112"),
    ("Plombier", "7126"),
    ("Professeur de mathématiques", "2330"),
    ("Enseignant du primaire", "2341"),
    ("Directeur des ressources humaines", "1212"),
    ("Pharmacien", "2262"),
    ("Coiffeuse", "5141"),
    ("Mécanicien automobile", "7231"),
    ("Caissière", "5230"),
    ("Réceptionniste", "4226"),
    ("Software engineer", "2512"),
    ("Accountant", "2411"),
    ("Nurse", "2221"),
    ("Data analyst", "2511"),
    ("محاسب", "2411"),
    ("سائق شاحنة", "8332"),
    ("ممرضة", "2221"),
    ("طباخ", "5120"),
    ("بائعة", "5223"),
    ("chifour livreur", "8322"),
]


@pytest.mark.parametrize(("title", "code"), TITLES)
def test_titles(title: str, code: str) -> None:
    ranked, _ = occupation_of(title, "")
    assert ranked
    assert ranked[0].code == code
    assert ranked[0].evidence


@pytest.mark.parametrize(
    ("title", "major"),
    [("Administrateur réseaux", "2"), ("Développeur web full stack", "2"), ("Grutier", "8")],
)
def test_titles_of_a_major_group(title: str, major: str) -> None:
    assert occupation_of(title, "")[0][0].code.startswith(major)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "12345",
        "xqzv wkrt",
        "Bonne affaire à saisir",
        "Appartement à louer",
        "Rejoignez-nous !",
        "Urgent Casablanca",
        "H/F CDI",
        "مطلوب",
        "???",
    ],
)
def test_nonsense_is_not_coded(title: str) -> None:
    assert occupation_of(title, "") == ([], "")


@pytest.mark.parametrize(
    ("text", "code"),
    [("Nous recherchons un plombier pour nos chantiers", "7126"), ("مطلوب حلاق بفاس", "5141")],
)
def test_the_text_is_read_where_the_title_is_of_no_help(text: str, code: str) -> None:
    ranked, _ = occupation_of("???", text)
    assert ranked[0].code == code
    assert ranked[0].score <= 0.5


def test_the_title_is_believed_before_the_text() -> None:
    assert occupation_of("Plombier", "Nous recherchons un comptable")[0][0].code == "7126"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Vendeur/se", "Vendeur"),
        ("Vendeur (H/F)", "Vendeur"),
        ("Cuisinier(e)", "Cuisinier"),
        ("Pharmacien.ne", "Pharmacien"),
        ("Infirmier·ère F/H", "Infirmier"),
        ("Technicien / Technicienne de maintenance", "Technicien"),
        ("Accueillant familial / Accueillante familiale", "Accueillant"),
    ],
)
def test_gender_marks_are_no_part_of_a_title(written: str, plain: str) -> None:
    assert plain_title(written).split()[0] == plain
    assert read_title(written).groups[0].code
    if " / " not in written:
        assert occupation_of(written, "")[0][0].code == occupation_of(plain, "")[0][0].code


def test_the_lexicon_holds_unit_groups_only() -> None:
    codes = codelist("isco08")
    assert {
        r["isco08"] for r in rows() if r["isco08"] not in codes or len(r["isco08"]) != 4
    } == set()


def test_entries_of_the_lexicon_are_found_whole_and_coded_as_they_say() -> None:
    """Also those that hold what looks like the frame of a notice («مدير وكالة أسفار»)."""
    entries = {row["title"]: entry for row in rows() if (entry := exact(row["title"]))}
    assert {row["title"] for row in rows()} == entries.keys()
    sample = sorted(entries)[::5]
    wrong = [t for t in sample if read_title(t).groups[0].code != entries[t][0]]
    assert len(wrong) < 0.1 * len(sample), wrong[:50]


def test_the_shipped_concepts_are_unit_groups_and_their_occupations() -> None:
    known = codelist("isco08")
    model = concepts()
    assert len(model.codes) == len(model.uris) == len(set(model.codes)) > 3_600
    assert {code for code in model.groups if code not in known} == set()
    assert read_title("").groups == ()


@given(st.text(max_size=60), st.text(max_size=80))
def test_any_words_give_ranked_unit_groups_or_nothing(title: str, text: str) -> None:
    ranked, esco = occupation_of(title, text)
    assert [c.score for c in ranked] == sorted((c.score for c in ranked), reverse=True)
    assert all(c.code in codelist("isco08") and 0 <= c.score <= 1 for c in ranked)
    assert ranked or not esco


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Maîtrise de Python, SQL et Excel", {"python", "sql", "excel"}),
        ("Python, python et PYTHON", {"python"}),
        ("Java ou JavaScript", {"java", "javascript"}),
        ("Soudure TIG et lecture de plans", {"soudure tig", "lecture de plan"}),
        ("Travail en équipe exigé", {"travail en equipe"}),
        ("إتقان اللغة الفرنسية", {"لغة فرنسية"}),
        ("Fluent English", {"english"}),
        ("Rien de particulier ici", set()),
        ("", set()),
    ],
)
def test_skills_that_are_written(text: str, names: set[str]) -> None:
    candidates = skills("", text)
    assert {skill.evidence for skill in candidates} == names
    assert len({skill.code for skill in candidates}) == len(candidates)


def test_skill_labels_are_complete_and_codes_unique() -> None:
    assert len(vocabulary()) > 300
    assert [
        c for c, row in vocabulary().items() if not all(row[k] for k in ("ar", "fr", "en"))
    ] == []


@pytest.mark.parametrize(
    ("title", "field", "code"),
    [
        ("Comptabilité et gestion", "", "0411"),
        ("Soins infirmiers", "", "0913"),
        ("Génie civil", "", "0732"),
        ("Électricité de maintenance industrielle", "", "0713"),
        ("Mécanique automobile", "", "0716"),
        ("Réseaux informatiques", "", "0612"),
        ("Couture", "", "0723"),
        ("Coiffure", "", "1012"),
        ("Agriculture", "", "0811"),
        ("محاسبة", "", "0411"),
        ("الطبخ", "", "1013"),
        ("Nursing", "", "0913"),
        ("Programme 2026", "Tourisme", "1015"),
    ],
)
def test_field_of_education(title: str, field: str, code: str) -> None:
    candidate = field_of_education(title, field, "")
    assert candidate is not None
    assert candidate.code == code
    assert candidate.code in codelist("isced_f")
    assert candidate.score == (0.7 if field else 0.9)


def test_no_field_of_education_is_named() -> None:
    assert field_of_education("xyz", "", "") is None


def test_a_lexicon_finds_whole_words_and_the_longest_phrase() -> None:
    lexicon = Lexicon([("chef", 1), ("chef de projet", 2), ("projet", 3), ("chef", 9)])
    assert [m.payload for m in lexicon.find("un chef de projet")] == [2]
    assert [(m.payload, m.start, m.length) for m in lexicon.find("projet du chef")] == [
        (3, 0, 1),
        (1, 2, 1),
    ]
    assert lexicon.find("cheffe projets") == []
    assert lexicon.find("") == []
    assert Lexicon([]).find("chef") == []
    assert len(lexicon) == 3
