"""Files of strangers: several sheets, one order of day and month, totals, repeated warnings."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from marsad.base.records import JobAd
from marsad.collect.context import Context, Payload
from marsad.collect.register import collector, source

TODAY = dt.date(2026, 12, 15)
HEAD = ["job_url", "site", "title", "company", "location", "date_posted", "expires_at"]


def _line(n: int, posted: object = None, deadline: object = None) -> list[object]:
    return [f"https://exemple.ma/{n}", "x", f"Potier {n}", "Essai", "Safi", posted, deadline]


def _book(sheets: dict[str, list[list[object]]], hidden: str = "") -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name == hidden else "visible"
        for line in lines:
            sheet.append(line)
    book.save(out)
    return out.getvalue()


def _csv(*lines: list[object]) -> bytes:
    written = (";".join("" if c is None else str(c) for c in line) for line in (HEAD, *lines))
    return "\n".join(written).encode()


def _ads(name: str, data: bytes) -> tuple[list[JobAd], Context]:
    context = Context(source("job_feed"), (Payload(name, data),), today=TODAY)
    return [r for r in collector(context.spec)(context) if isinstance(r, JobAd)], context


def _rules(context: Context) -> str:
    return "\n".join(issue.rule for issue in context.issues)


# Sheets.


def test_every_visible_sheet_with_the_heading_is_read_whatever_its_order() -> None:
    other = [HEAD[::-1], _line(2)[::-1], _line(3)[::-1]]
    ads, context = _ads("a.xlsx", _book({"Mai": [[*HEAD], _line(1)], "Juin": [["Titre"], *other]}))
    assert [ad.raw_title for ad in ads] == ["Potier 1", "Potier 2", "Potier 3"]
    assert "sheets 'Mai', 'Juin' are read" in _rules(context)


def test_a_sheet_that_is_not_read_is_named() -> None:
    notes: list[list[object]] = [["Agence", "Effectif"], ["Nord", 4]]
    sheets = {"Mai": [[*HEAD], _line(1)], "Agences": notes, "Cachée": [[*HEAD], _line(2)]}
    ads, context = _ads("a.xlsx", _book(sheets, hidden="Cachée"))
    assert len(ads) == 1
    assert "sheet 'Agences' is not read" in _rules(context)
    assert "sheet 'Cachée' is hidden: not read" in _rules(context)


# Dates.


@pytest.mark.parametrize(
    ("written", "days"),
    [
        (("11/25/2026", "11/05/2026"), ((2026, 11, 25), (2026, 11, 5))),
        (("9-30-26 08:00", "10-1-26 09:00"), ((2026, 9, 30), (2026, 10, 1))),
        (("25/11/2026", "05/11/2026"), ((2026, 11, 25), (2026, 11, 5))),
        (("05/11/2026", "2026-11-25"), ((2026, 11, 5), (2026, 11, 25))),
    ],
)
def test_a_column_of_dates_has_one_order(
    written: tuple[str, ...], days: tuple[tuple[int, int, int], ...]
) -> None:
    ads, _ = _ads("a.csv", _csv(*(_line(n, day) for n, day in enumerate(written))))
    assert [ad.posted_on for ad in ads] == [dt.date(*day) for day in days]


def test_where_both_orders_stand_in_a_column_what_may_be_either_is_undated() -> None:
    written = ("11/25/2026", "25/11/2026", "05/11/2026", "05/05/2026")
    ads, context = _ads("a.csv", _csv(*(_line(n, day) for n, day in enumerate(written))))
    day = dt.date(2026, 11, 25)
    assert [ad.posted_on for ad in ads] == [day, day, None, dt.date(2026, 5, 5)]
    assert "both orders" in _rules(context)


def test_the_order_of_one_column_says_nothing_of_another() -> None:
    ads, _ = _ads("a.csv", _csv(_line(1, "11/25/2026", "05/12/2026"), _line(2, "11/05/2026")))
    assert ads[0].deadline_on == dt.date(2026, 12, 5)


def test_a_deadline_before_the_posting_day_is_left_out() -> None:
    lines = (
        _line(1, "2026-11-20", "2026-11-19"),
        _line(2, "2026-11-20", "2026-11-20"),
        _line(3, None, "2026-11-20"),
    )
    ads, context = _ads("a.csv", _csv(*lines))
    day = dt.date(2026, 11, 20)
    assert [ad.deadline_on for ad in ads] == [None, day, day]
    assert "2026-11-19 is before 2026-11-20" in _rules(context)


# Warnings and totals.


def test_a_warning_of_many_rows_is_one_with_their_number() -> None:
    lines = [_line(n, "bientôt" if n % 2 else "2026-11-02") for n in range(602)]
    _, context = _ads("a.csv", _csv(*lines))
    (issue,) = [issue for issue in context.issues if "posted_on" in issue.rule]
    assert issue.rule.endswith("(301 rows, the first is row 3)")
    assert issue.row == 3


def test_a_warning_of_one_row_is_not_counted() -> None:
    _, context = _ads("a.csv", _csv(_line(1, "bientôt"), _line(2)))
    assert "rows, the first" not in _rules(context)


@pytest.mark.parametrize(
    "total",
    [
        ["Total", "", "2"],
        ["", "", "Total général", 2],
        ["", "Total : 2"],
        ["المجموع", 2],
        ["Total : 2 offres"],
        ["Nombre total d'annonces", "2 annonces"],
    ],
)
def test_a_total_below_a_table_is_no_ad(total: list[object]) -> None:
    line = [*total, *[""] * (len(HEAD) - len(total))]
    ads, context = _ads("a.csv", _csv(_line(1), _line(2), line))
    assert len(ads) == 2
    assert context.rejected == 1


def test_an_employer_of_that_name_has_ads() -> None:
    line = ["https://exemple.ma/1", "x", "Pompiste", "Total", "Safi", "", ""]
    ads, _ = _ads("a.csv", _csv(line))
    assert [ad.raw_company for ad in ads] == ["Total"]
