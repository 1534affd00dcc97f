"""Pay as an ad offers it, in words: amounts, period, gross or net, and the same a month."""

from __future__ import annotations

from marsad.publish.read.reader import Pay
from marsad.web.locale import N_
from marsad.web.localisation import Locale, Site

_DIRHAM = "MAD"


def in_words(site: Site, pay: Pay) -> str:
    """From 4,000 to 5,000 MAD, per month, net; what the ad does not say is left out."""
    parts = [_amount(site, pay.low, pay.high, pay.currency)]
    if pay.period:
        parts.append(_inner(site.label("salary_period", pay.period)))
    if pay.basis and pay.basis != "unknown":
        parts.append(_inner(site.label("salary_basis", pay.basis)))
    return site._(N_(", ")).join(parts)


def a_month(site: Site, pay: Pay) -> str:
    """The same in dirhams a month, where the ad says it otherwise; else empty."""
    ends = (pay.month_low_mad, pay.month_high_mad)
    if ends == (None, None) or (pay.period == "month" and pay.currency == _DIRHAM):
        return ""
    amount = _amount(site, *ends, _DIRHAM)
    return site._(N_("that is, a month for full time, %(amount)s or so")) % {"amount": amount}


def _inner(label: str) -> str:
    """A label within a line of text: «Par mois» becomes «par mois»."""
    return label[:1].lower() + label[1:]


def _amount(site: Site, low: float | None, high: float | None, currency: str) -> str:
    if low is not None and high is not None and low != high:
        text = site._(N_("from %(low)s to %(high)s %(currency)s"))
    elif low is None:
        text = site._(N_("up to %(high)s %(currency)s"))
    elif high is None:
        text = site._(N_("from %(low)s %(currency)s"))
    else:
        text = site._(N_("%(low)s %(currency)s"))
    unit = site._(N_("MAD")) if currency == _DIRHAM else currency
    ends = {"low": _figure(site, low), "high": _figure(site, high), "currency": unit}
    return (text % ends).strip()


def _figure(locale: Locale, value: float | None) -> str:
    """An amount, with decimals only where it has some (pay an hour)."""
    if value is None:
        return ""
    return locale.format.number(value, 0 if value == round(value) else 2)
