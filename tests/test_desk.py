"""What visitors leave: kept without personal data, settled by a person, and then gold."""

from __future__ import annotations

from pathlib import Path

import pytest

from marsad.backoffice.sinks import FileSink
from marsad.base.errors import InputError, NotFoundError
from marsad.cli.assemble import MOST_OF_AN_AD, desk_of
from marsad.lake.control import Control
from marsad.lake.store import Lake


def test_an_accepted_report_becomes_a_judgement_and_a_refused_one_does_not(
    control: Control,
) -> None:
    reports = desk_of(control, FileSink(Path()), lambda: Lake(Path()), Path()).reports
    right = reports.keep("ad-1", "occupation", "7212", "7213", "tôlier, appelez 0612345678")
    wrong = reports.keep("ad-2", "occupation", "7212", "2611", "")
    waiting = reports.open()
    assert [row["id"] for row in waiting] == [right, wrong]
    assert "0612345678" not in waiting[0]["note"]
    reports.settle(right, True, "Amal")
    reports.settle(wrong, False, "Amal")
    assert reports.open() == []
    judged = control.judgements("isco08")
    assert [(r["subject"], r["value"], r["previous"], r["judge"]) for r in judged] == [
        ("ad-1", "7213", "7212", "Amal")
    ]
    with pytest.raises(NotFoundError):
        reports.settle(right, True, "Amal")


def test_what_cannot_be_reported_is_refused(control: Control) -> None:
    reports = desk_of(control, FileSink(Path()), lambda: Lake(Path()), Path()).reports
    with pytest.raises(InputError, match="salary"):
        reports.keep("ad-1", "salary", "", "", "")
    with pytest.raises(InputError, match="99999"):
        reports.keep("ad-1", "occupation", "", "99999", "")
    for _ in range(MOST_OF_AN_AD):
        reports.keep("ad-1", "pay", "", "", "")
    with pytest.raises(InputError, match="often"):
        reports.keep("ad-1", "pay", "", "", "")
    with pytest.raises(InputError, match="judge"):
        reports.settle(1, True, " ")
