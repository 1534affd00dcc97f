"""The form of a survey as XLSForm: its questions of one answer, with their choices, in their languages.

Sheets `survey` (type, name, label::LANGUAGE), `choices` (list_name, name, label::LANGUAGE) and `settings`
(form_title, form_id, version, default_language), as xlsform.org has them; ODK, Kobo and others read the
same workbook.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from marsad.base.declare import load_declaration
from marsad.base.errors import InputError
from marsad.base.labels import LANGUAGES, Text
from marsad.base.text import fold
from marsad.base.workbook import Cells, read_workbook

MOST_QUESTIONS, MOST_CHOICES, MOST_LABEL = 2_000, 20_000, 500
_SELECT = re.compile(r"select[ _]one(?: from)? (\S+)(?: or[ _]other)?", re.I)
_BEGIN = re.compile(r"begin[ _](?:group|repeat)", re.I)
_END = re.compile(r"end[ _](?:group|repeat)", re.I)
_CODE = re.compile(r"\((?P<a>[a-z]{2})(?:-\w+)?\)\s*$|^(?P<b>[a-z]{2})(?:[-_]\w+)?$", re.I)
_NAMES = load_declaration(Path(__file__).with_suffix(".yml"), dict[str, list[str]])
_NOT_IN_A_CODE = re.compile(r"[^A-Za-z0-9_]")


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that may be chosen: its name in the data, and its labels."""

    name: str
    labels: Text


@dataclass(frozen=True, slots=True)
class Question:
    """A question of one answer: `path` are the groups that it stands in and its name."""

    name: str
    path: tuple[str, ...]
    labels: Text
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its title, identifier and version, its questions of one answer, and the names of all others."""

    title: str
    id: str
    version: str
    questions: tuple[Question, ...]
    others: tuple[str, ...] = field(default=())


def category(question: str, choice: str = "") -> str:
    """The category of the figures of a question, and, with the name of a choice of another, of those who
    chose it: letters, digits and `_`, with `@` between the two (codes of SDMX)."""
    codes = [_NOT_IN_A_CODE.sub("_", part) for part in (question, choice) if part]
    return "@".join(codes)


def is_form(sheets: list[tuple[str, list[Cells]]]) -> bool:
    """Whether the sheets of a workbook are those of a form."""
    return {"survey", "choices"} <= {name.strip().lower() for name, _ in sheets}


def read_form(data: bytes, language: str = "fr") -> Form:
    """The form in a workbook; a label of no language is in that of the form, else in `language`.

    InputError: no workbook, no form, or a form that cannot be.
    """
    read, _ = read_workbook(data)
    if not is_form(read):
        raise InputError("the workbook is no XLSForm: it has no sheets «survey» and «choices»")
    sheets = {name.strip().lower(): list(_rows(lines)) for name, lines in read}
    settings = next(iter(sheets.get("settings", [])), {})
    default = _language(settings.get("default_language", "")) or language
    choices: dict[str, list[Choice]] = defaultdict(list)
    for n, row in enumerate(sheets["choices"]):
        if n >= MOST_CHOICES:
            raise InputError(f"the form has more than {MOST_CHOICES:,} choices")
        name = row.get("name") or row.get("value", "")
        if name and (of := row.get("list_name") or row.get("list name", "")):
            choices[of].append(Choice(name, _labels(row, default)))
    questions, others = _questions(sheets["survey"], choices, default)
    if not questions:
        raise InputError("the form has no question of one answer (select_one)")
    title = settings.get("form_title", "")[:MOST_LABEL]
    return Form(
        title, settings.get("form_id", ""), settings.get("version", ""), questions, others
    )  # fmt: skip


def _questions(
    rows: list[dict[str, str]], choices: Mapping[str, list[Choice]], default: str
) -> tuple[tuple[Question, ...], tuple[str, ...]]:
    questions: dict[str, Question] = {}
    others: list[str] = []
    groups: list[str] = []
    for row in rows:
        kind, name = row.get("type", ""), row.get("name", "")
        if _BEGIN.match(kind):
            groups.append(name)
        elif _END.match(kind):
            del groups[-1:]
        elif select := _SELECT.fullmatch(kind):
            if name in questions or len(questions) >= MOST_QUESTIONS:
                raise InputError(
                    f"question {name[:60]!r} stands twice in the form, or one too many"
                )
            if not choices.get(select[1]):
                raise InputError(
                    f"question {name[:60]!r}: the form has no choices {select[1][:60]!r}"
                )
            path = (*groups, name)
            questions[name] = Question(name, path, _labels(row, default), tuple(choices[select[1]]))
        elif name:
            others.append(name)
    return tuple(questions.values()), tuple(others)


def _rows(lines: list[Cells]) -> Iterator[dict[str, str]]:
    """The rows of a sheet by the names of its first line, as text; empty cells are left out."""
    heading = [str(cell or "").strip() for cell in lines[0]] if lines else []
    heading = [name if "label" in name.lower() else name.lower() for name in heading]
    for line in lines[1:]:
        row = {n: " ".join(str(c).split()) for n, c in zip(heading, line) if n and c is not None}
        if row:
            yield row


def _labels(row: Mapping[str, str], default: str) -> dict[str, str]:
    labels: dict[str, str] = {}
    for name, words in row.items():
        head, _, language = name.replace("::", ":").partition(":")
        if head.strip().lower() == "label":
            code = _language(language) if language.strip() else default
            if code in LANGUAGES:
                labels.setdefault(code, words[:MOST_LABEL])
    return labels


def _language(name: str) -> str:
    """The code of a language as forms name it: «Arabic (ar)», العربية, fr; empty for one of none of ours."""
    code = _CODE.search(name.strip())
    if code:
        return (code["a"] or code["b"]).lower()
    form = fold(name)
    named = (la for la, words in _NAMES.items() if any(fold(word) in form for word in words))
    return next(named, "")
