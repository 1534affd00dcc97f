"""Currencies: every code of today is known in capitals, and no plain word is taken for one."""

import re

import pytest

from marsad.base.money import codes, currency_code, local_currency, pattern, plain


@pytest.mark.parametrize("code", sorted(codes()))
def test_every_code_in_capitals_is_read_beside_an_amount(code: str) -> None:
    match = re.search(rf"4 000 ?({pattern()})(?!\w)", plain(f"4 000 {code} par mois"))
    assert match is not None
    assert currency_code(match[1]) == code


def test_words_that_are_codes_in_small_letters_name_no_currency() -> None:
    for words in ("500 top", "20 all", "10 sos", "3 try", "2 cup"):
        assert not re.search(rf"\d ({pattern()})(?!\w)", plain(words))


def test_the_currency_of_a_country_is_its_one_tender() -> None:
    assert [local_currency(c) for c in ("MA", "TN", "SN", "FR", "PS", "", "??")] == [
        "MAD", "TND", "XOF", "EUR", "", "", "",
    ]  # fmt: skip
