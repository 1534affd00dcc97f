"""Numbers, dates and periods as a reader in Morocco writes them.

Formatted on the server only, so that every browser shows the same: Arabic as in Morocco (Western
digits, decimal comma, ماي and غشت), French with narrow spaces, English.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from marsad.base.errors import InputError
from marsad.base.periods import frequency, start
from marsad.web.locale import TONGUES


class Format:
    """Writes figures in one language; `translate` is that language's gettext."""

    def __init__(self, language: str, translate: Callable[[str], str]) -> None:
        self.locale = Locale.parse(TONGUES[language].locale)
        self._ = translate
        self._mark = "\u200e" if language == "ar" else ""  # keeps sign and percent by their figure

    def number(self, value: float, decimals: int = 0) -> str:
        """A figure with thousands marked and exactly `decimals` decimals."""
        places = "." + "0" * decimals if decimals else ""
        text = str(format_decimal(value, f"#,##0{places}", self.locale))
        return text.replace("-", f"{self._mark}−")

    def value(self, value: float, unit: str, decimals: int = 0) -> str:
        """A figure with its percent sign when it is a percentage; other units stay in captions."""
        if unit != "PT":
            return self.number(value, decimals)
        places = "." + "0" * decimals if decimals else ""
        pattern = str(self.locale.percent_formats[None].pattern)
        text = format_percent(value / 100, pattern.replace("#,##0", f"#,##0{places}"), self.locale)
        text = str(text).replace("-", "−").replace("\xa0", "\u202f")
        return self._mark + text + self._mark

    def share(self, value: float, decimals: int = 0) -> str:
        """A share between 0 and 1 as a percentage."""
        return self.value(100 * value, "PT", decimals)

    def date(self, day: dt.date | dt.datetime | None) -> str:
        """A day in full, or an empty text."""
        if day is None:
            return ""
        text = str(format_date(day, "d MMMM y", self.locale))
        return f"1er{text[1:]}" if self.locale.language == "fr" and day.day == 1 else text

    def date_text(self, text: str) -> str:
        """A date of a source (2024, 2025-02 or 2026-02-04) in full; other text as it stands."""
        try:
            return self.period(text)
        except InputError:
            return text

    def period(self, period: str) -> str:
        """A period by name: 2024, third quarter of 2024, May 2024, 17 May 2024."""
        kind, first = frequency(period), start(period)
        if kind == "A":
            return period
        if kind == "Q":
            return self._("Q%(quarter)s %(year)s") % {"quarter": period[-1], "year": period[:4]}
        if kind == "W":
            return self._("week %(week)s of %(year)s") % {"week": period[-2:], "year": period[:4]}
        return str(format_date(first, "MMMM y", self.locale)) if kind == "M" else self.date(first)

    def in_period(self, period: str) -> str:
        """A period as an adverb: in 2024, in the third quarter of 2024, on 17 May 2024."""
        kind, _ = frequency(period), self._
        patterns = {
            "A": _("in %(period)s"),
            "M": _("in %(month)s"),
            "W": _("in %(period)s"),
            "D": _("on %(period)s"),
        }
        if kind != "Q":
            named = self.period(period)
            return patterns[kind] % {"period": named, "month": named}
        quarters = (
            _("in the first quarter of %(year)s"),
            _("in the second quarter of %(year)s"),
            _("in the third quarter of %(year)s"),
            _("in the fourth quarter of %(year)s"),
        )
        return quarters[int(period[-1]) - 1] % {"year": period[:4]}
