"""Titles of public notices: the corps or post in the frame gives the unit group, in both languages."""

import pytest

from marsad.enrich.fields.isco08.classify import occupation_of
from marsad.enrich.fields.isco08.notices import notices, post_of


@pytest.mark.parametrize(
    ("title", "isco"),
    [
        ("Avis de concours de recrutement de Médecins premier grade", "2211"),
        ("Concours de recrutement de 12 infirmiers polyvalents, échelle 10", "2221"),
        (
            "Avis de concours pour le recrutement d'un Administrateur 2ème grade (échelle 11)",
            "2422",
        ),
        ("Concours de recrutement de Techniciens de 3ème grade", "3119"),
        ("Concours de recrutement de Technicien de 3ème grade spécialité informatique", "3512"),
        ("Avis de recrutement d'Ingénieurs d'Etat 1er grade, spécialité génie civil", "2142"),
        ("Concours d'accès : professeurs de l'enseignement primaire", "2341"),
        ("Recrutement par concours de secrétaires greffiers, échelle 9", "3411"),
        ("Avis de concours de recrutement de surveillants de prison", "5413"),
        ("Appel à candidature pour les postes de responsabilité à la Province de Midelt", "1219"),
        ("Chef(fe) de la Division des Ressources Humaines", "1212"),
        ("Chef du service achats et moyens généraux", "1324"),
        ("Directeur des services de la commune d'Aït Faska", "1112"),
        ("مباراة لتوظيف متصرف من الدرجة الثانية", "2422"),
        ("مباراة لتوظيف أطباء أسنان من الدرجة الأولى", "2261"),
        ("مباراة توظيف 20 ممرضا مجازا من الدولة - الدرجة الثانية", "2221"),
        ("إعلان عن مباراة لتوظيف مهندس دولة من الدرجة الأولى", "2149"),
        ("مباراة لتوظيف أساتذة مساعدين", "2310"),
        ("مباراة توظيف أساتذة التعليم الابتدائي", "2341"),
        ("مباراة لتوظيف تقني من الدرجة الرابعة، سلم 8", "3119"),
        ("مباراة لتوظيف كتاب الضبط من الدرجة الثالثة", "3411"),
        ("فتح باب الترشيح لمناصب المسؤولية بعمالة تمارة", "1219"),
        ("رئيس(ة) مصلحة الموارد البشرية", "1212"),
        ("مدير المصالح بجماعة أيت ملول", "1112"),
    ],
)
def test_a_notice_has_the_group_of_its_corps_or_post(title: str, isco: str) -> None:
    groups, _ = occupation_of(title, "")
    assert [g.code for g in groups[:1]] == [isco]
    assert groups[0].evidence


@pytest.mark.parametrize(
    "title",
    [
        "Technicien",
        "Secrétaire médicale à Fès",
        "Ingénieur commercial",
        "مهندس مبيعات",
        "Chef de rang",
        "محاسب",
    ],
)
def test_ordinary_titles_are_for_the_coder(title: str) -> None:
    assert post_of(title) is None


def test_every_corps_says_why() -> None:
    declared = notices()
    for corps in (*declared.corps, *declared.other_heads, declared.responsibility):
        assert corps.fr
        assert corps.ar
        assert len(corps.reason) >= 5
        assert len(corps.isco) == 4
