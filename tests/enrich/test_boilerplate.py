"""Parts of an ad's text, and Arabic that reads backwards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.enrich.boilerplate import core_text, logical_order, segments

AD = (
    "Leader mondial du câblage, fondée en 1980. Missions : assurer la maintenance des lignes. "
    "Profil recherché : Bac+2 en électromécanique. Merci d’envoyer votre CV à l’adresse suivante. "
    "Nous veillons à l’égalité des chances."
)


def test_core_text_keeps_duties_and_profile() -> None:
    assert [s.part for s in segments(AD)] == [
        "company", "duties", "duties", "profile", "profile", "apply", "legal",
    ]  # fmt: skip
    core = core_text("Technicien", AD)
    assert "maintenance des lignes" in core
    assert "Bac+2" in core
    assert not any(word in core for word in ("Leader", "CV", "égalité"))


def test_core_text_of_arabic_and_english() -> None:
    arabic = core_text(
        "تقني", "شركة رائدة في مجال النسيج. المهام: الإشراف على الخط. المرجو إرسال السيرة الذاتية"
    )
    assert arabic == "المهام:\nالإشراف على الخط."
    english = core_text(
        "Clerk", "Founded in 1990, a world leader. Duties: keep the books. Apply now."
    )
    assert english == "Duties:\nkeep the books."


def test_core_text_is_never_empty() -> None:
    assert core_text("Agent", "Envoyez votre CV par whatsapp") == "Envoyez votre CV par whatsapp"


@pytest.mark.parametrize(
    ("visual", "logical"),
    [
        ("ةكرشلا", "الشركة"),
        ("ةكرشلا يف لمعلا", "العمل في الشركة"),
        ("طابرلا ةنيدمب 2026 ةيبرغملا ةكرشلا", "الشركة المغربية 2026 بمدينة الرباط"),
        ("ﺔﻛﺮﺸﻟﺍ", "الشركة"),
        ("ﺍﻟﺸﺮﻛﺔ", "الشركة"),
    ],
)
def test_visual_order_is_turned(visual: str, logical: str) -> None:
    assert logical_order(visual) == logical


@pytest.mark.parametrize(
    "text",
    ["العمل في الشركة المغربية", "مثلا فضلا عملا", "Soudeur à Fès", "مستشفى المدينة 24/07", ""],
)
def test_reading_order_is_left_alone(text: str) -> None:
    assert logical_order(text) == text


@given(st.text(max_size=40), st.text(max_size=120))
def test_no_words_break_the_cleaning(title: str, text: str) -> None:
    assert core_text(title, text).strip() or not text.strip()
    assert isinstance(logical_order(text), str)
