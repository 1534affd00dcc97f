"""SQL over tables of the lake: which stored tables a view is asked of, and which rows of a log hold."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from marsad.lake.tables import table


def keyed(keys: Iterable[str]) -> dict[str, pa.Table]:
    """Ads by their keys, as the table `asked` that a query names."""
    return {"asked": pa.table({"ad_key": pa.array(sorted(set(keys)), pa.string())})}


def bases(name: str) -> tuple[str, ...]:
    """The stored tables that a table or view is asked of."""
    view = table(name).view
    return view.of if view else (name,)


def newest(log: str, condition: str = "true") -> str:
    """SQL for the rows of a log that hold, of those that fulfil a condition on its `newest` columns."""
    declared = table(log)
    return (
        f"(select {', '.join(declared.columns)} from (select *, row_number() over"  # noqa: S608 - names of ours
        f" (partition by {', '.join(declared.newest)} order by revision desc) as nth"
        f" from {log}_rows where {condition}) ranked where nth = 1 and not gone)"
    )


def view_sql(name: str, explode: str) -> str:
    """The SQL of a view."""
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
    return view.sql.format(columns=columns, explode=explode)
