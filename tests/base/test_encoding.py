"""Bytes as text: by mark, by what they are, by what they declare, by likeness; nothing odd gets through."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.base.encoding import decode, without_controls

FRENCH = (
    "La société cherche un mécanicien très motivé à Séfrou, même débutant : l’équipe est prête."
)
ARABIC = "تبحث الشركة عن ميكانيكي متمرس للعمل في مدينة صفرو ضمن فريق الصيانة"


@pytest.mark.parametrize("charset", ["utf-8", "cp1252", "mac_roman", "cp850", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])  # fmt: skip
def test_french_without_a_declaration(charset: str) -> None:
    data = FRENCH.replace("’", "'").encode(charset)
    decoded = decode(data)
    assert decoded.text == FRENCH.replace("’", "'")
    assert bool(decoded.warning) == (charset in {"cp1252", "mac_roman", "cp850"})


@pytest.mark.parametrize("charset", ["utf-8", "cp1256", "iso8859-6", "utf-16-le", "utf-16-be"])
def test_arabic_without_a_declaration(charset: str) -> None:
    assert decode(ARABIC.encode(charset)).text == ARABIC


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides(charset: str) -> None:
    decoded = decode(f"{FRENCH} {ARABIC}".encode(charset))
    assert (decoded.text, decoded.warning) == (f"{FRENCH} {ARABIC}", "")


@pytest.mark.parametrize(
    "head",
    [
        '<?xml version="1.0" encoding="{}"?>',
        "<html><meta charset={}>",
        '<meta http-equiv="Content-Type" content="text/html; charset={}">',
    ],
)
@pytest.mark.parametrize(
    ("name", "text"),
    [("windows-1256", "محاسب"), ("windows-1251", "слесарь"), ("ISO-8859-1", "à l’école"), ("macintosh", "déjà")],
)  # fmt: skip
def test_what_is_declared_is_believed(head: str, name: str, text: str) -> None:
    charset = "cp1252" if name == "ISO-8859-1" else codecs.lookup(name).name
    declared = head.format(name)
    assert decode((declared + text).encode(charset)).text == declared + text
    assert decode(text.encode(charset), name).text == text


@pytest.mark.parametrize(
    "name", ["utf-7", "x-unknown", "hex", "base64", "punycode", "utf-16", "", "é"]
)
def test_an_unknown_or_unsafe_declaration_is_left_and_said(name: str) -> None:
    decoded = decode("déjà prêt à l'été".encode("cp1252"), name)
    assert decoded.text == "déjà prêt à l'été"
    assert "read as cp1252" in decoded.warning


def test_utf8_with_a_broken_letter_stays_utf8() -> None:
    data = (FRENCH * 5).encode()
    broken = data[:3] + b"\xff" + data[3:]
    decoded = decode(broken)
    assert decoded.charset == "utf-8"
    assert decoded.text.replace("\ufffd", "") == FRENCH * 5
    assert "1 letters cannot be read" in decoded.warning


def test_control_characters_are_dropped_and_said() -> None:
    decoded = decode(b"a\x00b\x0bc\td\ne\xc2\x85f")
    assert decoded.text == "ab c\td\ne f"
    assert decoded.warning == "3 control characters were dropped"


@given(st.text())
def test_plain_text_holds_nothing_odd_and_is_left_alone_again(text: str) -> None:
    plain = without_controls(text)
    plain.encode()
    assert without_controls(plain) == plain
    assert "\x00" not in plain


@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff")
    )
)
def test_utf8_is_what_it_is(text: str) -> None:
    assert decode(text.encode(), "windows-1256").text == without_controls(text)


@given(st.binary(max_size=400), st.text(max_size=20))
def test_any_bytes_become_text(data: bytes, declared: str) -> None:
    decode(data, declared).text.encode()
