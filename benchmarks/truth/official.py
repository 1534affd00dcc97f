"""Official tables: invented figures laid out as producers do, in ar, fr and en, and read back cell by cell.

Layouts: periods in columns, members in columns under one period, years over members, a row a period.
Kinds of file: CSV of every delimiter and character set, workbook, HTML. A table counts as right when
every cell is read with its value, period, area, sex, milieu and status, and nothing else is. Tables that
contradict themselves (a total outside its parts, a value above 100, one series copied to other cells) must
be refused.
"""

from __future__ import annotations

import io
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter
from benchmarks.truth.line import Line

from marsad.base.areas import at_level
from marsad.base.errors import MarsadError
from marsad.base.records import Observation
from marsad.collect.context import Context, Payload
from marsad.collect.detect import detect
from marsad.collect.register import collector
from marsad.enrich import coherence

TABLES, CONTRADICTORY = 600, 120
Cell = tuple[str, str, str, str, float | None, str]
"""Period, area, sex, urbanisation, value, status."""
_TITLES = {
    "fr": ("Taux de chômage selon {by}", "Tableau 12 : Taux d'activité par {by} (en %)", "Evolution du taux d'emploi selon {by}"),
    "en": ("Unemployment rate by {by}", "Table 3. Activity rate by {by} (%)", "Employment rate by {by}"),
    "ar": ("معدل البطالة حسب {by}", "جدول 4: معدل النشاط حسب {by} (%)", "تطور معدل الشغل حسب {by}"),
}  # fmt: skip
_INDICATORS = ("unemployment_rate", "activity_rate", "employment_rate")
_HEADINGS = {
    "fr": {"sex": "Sexe", "urbanisation": "Milieu de résidence", "area": "Région"},
    "en": {"sex": "Sex", "urbanisation": "Place of residence", "area": "Region"},
    "ar": {"sex": "الجنس", "urbanisation": "وسط الإقامة", "area": "الجهة"},
}
_MEMBERS = {
    "fr": {"sex": {"M": "Masculin ", "F": "Féminin", "_T": "Ensemble"}, "urbanisation": {"U": "Urbain", "R": "Rural", "_T": "National"}},
    "en": {"sex": {"M": "Men", "F": "Women", "_T": "Total"}, "urbanisation": {"U": "Urban", "R": "Rural", "_T": "National"}},
    "ar": {"sex": {"M": "ذكور", "F": "إناث", "_T": "المجموع"}, "urbanisation": {"U": "حضري", "R": "قروي", "_T": "المجموع"}},
}  # fmt: skip
_QUARTERS = {
    "fr": ("T{q} {y}", "{q}e trimestre {y}", "{y}-T{q}"),
    "en": ("Q{q} {y}", "{y}Q{q}", "{y}-Q{q}"),
    "ar": ("{ar} {y}",),
}
_ORDINALS = ("الفصل الأول", "الفصل الثاني", "الفصل الثالث", "الفصل الرابع")
_NOTES = {
    "fr": "Source : HCP, enquête nationale sur l'emploi",
    "en": "Source: HCP",
    "ar": "المصدر: المندوبية السامية للتخطيط",
}
_MISSING = ("…", "n.d.", "-", "..", "")


@dataclass
class Drawn:
    """A table as lines of text, and what it says."""

    lines: list[list[str]] = field(default_factory=list)
    cells: set[Cell] = field(default_factory=set)
    indicator: str = ""


class Maker:
    """Draws tables; the same seed draws the same ones."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.language = self.dice.choice(("fr", "fr", "ar", "en"))
        self.decimal = self.dice.choice(",.") if self.language != "fr" else ","
        self.drawn = Drawn()

    def figure(self, key: tuple[str, str, str, str], *, marks: bool = True) -> str:
        """The text of a cell of a value of chance, entered among the cells."""
        value: float | None = round(self.dice.uniform(3, 79), 1)
        status, mark = "A", ""
        if marks and self.dice.random() < 0.06:
            value, status, text = None, "M", self.dice.choice(_MISSING)
        else:
            text = f"{value:.1f}".replace(".", self.decimal)
            if marks and self.dice.random() < 0.1:
                mark, status = self.dice.choice(
                    ((" (p)", "P"), ("*", "A"), (" (e)", "E"), (" %", "A"), ("p", "P"))
                )
        self.drawn.cells.add((*key, value, status))
        return text + mark

    def periods(self, number: int) -> list[tuple[str, str]]:
        """(period, heading) of years or quarters in a row."""
        first = self.dice.randrange(2000, 2020)
        if self.dice.random() < 0.5:
            return [(str(first + i), str(first + i)) for i in range(number)]
        form = self.dice.choice(_QUARTERS[self.language])
        quarters = [(first + i // 4, i % 4 + 1) for i in range(number)]
        return [(f"{y}-Q{q}", form.format(y=y, q=q, ar=_ORDINALS[q - 1])) for y, q in quarters]

    def rows(self, dimension: str) -> list[tuple[dict[str, str], str]]:
        """(codes, word) of each row of a dimension."""
        if dimension == "area":
            chosen = self.dice.sample(at_level("region"), self.dice.randrange(2, 9))
            name = "ar" if self.language == "ar" else "fr"
            return [({"area": a.code}, a.name[name]) for a in chosen]
        return [
            ({dimension: code}, word) for code, word in _MEMBERS[self.language][dimension].items()
        ]

    def title(self, by: list[str], at: str = "") -> None:
        place = self.dice.randrange(3)
        self.drawn.indicator = _INDICATORS[place]
        words = _TITLES[self.language][place].format(
            by=", ".join(_HEADINGS[self.language][d].lower() for d in by)
        )
        self.drawn.lines.append([f"{words} {at}".strip()])
        if self.dice.random() < 0.5:
            self.drawn.lines.append([])

    def draw(self) -> Drawn:
        """A table of one of the layouts."""
        layout = self.dice.choice((self.wide, self.wide, self.crossed, self.stacked, self.long))
        layout()
        if self.dice.random() < 0.6:
            self.drawn.lines.append([_NOTES[self.language]])
        width = max(map(len, self.drawn.lines)) + self.dice.choice((0, 0, 2))
        self.drawn.lines = [[*line, *[""] * (width - len(line))] for line in self.drawn.lines]
        return self.drawn

    def _key(self, period: str, codes: dict[str, str]) -> tuple[str, str, str, str]:
        return (
            period,
            codes.get("area", "MA"),
            codes.get("sex", "_T"),
            codes.get("urbanisation", "_T"),
        )

    def wide(self) -> None:
        by = self.dice.sample(["sex", "urbanisation", "area"], self.dice.choice((1, 2)))
        periods = self.periods(self.dice.randrange(2, 9))
        self.title(by)
        flags = [self.dice.choice(("", "", "", "p", "*", " (p)")) for _ in periods]
        heads = [
            f"{head}{flag}" if period == head else head
            for (period, head), flag in zip(periods, flags)
        ]
        self.drawn.lines.append(
            [*(self.dice.choice((str, str.upper))(_HEADINGS[self.language][d]) for d in by), *heads]
        )
        rows = [({}, [])] if not by else [(codes, [word]) for codes, word in self.rows(by[0])]
        for dimension in by[1:]:
            rows = [
                ({**c, **more}, [*w, word]) for c, w in rows for more, word in self.rows(dimension)
            ]
        for codes, words in rows:
            line = list(words)
            for (period, head), heading in zip(periods, heads):
                line.append(self.figure(self._key(period, codes)))
                if heading != head and "p" in heading[len(head) :]:
                    self._provisional(self._key(period, codes))
            self.drawn.lines.append(line)

    def _provisional(self, key: tuple[str, str, str, str]) -> None:
        """A cell under a provisional year is provisional where it says nothing of itself."""
        for cell in [c for c in self.drawn.cells if c[:4] == key and c[5] == "A"]:
            self.drawn.cells.remove(cell)
            self.drawn.cells.add((*key, cell[4], "P"))

    def crossed(self) -> None:
        (period, head), across = self.periods(1)[0], self.dice.choice(("sex", "urbanisation"))
        self.title(["area", across], self.dice.choice((head, f"({head})", f", {head}")))
        members = self.rows(across)
        self.drawn.lines.append([_HEADINGS[self.language]["area"], *(word for _, word in members)])
        for codes, word in self.rows("area"):
            self.drawn.lines.append(
                [word, *(self.figure(self._key(period, {**codes, **c})) for c, _ in members)]
            )

    def stacked(self) -> None:
        periods, across = (
            self.periods(self.dice.randrange(2, 4)),
            self.dice.choice(("sex", "urbanisation")),
        )
        members = self.rows(across)
        self.title(["area", across])
        blanks = [""] * (len(members) - 1)
        self.drawn.lines.append(
            [_HEADINGS[self.language]["area"], *(t for _, head in periods for t in (head, *blanks))]
        )
        self.drawn.lines.append(["", *(word for _ in periods for _, word in members)])
        for codes, word in self.rows("area"):
            cells = [
                self.figure(self._key(p, {**codes, **c})) for p, _ in periods for c, _ in members
            ]
            self.drawn.lines.append([word, *cells])

    def long(self) -> None:
        by, periods = (
            self.dice.choice(("sex", "urbanisation", "area")),
            self.periods(self.dice.randrange(2, 6)),
        )
        self.title([by])
        words = {
            "fr": ("Période", "Valeur"),
            "en": ("Period", "Value"),
            "ar": ("الفترة", "القيمة"),
        }[self.language]
        self.drawn.lines.append([words[0], _HEADINGS[self.language][by], words[1]])
        for codes, word in self.rows(by):
            for period, head in periods:
                self.drawn.lines.append([head, word, self.figure(self._key(period, codes))])


def _csv(lines: list[list[str]], dice: random.Random) -> bytes:
    delimiter = dice.choice(";;\t,|")
    quoted = [
        [f'"{c}"' if delimiter in c or (c and dice.random() < 0.1) else c for c in line]
        for line in lines
    ]
    text = dice.choice(("\n", "\r\n")).join(delimiter.join(line) for line in quoted)
    for charset in (dice.choice(("utf-8", "utf-8-sig", "utf-16", "cp1252", "cp1256")), "utf-8"):
        try:
            return text.encode(charset)
        except UnicodeEncodeError:
            continue
    raise AssertionError


def _workbook(lines: list[list[str]], dice: random.Random) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    if dice.random() < 0.4:
        book.add_worksheet("Notes").write(0, 0, "Notes")
    sheet = book.add_worksheet()
    for y, line in enumerate(lines):
        for x, text in enumerate(line):
            try:
                sheet.write_number(y, x, float(text.replace(",", ".")))
            except ValueError:
                sheet.write_string(y, x, text)
    if len(lines[0]) > 2:
        sheet.merge_range(0, 0, 0, len(lines[0]) - 1, lines[0][0])
    book.close()
    return out.getvalue()


def _html(lines: list[list[str]], dice: random.Random) -> bytes:
    del dice
    rows = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in line)}</tr>" for line in lines)
    return f"<html><head><meta charset=utf-8></head><table>{rows}</table></html>".encode()


def _read(data: bytes, name: str) -> tuple[list[Observation], int]:
    spec = detect("observations", Path(name), data)
    context = Context(spec, (Payload(name, data),))
    records = [r for r in collector(spec)(context) if isinstance(r, Observation)]
    if "-v" in sys.argv:
        sys.stdout.writelines(f"  {issue.rule}\n" for issue in context.issues[:2])
    return records, context.rejected


def tables(number: int, seed: int = 2026) -> Iterator[tuple[Drawn, bytes, str]]:
    """Tables that can be read: what each says, its file, its name."""
    for place in range(number):
        maker = Maker(seed + place)
        drawn = maker.draw()
        kind = maker.dice.choice((_csv, _csv, _csv, _workbook, _html))
        yield (
            drawn,
            kind(drawn.lines, maker.dice),
            {"_csv": "t.csv", "_workbook": "t.xlsx", "_html": "t.xls"}[kind.__name__],
        )


def _is_right(drawn: Drawn, data: bytes, name: str) -> bool:
    try:
        records, rejected = _read(data, name)
    except MarsadError as error:
        if "-v" in sys.argv:
            sys.stdout.write(f"{error}\n{drawn.lines[:4]}\n")
        return False
    cells = {(r.period, r.area, r.sex, r.urbanisation, r.value, r.obs_status) for r in records}
    right = (
        cells == drawn.cells
        and not rejected
        and {r.indicator for r in records} == {drawn.indicator}
    )
    if not right and "-v" in sys.argv:
        sys.stdout.write(
            f"{name} {rejected} {sorted(map(str, cells ^ drawn.cells))[:4]}\n{drawn.lines[:5]}\n"
        )
    return right


def _contradictory(dice: random.Random) -> bytes:
    """A table of rates by sex that cannot be true, of one of three kinds."""
    years = range(2010, 2018)
    men = [round(dice.uniform(5, 12), 1) for _ in years]
    women = [round(value + dice.uniform(8, 20), 1) for value in men]
    total = [round((a + b) / 2, 1) for a, b in zip(men, women)]
    kind = dice.randrange(3)
    if kind == 0:
        total = [round(value + 30, 1) for value in total]
    elif kind == 1:
        women[dice.randrange(len(women))] = 100.0 + dice.randrange(1, 900)
    lines = [("Masculin", men), ("Féminin", women), ("Ensemble", total)]
    regions = (
        [(a.name["fr"], values) for a in at_level("region")[:3] for values in (men,)]
        if kind == 2
        else []
    )
    rows = [f"{word};Ensemble;{';'.join(map(str, v))}" for word, v in lines]
    rows += [f"Ensemble;{name};{';'.join(map(str, v))}" for name, v in regions]
    return (
        f"Taux de chômage\nSexe;Région;{';'.join(map(str, years))}\n{chr(10).join(rows)}\n".encode()
    )


def _is_refused(data: bytes) -> bool:
    try:
        coherence.check(_read(data, "t.csv")[0], file="t.csv")
    except MarsadError:
        return True
    return False


def measure() -> list[Line]:
    """Tables read cell for cell, and tables refused that contradict themselves."""
    right = sum(_is_right(*table) for table in tables(TABLES))
    dice = random.Random(5)
    refused = sum(_is_refused(_contradictory(dice)) for _ in range(CONTRADICTORY))
    return [
        Line("official tables read cell for cell", ">= 98 %", f"{right / TABLES:.1%}", TABLES),
        Line("tables that contradict themselves refused", "100 %", f"{refused / CONTRADICTORY:.1%}", CONTRADICTORY),
    ]  # fmt: skip


if __name__ == "__main__":
    for line in measure():
        sys.stdout.write(f"{line.what}: {line.value} (bar {line.bar}, n = {line.n})\n")
