"""Numbers, dates and periods as a reader in Morocco writes them.

Formatted on the server only, so that every browser shows the same; `base.figures` writes, with narrow
spaces and marks of direction added here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from marsad.base import figures
from marsad.base.errors import InputError
from marsad.base.periods import frequency
from marsad.base.surveys import USUAL


class Format:
    """Writes figures in one language; `translate` is that language's gettext."""

    def __init__(self, language: str, translate: Callable[[str], str]) -> None:
        self.language, self._ = language, translate
        self._mark = "\u200e" if language == "ar" else ""  # keeps sign and percent by their figure

    def number(self, value: float, decimals: int = 0) -> str:
        """A figure with thousands marked and exactly `decimals` decimals."""
        return figures.decimal(value, decimals, self.language).replace("-", f"{self._mark}−")

    def value(self, value: float, unit: str, decimals: int = 0) -> str:
        """A figure with its percent sign when it is a percentage; other units stay in captions."""
        if unit != "PT":
            return self.number(value, decimals)
        shown = figures.rounded(value, decimals) / 100  # so that all figures round alike
        text = figures.share(shown, decimals, self.language)
        return self._mark + text.replace("-", "−").replace("\xa0", "\u202f") + self._mark

    def share(self, value: float, decimals: int = 0) -> str:
        """A share between 0 and 1 as a percentage."""
        return self.value(100 * value, "PT", decimals)

    def date(self, day: dt.date | dt.datetime | None) -> str:
        """A day in full, or an empty text."""
        return "" if day is None else figures.day(day, self.language)

    def date_text(self, text: str) -> str:
        """A date of a source (2024, 2025-02 or 2026-02-04) in full, one that is only the usual day of
        publication (2025-02~) said so; other text as it stands."""
        try:
            day = self.period(text.removesuffix(USUAL))
        except InputError:
            return text
        if not text.endswith(USUAL):
            return day
        return self._("%(date)s, the usual time of publication") % {"date": day}

    def period(self, period: str) -> str:
        """A period by name: 2024, third quarter of 2024, May 2024, 17 May 2024."""
        return figures.period(period, self.language)

    def in_period(self, period: str) -> str:
        """A period as an adverb: in 2024, in the third quarter of 2024, on 17 May 2024."""
        kind, _ = frequency(period), self._
        patterns = {
            "A": _("in %(period)s"),
            "M": _("in %(month)s"),
            "W": _("in the %(week)s"),
            "D": _("on %(period)s"),
        }
        if kind != "Q":
            named = self.period(period)
            return patterns[kind] % {"period": named, "month": named, "week": named}
        quarters = (
            _("in the first quarter of %(year)s"),
            _("in the second quarter of %(year)s"),
            _("in the third quarter of %(year)s"),
            _("in the fourth quarter of %(year)s"),
        )
        return quarters[int(period[-1]) - 1] % {"year": period[:4]}
