"""SQL over tables of the lake: which stored tables a view is asked of, and which rows of a log hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import pyarrow as pa

from marsad.base.readings import FRESH, GAP, LEAD
from marsad.lake.engines import Engine
from marsad.lake.tables import table


def keyed(keys: Iterable[str]) -> dict[str, pa.Table]:
    """Ads by their keys, as the table `asked` that a query names."""
    return {"asked": pa.table({"ad_key": pa.array(sorted(set(keys)), pa.string())})}


def needed(name: str, given: Collection[str] = ()) -> Iterator[str]:
    """The tables and views that a table or view rests on, each after those it is asked of, and itself last;
    none that are given, nor what those rest on. A name may come twice."""
    if name not in given:
        view = table(name).view
        for base in view.of if view else ():
            yield from needed(base, given)
        yield name


def bases(name: str) -> tuple[str, ...]:
    """The stored tables that a table or view rests on."""
    return tuple(dict.fromkeys(base for base in needed(name) if not table(base).view))


def newest(log: str, condition: str = "true") -> str:
    """SQL for the rows of a log that hold, of those that fulfil a condition on its `newest` columns."""
    declared = table(log)
    return (
        f"(select {', '.join(declared.columns)} from (select *, row_number() over"  # noqa: S608 - names of ours
        f" (partition by {', '.join(declared.newest)} order by revision desc) as nth"
        f" from {log}_rows where {condition}) ranked where nth = 1 and not gone)"
    )


def view_sql(name: str, engine: Engine) -> str:
    """The SQL of a view, in words of an engine."""
    declared = table(name)
    view = declared.view
    assert view is not None

    def of(column: str) -> str:
        if column in view.expressions:
            return f"{view.expressions[column]} as {column}"
        held = [c for c, base in zip("abc", view.of) if column in table(base).columns]
        return f"{held[0]}.{column} as {column}"

    columns = (
        ", ".join(of(column) for column in declared.columns) if "{columns}" in view.sql else ""
    )
    return view.sql.format(
        columns=columns,
        explode=engine.explode,
        series=engine.series,
        fresh=FRESH,
        gap=GAP,
        lead=LEAD,
    )
