"""A choice that has no data is not offered: each option of an indicator's form has figures."""

from __future__ import annotations

import re

import httpx2
import pytest

CHOICES = (
    "unemployment_rate",
    "unemployment_rate?age=Y15T24",
    "unemployment_rate?area=MA-02",
    "unemployment_rate?survey=RGPH2024&area=MA-08-587",
    "unemployment_rate?sex=F&freq=Q",
    "unemployment_rate?by=age",
    "employed_persons?survey=RGPH2024",
    "open_ads",
    "wage_offered?area=MA-06",
    "establishments?area=MA-06",
)
_FIELD = re.compile(r'<select id="f-(\w+)".*?</select>', re.DOTALL)
_OPTION = re.compile(r'<option value="([^"]+)"( selected)?')


def form(site: str, choice: str) -> dict[str, list[tuple[str, bool]]]:
    """Field -> its options and whether each is chosen."""
    text = httpx2.get(f"{site}/en/indicators/{choice}").text
    return {
        match[1]: [(code, bool(chosen)) for code, chosen in _OPTION.findall(match[0])]
        for match in _FIELD.finditer(text)
    }


@pytest.mark.parametrize("choice", CHOICES)
def test_every_option_of_the_form_has_a_figure(live_site: str, choice: str) -> None:
    name, _, query = choice.partition("?")
    fields = form(live_site, choice)
    listed = httpx2.get(f"{live_site}/api/v1/indicators/{name}").json()["codes"]
    chosen = {f: next((c for c, on in options if on), "") for f, options in fields.items()}
    chosen = {f: code for f, code in chosen.items() if code and f in listed}
    assert chosen
    for field in chosen:
        for code, _ in fields[field][:40]:
            parameters = {**chosen, field: code, "limit": "1"}
            answer = httpx2.get(f"{live_site}/api/v1/indicators/{name}/data", params=parameters)
            assert answer.json()["total"] > 0, (query, field, code)


def test_young_people_are_not_offered_by_region_where_nobody_publishes_it(live_site: str) -> None:
    fields = form(live_site, "unemployment_rate?age=Y15T24")
    assert "area" not in fields
    assert "area" not in [code for code, _ in fields["by"]]
    assert ("Y15T24", True) in fields["age"]


def test_what_is_chosen_is_kept_in_the_form_though_it_is_alone(live_site: str) -> None:
    fields = form(live_site, "unemployment_rate?area=MA-02&age=Y15T24")
    assert ("MA-02", True) in fields["area"]
    assert ("Y15T24", True) in fields["age"]
