"""Pages that mean harm: read or refused in a sentence, in seconds, and no personal data after cleaning."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from collect.hostile import PERSONAL, pages
from marsad.base.errors import InputError
from marsad.base.records import JobAd, Record
from marsad.collect.context import Context, Payload
from marsad.collect.detect import detect
from marsad.collect.register import collector
from marsad.enrich.privacy import scrub, scrub_address

PAGES = pages()
_MOST_SECONDS = 20.0
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def _cleaned(records: list[Record]) -> Iterator[str]:
    """Every text of records as the flow keeps it."""
    for record in records:
        for name in record.__struct_fields__:
            value = getattr(record, name)
            if isinstance(value, str):
                yield (scrub_address(value) if name == "url" else scrub(value))[0]


def _squeezed(text: str) -> str:
    return re.sub(r"[\s.\-()]", "", unicodedata.normalize("NFKC", text)).lower()


def test_there_are_thirty() -> None:
    assert len(PAGES) >= 30


@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_page_is_read_or_refused_and_gives_no_personal_data(name: str) -> None:
    file, data, expected = PAGES[name]
    started = time.process_time()
    records: list[Record] = []
    rule = ""
    try:
        spec = detect("ads", Path(file), data)
        context = Context(spec, (Payload(file, data),))
        records = list(collector(spec)(context))
    except InputError as refused:
        rule = str(refused).strip()
    assert rule or records or not expected
    assert time.process_time() - started < _MOST_SECONDS
    if expected is not None:
        assert not rule
        assert len(records) == expected, [r.raw_title for r in records if isinstance(r, JobAd)]
    kept = " ".join(_cleaned(records))
    assert not _TURNING.search(kept)
    assert "<script" not in kept.lower()
    for planted in PERSONAL:
        assert _squeezed(planted) not in _squeezed(kept)
        assert _squeezed(planted).removeprefix("+212").removeprefix("0") not in _squeezed(kept)


def test_an_address_of_a_program_is_no_address() -> None:
    for name in ("address of a program", "event handlers"):
        file, data, _ = PAGES[name]
        spec = detect("ads", Path(file), data)
        records = collector(spec)(Context(spec, (Payload(file, data),)))
        assert all(not ad.url for ad in records if isinstance(ad, JobAd))
