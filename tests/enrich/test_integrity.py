"""Flags of an ad: what a reader should look at twice, with its words, and what is no condition."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.base.codes import codelist
from marsad.base.text import match_form
from marsad.enrich.fields import AdWords, code
from marsad.enrich.fields.flags.classify import classify
from marsad.enrich.fields.salary.classify import salary_of as salary
from marsad.enrich.integrity import Facts, flags

DAY = dt.date(2026, 3, 1)


def _codes(title: str = "Agent", text: str = "", **other: Any) -> list[str]:
    return [f.flag for f in flags(Facts(title, text, **{"company": "Atelier Essai", **other}))]


@pytest.mark.parametrize(
    ("title", "text", "flag"),
    [
        ("Vendeuse (femme)", "", "gender_condition"),
        ("Commercial homme", "", "gender_condition"),
        ("Assistante", "Nous cherchons une jeune fille dynamique", "gender_condition"),
        ("Agent", "Profil : sexe masculin", "gender_condition"),
        ("Agents", "للإناث فقط", "gender_condition"),
        ("بائعة", "مطلوب فتاة للعمل في محل", "gender_condition"),
        ("Khayatat", "bghina bnat", "gender_condition"),
        ("Vendeuses", "khassna 3 bnat l boutique", "gender_condition"),
        ("حارس", "محتاجين راجل للحراسة", "gender_condition"),
        ("سرباية", "مقهى فوجدة، بنات، خدمة العشية", "gender_condition"),
        ("Caissière (f)", "", "gender_condition"),
        ("Secrétaire", "La candidate idéale est organisée", "gender_condition"),
        ("Serveuse", "tkon mn 20 l 30 3am", "age_condition"),
        ("Infirmier", "avoir moins de 29 ans", "age_condition"),
        ("شيفور", "يكون كبير من 30", "age_condition"),
        ("Agent", "Dynamique, 19-27, disponible", "age_condition"),
        ("Agent", "Bonne condition physique", "disability_condition"),
        ("حارس", "متزوج أحسن", "marital_condition"),
        ("Vendeur", "mn nass lhouma, machi brrani", "origin_condition"),
        ("Driver", "Male candidates only", "gender_condition"),
        ("Agent", "Âgé(e) de 20 à 25 ans", "age_condition"),
        ("Agent", "Âge : moins de 35 ans", "age_condition"),
        ("عامل", "العمر لا يتجاوز 35 سنة", "age_condition"),
        ("Clerk", "Must be 25 to 35 years old", "age_condition"),
        ("Hôtesse", "Bonne présentation exigée", "appearance_condition"),
        ("Vendeur", "Envoyez votre CV avec photo", "appearance_condition"),
        ("موظفة", "حسنة المظهر", "appearance_condition"),
        ("Clerk", "Good appearance required", "appearance_condition"),
        ("Vendeuse", "Célibataire de préférence", "marital_condition"),
        ("عاملة", "غير متزوجة", "marital_condition"),
        ("Agent", "Frais de dossier : 200 dh à verser avant l’entretien", "fee_asked"),
        ("Agent", "على المترشح أداء مبلغ التسجيل", "fee_asked"),
        ("Agent", "Candidates pay a registration fee of 300 MAD", "fee_asked"),
    ],
)
def test_conditions_are_flagged(title: str, text: str, flag: str) -> None:
    evidence_by_flag = {
        f.flag: f.evidence for f in flags(Facts(title, text, company="Atelier Essai"))
    }
    assert flag in evidence_by_flag
    assert evidence_by_flag[flag] in f"{match_form(title)} {match_form(text)}"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Comptable (H/F)", ""),
        ("Vendeuse", ""),
        ("Femme de ménage", "Nous cherchons une femme de ménage"),
        ("بائعة", "مطلوب بائعة"),
        ("Agent", "Homme ou femme, profil dynamique"),
        ("Nounou", "tkhdem m3a drari sghar"),
        ("Analyste", "Nos équipes ont une moyenne d’âge de 34 ans"),
        ("كوافور رجال", ""),
        ("Coiffeur hommes", ""),
        ("بائعة", "محل ديال حوايج النسا"),
        ("Coiffeur", "صالون ديال العيالات"),
        ("Ouvriers", "bnat o drari"),
        ("Technicien", "Expérience de 20 à 25 ans dans le métier"),
        ("معلم", "ورشة فدرب عمر رقم 35"),
        ("Pêcheur", "men 3 d sba7"),
        ("عمال", "مطلوب ذكور وإناث"),
        ("Agent", "L’entreprise promeut l’égalité entre les hommes et les femmes"),
        ("Agent", "Vous êtes un homme de terrain"),
        ("Juriste", "Conseil national des droits de l’homme"),
        ("Vendeur", "Nous cherchons un vendeur pour le rayon vêtements femme"),
        ("Nurse", "Crèche pour vos enfants âgés de 15 à 48 mois"),
        ("Comptable", "Suivi de la balance âgée à 30 et 60 jours"),
        ("Agent", "Âge minimum 18 ans"),
        ("Gérant", "Veiller à la bonne présentation des produits"),
        ("Gérant", "Assurer la bonne présentation et la propreté du magasin"),
        ("Agent", "Présentations orales devant le comité"),
        ("Caissier", "Encaisser les frais d’inscription des élèves"),
        ("Agent", "Aucun frais de dossier ne sera demandé au candidat"),
        ("Agent", "Frais de déplacement pris en charge"),
        ("Comptable", "Tenir à jour les coordonnées bancaires des salariés"),
        ("", ""),
    ],
)
def test_no_condition(title: str, text: str) -> None:
    assert _codes(title, text) == []


def _paid(words: str, **other: Any) -> list[str]:
    pay = salary(words, "", "", DAY, "MA")
    return _codes(salary=pay, **{"posted_on": DAY, **other})


def test_pay_below_the_legal_minimum() -> None:
    assert _paid("2500 dh par mois") == ["below_minimum_wage"]
    assert _paid("15 dh / heure brut") == ["below_minimum_wage"]
    assert _paid("3300 dh brut") == ["below_minimum_wage"]
    assert _paid("3300 dh net") == [], "net of social contributions"
    assert _paid("2500-4000 dh") == [], "the upper end counts"
    assert _paid("SMIG") == []


def test_less_is_lawful_for_less_work_and_on_an_earlier_day() -> None:
    assert _paid("2500 dh", working_time="part_time") == []
    assert _paid("2500 dh", contract="internship") == []
    assert _paid("2900 dh brut", posted_on=dt.date(2022, 8, 1)) == []
    assert _paid("2900 dh brut", posted_on=dt.date(2022, 10, 1)) == ["below_minimum_wage"]
    assert _paid("2500 dh", posted_on=dt.date(2001, 1, 1)) == [], "no amount known for that day"


def test_fake_ads_show_two_signs_one_of_them_grave() -> None:
    text = "Gagnez jusqu’à 30000 dh sans effort, contact par whatsapp"
    assert "likely_fake" in _codes(text=text)
    assert "likely_fake" in _codes(text="Gagnez de l’argent facile", company="")
    assert _codes(text="Contact par whatsapp", company="") == [], "common among small employers"
    assert _codes(text="Gagnez jusqu’à 9000 dh, écrire par email ou whatsapp") == []


WORDS = st.text(max_size=60) | st.lists(
    st.sampled_from(
        "femme homme fille (H/F) profil recherche uniquement âge âgé 25 35 18 ans mois photo bonne "
        "présentation des célibataire frais de dossier payer candidat إناث ذكور فقط مطلوب العمر سنة "
        "حسن المظهر whatsapp gagnez jusqu'à dh".split()
    ),
    max_size=30,
).map(" ".join)


@given(WORDS, WORDS, st.text(max_size=20))
def test_any_words_give_flags_of_the_list_with_their_words(
    title: str, text: str, company: str
) -> None:
    raised = flags(Facts(title, text, company))
    names = [f.flag for f in raised]
    assert len(names) == len(set(names))
    assert set(names) <= set(codelist("integrity_flag"))
    words = f"{match_form(title)} | {match_form(text)}"
    assert all(f.evidence in words for f in raised if f.flag.endswith("_condition"))


@pytest.mark.parametrize("where", [{"isco08": "9211"}, {"isic": "A"}, {"work_kind": "domestic"}])
def test_homes_and_farms_have_another_minimum(where: dict[str, str]) -> None:
    ad = AdWords("Ouvrier, 100 dh par jour", country="MA", posted_on=DAY)
    code([ad])
    assert "below_minimum_wage" in ad.code("flags")
    ad.columns.update(where)
    assert classify([ad])["flags"] == [""]
