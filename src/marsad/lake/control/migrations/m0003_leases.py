"""Leases, the process behind each run, when the message of an alert left, and on PostgreSQL: texts that sort as bytes, as SQLite's do
(moments are compared as texts), and sizes of more than two gigabytes."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

_LEASES = """create table leases (
    name text primary key, holder text not null, task text not null default '',
    token text not null, since text not null, until text not null)"""


def upgrade(connection: Connection) -> None:
    connection.execute(text(_LEASES))
    connection.execute(text("alter table runs add column holder text not null default ''"))
    connection.execute(text("alter table alerts add column message_at text"))
    connection.execute(text("update alerts set message_at = made_at"))
    if connection.dialect.name != "postgresql":
        return
    for table in inspect(connection).get_table_names():
        for column in inspect(connection).get_columns(table):
            name = column["name"]
            if str(column["type"]) == "TEXT":
                change = f'alter table {table} alter column "{name}" type text collate "C"'
                connection.execute(text(change))
    connection.execute(text("alter table documents alter column size_bytes type bigint"))
