"""Links between two bases of the labour-force survey, as data: see links.yml."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec

from marsad.base.codes import TOTAL
from marsad.base.declare import load_declaration
from marsad.base.periods import frequency
from marsad.base.records import Observation


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One period of the country measured on both bases."""

    period: str
    old: float
    new: float
    source_date: str
    urbanisation: str = TOTAL


class Links(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The links of one indicator to a new basis. `table` begins the name of a table whose figures of
    `table_period` are on the new basis already, whatever the rest of it is."""

    basis: str
    survey: str
    indicator: str
    checked: str
    source: str
    table: str
    table_period: str
    links: tuple[Link, ...]


@cache
def links() -> Links:
    """The links that come with the package."""
    return load_declaration(Path(__file__).with_name("links.yml"), Links)


def on_their_basis(observations: Iterator[Observation]) -> Iterator[Observation]:
    """The observations, each on its basis: values that stand on the new one have the category
    `basis_...`, and where one side of a link is given, the other is added."""
    declared = links()
    ours = {(link.period, link.urbanisation): link for link in declared.links}
    given: set[tuple[str, str, str]] = set()
    for observation in observations:
        link = ours.get(_cell(observation)) if _linked(observation) else None
        if link is not None:
            observation = _filed(observation, link)
            given.add((*_cell(observation), observation.category))
        elif _of_table(observation):
            observation = msgspec.structs.replace(observation, category=f"basis_{declared.basis}")
        yield observation
    for link in declared.links:
        sides = ((link.old, TOTAL), (link.new, f"basis_{declared.basis}"))
        lacking = [s for s in sides if (link.period, link.urbanisation, s[1]) not in given]
        if len(lacking) == 1:
            yield _made(link, *lacking[0])


def _cell(observation: Observation) -> tuple[str, str]:
    return observation.period, observation.urbanisation


def _linked(o: Observation) -> bool:
    """Whether an observation is of the series that the links join: the country, all its people."""
    declared = links()
    return (o.indicator, o.survey, o.area, o.vintage, o.age) == (
        declared.indicator,
        declared.survey,
        "MA",
        "current",
        "Y_GE15",
    ) and (o.sex, o.education) == (TOTAL, TOTAL)


def _of_table(o: Observation) -> bool:
    declared = links()
    return (
        o.survey == declared.survey
        and o.indicator == declared.indicator
        and o.period == declared.table_period
        and o.source.startswith(declared.table)
    )


def _filed(observation: Observation, link: Link) -> Observation:
    """A value that equals one side of its link only stands on that side; what contradicted it is
    the other side, and no contradiction."""
    new = observation.value == link.new and link.new != link.old
    return msgspec.structs.replace(
        observation,
        category=f"basis_{links().basis}" if new else TOTAL,
        obs_status="A" if observation.value in (link.old, link.new) else observation.obs_status,
    )


def _made(link: Link, value: float, category: str) -> Observation:
    declared = links()
    return Observation(
        indicator=declared.indicator,
        freq=frequency(link.period),
        period=link.period,
        area="MA",
        survey=declared.survey,
        urbanisation=link.urbanisation,
        category=category,
        source_id="hcp_labour_figures",
        value=value,
        unit="PT",
        source=declared.source,
        source_date=link.source_date,
        verification="one_source",
        note=declared.checked,
    )
