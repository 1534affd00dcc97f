"""Editions of the bulletin: one a quarter, written from the release of the day and never changed.

An edition is a folder `bulletins/2026-Q3` of the installation with a PDF for each place and language.
The bulletins that the portal makes when asked tell the latest release; an edition stays what it was.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path

from marsad.base.errors import InputError, NotFoundError
from marsad.base.refusals import refused
from marsad.publish.read.reader import Reader
from marsad.web.bulletins.content import LANGUAGES, bulletin, places
from marsad.web.localisation import Site

_QUARTER = re.compile(r"\d{4}-Q[1-4]")


def last_quarter(day: dt.date) -> str:
    """The quarter that ended last before a day."""
    year, quarter = (day.year, (day.month - 1) // 3) if day.month > 3 else (day.year - 1, 4)
    return f"{year}-Q{quarter}"


class Editions:
    """The editions of one installation."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> list[str]:
        """As `publish.desk.Editions.all`."""
        if not self._folder.is_dir():
            return []
        names = (path.name for path in self._folder.iterdir() if path.is_dir())
        return sorted((name for name in names if _QUARTER.fullmatch(name)), reverse=True)

    def file(self, edition: str, code: str, language: str) -> bytes:
        """As `publish.desk.Editions.file`."""
        if edition in self.all() and code in places() and language in LANGUAGES:
            return (self._folder / edition / f"{code}.{language}.pdf").read_bytes()
        raise NotFoundError(refused("no_bulletin_edition", code=code, edition=edition))

    def write(self, reader: Reader, base: str, day: dt.date) -> Path:
        """Write the edition of the quarter that ended last before a day; its folder.

        Never that of an earlier quarter: it tells what was known when the quarter had just ended.
        InputError when it is there already.
        """
        quarter = last_quarter(day)
        if quarter in self.all():
            raise InputError(f"The edition {quarter} is there already: it is never changed")
        part = self._folder / f"{quarter}.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        for code in places():
            for language in LANGUAGES:
                site = Site(language, reader, base)
                (part / f"{code}.{language}.pdf").write_bytes(bulletin(site, code, quarter))
        return part.rename(self._folder / quarter)
