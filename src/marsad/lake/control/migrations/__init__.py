"""Numbered migrations of the control database, forward only.

A migration is a module `m0001_<what>.py` with `upgrade(connection)`; it never changes once it has
been released. Forty lines instead of Alembic: numbers are linear, nothing is generated or taken
back, and a start of Marsad does not pay for a script environment.
"""

from __future__ import annotations

import datetime as dt
import pkgutil
from collections.abc import Callable
from functools import cache
from importlib import import_module

from sqlalchemy import Connection, inspect, text

from marsad.base.errors import PlaceError

Migration = Callable[[Connection], None]


@cache
def migrations() -> dict[int, Migration]:
    """Every migration by its number, in order."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__))
    return {int(name[1:5]): import_module(f"{__name__}.{name}").upgrade for name in names}


def newest() -> int:
    """The number of the schema that this version of Marsad works with."""
    return max(migrations())


def version(connection: Connection) -> int:
    """The number of the schema a database has: 0 when it is empty, 1 where the numbers began."""
    tables = set(inspect(connection).get_table_names())
    if "schema_version" not in tables:
        return 1 if "runs" in tables else 0
    number = connection.execute(text("select max(version) from schema_version")).scalar()
    return int(number or 0)


def migrate(connection: Connection) -> None:
    """Bring a database to the newest schema, in the transaction of `connection`.

    PlaceError when the database was made by a newer version of Marsad.
    """
    current = version(connection)
    if current > newest():
        raise PlaceError(
            f"The control database has schema {current}, this version of Marsad knows up to"
            f" {newest()}: it was made by a newer version."
        )
    connection.execute(
        text(
            "create table if not exists schema_version"
            " (version integer primary key, applied_at text not null)"
        )
    )
    for number, upgrade in migrations().items():
        if number > current:
            upgrade(connection)
            connection.execute(
                text("insert into schema_version (version, applied_at) values (:n, :at)"),
                {"n": number, "at": dt.datetime.now(dt.UTC).isoformat()},
            )
