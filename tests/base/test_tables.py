"""Tables of any kind: delimiters, headings below titles, merged and ragged lines, HTML, JSON."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.base.documents import json_items, read_json
from marsad.base.errors import InputError
from marsad.base.records import Broken
from marsad.base.tables import find_table, read_sheets

NAMES = ("métier", "ville", "salaire")
HEAD = ["métier", "ville", "salaire"]


def _lines(data: bytes) -> tuple[list[str], list[object]]:
    table = find_table(read_sheets(data).sheets, NAMES)
    return table.heading, [row if isinstance(row, list) else "broken" for _, row in table.rows()]


def _book(*sheets: list[list[object]], merge: str = "") -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for lines in sheets:
        sheet = book.create_sheet()
        for line in lines:
            sheet.append(line)
    if merge:
        book.worksheets[-1].merge_cells(merge)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "cp1252"])
def test_delimited_text(delimiter: str, end: str, charset: str) -> None:
    lines = [delimiter.join(HEAD), delimiter.join(["tôlier", "Fès", '"4 500,5"']), ""]
    heading, rows = _lines(end.join(lines).encode(charset))
    assert heading == HEAD
    assert rows == [["tôlier", "Fès", "4 500,5"]]


def test_a_line_that_names_its_delimiter() -> None:
    assert _lines("sep=|\nmétier|ville|salaire\na,b|c;d|1\n".encode())[1] == [["a,b", "c;d", "1"]]


def test_a_heading_below_titles_in_capitals_with_empty_columns() -> None:
    text = "Offres du mois;;;;\n;;;;\n MÉTIER ;Ville ;SALAIRE;;\nsoudeur;Safi;5000;;\nSource : essai;;;;\n"
    heading, rows = _lines(text.encode())
    assert heading == HEAD
    assert rows[0] == ["soudeur", "Safi", "5000"]


def test_ragged_lines_are_broken_alone() -> None:
    text = "métier;ville;salaire\na;b;1\na;b;1;x\na;b\n\nz;y;2\n"
    assert _lines(text.encode())[1] == [["a", "b", "1"], "broken", "broken", ["z", "y", "2"]]


def test_a_quotation_mark_that_never_closes_breaks_its_line_alone() -> None:
    text = 'métier;ville;salaire\na;b;1\n"a;b;2\nz;"y\nw";3\n"q"r;s;4\n'
    assert _lines(text.encode())[1] == [
        ["a", "b", "1"],
        "broken",
        ["z", "y\nw", "3"],
        ["qr", "s", "4"],
    ]


def test_the_sheet_that_has_the_heading_is_read_and_merged_cells_are_carried() -> None:
    notes: list[list[object]] = [["Notes"], ["rien à voir"]]
    data = _book(notes, [["Titre"], [], list(HEAD), ["a", "x", 1], [None, "y", 2]], merge="A4:A5")
    assert _lines(data) == (HEAD, [["a", "x", 1], ["a", "y", 2]])


def test_an_html_table_whatever_its_name_with_spans() -> None:
    page = (
        "<html><table><tr><th>métier<th>ville<th>salaire</tr>"
        "<tr><td rowspan=2>a<td>x<td>1</tr><tr><td>y<td>2</tr><tr><td colspan=2>b<td>3</tr></table>"
    )
    assert _lines(page.encode()) == (HEAD, [["a", "x", "1"], ["a", "y", "2"], ["b", "b", "3"]])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "holds no text"),
        (b"\xef\xbb\xbf \n", "holds no text"),
        (b"<html><p>rien", "without a table"),
        (b"<?xml version='1.0'?><Workbook/>", "this is XML"),
        (b"PK\x03\x04", "not a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "not a workbook"),
        (b";".join(b"c%d" % i for i in range(3000)) + b"\n", "more than 2,000 columns"),
        (b"<div>" * 10_000 + b"<table>", "nested deeper"),
    ],
)
def test_what_is_no_table_is_said_in_words(data: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        _lines(data)


Cell = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)


@given(st.lists(st.tuples(Cell, Cell, Cell), min_size=1, max_size=8), st.sampled_from(",;\t|"))
def test_what_is_written_as_csv_is_read_back(
    rows: list[tuple[str, str, str]], delimiter: str
) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([HEAD, *rows])
    assert _lines(out.getvalue().encode("utf-16"))[1] == [list(row) for row in rows]


# JSON.

ITEMS = [{"a": 1}, {"a": "é\n"}, {"a": None}]


def _items(text: str) -> list[object]:
    return [item if isinstance(item, dict) else "broken" for _, item in json_items(text)]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ITEMS),
        json.dumps(ITEMS, indent=2),
        "\n".join(map(json.dumps, ITEMS)),
        "\ufeff" + "\r\n".join(map(json.dumps, ITEMS)),
        "\n".join(json.dumps(item, indent=1) for item in ITEMS),
        *(
            json.dumps({"total": 3, name: ITEMS})
            for name in ("jobs", "hits", "resultats", "items", "results")
        ),
        json.dumps({"data": {"offers": ITEMS, "page": 1}}),
    ],
)
def test_a_list_however_it_is_given(text: str) -> None:
    assert _items(text) == ITEMS


def test_an_object_alone_is_one_item_though_it_holds_lists() -> None:
    assert _items('{"title": "x", "links": [{"a": 1}]}') == [{"title": "x", "links": [{"a": 1}]}]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ('{"a": 1}\n{"a": \n{"a": 2}', [{"a": 1}, "broken", {"a": 2}]),
        ('[{"a": 1}, {"a": 2}, {"a"', [{"a": 1}, {"a": 2}, "broken"]),
        ('[{"a": 1}, 5, []]', [{"a": 1}, "broken", "broken"]),
        ('{"a": 1}\n"x"\n{"a": 2}', [{"a": 1}, "broken", {"a": 2}]),
    ],
)
def test_what_is_broken_is_broken_alone(text: str, items: list[object]) -> None:
    assert _items(text) == items
    assert all(item.rule for _, item in json_items(text) if isinstance(item, Broken))


@pytest.mark.parametrize(
    "text", ["", "x", "[{", "[" * 100_000, '{"a":' * 100_000, '{"a":' + "9" * 5_000 + "}"]
)
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        list(json_items(text))


def test_halves_of_pairs_and_raw_line_breaks_pass() -> None:
    assert read_json('{"a": "x\ny", "b": "\\ud800"}') == {"a": "x\ny", "b": "\ud800"}
