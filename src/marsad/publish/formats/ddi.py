"""The documentation of a file of records as a DDI Codebook 2.5 document.

DDI Alliance, https://ddialliance.org/Specification/DDI-Codebook/2.5/; namespace ddi:codebook:2_5.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pyarrow as pa

from marsad.base.declare import load_declaration
from marsad.base.labels import Text, pick


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    keyword: Text


_WORDS = load_declaration(Path(__file__).with_name("ddi.yml"), _Words)
NAMESPACE = "ddi:codebook:2_5"
FEWEST = 10
"""A frequency below it is not told."""
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ORDER = ("fr", "ar", "en")


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable: its label, the labels of its categories (when it has any), and its unit."""

    name: str
    label: Text
    categories: Mapping[str, Text] = field(default_factory=dict)
    unit: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """One file and the table that it holds."""

    name: str
    table: pa.Table


@dataclass(frozen=True, slots=True)
class Study:
    """What a codebook says beside its variables; texts in three languages."""

    identifier: str
    title: Text
    abstract: Text
    universe: Text
    unit: Text
    collection: Text
    sources: Text
    access: Text
    confidential: Text
    citation: Text
    kind: Text
    first: str
    last: str
    made_on: dt.date
    version: str


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)
    element.text = text or None
    return element


def _add_in_languages(parent: ET.Element, name: str, text: Text, **attributes: str) -> None:
    """One element for each language."""
    for language in ORDER:
        _add(parent, name, pick(text, language), **attributes).set(_LANG, language)


def _titles(parent: ET.Element, study: Study) -> None:
    titles = _add(parent, "titlStmt")
    _add(titles, "titl", study.title["fr"]).set(_LANG, "fr")
    for language in ORDER[1:]:
        _add(titles, "parTitl", study.title[language]).set(_LANG, language)
    _add(titles, "IDNo", study.identifier, agency="MARSAD")


def _citation(parent: ET.Element, study: Study) -> None:
    citation = _add(parent, "citation")
    _titles(citation, study)
    _add(_add(citation, "rspStmt"), "AuthEnty", "Marsad")
    production = _add(citation, "prodStmt")
    _add(production, "producer", "Marsad")
    _add(production, "prodDate", study.made_on.isoformat(), date=study.made_on.isoformat())
    _add(production, "software", "Marsad", version=study.version)
    _add(_add(citation, "distStmt"), "distrbtr", "Marsad")
    _add(_add(citation, "verStmt"), "version", study.identifier, date=study.made_on.isoformat())
    _add_in_languages(citation, "biblCit", study.citation)


def _study(root: ET.Element, study: Study) -> None:
    description = _add(root, "stdyDscr")
    _citation(description, study)
    info = _add(description, "stdyInfo")
    subject = _add(info, "subject")
    _add_in_languages(subject, "keyword", _WORDS.keyword)
    _add_in_languages(info, "abstract", study.abstract)
    summary = _add(info, "sumDscr")
    _add(summary, "timePrd", study.first, event="start", date=study.first)
    _add(summary, "timePrd", study.last, event="end", date=study.last)
    _add(summary, "nation", "Maroc", abbr="MA")
    _add(summary, "geogUnit", "Province")
    _add_in_languages(summary, "anlyUnit", study.unit)
    _add_in_languages(summary, "universe", study.universe, clusion="I")
    _add_in_languages(summary, "dataKind", study.kind)
    collected = _add(_add(description, "method"), "dataColl")
    _add_in_languages(collected, "collMode", study.collection)
    _add_in_languages(_add(collected, "sources"), "dataSrc", study.sources)
    use = _add(_add(description, "dataAccs"), "useStmt")
    _add_in_languages(use, "confDec", study.confidential, required="yes")
    _add_in_languages(use, "restrctn", study.access)
    _add_in_languages(use, "citReq", study.citation)


def _variable(root: ET.Element, variable: Variable, file: str, column: pa.ChunkedArray) -> None:
    number = not pa.types.is_string(column.type) and not pa.types.is_boolean(column.type)
    var = _add(root, "var", ID=f"{file}_{variable.name}", files=file)
    var.set("name", variable.name)
    var.set("intrvl", "contin" if number else "discrete")
    _add_in_languages(var, "labl", variable.label)
    if number and variable.unit:
        var.set("measUnit", variable.unit)
    known = column.length() - column.null_count
    _add(var, "sumStat", str(known), type="vald")
    _add(var, "sumStat", str(column.null_count), type="invd")
    if variable.categories:
        _categories(var, variable.categories, column)
    _add(var, "varFormat", type="numeric" if number else "character")


def _categories(var: ET.Element, texts: Mapping[str, Text], column: pa.ChunkedArray) -> None:
    """The categories that occur, in the order of their list, with their frequencies."""
    codes = (str(v).lower() if isinstance(v, bool) else v for v in column.to_pylist())
    counts = Counter(code for code in codes if code is not None)
    for code in [*(c for c in texts if c in counts), *sorted(counts.keys() - texts.keys())]:
        category = _add(var, "catgry")
        _add(category, "catValu", code)
        _add_in_languages(category, "labl", texts.get(code, {"en": code}))
        if counts[code] >= FEWEST:
            _add(category, "catStat", str(counts[code]), type="freq")


def codebook(study: Study, variables: Sequence[Variable], files: Sequence[File]) -> bytes:
    """The document, UTF-8: the study, then each file, then each variable of each file."""
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(f"{{{NAMESPACE}}}codeBook", {"version": "2.5", _LANG: "fr"})
    document = _add(_add(root, "docDscr"), "citation")
    _titles(document, study)
    _study(root, study)
    for number, file in enumerate(files, 1):
        described = _add(root, "fileDscr", ID=f"F{number}")
        text = _add(described, "fileTxt")
        _add(text, "fileName", file.name)
        size = _add(text, "dimensns")
        _add(size, "caseQnty", str(file.table.num_rows))
        _add(size, "varQnty", str(file.table.num_columns))
        _add(text, "fileType", "Apache Parquet; CSV (UTF-8)")
    data = _add(root, "dataDscr")
    for number, file in enumerate(files, 1):
        for variable in variables:
            _variable(data, variable, f"F{number}", file.table[variable.name])
    ET.indent(root)
    text_: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text_ + b"\n"
