"""How a reader in one language is spoken to: words, labels, numbers, and the addresses of pages.

`Locale` is what charts, sentences and documents need; `Site` adds the addresses of the portal in that
language. A page is given a `marsad.web.request.PageRequest`, which is a `Site`; a bulletin or a picture
made without a visitor is given a `Site`.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode, urljoin

from markupsafe import Markup, escape

from marsad.base import areas
from marsad.base.codes import TOTAL
from marsad.base.labels import Text, pick
from marsad.base.settings import site_path
from marsad.publish.read.reader import Reader
from marsad.publish.read.trust import visible_share
from marsad.web.layout.format import Format
from marsad.web.locale import N_, translations

_LEVELS = {
    "country": N_("country"),
    "region_group": N_("group of regions"),
    "region": N_("region"),
    "province": N_("province or prefecture"),
    "commune": N_("commune"),
}
_KINDS = {
    "province": N_("province"),
    "prefecture": N_("prefecture"),
    "prefecture_of_arrondissements": N_("prefecture of arrondissements"),
}
_AD_STATES = {
    "open": N_("open"),
    "closed": N_("closed"),
    "unknown": N_("not known whether it is still open"),
}
_STATES = {
    "ok": N_("Last reading succeeded"),
    "warning": N_("Last reading succeeded with warnings"),
    "failed": N_("Last reading failed"),
    "never": N_("Not read yet"),
}


@dataclass(frozen=True)
class Locale:
    """A language (ar, fr, en, or one that is not translated yet) and the release whose labels it reads."""

    language: str
    reader: Reader

    @cached_property
    def words(self) -> gettext.NullTranslations:
        """The interface's words in this language."""
        return translations(self.language)

    @cached_property
    def format(self) -> Format:
        """Numbers and dates in this language."""
        return Format(self.language, self.words.gettext)

    def _(self, message: str) -> str:
        return self.words.gettext(message)

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """A counted message in the right plural form, its %(count)s written as a figure."""
        return self.words.ngettext(singular, plural, count) % {"count": self.format.number(count)}

    def text(self, text: Text) -> str:
        """A language map in this language."""
        return pick(text, self.language)

    def label(self, dimension: str, code: str, indicator: str = "") -> str:
        """The label of a code in this language."""
        label = self.reader.label(dimension, code, self.language, indicator)
        return self._("Total") if label == TOTAL else label

    def caveat(self, code: str) -> str:
        """A usage warning in this language; that of ads with the share of hiring that they show."""
        return self.ads_partial() if code == "ads_partial" else self.label("caveat", code)

    def ads_partial(self) -> str:
        """What ads show of hiring, in words and, where a survey of firms tells it, in figures."""
        words, share = self.label("caveat", "ads_partial"), visible_share(self.reader)
        if share is None:
            return words
        row, *figures = share
        value, low, high = (self.format.share(figure / 100) for figure in figures)
        sentence = self._(
            "Of the channels through which firms hired in %(year)s, about %(value)s carry ads (%(low)s to %(high)s)."
        ) % {"year": row.period, "value": value, "low": low, "high": high}
        return f"{words} {sentence}"

    def ad_state(self, state: str) -> str:
        """Whether an ad is open, in this language."""
        return self._(_AD_STATES[state])

    def state(self, status: str) -> str:
        """The state of a source after its last reading."""
        return self._(_STATES.get(status, status))

    def level(self, area: str) -> str:
        """What an area is, with what it lies in: "commune, Casablanca-Settat region"."""
        place = areas.area(area)
        name = self._(_KINDS.get(place.kind) or _LEVELS[place.level])
        above = place.parent if place.level in ("commune", "province") else None
        return f"{name}{self._(', ')}{self.label('area', above)}" if above else name


@dataclass(frozen=True)
class Site(Locale):
    """The portal in one language, at `base`. `tongue` is the language of its addresses and menu: the
    same, but where the content is not translated."""

    base: str = ""
    tongue: str = ""

    def in_tongue(self, message: str) -> Markup:
        """A word of the ways through the portal, in the visit's tongue where it has it."""
        translated = translations(self.tongue).gettext(message) if self.tongue else message
        if self.tongue in ("", self.language) or translated == message:
            return escape(self._(message))
        return Markup('<span lang="{}">{}</span>').format(self.tongue, translated)

    def link(self, path: str, query: Mapping[str, str] | None = None, language: str = "") -> str:
        """The address of a page in this (or another) language; empty fields are left out."""
        query_string = urlencode({k: v for k, v in (query or {}).items() if v})
        return site_path(f"/{language or self.tongue or self.language}{path}") + (
            f"?{query_string}" if query_string else ""
        )

    def absolute(self, path: str) -> str:
        """A path of this site with its origin, as it may stand outside of the site."""
        return urljoin(self.base, path)

    def api(self, path: str, query: Mapping[str, str] | None = None) -> str:
        """An address of the machine interface; empty fields are left out."""
        query_string = urlencode({k: v for k, v in (query or {}).items() if v}, safe=",*")
        return site_path(path) + (f"?{query_string}" if query_string else "")
