"""What is said of job ads: trial data are named where something of them is told, and only there."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from marsad.base.text import arabic_share
from marsad.publish.feeds.sms import reply
from marsad.publish.read.answers import Answer
from marsad.publish.read.model import AdQuery
from marsad.publish.read.profiles import Demand, MedianPay, Part
from marsad.publish.read.questions import read
from marsad.web.bulletins.content import demand_part
from marsad.web.localisation import Locale

TRIAL = {"ar": "أرقام غير حقيقية للتجربة", "fr": "chiffres fictifs", "en": "invented figures"}
NONE = {"ar": "لا إعلانات هنا", "fr": "aucune annonce ici", "en": "no ads here"}


def told_of(total: int, realm: str) -> Demand:
    parts = (Part("7212", total, 1.0, 0.9, 1.0),) if total else ()
    return Demand(AdQuery(), realm, total, total, 0, (), (), (), parts, (), (), MedianPay(0))


class Ads:
    """A reader that answers every question by the same ads."""

    def __init__(self, total: int, realm: str) -> None:
        self.profiles = SimpleNamespace(demand=lambda query: told_of(total, realm))
        question = read.read("soudeur")
        self.answers = SimpleNamespace(answer=lambda text, most: Answer(question, {}))

    def data(self, query: object) -> SimpleNamespace:
        return SimpleNamespace(rows=())

    def label(self, dimension: str, code: str, language: str, indicator: str = "") -> str:
        return code


CASES = pytest.mark.parametrize(
    ("total", "realm", "trial"),
    [(0, "synthetic", False), (3, "synthetic", True), (0, "real", False), (3, "real", False)],
)


@CASES
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_message_names_trial_data_where_it_tells_of_them(
    total: int, realm: str, trial: bool, language: str
) -> None:
    message = reply(Ads(total, realm), "soudeur", language)  # type: ignore[arg-type]
    assert (TRIAL[language] in message) == trial
    assert (NONE[language] in message) == (total == 0)
    assert (arabic_share(message) > 0) == (language == "ar")


@CASES
@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_bulletin_warns_of_trial_data_where_it_shows_them(
    total: int, realm: str, trial: bool, language: str
) -> None:
    locale = Locale(language, Ads(total, realm))  # type: ignore[arg-type]
    part = demand_part(locale, "MA-06")
    assert bool(part["warning"]) == trial
    assert ("ADS_SYNTHETIC" in part["source"]) == trial
