"""Language of ads as people write them: two scripts, Darija in both, mixtures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.base.codes import codelist
from marsad.enrich.language import of_ad, of_segment, segments


@pytest.mark.parametrize(
    ("code", "title", "text"),
    [
        ("ar", "مطلوب محاسب", "يتولى إعداد القوائم المالية ومسك السجلات المحاسبية للشركة."),
        ("ar", "مباراة لتوظيف مهندسين", "تودع ملفات الترشيح بمكتب الضبط قبل نهاية الشهر."),
        ("ar", "ممرضة متعددة التخصصات", ""),
        ("ary", "بغينا سربايات للقهوة", "كاين الخلاص مزيان، صيفطو الميساج دابا"),
        ("ary", "خاصنا واحد الشيفور ديال الكاميو", "الخدمة قريبة وعندها الصالير مزيان"),
        ("ary", "عساس", "عمارة فالمعاريف بغات عساس لليل"),
        ("ar", "كاتبة", "شركة تبحث عن كاتبة تتقن كتابة التقارير وكيفية ترتيبها"),
        ("ary-Latn", "bghina wahed serveur lkhdma f casa", "khassna li mjareb, lkhlas mzyan"),
        ("ary-Latn", "kanqelbou 3la khyata", "lkhdma kayna daba, siftou message"),
        ("fr", "Assistant comptable", "Nous cherchons une personne pour tenir les livres."),
        ("fr", "Téléconseiller", ""),
        ("fr", "Aide soignante de nuit", ""),
        ("fr", "AGENT DE SECURITE", "SURVEILLANCE DES ENTREES DU SITE"),
        ("en", "Quality engineer", "You will join our team and write test plans for a new line."),
        ("en", "Sales manager", ""),
        ("mixed", "Technicien", "صيانة الآلات في المعمل. Maintenance des machines de production."),
        ("mixed", "مهندس جودة", "Nous recherchons un ingénieur pour notre usine de câblage."),
        ("und", "12345", "2026 / 05"),
        ("und", "", ""),
    ],
)
def test_language_of_an_ad(code: str, title: str, text: str) -> None:
    candidate, _ = of_ad(title, text)
    assert candidate.code == code


def test_darija_shows_the_words_it_was_told_by() -> None:
    candidate, _ = of_ad("خاصنا واحد الشيفور ديال الكاميو", "")
    assert {"ديال", "الشيفور"} <= set(candidate.evidence.split())


def test_mixed_ads_name_their_parts_and_shares() -> None:
    candidate, parts = of_ad("صيانة الآلات في المعمل", "Maintenance des machines de production.")
    assert candidate.code == "mixed"
    assert "fr" in candidate.evidence
    assert "ar" in candidate.evidence
    assert parts == ["ar", "fr"]


def test_a_brand_name_does_not_make_an_ad_mixed() -> None:
    text = "Le poste est à pourvoir dans une grande société du secteur. " * 4 + "مطلوب"
    assert of_ad("Comptable", text)[0].code == "fr"


def test_segments_are_cut_at_sentences_lines_and_list_marks() -> None:
    parts = segments("Vente en magasin. العمل بالليل\n• Join our team today")
    assert [text for text, _ in parts] == [
        "Vente en magasin",
        "العمل بالليل",
        "Join our team today",
    ]


@given(st.text(max_size=80), st.text(max_size=120))
def test_any_text_has_a_code_of_the_list_and_a_score(title: str, text: str) -> None:
    candidate, parts = of_ad(title, text)
    assert candidate.code in codelist("language")
    assert 0 <= candidate.score <= 1
    assert set(parts) <= set(codelist("language"))


@given(st.text(alphabet="0123456789 .,-/%€()", max_size=30))
def test_figures_have_no_language(text: str) -> None:
    assert of_segment(text).code == "und"
