"""A source as declared: who publishes it, by what right it is collected, how it is read.

One folder of `collect/sources/` is one source: `source.yml` is read into `Source`; `source.py`,
where the columns alone do not say how to read it, holds `collect(ctx)`; `sample/` and
`expected.json` are its test.
"""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import msgspec

from marsad.base.codes import codelist
from marsad.base.declare import load_declaration, load_yaml
from marsad.base.errors import DeclarationError, NotFoundError
from marsad.base.labels import LANGUAGES, missing
from marsad.base.records import Course, JobAd, Observation, Record, Row, SeriesBreak
from marsad.collect.context import Context
from marsad.collect.fetch.plan import Agreement, Fetch, check
from marsad.collect.names import PAY, SHORT_TEXT

FOLDER = Path(__file__).parent / "sources"
RECORDS: dict[str, type[JobAd] | type[Course] | type[Observation]] = {
    "ads": JobAd,
    "courses": Course,
    "observations": Observation,
}


CONFIDENTIALITY = ("open", "aggregate_only", "microdata")


class Right(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One row of the register of rights to collect: rule 8, published as it stands here.

    Of a source that is fetched also: `agreement`, where one gives the right; `checked_on`, the day on which
    a person last read its robots.txt and terms (left out: a person of each installation says so there);
    `declaration`, the number of the declaration to the authority for personal data; `contact`, an address
    by which its publisher reaches us. A `last_refusal` keeps it from being fetched."""

    legal_basis: dict[str, str]
    robots: dict[str, str]
    terms: dict[str, str]
    personal_data: dict[str, str]
    retention_days: int | None = None
    last_refusal: dict[str, str] = {}
    agreement: Agreement | None = None
    checked_on: dt.date | None = None
    declaration: str = ""
    contact: str = ""


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Records expected in one run: fewer than `minimum` block publication, more than `maximum`
    warn. A file given by hand is not held to the minimum."""

    minimum: int = 0
    maximum: int | None = None


class Dialect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form in which a source comes: the fields that show it (`when`), and what is read, or not read,
    otherwise than by the names of the source."""

    when: tuple[str, ...]
    columns: dict[str, str] = {}
    ignore: tuple[str, ...] = ()


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One source's declaration. `columns` maps a field of the source to a field of the record;
    `ignore` names the fields known and not read; `constants` fills fields the source leaves out.
    With `ordinary_names` what neither names is read by `names.yml`, and none of its columns must be
    there. `optional: [all]` is short for every column.
    `earliest` is the first day that its ads can be of (ten years ago unless said); `dialects` names
    forms in which it comes. `confidentiality` says what may
    leave: `open` (public: counted exactly), `aggregate_only` (registers, agreements: no record leaves,
    and the gate protects what is counted) or `microdata` (records for researchers under an agreement).
    `board_by_host` tells the boards of a form that many use apart by the host of their addresses.
    `publishes_text` says whether its terms let ads be shown with their text; else only title, codes
    and the link are. `posts`: its records are posts, of which those that offer work become ads. `together`: its
    files are read in one run. Without
    `fetch` nothing is asked of its host: its files are given by hand."""

    id: str
    kind: str
    title: dict[str, str]
    publisher: str
    homepage: str
    licence: str
    confidentiality: str
    right: Right
    frequency: str
    fetch: Fetch | None = None
    languages: tuple[str, ...] = ()
    adapter: str = ""
    columns: dict[str, str] = {}
    optional: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    constants: Row = {}
    options: Row = {}
    lookups: dict[str, dict[str, str]] = {}
    earliest: dt.date | None = None
    dialects: dict[str, Dialect] = {}
    ordinary_names: bool = False
    unknown_fields: str = "stop"
    expected: Expected = Expected()
    board_by_host: bool = False
    embedded: bool = False
    reads_files: bool = True
    publishes_text: bool = False
    posts: bool = False
    together: bool = False
    synthetic: bool = False

    @property
    def folder(self) -> Path:
        return FOLDER / self.id

    @property
    def names(self) -> frozenset[str]:
        """The fields that it reads or knows, as a file names them."""
        return frozenset((*self.columns, *self.ignore))

    @property
    def every_name(self) -> frozenset[str]:
        """Those, and the ones that its dialects read or know."""
        forms = self.dialects.values()
        return self.names.union(*((*form.columns, *form.ignore, *form.when) for form in forms))

    @property
    def needed(self) -> frozenset[str]:
        """The columns that a file must have."""
        every = self.ordinary_names or "all" in self.optional
        return frozenset() if every else frozenset(self.columns) - set(self.optional)

    @property
    def by_pages(self) -> bool:
        """Whether it has a page for each ad, which is taken in and ends by itself."""
        return self.fetch is not None and self.fetch.discover == "pages" and self.kind == "ads"

    @property
    def record(self) -> type[JobAd] | type[Course] | type[Observation]:
        return RECORDS[self.kind]


_WITHOUT_COLUMNS = frozenset(("statistics", "aggregates", "opinion"))
"""Adapters whose fields have names of their own."""


def _check(spec: Source, folder: Path) -> Source:
    if spec.id != folder.name:
        raise DeclarationError(f"{folder}: the id {spec.id!r} is not the folder's name.")
    if spec.kind not in RECORDS:
        raise DeclarationError(f"{folder}: kind must be one of {', '.join(RECORDS)}.")
    if spec.confidentiality not in CONFIDENTIALITY:
        raise DeclarationError(
            f"{folder}: confidentiality must be one of {', '.join(CONFIDENTIALITY)}."
        )
    for name in ("legal_basis", "robots", "terms", "personal_data"):
        if lacking := missing(getattr(spec.right, name)):
            raise DeclarationError(f"{folder}: right.{name} lacks {', '.join(lacking)}.")
    fields = {*spec.record.__struct_fields__, *PAY, SHORT_TEXT}
    columns = [*spec.columns.values(), *spec.constants]
    columns += [of for dialect in spec.dialects.values() for of in dialect.columns.values()]
    if unknown := sorted(set(columns) - fields):
        raise DeclarationError(f"{folder}: {spec.kind} have no field {', '.join(unknown)}.")
    if spec.columns and spec.adapter in _WITHOUT_COLUMNS:
        raise DeclarationError(
            f"{folder}: the adapter {spec.adapter} reads no `columns`: what the source calls our fields stands"
            " in options.concepts, its codes for ours in lookups, by our field."
        )
    survey = spec.options.get("survey", "")
    if isinstance(survey, str) and survey and survey not in codelist("survey"):
        raise DeclarationError(
            f"{folder}: the survey {survey!r} is not in base/codelists/survey.yml: add it there, and to"
            " `surveys` of the indicators that show it (products/indicators/*/indicator.yml)."
        )
    check(spec)
    return spec


@cache
def sources() -> tuple[Source, ...]:
    """Every source of the package: each folder with a source.yml."""
    paths = sorted(FOLDER.glob("*/source.yml"))
    return tuple(_check(load_declaration(path, Source), path.parent) for path in paths)


def source(identifier: str) -> Source:
    """One source; NotFoundError when no folder has that name."""
    for spec in sources():
        if spec.id == identifier:
            return spec
    known = ", ".join(s.id for s in sources())
    raise NotFoundError(f"There is no source {identifier!r}. Sources: {known}.")


def collector(spec: Source) -> Callable[[Context], Iterator[Record]]:
    """The `collect(ctx)` of a source: its own source.py, else its adapter's."""
    if (spec.folder / "source.py").exists():
        module = importlib.import_module(f"marsad.collect.sources.{spec.id}.source")
    elif spec.adapter:
        module = importlib.import_module(f"marsad.collect.adapters.{spec.adapter}")
    else:
        raise DeclarationError(f"{spec.folder}: needs a source.py or an adapter.")
    collect: Callable[[Context], Iterator[Record]] = module.collect
    return collect


def breaks() -> list[SeriesBreak]:
    """The series breaks that sources declare (breaks.yml)."""
    return [
        SeriesBreak(**entry, **{f"reason_{k}": reason[k] for k in LANGUAGES})
        for path in sorted(FOLDER.glob("*/breaks.yml"))
        for entry in load_yaml(path)["breaks"]
        for reason in (entry.pop("reason"),)
    ]
